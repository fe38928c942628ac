using Pptp.Model;

namespace Pptp.Appliance.DataPlane;

/// <summary>What a data path carries of IPv6.</summary>
public sealed record Ipv6PathParameters
{
    /// <summary>The lower half of the peer's link-local address.</summary>
    public required ulong RemoteIdentifier { get; init; }

    /// <summary>Inner source addresses the peer may use beside its link-local one.</summary>
    public required IReadOnlyList<Ipv6Prefix> AllowedSources { get; init; }

    /// <summary>
    /// We are the peer's router: its solicitations go to the owner, and what only a router sends does not come in.
    /// </summary>
    public bool IsRouter { get; init; }
}
