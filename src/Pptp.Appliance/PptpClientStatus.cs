using System.Net;
using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance;

/// <summary>What there is to say of a tunnel that we dial: the fields of RouterOS' <c>monitor</c>.</summary>
public sealed record PptpClientStatus
{
    public required string Name { get; init; }

    /// <summary>
    /// RouterOS' word: <c>disabled</c>, <c>initializing</c>, <c>connecting</c>, <c>authenticated</c>,
    /// <c>connected</c>, <c>terminating - REASON</c> (until it is dialled again), <c>waiting for packets</c>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>RouterOS' flag R: the tunnel carries IP.</summary>
    public bool Running { get; init; }

    /// <summary>Since the tunnel carries IP; null: it does not.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Such as <c>MPPE128 stateless</c>; empty: none.</summary>
    public string Encoding { get; init; } = "";

    /// <summary>Octets; null while it is not connected.</summary>
    public int? Mtu { get; init; }

    /// <summary>Octets; null while it is not connected.</summary>
    public int? Mru { get; init; }

    public IPAddress? LocalAddress { get; init; }

    public IPAddress? RemoteAddress { get; init; }

    /// <summary>Our link-local one in the tunnel; null: it carries no IPv6.</summary>
    public IPAddress? LocalIpv6Address { get; init; }

    /// <summary>The other end's link-local one; null: the tunnel carries no IPv6.</summary>
    public IPAddress? RemoteIpv6Address { get; init; }

    /// <summary>What the tunnel has carried, while it runs.</summary>
    public DataPathCounters Counters { get; init; }
}
