using System.Net;
using System.Net.Sockets;
using Pptp.Linux;

namespace Pptp.Appliance.Interfaces;

/// <summary>Which of the host's routes a packet takes.</summary>
internal static class RouteChoice
{
    /// <summary>
    /// The route of the main table that a packet to <paramref name="destination"/> takes where our tunnels are not
    /// there: the longest prefix, then the lowest metric, then the first.
    /// </summary>
    /// <param name="routes">All routes, in the kernel's order.</param>
    /// <param name="ourTunnels">Indices of our interfaces.</param>
    /// <param name="destination">An address of IPv4.</param>
    /// <returns>Null: there is none, or the one there is leads nowhere.</returns>
    public static RouteEntry? Find(
        IEnumerable<RouteEntry> routes, IReadOnlySet<int> ourTunnels, IPAddress destination)
    {
        RouteEntry? best = routes
            .Where(route => route.Table == RouteEntry.MainTable
                && route.Destination.Contains(destination)
                && !(route.InterfaceIndex is { } index && ourTunnels.Contains(index)))
            .OrderByDescending(route => route.Destination.PrefixLength)
            .ThenBy(route => route.Metric)
            .FirstOrDefault();
        // A route of several paths tells none of them here, so it cannot be followed.
        return best is { Type: RouteType.Unicast } and not { Gateway: null, InterfaceIndex: null } ? best : null;
    }

    /// <summary>The default routes that the host takes rather than one of ours.</summary>
    /// <param name="routes">All routes.</param>
    /// <param name="ourTunnels">Indices of our interfaces.</param>
    /// <param name="metric">That of ours.</param>
    public static IEnumerable<RouteEntry> DefaultsBefore(
        IEnumerable<RouteEntry> routes, IReadOnlySet<int> ourTunnels, uint metric) =>
        routes.Where(route => route.Table == RouteEntry.MainTable
            && route.Destination.PrefixLength == 0
            && route.Destination.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            && route.Metric < metric
            && !(route.InterfaceIndex is { } index && ourTunnels.Contains(index)));
}
