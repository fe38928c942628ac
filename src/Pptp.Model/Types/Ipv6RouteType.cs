using System.Globalization;
using System.Net;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>An IPv6 route of a secret: <c>destination/length gateway metric</c>, as <see cref="RouteType"/>.</summary>
internal sealed class Ipv6RouteType : PropertyType<PppIpv6Route>
{
    public override string Expectation =>
        "an IPv6 route such as 2001:db8:7::/64 :: 1 (network, gateway or :: for the client, metric)";

    public override bool TryParse(string text, out PppIpv6Route value, out string? problem)
    {
        problem = null;
        value = new PppIpv6Route(default, IPAddress.IPv6Any, 0);
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 3
            || !Ipv6Prefix.TryParse(parts[0], out Ipv6Prefix destination)
            || !Ipv6Text.TryParse(parts[1], out IPAddress? gateway)
            || !uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint metric))
        {
            return false;
        }

        value = new PppIpv6Route(destination, gateway, metric);
        return true;
    }

    public override string Format(PppIpv6Route value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.Destination} {value.Gateway} {value.Metric}");
}
