using System.Globalization;
using System.Net;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A route of a secret: <c>destination/length gateway metric</c>; RouterOS takes no other notation.</summary>
internal sealed class RouteType : PropertyType<PppRoute>
{
    public override string Expectation => "a route such as 10.1.0.0/24 10.0.0.1 1 (network, gateway, metric)";

    public override bool TryParse(string text, out PppRoute value, out string? problem)
    {
        problem = null;
        value = new PppRoute(default, IPAddress.Any, 0);
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 3
            || !NetworkText.TryParse(parts[0], out uint network, out int length)
            || !Ipv4Text.TryParse(parts[1], out uint gateway)
            || !uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint metric))
        {
            return false;
        }

        value = new PppRoute(
            new IPNetwork(Ipv4Range.ToAddress(network), length), Ipv4Range.ToAddress(gateway), metric);
        return true;
    }

    public override string Format(PppRoute value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.Destination} {value.Gateway} {value.Metric}");
}
