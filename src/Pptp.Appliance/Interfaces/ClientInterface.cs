using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// The interface of one client: a TUN that keeps its index for as long as nobody else deletes it. While there is
/// neither a tunnel nor a wait for one it has no carrier and no address.
/// </summary>
internal sealed partial class ClientInterface : IClientInterface
{
    /// <summary>Octets of a packet that is thrown away: they need not be all there.</summary>
    private const int Glance = 64;

    private readonly PptpClient _client;
    private readonly ClientInterfaces _shared;
    private readonly DefaultRoute? _defaultRoute;

    /// <summary>Hosts that are kept reachable outside of the tunnel.</summary>
    private readonly List<IPAddress> _kept = [];
    private readonly FirewallMembership _firewall;

    /// <summary>Filters and interface list, for as long as the interface is there.</summary>
    private readonly FirewallEntry? _entry;

    /// <summary>The address lists of the tunnel that is up.</summary>
    private FirewallEntry? _addressEntry;
    private TunDevice _tun;
    private IPAddress? _server;
    private StandByWatch.Post? _post;

    /// <summary>The address of the other end while we stand by; null: we do not.</summary>
    private IPAddress? _standIn;
    private ClientNetwork? _network;
    private Ipv6InterfaceSettings? _ipv6;
    private bool _isLaid;

    /// <exception cref="LinuxException">The kernel refused; nothing is left behind.</exception>
    /// <exception cref="FirewallException">The same.</exception>
    public ClientInterface(PptpClient client, FirewallMembership firewall, ClientInterfaces shared)
    {
        _firewall = firewall;
        _client = client;
        _shared = shared;
        if (client.AddDefaultRoute)
        {
            _defaultRoute = new DefaultRoute(
                shared.Netlink, client.Name, (uint)client.DefaultRouteDistance, shared.Logger);
        }
        _entry = shared.Firewall.Enter(client.Name, null, firewall with { AddressLists = [] });
        try
        {
            _tun = Make();
        }
        catch
        {
            shared.Firewall.Leave(_entry);
            throw;
        }
    }

    public void StandBy(Action onTraffic)
    {
        // The name of the server has to be looked up before there is a tunnel.
        if (_defaultRoute is not null && !IPAddress.TryParse(_client.ConnectTo, out _))
        {
            foreach (IPAddress nameServer in _shared.PeerDns.HostServers())
                Keep(nameServer);
        }
        try
        {
            MakeAgainIfGone();
            _standIn = _shared.StandIns.Take();
            Lay(StandInAddresses.Local, _standIn, _client.MaxMtu, TunnelInterfaceSpecification.DefaultQueueLength);
            _defaultRoute?.Add(_tun.Index);
            _post = _shared.Watch.Begin(_tun, onTraffic);
        }
        catch
        {
            Disconnect();
            throw;
        }
    }

    public void Reach(IPAddress server)
    {
        if (server.Equals(_server))
            return;
        if (_server is { } before && _kept.Remove(before))
            _shared.ServerRoutes.LetGo(before);
        _server = server;
        if (_defaultRoute is not null)
            Keep(server);
    }

    public ClientConnection Connect(ClientNetwork network)
    {
        byte[]? held = EndWatch();
        IPAddress? heldSource = _standIn is null ? null : StandInAddresses.Local;
        // Where the peer bears the server's own address within the tunnel too, its route must not take ours along.
        if (_server is { } server && network.RemoteAddress.Equals(server))
            Keep(server);
        MakeAgainIfGone();
        _addressEntry = _shared.Firewall.Enter(
            _client.Name, network.LocalAddress, new FirewallMembership { AddressLists = _firewall.AddressLists });
        _network = network;
        // Nothing of this interrupts an interface that stands by: what waits in it goes into the tunnel.
        Lay(network.LocalAddress, network.RemoteAddress, network.Mtu, network.QueueLength);
        TakeStandInAway();
        _defaultRoute?.Add(_tun.Index);
        LetGoAllBut(_server);
        _shared.PeerDns.Add(_client.Name, _client.UsePeerDns, network.DnsServers);
        return new ClientConnection(_tun, held is null ? [] : [held], heldSource);
    }

    public void AddIpv6(Ipv6InterfaceSettings settings)
    {
        _ipv6 = settings;
        _shared.Ipv6.AddForServer(
            _tun.Index, _client.Name, settings, _client.AddDefaultRoute ? (uint)_client.DefaultRouteDistance : null);
    }

