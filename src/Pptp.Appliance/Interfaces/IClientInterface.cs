using System.Net;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>Makes the interfaces of the tunnels we dial.</summary>
internal interface IClientInterfaces
{
    /// <summary>An interface of the client's name, without carrier; it is there until it is disposed of.</summary>
    /// <exception cref="LinuxException">The kernel refused; nothing is left behind.</exception>
    /// <exception cref="InvalidOperationException">A session's interface has the name.</exception>
    /// <exception cref="FirewallException">It would not be filtered as it should be.</exception>
    IClientInterface Create(PptpClient client, FirewallMembership firewall);
}

/// <summary>
/// The interface of one client. One caller at a time, from any thread; each method may take some milliseconds, and
/// finds the interface again where somebody has deleted it meanwhile.
/// </summary>
internal interface IClientInterface : IDisposable
{
    /// <summary>
    /// Dial-on-demand: while there is no tunnel, the way into it leads to an address of 10.112.112.0/24, and the first
    /// packet is kept. Comes after <see cref="Disconnect"/>, or first.
    /// </summary>
    /// <param name="onTraffic">Called at most once, on some thread, when there is a packet.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    void StandBy(Action onTraffic);

    /// <summary>
    /// Keeps the way to the server outside of the tunnel where the tunnel is to be the default route: from before the
    /// server is dialled until <see cref="Disconnect"/>, or until it is called with another server.
    /// </summary>
    void Reach(IPAddress server);

    /// <summary>Addresses, routes and name servers of a tunnel that is up.</summary>
    /// <exception cref="LinuxException">The kernel refused; <see cref="Disconnect"/> is to follow.</exception>
    /// <exception cref="FirewallException">The address cannot be put on its lists; the same.</exception>
    ClientConnection Connect(ClientNetwork network);

    /// <summary>
    /// Gives an interface that is connected IPv6: its link-local address, and what the server advertises. It goes with
    /// <see cref="Disconnect"/>.
    /// </summary>
    /// <exception cref="LinuxException">
    /// The kernel refused: it has no IPv6, or the MTU is less than 1280. The interface goes on without.
    /// </exception>
    void AddIpv6(Ipv6InterfaceSettings settings);

    /// <summary>Takes back all that the other methods have done; the interface stays, without carrier.</summary>
    void Disconnect();
}

/// <summary>What was agreed with the server.</summary>
/// <param name="LocalAddress">Ours.</param>
/// <param name="RemoteAddress">The server's inside the tunnel.</param>
/// <param name="Mtu">Octets of IP.</param>
/// <param name="DnsServers">What the server gave us, where we have asked.</param>
internal sealed record ClientNetwork(
    IPAddress LocalAddress, IPAddress RemoteAddress, int Mtu, IReadOnlyList<IPAddress> DnsServers)
{
    /// <summary>Packets that may wait in the interface.</summary>
    public int QueueLength { get; init; } = TunnelInterfaceSpecification.DefaultQueueLength;
}

/// <summary>An interface that is up.</summary>
/// <param name="Tun">The interface's until <see cref="IClientInterface.Disconnect"/>, to be read and written by one alone.</param>
/// <param name="Held">Packets that came while there was no tunnel, in order.</param>
/// <param name="StandIn">The source address that our own packets have had meanwhile; null: none.</param>
internal sealed record ClientConnection(TunDevice Tun, IReadOnlyList<byte[]> Held, IPAddress? StandIn);
