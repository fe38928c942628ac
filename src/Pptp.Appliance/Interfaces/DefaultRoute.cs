using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Linux;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// The default route into one client's interface. The kernel takes it away when the interface goes down.
/// </summary>
/// <param name="netlink">Of the daemon's namespace.</param>
/// <param name="client">For the log.</param>
/// <param name="metric">The <c>default-route-distance</c>.</param>
/// <param name="logger">For what goes wrong: nothing here is thrown.</param>
internal sealed partial class DefaultRoute(RouteNetlink netlink, string client, uint metric, ILogger logger)
{
    private static readonly IPNetwork Everywhere = new(IPAddress.Any, 0);

    /// <summary>The route that goes before ours and was logged.</summary>
    private RouteEntry? _told;

    /// <summary>Adds it, if it is not there, before those with the same metric.</summary>
    /// <param name="index">The interface, up, with an address.</param>
    public void Add(int index)
    {
        RouteEntry route = new()
        {
            Destination = Everywhere,
            InterfaceIndex = index,
            Metric = metric,
            Protocol = Ownership.RouteProtocol,
        };
        try
        {
            netlink.PrependRoute(route);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // It is there since we stood by.
        }
        catch (LinuxException e)
        {
            Log.Failed(logger, client, e.Message);
            return;
        }
        WarnOfOthers();
    }

    private void WarnOfOthers()
    {
        RouteEntry? other = null;
        try
        {
            other = RouteChoice.DefaultsBefore(netlink.ListRoutes(), ServerRoutes.OurTunnels(netlink), metric)
                .MinBy(route => route.Metric);
        }
        catch (LinuxException e)
        {
            Log.Failed(logger, client, e.Message);
        }
        if (other is not null && other != _told)
        {
            string way = other.Gateway is { } gateway ? $"via {gateway}" : "onto an interface";
            Log.Overruled(logger, client, way, other.Metric, metric);
        }
        _told = other;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Client}: no default route into the tunnel: {Why}")]
        public static partial void Failed(ILogger logger, string client, string why);

        [LoggerMessage(LogLevel.Warning,
            "{Client}: the host's default route {Way} with metric {Other} goes before the tunnel's with {Metric}: "
            + "lower default-route-distance, or give the host's route a higher metric")]
        public static partial void Overruled(ILogger logger, string client, string way, uint other, uint metric);
    }
}
