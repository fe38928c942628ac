using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// Has the host answer ARP for clients' addresses on the network that has them in its prefix, so that others there
/// reach the client as if it were among them. Safe from every thread; nobody waits for the kernel.
/// </summary>
internal sealed partial class ProxyArp
{
    private readonly RouteNetlink _netlink;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    public ProxyArp(RouteNetlink netlink, ILogger logger)
    {
        _netlink = netlink;
        _logger = logger;
    }

    /// <summary>Everything asked for so far has been done.</summary>
    public Task Done
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    /// <summary>Answers for this address until the returned is disposed; a warning where no network has it.</summary>
    public IDisposable Answer(IPAddress address) => new Entry(this, address);

    /// <summary>The interface with the longest prefix around the address; ours, towards clients, do not count.</summary>
    private int? FindNetwork(IPAddress address)
    {
        HashSet<int> tunnels = [.. _netlink.ListLinks()
            .Where(link => link.Group is Ownership.LiveGroup or Ownership.DyingGroup)
            .Select(link => link.Index)];
        return _netlink.ListAddresses()
            .Where(entry => entry.Peer is null && entry.PrefixLength < 32 && !tunnels.Contains(entry.Index)
                && entry.Local.AddressFamily == AddressFamily.InterNetwork
                && NetworkOf(entry).Contains(address))
            .OrderByDescending(entry => entry.PrefixLength)
            .FirstOrDefault()?.Index;
    }

    private static IPNetwork NetworkOf(AddressEntry entry)
    {
        uint mask = entry.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - entry.PrefixLength);
        return new IPNetwork(Ipv4Range.ToAddress(Ipv4Range.ToNumber(entry.Local) & mask), entry.PrefixLength);
    }

    /// <summary>One after the other: an address must not be taken away after it was given to the next client.</summary>
    private void Enqueue(Action action)
    {
        lock (_lock)
        {
            _last = _last.ContinueWith(
                _ =>
                {
                    try
                    {
                        action();
                    }
                    catch (LinuxException e)
                    {
                        Log.Failed(_logger, e.Message);
                    }
                },
                TaskScheduler.Default);
        }
    }

    private sealed class Entry : IDisposable
    {
        private readonly ProxyArp _owner;
        private ProxyNeighbour? _neighbour;

        public Entry(ProxyArp owner, IPAddress address)
        {
            _owner = owner;
            owner.Enqueue(() => Add(address));
        }

        public void Dispose() => _owner.Enqueue(Remove);

        private void Add(IPAddress address)
        {
            if (_owner.FindNetwork(address) is not { } index)
            {
                Log.NoNetwork(_owner._logger, address);
                return;
            }
            ProxyNeighbour neighbour = new(index, address, Ownership.RouteProtocol);
            _owner._netlink.AddProxyNeighbour(neighbour);
            _neighbour = neighbour;
        }

        private void Remove()
        {
            if (_neighbour is { } neighbour)
                _owner._netlink.RemoveProxyNeighbour(neighbour);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "proxy-arp: no interface of this host has {Address} in its network")]
        public static partial void NoNetwork(ILogger logger, IPAddress address);

        [LoggerMessage(LogLevel.Warning, "proxy-arp: {Why}")]
        public static partial void Failed(ILogger logger, string why);
    }
}
