using System.Net;

namespace Pptp.Linux;

/// <summary>A route, IPv4 or IPv6.</summary>
public sealed record RouteEntry
{
    /// <summary>The table all ordinary routes live in (RT_TABLE_MAIN).</summary>
    public const uint MainTable = 254;

    /// <summary>
    /// Which addresses; the family of the route is that of the prefix. <c>0.0.0.0/0</c> is the default route.
    /// </summary>
    public required IPNetwork Destination { get; init; }

    /// <summary>The next hop, of the same family; null for a route straight onto an interface.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>
    /// The gateway is reached through the interface although no network there has its address (RTNH_F_ONLINK).
    /// </summary>
    public bool IsOnLink { get; init; }

    /// <summary>The interface's index; null when the gateway decides, or for a type that needs none.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>The lower wins. IPv6 reads 0 as 1024.</summary>
    public uint Metric { get; init; }

    /// <summary>
    /// Who made the route (rtm_protocol): below 5 the kernel and hand-made ones; ours has a number of its own.
    /// </summary>
    public byte Protocol { get; init; }

    public uint Table { get; init; } = MainTable;

    /// <summary>The address packets of this host leave from when they take the route.</summary>
    public IPAddress? PreferredSource { get; init; }

    public RouteType Type { get; init; } = RouteType.Unicast;
}
