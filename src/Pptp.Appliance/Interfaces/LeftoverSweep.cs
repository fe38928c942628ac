using Microsoft.Extensions.Logging;
using Pptp.Linux;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// Removes what a daemon that died without a goodbye may have left: in the kernel interfaces of our groups, routes,
/// proxy-arp entries and rules of our protocol number, our nftables tables; and name servers in the host's resolv.conf.
/// Runs before the first client is let in or dialled.
/// </summary>
internal static partial class LeftoverSweep
{
    public static void Run(RouteNetlink netlink, PeerDns peerDns, ILogger logger)
    {
        Guard(logger, "interfaces", () =>
        {
            int count = netlink.ListLinks().Count(link => link.Group is Ownership.LiveGroup or Ownership.DyingGroup);
            netlink.DeleteLinkGroup(Ownership.LiveGroup);
            netlink.DeleteLinkGroup(Ownership.DyingGroup);
            Report(logger, count, "interfaces");
        });
        Guard(logger, "routes", () => Report(logger, netlink.RemoveRoutes(Ownership.RouteProtocol), "routes"));
        Guard(logger, "proxy-arp entries",
            () => Report(logger, netlink.RemoveProxyNeighbours(Ownership.RouteProtocol), "proxy-arp entries"));
        Guard(logger, "rules", () => Report(logger, netlink.RemoveRules(Ownership.RouteProtocol), "rules"));
        Guard(logger, "nftables tables", () =>
        {
            using NetfilterTables tables = new();
            string[] names = [Ownership.NetfilterTable, Ownership.FirewallTable];
            int deleted = names.Count(name => tables.DeleteTable(NetfilterFamily.Inet, name) == NetfilterResult.Done);
            Report(logger, deleted, "nftables tables");
        });
        Report(logger, peerDns.Sweep() ? 1 : 0, "set of name servers");
    }

    private static void Report(ILogger logger, int count, string what)
    {
        if (count > 0)
            Log.Removed(logger, count, what);
    }

    /// <summary>One kind that cannot be swept does not keep the others, or the daemon, from going on.</summary>
    private static void Guard(ILogger logger, string what, Action sweep)
    {
        try
        {
            sweep();
        }
        catch (LinuxException e)
        {
            Log.Failed(logger, what, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "removed {Count} {What} that an earlier run had left")]
        public static partial void Removed(ILogger logger, int count, string what);

        [LoggerMessage(LogLevel.Warning, "could not remove {What} of an earlier run")]
        public static partial void Failed(ILogger logger, string what, Exception exception);
    }
}
