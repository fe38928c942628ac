using Pptp.Model;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>How a row's server is reached.</summary>
internal static class RadiusPorts
{
    /// <summary>By the row's <c>protocol</c>; nothing is sent yet.</summary>
    public static IRadiusPort Open(RadiusServer row, RadiusPurpose purpose, TimeProvider time) =>
        row.Protocol == RadiusProtocol.RadSec
            ? new RadSecRadiusPort(row, purpose, time)
            : new UdpRadiusPort(row, purpose, time);
}
