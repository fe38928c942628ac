using System.Net;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>What an interface for a tunnel shall be.</summary>
/// <param name="Name">Reserved by the caller's interface table.</param>
/// <param name="LocalAddress">Our address in the tunnel.</param>
/// <param name="RemoteAddress">The client's; the one host that is reached through the interface.</param>
/// <param name="Mtu">Octets of IP.</param>
internal sealed record TunnelInterfaceSpecification(
    InterfaceName Name, IPAddress LocalAddress, IPAddress RemoteAddress, int Mtu)
{
    /// <summary>What the kernel gives a TUN, in packets.</summary>
    public const int DefaultQueueLength = 500;

    /// <summary>The longest super-packet, in octets, that the kernel puts into a queue of so many packets.</summary>
    /// <remarks>
    /// A queue is shorter than usual where a rate holds; there it counts packets, not super-packets that would each take
    /// many times as long to send. The kernel accepts no less than a long header.
    /// </remarks>
    public static uint SuperPacketFor(int queueLength) => queueLength < DefaultQueueLength ? 1536u : 65536u;

    /// <summary>Packets that may wait in the interface.</summary>
    public int QueueLength { get; init; } = DefaultQueueLength;

    /// <summary>Routes that lead into the interface as long as it is up.</summary>
    public IReadOnlyList<PppRoute> Routes { get; init; } = [];

    /// <summary>Null: none, or not yet; see <see cref="IInterfaceTable.AddIpv6"/>.</summary>
    public Ipv6InterfaceSettings? Ipv6 { get; init; }

    /// <summary>What the firewall has to do with it, from before it is there.</summary>
    public FirewallMembership Firewall { get; init; } = FirewallMembership.None;
}

/// <summary>A TUN that is up, with its addresses.</summary>
internal sealed record TunnelInterface(TunDevice Tun, InterfaceName Name)
{
    /// <summary>Ours and the client's, of a dynamic interface.</summary>
    public (IPAddress Local, IPAddress Remote)? Addresses { get; init; }

    /// <summary>More leads into it than the client's IPv4 address.</summary>
    public bool HasRoutes { get; set; }

    /// <summary>Null: the firewall does not know it. Changed by <see cref="IInterfaceTable.SetFirewallAsync"/> alone.</summary>
    public FirewallEntry? Firewall { get; set; }
}
