using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>The routes of a session's interface. The kernel takes them away when the interface goes down.</summary>
internal static partial class TunnelRoutes
{
    /// <summary>A route that cannot be had is logged; the session goes on without it.</summary>
    /// <param name="netlink">Of the interface's namespace.</param>
    /// <param name="index">The interface, up, with its addresses.</param>
    /// <param name="specification">What the interface was made from.</param>
    /// <param name="logger">For what goes wrong.</param>
    public static void Add(RouteNetlink netlink, int index, TunnelInterfaceSpecification specification, ILogger logger)
    {
        foreach (PppRoute route in specification.Routes)
        {
            RouteEntry entry = new()
            {
                Destination = route.Destination,
                // On the way into a tunnel there is one neighbour only: 0.0.0.0 is whoever is at its other end.
                Gateway = route.Gateway.Equals(IPAddress.Any) ? null : route.Gateway,
                InterfaceIndex = index,
                Metric = route.Metric,
                Protocol = Ownership.RouteProtocol,
            };
            try
            {
                Add(netlink, entry, specification.Name, logger);
            }
            catch (LinuxException e)
            {
                Log.Failed(logger, specification.Name.Linux, route.Destination, route.Gateway, e.Message);
            }
        }
    }

    private static void Add(RouteNetlink netlink, RouteEntry entry, InterfaceName name, ILogger logger)
    {
        try
        {
            netlink.AddRoute(entry);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            Log.Taken(logger, name.Linux, entry.Destination, entry.Metric);
            netlink.AppendRoute(entry);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Interface}: the route to {Destination} with metric {Metric} exists already: it stays in use as long as it is there")]
        public static partial void Taken(ILogger logger, string @interface, IPNetwork destination, uint metric);

        [LoggerMessage(LogLevel.Warning, "{Interface}: no route to {Destination} via {Gateway}: {Why}")]
        public static partial void Failed(ILogger logger, string @interface, IPNetwork destination, IPAddress gateway, string why);
    }
}
