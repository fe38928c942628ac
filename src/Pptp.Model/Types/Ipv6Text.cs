using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Pptp.Model.Types;

/// <summary>
/// IPv6 addresses as RFC 4291 §2.2 writes them. (The system's own parser also takes brackets, ports and zones, which
/// in a configuration are mistakes.)
/// </summary>
internal static class Ipv6Text
{
    private static readonly SearchValues<char> Letters = SearchValues.Create("0123456789abcdefABCDEF:.");

    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return text.Contains(':')
            && !text.ContainsAnyExcept(Letters)
            && IPAddress.TryParse(text, out address)
            && address.AddressFamily == AddressFamily.InterNetworkV6;
    }
}
