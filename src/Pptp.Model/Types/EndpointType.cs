using System.Globalization;
using System.Net;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>An IPv4 address with a port; the port may be left out.</summary>
internal sealed class EndpointType(int defaultPort) : PropertyType<IPEndPoint>
{
    public override string Expectation => $"an IPv4 address and port such as 0.0.0.0:{defaultPort}";

    public override bool TryParse(string text, out IPEndPoint value, out string? problem)
    {
        problem = null;
        value = new IPEndPoint(IPAddress.Any, defaultPort);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        ushort port = (ushort)defaultPort;
        if (!Ipv4Text.TryParse(colon < 0 ? text : text.AsSpan(0, colon), out uint address)
            || (colon >= 0
                && !ushort.TryParse(
                    text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            || port == 0)
        {
            return false;
        }

        value = new IPEndPoint(Ipv4Range.ToAddress(address), port);
        return true;
    }

    public override string Format(IPEndPoint value) => value.ToString();
}
