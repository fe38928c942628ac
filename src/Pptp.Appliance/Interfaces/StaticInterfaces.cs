using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// The interfaces of <c>/interface pptp-server</c>. Each stands while it is enabled and keeps its index from one
/// session to the next, so that rules may name either. While its user is away it has no carrier and no address.
/// </summary>
/// <remarks>A TUN lives no longer than its descriptor: after a crash there is nothing of them to take over.</remarks>
/// <param name="netlink">Of the daemon's namespace.</param>
/// <param name="names">Shared with the dynamic interfaces.</param>
/// <param name="ipv6">Gives them IPv6.</param>
/// <param name="bury">Takes an interface out of use and deletes it some time.</param>
/// <param name="logger">For what goes wrong.</param>
internal sealed partial class StaticInterfaces(
    RouteNetlink netlink, InterfaceNames names, Ipv6Setup ipv6, Action<TunDevice> bury, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _standing = [];
    private IReadOnlyList<PptpServerInterface> _wanted = [];

    /// <summary>Makes what is new, takes away what is no longer configured.</summary>
    /// <returns>The names of those to be taken away that are in use: they go when their session has ended.</returns>
    public IReadOnlyList<string> Apply(IReadOnlyList<PptpServerInterface> rows)
    {
        lock (_lock)
        {
            _wanted = [.. rows.Where(row => !row.Disabled)];
            foreach (Entry entry in _standing.Where(entry => !IsWanted(entry)).ToList())
            {
                if (entry.IsTaken)
                    entry.IsDoomed = true;
                else
                    Remove(entry);
            }
            MakeMissing();
            return [.. _standing.Where(entry => entry.IsDoomed).Select(entry => entry.Name)];
        }
    }

    /// <summary>The first one of this user that nobody has; null: there is none.</summary>
    public InterfaceName? TryTake(string user)
    {
        lock (_lock)
        {
            foreach (PptpServerInterface row in _wanted)
            {
                if (row.User == user && FindFree(row) is { } entry)
                {
                    entry.IsTaken = true;
                    return new InterfaceName(entry.Name, entry.Name);
                }
            }
            return null;
        }
    }

    /// <summary>Lays the line of one that was taken.</summary>
    /// <returns>Null: the name is not of a static interface.</returns>
    /// <exception cref="LinuxException">The kernel refused; the interface stays taken.</exception>
    /// <exception cref="InvalidOperationException">The interface is no longer configured.</exception>
    public TunnelInterface? TryConnect(TunnelInterfaceSpecification specification)
    {
        if (FindTaken(entry => entry.Name == specification.Name.Linux) is not { } entry)
            return null;
        if (entry.IsDoomed)
            throw new InvalidOperationException($"{entry.Name} is no longer configured");
        // Somebody may have deleted it while nobody used it.
        if (netlink.FindLink(entry.Tun.Index) is null)
        {
            entry.Tun.Dispose();
            entry.Tun = Make(entry.Name);
        }
        int index = entry.Tun.Index;
        try
        {
            // Raised when the carrier is there, it carries at once; the other way round it would take a moment to.
            netlink.ChangeLink(index, new LinkChange
            {
                Up = false,
                Mtu = specification.Mtu,
                TxQueueLength = specification.QueueLength,
                GsoMaxSize = TunnelInterfaceSpecification.SuperPacketFor(specification.QueueLength),
            });
            entry.Tun.SetCarrier(true);
            netlink.AddAddress(index, specification.LocalAddress, specification.RemoteAddress, 32);
            entry.Specification = specification;
            netlink.ChangeLink(index, new LinkChange { Up = true });
            TunnelRoutes.Add(netlink, index, specification, logger);
            if (specification.Ipv6 is { } settings)
                ipv6.AddForClient(index, entry.Name, settings);
            return new TunnelInterface(entry.Tun, specification.Name);
        }
        catch
        {
            Strip(entry);
            throw;
        }
    }

    /// <summary>One that is connected was given IPv6; any other interface is none of ours.</summary>
    public void NoteIpv6(TunnelInterface tunnel, Ipv6InterfaceSettings settings)
    {
        if (FindTaken(entry => entry.Tun == tunnel.Tun) is { Specification: { } before } entry)
            entry.Specification = before with { Ipv6 = settings };
    }

    /// <summary>Gives one back that was never connected. False: the name is not of a static interface.</summary>
    public bool TryRelease(InterfaceName name)
    {
        if (FindTaken(entry => entry.Name == name.Linux) is not { } entry)
            return false;
        GiveBack(entry);
        return true;
    }

    /// <summary>Gives one back whose session is over. False: it is not a static interface.</summary>
    public bool TryRelease(TunnelInterface tunnel)
    {
        if (FindTaken(entry => entry.Tun == tunnel.Tun) is not { } entry)
            return false;
        Strip(entry);
        GiveBack(entry);
        return true;
    }

    /// <summary>Another interface had this name: one that is configured may have waited for it.</summary>
    public void OnNameFree(string name)
    {
        lock (_lock)
        {
            if (_wanted.Any(row => row.Name == name))
                MakeMissing();
        }
    }

    /// <summary>Takes all of them away, whoever uses them.</summary>
    public void RemoveAll()
    {
        lock (_lock)
        {
            _wanted = [];
            foreach (Entry entry in _standing.ToList())
                Remove(entry);
        }
    }

    private bool IsWanted(Entry entry) => _wanted.Any(row => row.Name == entry.Name && row.User == entry.User);

    private Entry? FindFree(PptpServerInterface row) =>
        _standing.Find(entry => entry.Name == row.Name && entry.User == row.User && !entry.IsTaken);

    private Entry? FindTaken(Predicate<Entry> isIt)
    {
        lock (_lock)
            return _standing.Find(entry => entry.IsTaken && isIt(entry));
    }

    private void MakeMissing()
    {
        foreach (PptpServerInterface row in _wanted.Where(row => !_standing.Exists(entry => entry.Name == row.Name)))
        {
            if (!names.TryHold(row.Name))
            {
                Log.InUse(logger, row.Name);
                continue;
            }
            try
            {
                _standing.Add(new Entry { Name = row.Name, User = row.User, Tun = Make(row.Name) });
            }
            catch (LinuxException e)
            {
                names.LetGo(row.Name);
                Log.NotMade(logger, row.Name, e.Message);
            }
        }
    }

    private TunDevice Make(string name)
    {
        TunDevice tun = TunDevice.CreateOffloading(name);
        try
        {
            tun.SetCarrier(false);
            netlink.ChangeLink(tun.Index, new LinkChange
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

    /// <summary>Takes from an interface what was its session's, and the packets that still wait in it for that one.</summary>
    private void Strip(Entry entry)
    {
        TunnelInterfaceSpecification? specification = entry.Specification;
        entry.Specification = null;
        try
        {
            // Down takes the routes along.
            netlink.ChangeLink(entry.Tun.Index, new LinkChange { Up = false });
            entry.Tun.SetCarrier(false);
            if (specification is not null)
                netlink.RemoveAddress(entry.Tun.Index, specification.LocalAddress, specification.RemoteAddress, 32);
            if (specification?.Ipv6 is { } settings)
                ipv6.Remove(entry.Tun.Index, settings);
            Span<byte> packet = stackalloc byte[64];
            while (entry.Tun.Read(packet) >= 0)
            {
            }
            netlink.ChangeLink(entry.Tun.Index, new LinkChange { Up = true });
        }
        catch (LinuxException e)
        {
            // Somebody deleted it under our hands: it is made again when it is wanted.
            Log.NotStripped(logger, entry.Name, e.Message);
        }
    }

    private void GiveBack(Entry entry)
    {
        lock (_lock)
        {
            entry.IsTaken = false;
            if (!entry.IsDoomed)
                return;
            Remove(entry);
            MakeMissing();
        }
    }

    private void Remove(Entry entry)
    {
        _standing.Remove(entry);
        bury(entry.Tun);
        names.LetGo(entry.Name);
    }

    /// <summary>One that stands. While it is taken its session alone touches what may change.</summary>
    private sealed class Entry
    {
        public required string Name { get; init; }

        public required string User { get; init; }

        public required TunDevice Tun { get; set; }

        /// <summary>What it was connected to; null: nothing.</summary>
        public TunnelInterfaceSpecification? Specification { get; set; }

        public bool IsTaken { get; set; }

        /// <summary>It goes when its session has ended.</summary>
        public bool IsDoomed { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Interface}: a session's interface has this name: it waits for its end")]
        public static partial void InUse(ILogger logger, string @interface);

        [LoggerMessage(LogLevel.Error, "{Interface}: no such interface can be made: {Why}")]
        public static partial void NotMade(ILogger logger, string @interface, string why);

        [LoggerMessage(LogLevel.Warning, "{Interface}: could not be taken down: {Why}")]
        public static partial void NotStripped(ILogger logger, string @interface, string why);
    }
}
