using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>Makes the tunnels' interfaces and takes them away again.</summary>
internal interface IInterfaceTable
{
    /// <summary>A free name for a login of this user; <see cref="Release(InterfaceName)"/> or <see cref="Release(TunnelInterface)"/> frees it.</summary>
    InterfaceName Reserve(string user);

    /// <exception cref="LinuxException">The kernel refused; nothing is left behind, the name stays reserved.</exception>
    /// <exception cref="FirewallException">It would not be filtered as it should be; the same.</exception>
    Task<TunnelInterface> CreateAsync(TunnelInterfaceSpecification specification);

    /// <summary>How many packets may wait in an interface from now on.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    void SetQueueLength(TunnelInterface tunnel, int packets);

    /// <summary>
    /// Has an interface that is up filtered and listed otherwise. Not beside <see cref="AddIpv6"/> or a release of the
    /// same interface.
    /// </summary>
    /// <param name="tunnel">The interface.</param>
    /// <param name="address">The client's.</param>
    /// <param name="prefix">The client's; null: none.</param>
    /// <param name="membership">What is wanted.</param>
    /// <exception cref="FirewallException">It cannot be done; it stays as it was.</exception>
    Task SetFirewallAsync(TunnelInterface tunnel, IPAddress address, Ipv6Prefix? prefix, FirewallMembership membership);

    /// <summary>
    /// Gives an interface that was made without it IPv6. It goes with the release. From any thread, but not beside a
    /// release of the same interface.
    /// </summary>
    /// <exception cref="LinuxException">
    /// The kernel refused: it has no IPv6, or the MTU is less than 1280. The interface goes on without.
    /// </exception>
    /// <exception cref="FirewallException">The prefix cannot be put on its lists; the same.</exception>
    void AddIpv6(TunnelInterface tunnel, Ipv6InterfaceSettings settings);

    void Release(InterfaceName name);

    /// <summary>
    /// Takes the interface out of use at once (down, without routes, its name free again); the kernel's slow
    /// deletion follows in the background.
    /// </summary>
    void Release(TunnelInterface tunnel);
}

/// <summary>
/// Interfaces in the kernel, those of a login and those that are always there. Deleting one takes the kernel some
/// 20 ms; so ended ones are moved to a group of their own, and the reaper deletes the group as a whole (0.25 ms each).
/// </summary>
internal sealed partial class InterfaceTable : IInterfaceTable, IDisposable
{
    /// <summary>IFALIASZ less its terminating zero, in octets.</summary>
    private const int MaximumAliasLength = 255;

    /// <summary>So many that wait to be deleted are a mass of tunnels that end at once.</summary>
    private const int RushLimit = 16;

    private static readonly TimeSpan ReapInterval = TimeSpan.FromMilliseconds(100);

    private readonly RouteNetlink _netlink;

    // Its own, since a group of many is deleted under the socket's lock, and nobody's login shall wait for that.
    private readonly RouteNetlink _reaperNetlink = new();
    private readonly Firewall _firewall;
    private readonly ILogger _logger;
    private readonly InterfaceNames _names = new();
    private readonly Ipv6Setup _ipv6;
    private readonly StaticInterfaces _statics;
    private readonly ClientInterfaces _clients;
    private readonly Lock _lock = new();

    // Held while a group is deleted: the socket of it must not be closed meanwhile.
    private readonly Lock _reaping = new();
    private readonly ITimer _reaper;
    private List<TunDevice> _dying = [];
    private List<InterfaceName> _dyingNames = [];
    private bool _disposed;

