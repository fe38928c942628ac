using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>An address or a network packets may come from, IPv4 or IPv6; its host bits zero.</summary>
internal sealed class SourceType : PropertyType<IPNetwork>
{
    public override string Expectation => "an address or a network such as 192.0.2.0/24";

    public override bool TryParse(string text, out IPNetwork value, out string? problem)
    {
        problem = null;
        value = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> address = slash < 0 ? text : text.AsSpan(0, slash);
        if (!Ipv4Text.TryParse(address, out IPAddress? parsed) && !Ipv6Text.TryParse(address, out parsed))
        {
            return false;
        }

        int length = LongestOf(parsed!);
        if (slash >= 0
            && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length)
                || length > LongestOf(parsed!)))
        {
            return false;
        }

        if (!HasZeroHostBits(parsed!, length))
        {
            problem = $"must have zeros behind its first {length} bits, not {text}";
            return false;
        }

        value = new IPNetwork(parsed!, length);
        return true;
    }

    public override string Format(IPNetwork value) => value.PrefixLength == LongestOf(value.BaseAddress)
        ? value.BaseAddress.ToString()
        : value.ToString();

    private static int LongestOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? 32 : Ipv6Prefix.LongestLength;

    private static bool HasZeroHostBits(IPAddress address, int length)
    {
        byte[] octets = address.GetAddressBytes();
        for (int bit = length; bit < octets.Length * 8; bit++)
        {
            if ((octets[bit / 8] & (0x80 >> (bit % 8))) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
