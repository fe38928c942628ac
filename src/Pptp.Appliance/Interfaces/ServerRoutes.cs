using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Linux;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// Routes to single hosts by the way that was taken when they were asked for, so that no tunnel of ours swallows its
/// own packets. Whoever wants the same host shares one.
/// </summary>
/// <param name="netlink">Of the daemon's namespace.</param>
/// <param name="logger">For what goes wrong: nothing here is thrown.</param>
internal sealed partial class ServerRoutes(RouteNetlink netlink, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Entry> _entries = [];

    /// <summary>Until <see cref="LetGo"/>, which is to be called once for each of these.</summary>
    /// <param name="host">The address.</param>
    /// <param name="client">For the log.</param>
    public void Hold(IPAddress host, string client)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(host, out Entry? entry))
                _entries.Add(host, entry = new Entry());
            entry.Holders++;
            // Tried again at each attempt: the way may have been missing, or have gone with its interface.
            try
            {
                entry.Route = Find(client, host) ?? entry.Route;
            }
            catch (LinuxException e)
            {
                Log.NotKept(logger, client, host, e.Message);
            }
        }
    }

    public void LetGo(IPAddress host)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(host, out Entry? entry) || --entry.Holders > 0)
                return;
            _entries.Remove(host);
            Remove(host, entry);
        }
    }

    /// <summary>Takes all of them away, whoever holds them.</summary>
    public void RemoveAll()
    {
        lock (_lock)
        {
            foreach ((IPAddress host, Entry entry) in _entries)
                Remove(host, entry);
            _entries.Clear();
        }
    }

    /// <summary>Indices of the interfaces that are ours.</summary>
    public static IReadOnlySet<int> OurTunnels(RouteNetlink netlink) => netlink.ListLinks()
        .Where(link => link.Group is Ownership.LiveGroup or Ownership.DyingGroup)
        .Select(link => link.Index)
        .ToHashSet();

    /// <summary>Null: nothing was added, since there is no way, or the operator has such a route himself.</summary>
    private RouteEntry? Find(string client, IPAddress host)
    {
        IPNetwork destination = new(host, 32);
        RouteEntry? way = RouteChoice.Find(netlink.ListRoutes(), OurTunnels(netlink), host);
        if (way is null)
        {
            Log.NoWay(logger, client, host);
            return null;
        }
        if (way.Destination == destination)
            return null;
        RouteEntry route = way with { Destination = destination, Metric = 0, Protocol = Ownership.RouteProtocol };
        // Before the one that the peer's address makes, where a server has the same address within its tunnel.
        netlink.PrependRoute(route);
        return route;
    }

    private void Remove(IPAddress host, Entry entry)
    {
        if (entry.Route is not { } route)
            return;
        try
        {
            netlink.RemoveRoute(route);
        }
        catch (LinuxException e)
        {
            Log.NotRemoved(logger, host, e.Message);
        }
    }

    private sealed class Entry
    {
        public int Holders { get; set; }

        /// <summary>What we have added; null: nothing.</summary>
        public RouteEntry? Route { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Client}: the host has no way to {Host} outside of its tunnels")]
        public static partial void NoWay(ILogger logger, string client, IPAddress host);

        [LoggerMessage(LogLevel.Warning, "{Client}: the way to {Host} cannot be kept outside of the tunnel: {Why}")]
        public static partial void NotKept(ILogger logger, string client, IPAddress host, string why);

        [LoggerMessage(LogLevel.Warning, "the route to {Host} could not be removed: {Why}")]
        public static partial void NotRemoved(ILogger logger, IPAddress host, string why);
    }
}