    /// <param name="netlink">Of the daemon's namespace.</param>
    /// <param name="peerDns">Takes the name servers that the servers we dial give us.</param>
    /// <param name="firewall">Filters and lists interfaces; it outlives the table.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For what goes wrong.</param>
    /// <param name="clientLogger">For what goes wrong with the tunnels we dial.</param>
    public InterfaceTable(
        RouteNetlink netlink,
        PeerDns peerDns,
        Firewall firewall,
        TimeProvider time,
        ILogger logger,
        ILogger clientLogger)
    {
        _netlink = netlink;
        _firewall = firewall;
        _logger = logger;
        _ipv6 = new Ipv6Setup(netlink, logger);
        _statics = new StaticInterfaces(netlink, _names, _ipv6, Bury, logger);
        _clients = new ClientInterfaces(netlink, peerDns, firewall, clientLogger)
        {
            TryHoldName = _names.TryHold,
            LetGoName = name =>
            {
                _names.LetGo(name);
                _statics.OnNameFree(name);
            },
            Bury = Bury,
        };
        _reaper = time.CreateTimer(static self => ((InterfaceTable)self!).Reap(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes the interfaces of the tunnels we dial.</summary>
    public IClientInterfaces Clients => _clients;

    /// <summary>Makes and takes away static interfaces as the configuration has them.</summary>
    /// <returns>The names of those whose session has to end.</returns>
    public IReadOnlyList<string> Apply(IReadOnlyList<PptpServerInterface> statics) => _statics.Apply(statics);

    public InterfaceName Reserve(string user) =>
        _statics.TryTake(user) ?? _names.Reserve(user, name => _netlink.FindLink(name) is not null);

    public void Release(InterfaceName name)
    {
        if (!_statics.TryRelease(name))
            ReleaseDynamic(name);
    }

    public async Task<TunnelInterface> CreateAsync(TunnelInterfaceSpecification specification)
    {
        FirewallEntry? entry = await _firewall
            .EnterAsync(specification.Name.Linux, specification.RemoteAddress, specification.Firewall)
            .ConfigureAwait(false);
        try
        {
            _firewall.AddPrefix(entry, specification.Ipv6?.Prefix);
            TunnelInterface tunnel = _statics.TryConnect(specification) ?? CreateDynamic(specification);
            return tunnel with { Firewall = entry };
        }
        catch
        {
            _firewall.Leave(entry);
            throw;
        }
    }

    public void AddIpv6(TunnelInterface tunnel, Ipv6InterfaceSettings settings)
    {
        _firewall.AddPrefix(tunnel.Firewall, settings.Prefix);
        tunnel.HasRoutes = true;
        _ipv6.AddForClient(tunnel.Tun.Index, tunnel.Name.Linux, settings);
        _statics.NoteIpv6(tunnel, settings);
    }

    public void SetQueueLength(TunnelInterface tunnel, int packets) =>
        _netlink.ChangeLink(tunnel.Tun.Index, new LinkChange
        {
            TxQueueLength = packets,
            GsoMaxSize = TunnelInterfaceSpecification.SuperPacketFor(packets),
        });

    public async Task SetFirewallAsync(
        TunnelInterface tunnel, IPAddress address, Ipv6Prefix? prefix, FirewallMembership membership) =>
        tunnel.Firewall = await _firewall
            .SwapAsync(tunnel.Firewall, tunnel.Name.Linux, address, prefix, membership)
            .ConfigureAwait(false);

    private TunnelInterface CreateDynamic(TunnelInterfaceSpecification specification)
    {
        TunDevice tun = TunDevice.CreateOffloading(specification.Name.Linux);
        try
        {
            _netlink.ChangeLink(tun.Index, new LinkChange
            {
                Group = Ownership.LiveGroup,
                Alias = Fit(specification.Name.RouterOs),
                Mtu = specification.Mtu,
                TxQueueLength = specification.QueueLength,
                GsoMaxSize = TunnelInterfaceSpecification.SuperPacketFor(specification.QueueLength),
                // Per-interface IPv6 set-up is what makes interfaces slow to create, and nothing here uses it.
                AddressGenerationNone = true,
            });
            _netlink.AddAddress(tun.Index, specification.LocalAddress, specification.RemoteAddress, 32);
            _netlink.ChangeLink(tun.Index, new LinkChange { Up = true });
            TunnelRoutes.Add(_netlink, tun.Index, specification, _logger);
            if (specification.Ipv6 is { } ipv6)
                _ipv6.AddForClient(tun.Index, specification.Name.Linux, ipv6);
            return new TunnelInterface(tun, specification.Name)
            {
                Addresses = (specification.LocalAddress, specification.RemoteAddress),
                HasRoutes = specification.Routes.Count > 0 || specification.Ipv6 is not null,
            };
        }
        catch
        {
            tun.Dispose();
            throw;
        }
    }

    /// <summary>As much of the name as the kernel keeps, cut between characters.</summary>
    private static string Fit(string alias)
    {
        int length = Math.Min(alias.Length, MaximumAliasLength);
        while (Encoding.UTF8.GetByteCount(alias.AsSpan(0, length)) > MaximumAliasLength)
            length--;
        return alias[..length];
    }

    public void Release(TunnelInterface tunnel)
    {
        // Nothing goes in or out any more. Whoever gets the name or the address next comes after this.
        _firewall.Leave(tunnel.Firewall);
        if (_statics.TryRelease(tunnel))
            return;
        if (tunnel is { HasRoutes: false, Addresses: { } addresses } && IsRush() && TryBuryInRush(tunnel, addresses))
            return;
        Bury(tunnel.Tun);
        ReleaseDynamic(tunnel.Name);
    }

    private bool IsRush()
    {
        lock (_lock)
            return _dying.Count >= RushLimit;
    }

    /// <summary>
    /// Many end at once: to take each down and to rename it costs the kernel more than to delete it with the others. So
    /// only the address goes at once, for the next one who gets it; the name stays taken until the interface is gone.
    /// </summary>
    private bool TryBuryInRush(TunnelInterface tunnel, (IPAddress Local, IPAddress Remote) addresses)
    {
        try
        {
            _netlink.RemoveAddress(tunnel.Tun.Index, addresses.Local, addresses.Remote, 32);
            _netlink.ChangeLink(tunnel.Tun.Index, new LinkChange { Group = Ownership.DyingGroup });
        }
        catch (LinuxException)
        {
            return false;
        }
        Await(tunnel.Tun, tunnel.Name);
        return true;
    }

    private void ReleaseDynamic(InterfaceName name)
    {
        _names.Release(name);
        _statics.OnNameFree(name.Linux);
    }

    private void Bury(TunDevice tun)
    {
        try
        {
            // Down takes the routes along; the new name frees the old one for a client that dials back at once.
            _netlink.ChangeLink(tun.Index, new LinkChange
            {
                Up = false,
                Group = Ownership.DyingGroup,
                Name = $"pptp!{tun.Index}",
            });
        }
        catch (LinuxException e)
        {
            // Somebody deleted it under our hands: then there is nothing to take down.
            Log.ReleaseFailed(_logger, tun.Name, e);
        }
        Await(tun, null);
    }

    /// <summary>Leaves an interface, and the name it still has, to the reaper.</summary>
    private void Await(TunDevice tun, InterfaceName? name)
    {
        lock (_lock)
        {
            if (_dying.Count == 0 && !_disposed)
                _reaper.Change(ReapInterval, System.Threading.Timeout.InfiniteTimeSpan);
            _dying.Add(tun);
            if (name is { } held)
                _dyingNames.Add(held);
        }
    }

    /// <summary>Deletes all interfaces that wait for it.</summary>
    public void Reap()
    {
        lock (_reaping)
            ReapAll();
    }

    private void ReapAll()
    {
        List<TunDevice> dying;
        List<InterfaceName> names;
        lock (_lock)
        {
            dying = _dying;
            names = _dyingNames;
            _dying = [];
            _dyingNames = [];
        }
        if (dying.Count == 0)
            return;
        try
        {
            _reaperNetlink.DeleteLinkGroup(Ownership.DyingGroup);
        }
        catch (LinuxException e)
        {
            Log.ReapFailed(_logger, dying.Count, e);
        }
        // What the group did not take, closing takes: a TUN lives no longer than its descriptor.
        foreach (TunDevice tun in dying)
            tun.Dispose();
        foreach (InterfaceName name in names)
            ReleaseDynamic(name);
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _reaper.Dispose();
        _clients.Dispose();
        _statics.RemoveAll();
        Reap();
        _reaperNetlink.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Interface}: could not be taken down")]
        public static partial void ReleaseFailed(ILogger logger, string @interface, Exception exception);

        [LoggerMessage(LogLevel.Warning, "{Count} interfaces could not be deleted as a group, they are closed one by one")]
        public static partial void ReapFailed(ILogger logger, int count, Exception exception);
    }
}
