using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>Gives a tunnel's interface its IPv6. The kernel takes all of it away when the interface goes down.</summary>
/// <param name="netlink">Of the interface's namespace, which is the caller's.</param>
/// <param name="logger">For what goes wrong and does not matter to the tunnel as a whole.</param>
internal sealed partial class Ipv6Setup(RouteNetlink netlink, ILogger logger)
{
    private static readonly IPNetwork Everywhere = new(IPAddress.IPv6Any, 0);

    /// <summary>Our end of a client's session: a router's.</summary>
    /// <param name="index">The interface, up.</param>
    /// <param name="name">Its name in the kernel.</param>
    /// <param name="settings">What it is to have.</param>
    /// <exception cref="LinuxException">The kernel refused the link-local address.</exception>
    public void AddForClient(int index, string name, Ipv6InterfaceSettings settings)
    {
        // What a client says of routers must not become a route of this host. To turn forwarding on here would do for
        // that as well, and nothing else: whether packets pass is for all interfaces alike. But the kernel then drops
        // the default route that this host may have been told on its own network.
        Set(name, "accept_ra", 0);
        Set(name, "accept_redirects", 0);
        AddAddress(index, name, settings);
        if (settings.Prefix is { } prefix)
            TryAdd(name, new RouteEntry { Destination = prefix.ToIPNetwork(), InterfaceIndex = index });
        foreach (PppIpv6Route route in settings.Routes)
        {
            TryAdd(name, new RouteEntry
            {
                Destination = route.Destination.ToIPNetwork(),
                Gateway = route.Gateway.Equals(IPAddress.IPv6Any) ? null : route.Gateway,
                InterfaceIndex = index,
                Metric = route.Metric,
            });
        }
    }

    /// <summary>Our end of a tunnel we have dialled: a host's, which takes its address from what the server advertises.</summary>
    /// <param name="index">The interface, up.</param>
    /// <param name="name">Its name in the kernel.</param>
    /// <param name="settings">What it is to have.</param>
    /// <param name="defaultRouteMetric">Of the default route into it; null: none.</param>
    /// <exception cref="LinuxException">The kernel refused the link-local address.</exception>
    public void AddForServer(int index, string name, Ipv6InterfaceSettings settings, uint? defaultRouteMetric)
    {
        // Also where this host forwards, which otherwise keeps it from being told anything.
        Set(name, "accept_ra", 2);
        Set(name, "accept_ra_defrtr", 0);
        // The address with the agreed identifier is the one a server knows us by.
        Set(name, "use_tempaddr", 0);
        AddAddress(index, name, settings);
        if (defaultRouteMetric is { } metric)
            TryAdd(name, new RouteEntry { Destination = Everywhere, InterfaceIndex = index, Metric = metric });
    }

    /// <summary>Takes the link-local address away where the kernel keeps addresses of what is down (keep_addr_on_down).</summary>
    /// <exception cref="LinuxException">There is no such interface.</exception>
    public void Remove(int index, Ipv6InterfaceSettings settings) => netlink.RemoveAddress(
        index, settings.LocalAddress, settings.RemoteAddress, Ipv6Prefix.LongestLength);

    private void AddAddress(int index, string name, Ipv6InterfaceSettings settings)
    {
        // Where our namespace has it off for interfaces that do not need it.
        Set(name, "disable_ipv6", 0);
        // fe80::/64 would be one route for each of all tunnels, in a list the kernel walks from its beginning.
        try
        {
            netlink.AddAddress(index, settings.LocalAddress, settings.RemoteAddress, Ipv6Prefix.LongestLength);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // It was agreed on once more.
        }
    }

    private void Set(string name, string setting, int value)
    {
        if (!KernelSettings.TrySetIpv6(name, setting, value))
            Log.NotSet(logger, name, setting, value);
    }

    /// <summary>A route that cannot be had is logged; the session goes on without it.</summary>
    private void TryAdd(string name, RouteEntry route)
    {
        try
        {
            netlink.AddRoute(route with { Protocol = Ownership.RouteProtocol });
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST && netlink.ListRoutes(Ownership.RouteProtocol).Any(
            other => other.Destination == route.Destination && other.InterfaceIndex == route.InterfaceIndex))
        {
            // It was agreed on once more.
        }
        catch (LinuxException e)
        {
            // One behind the other, as with IPv4, cannot be had: the kernel would use both in turn.
            Log.Failed(logger, name, route.Destination, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Interface}: net.ipv6.conf.{Setting} cannot be set to {Value}")]
        public static partial void NotSet(ILogger logger, string @interface, string setting, int value);

        [LoggerMessage(LogLevel.Warning, "{Interface}: no route to {Destination}: {Why}")]
        public static partial void Failed(ILogger logger, string @interface, IPNetwork destination, string why);
    }
}
