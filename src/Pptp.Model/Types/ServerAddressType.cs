using System.Net;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>The IPv4 or IPv6 address of a server, which may be this host; RouterOS may add <c>@</c> and a VRF.</summary>
internal sealed class ServerAddressType : PropertyType<IPAddress>
{
    internal const string MainVrf = "main";

    public override string Expectation => "an IPv4 or IPv6 address";

    public override bool TryParse(string text, out IPAddress value, out string? problem)
    {
        problem = null;
        value = IPAddress.None;
        int at = text.IndexOf('@', StringComparison.Ordinal);
        ReadOnlySpan<char> address = at < 0 ? text : text.AsSpan(0, at);
        if (Ipv4Text.TryParse(address, out uint number))
        {
            value = Ipv4Range.ToAddress(number);
            problem = (number >> 24) is 0 or >= 224 ? $"must be an address a host can have, not {text}" : null;
        }
        else if (Ipv6Text.TryParse(address, out IPAddress? ipv6))
        {
            value = ipv6;
            problem = ipv6.IsIPv6Multicast || ipv6.Equals(IPAddress.IPv6Any)
                ? $"must be an address a host can have, not {text}"
                : ipv6.IsIPv4MappedToIPv6 ? "must be written as the IPv4 address it is" : null;
        }
        else
        {
            return false;
        }

        if (at >= 0 && text[(at + 1)..] != MainVrf)
        {
            problem ??= $"names a VRF, {ConfigurationValue.Show(text[(at + 1)..])}: there is none here but {MainVrf}";
        }

        return problem is null;
    }

    public override string Format(IPAddress value) => value.ToString();
}