    public void Disconnect()
    {
        EndWatch();
        if (_isLaid)
            TakeUp();
        LeaveHost();
    }

    public void Dispose()
    {
        EndWatch();
        // Its addresses and the routes into it go with it.
        _shared.Bury(_tun);
        ForgetStandIn();
        LeaveHost();
        _shared.Firewall.Leave(_entry);
        _shared.LetGoName(_client.Name);
    }

    /// <summary>Takes back what is not of the interface itself.</summary>
    private void LeaveHost()
    {
        _shared.Firewall.Leave(_addressEntry);
        _addressEntry = null;
        _shared.PeerDns.Remove(_client.Name);
        _server = null;
        LetGoAllBut(null);
    }

    private TunDevice Make()
    {
        TunDevice tun = TunDevice.CreateOffloading(_client.Name);
        try
        {
            tun.SetCarrier(false);
            _shared.Netlink.ChangeLink(tun.Index, new LinkChange
            {
                Group = Ownership.LiveGroup,
                AddressGenerationNone = true,
                Up = true,
            });
            return tun;
        }
        catch
        {
            tun.Dispose();
            throw;
        }
    }

    private void MakeAgainIfGone()
    {
        if (_shared.Netlink.FindLink(_tun.Index) is not null)
            return;
        _tun.Dispose();
        _isLaid = false;
        ForgetStandIn();
        _tun = Make();
    }

    /// <summary>Gives it a pair of addresses, and the carrier where it has none yet.</summary>
    private void Lay(IPAddress local, IPAddress remote, int mtu, int queueLength)
    {
        bool isFirst = !_isLaid;
        _isLaid = true;
        // Raised when the carrier is there, it carries at once; the other way round it would take a moment to.
        _shared.Netlink.ChangeLink(_tun.Index, new LinkChange
        {
            Up = isFirst ? false : null,
            Mtu = mtu,
            TxQueueLength = queueLength,
            GsoMaxSize = TunnelInterfaceSpecification.SuperPacketFor(queueLength),
        });
        if (isFirst)
            _tun.SetCarrier(true);
        _shared.Netlink.AddAddress(_tun.Index, local, remote, 32);
        if (isFirst)
            _shared.Netlink.ChangeLink(_tun.Index, new LinkChange { Up = true });
    }

    /// <summary>The other way round: no carrier, no address, nothing that waits.</summary>
    private void TakeUp()
    {
        _isLaid = false;
        try
        {
            // Down takes the routes along.
            _shared.Netlink.ChangeLink(_tun.Index, new LinkChange { Up = false });
            _tun.SetCarrier(false);
            TakeStandInAway();
            if (_network is { } network)
                _shared.Netlink.RemoveAddress(_tun.Index, network.LocalAddress, network.RemoteAddress, 32);
            if (_ipv6 is { } ipv6)
                _shared.Ipv6.Remove(_tun.Index, ipv6);
            Span<byte> packet = stackalloc byte[Glance];
            while (_tun.Read(packet) >= 0)
            {
            }
            _shared.Netlink.ChangeLink(_tun.Index, new LinkChange { Up = true });
        }
        catch (LinuxException e)
        {
            // Somebody deleted it under our hands: it is made again when it is wanted.
            Log.NotStripped(_shared.Logger, _client.Name, e.Message);
        }
        ForgetStandIn();
        _network = null;
        _ipv6 = null;
    }

    private void TakeStandInAway()
    {
        if (_standIn is not { } standIn)
            return;
        _shared.Netlink.RemoveAddress(_tun.Index, StandInAddresses.Local, standIn, 32);
        ForgetStandIn();
    }

    private void ForgetStandIn()
    {
        if (_standIn is { } standIn)
            _shared.StandIns.Release(standIn);
        _standIn = null;
    }

    private byte[]? EndWatch()
    {
        byte[]? held = _post is { } post ? _shared.Watch.End(post) : null;
        _post = null;
        return held;
    }

    private void Keep(IPAddress host)
    {
        if (_kept.Contains(host))
            return;
        _kept.Add(host);
        _shared.ServerRoutes.Hold(host, _client.Name);
    }

    private void LetGoAllBut(IPAddress? host)
    {
        foreach (IPAddress kept in _kept.Where(kept => !kept.Equals(host)))
            _shared.ServerRoutes.LetGo(kept);
        _kept.RemoveAll(kept => !kept.Equals(host));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Interface}: could not be taken down: {Why}")]
        public static partial void NotStripped(ILogger logger, string @interface, string why);
    }
}
