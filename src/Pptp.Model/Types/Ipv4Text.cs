using System.Buffers;
using System.Net;

namespace Pptp.Model.Types;

/// <summary>
/// IPv4 addresses in the one form RouterOS knows: four decimal numbers. (The system's own parser also takes
/// <c>10.1</c> and <c>0x0a.1</c>, which in a configuration are mistakes.)
/// </summary>
internal static class Ipv4Text
{
    private static readonly SearchValues<char> AddressLetters = SearchValues.Create("0123456789.");

    internal static bool TryParse(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        int parts = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            if (part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9')
                || (part.Length > 1 && part[0] == '0')
                || !byte.TryParse(part, out byte octet))
            {
                return false;
            }

            address = (address << 8) | octet;
            parts++;
        }

        return parts == 4;
    }

    internal static bool TryParse(ReadOnlySpan<char> text, out IPAddress? address)
    {
        bool parsed = TryParse(text, out uint number);
        address = parsed ? Ipv4Range.ToAddress(number) : null;
        return parsed;
    }

    /// <summary>Whether it was meant as an address: digits and dots alone, with a dot among them.</summary>
    internal static bool LooksLikeAddress(ReadOnlySpan<char> text) =>
        text.Contains('.') && !text.ContainsAnyExcept(AddressLetters);

    /// <summary>Not of 0/8 ("this network"), 127/8, nor multicast and beyond: what a host can have.</summary>
    internal static bool IsUnicast(uint address) => (address >> 24) is not (0 or 127 or >= 224);
}
