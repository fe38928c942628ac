using System.Net;
using System.Net.Sockets;
using Pptp.Appliance.Interfaces;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Diagnosis;

/// <summary>Looks at the host for what keeps PPTP from working, and knows the cure. Changes nothing.</summary>
public static class HostDoctor
{
    /// <param name="configuration">What the server would do.</param>
    public static IReadOnlyList<Finding> Examine(PptpConfiguration configuration) =>
    [
        ExamineTun(),
        ExamineInterfaceRights(),
        ExamineRawSocket(),
        ExamineForwarding(configuration),
        .. UsesIpv6(configuration) ? [ExamineForwardingIpv6(configuration)] : Array.Empty<Finding>(),
        .. WantsListening(configuration) ? configuration.PptpServer.Listen.Select(ExamineListening) : [],
        .. ExamineFirewall(),
        .. ExamineMasquerade(configuration),
        .. ExamineFilters(configuration),
        ExamineConnectionTracking(),
        .. RadiusDoctor.Examine(configuration),
        .. ClientDoctor.Examine(configuration),
    ];

    /// <summary>The property that asks for IPv4 forwarding; null: none does.</summary>
    internal static string? NeedsForwarding(PptpConfiguration configuration) =>
        configuration.Pools.Any(pool => pool.Masquerade) ? "masquerade"
        : configuration.Profiles.Any(profile => profile.ProxyArp == TriState.Yes) ? "proxy-arp"
        : null;

    /// <summary>Whether a user may have IPv6 in his tunnel.</summary>
    internal static bool UsesIpv6(PptpConfiguration configuration) =>
        configuration.Profiles.Any(profile =>
            profile.UseIpv6 is Negotiation.Yes or Negotiation.Required || profile.RemoteIpv6PrefixPool is not null)
        || configuration.Secrets.Any(secret => secret.RemoteIpv6Prefix is not null || secret.Ipv6Routes.Count > 0);

    /// <summary>Who only dials takes no port; who does neither yet is likely to want a server.</summary>
    private static bool WantsListening(PptpConfiguration configuration) =>
        configuration.PptpServer.Enabled || configuration.Clients.All(client => client.Disabled);

    private static Finding ExamineTun()
    {
        const string Subject = "/dev/net/tun";
        if (KernelProbes.TunObstacle() is not { } obstacle)
            return new Finding(Verdict.Good, Subject, "can be opened");
        string remedy = obstacle.Errno switch
        {
            Errno.ENOENT => "mkdir -p /dev/net && mknod /dev/net/tun c 10 200 && chmod 666 /dev/net/tun (docker: --device /dev/net/tun)",
            Errno.ENXIO or Errno.ENODEV => "modprobe tun",
            _ => "chmod 666 /dev/net/tun, or run as root (docker: --device /dev/net/tun)",
        };
        return new Finding(Verdict.Bad, Subject, obstacle.Message, remedy);
    }

    private static Finding ExamineInterfaceRights() =>
        ProcessHardening.HasCapability(Capability.NetAdmin)
            ? new Finding(Verdict.Good, "CAP_NET_ADMIN", "interfaces can be made")
            : new Finding(Verdict.Bad, "CAP_NET_ADMIN", "is missing: no interface can be made",
                "setcap cap_net_admin,cap_net_raw=ep PPTPD, or run as root (docker: --cap-add NET_ADMIN --cap-add NET_RAW)");

    private static Finding ExamineRawSocket() =>
        KernelProbes.RawSocketObstacle() is not { } obstacle
            ? new Finding(Verdict.Good, "raw GRE socket", "can be opened")
            : new Finding(Verdict.Bad, "raw GRE socket", obstacle.Message,
                "setcap cap_net_admin,cap_net_raw=ep PPTPD, or run as root (docker: --cap-add NET_RAW)");

    private static Finding ExamineForwarding(PptpConfiguration configuration) => KernelProbes.IsForwardingIpv4() switch
    {
        true => new Finding(Verdict.Good, "ip_forward", "is on"),
        false when configuration.System.OwnNamespace =>
            new Finding(Verdict.Good, "ip_forward", "is off; the server turns it on when it starts (own-namespace)"),
        false => new Finding(
            Verdict.Doubtful, "ip_forward",
            "is off: clients reach this host and nothing behind it"
            + (NeedsForwarding(configuration) is { } property ? $", and {property} has no effect" : ""),
            "sysctl -w net.ipv4.ip_forward=1 (docker: --sysctl net.ipv4.ip_forward=1); or own-namespace = true in [system]"),
        null => new Finding(Verdict.Doubtful, "ip_forward", "cannot be read"),
    };

    private static Finding ExamineForwardingIpv6(PptpConfiguration configuration)
    {
        const string Subject = "IPv6 forwarding";
        return KernelProbes.IsForwardingIpv6() switch
        {
            true => new Finding(Verdict.Good, Subject, "is on"),
            false when configuration.System.OwnNamespace =>
                new Finding(Verdict.Good, Subject, "is off; the server turns it on when it starts (own-namespace)"),
            false => new Finding(
                Verdict.Doubtful, Subject, "is off: what clients send by IPv6 reaches this host and nothing behind it",
                "sysctl -w net.ipv6.conf.all.forwarding=1, and accept_ra=2 of an interface that has its own way out from "
                + "router advertisements (docker: --sysctl net.ipv6.conf.all.forwarding=1); or own-namespace = true in [system]"),
            null => new Finding(Verdict.Doubtful, Subject, "cannot be read: this kernel has no IPv6, so tunnels carry none",
                "modprobe ipv6, and no ipv6.disable=1 on the kernel's command line"),
        };
    }

    private static Finding ExamineListening(IPEndPoint endPoint)
    {
        string subject = $"TCP {endPoint}";
        try
        {
            using Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            socket.Listen();
            return new Finding(Verdict.Good, subject, "is free");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return new Finding(Verdict.Bad, subject, "is in use (by a running pptpd, or another server)",
                $"ss -ltnp 'sport = :{endPoint.Port}' shows by whom");
        }
        catch (SocketException e)
        {
            return new Finding(Verdict.Bad, subject, e.Message, "set listen in [pptp-server] to an address of this host");
        }
    }

    private static IEnumerable<Finding> ExamineFirewall()
    {
        const string Subject = "firewall";
        const string Accept = "nft insert rule FAMILY TABLE CHAIN tcp dport 1723 accept; nft insert rule FAMILY TABLE CHAIN meta l4proto gre accept";
        using NetfilterTables tables = new();
        NetfilterResult result = tables.ListBaseChains(out IReadOnlyList<NetfilterChain> chains);
        bool legacy = KernelProbes.ReadLegacyTables() is { } loaded && loaded.Contains("filter");
        if (legacy)
        {
            yield return new Finding(Verdict.Doubtful, Subject, "iptables-legacy has a filter table: it must let in TCP 1723 and protocol 47 (GRE)",
                "iptables-legacy -I INPUT -p tcp --dport 1723 -j ACCEPT; iptables-legacy -I INPUT -p gre -j ACCEPT");
        }
        if (result == NetfilterResult.NotPermitted)
        {
            yield return new Finding(Verdict.Doubtful, Subject, "cannot be looked at without CAP_NET_ADMIN");
            yield break;
        }
        List<NetfilterChain> inWay = [.. chains.Where(chain =>
            chain.Hook == NetfilterHook.Input && (chain.DropsByDefault || chain.RuleCount > 0))];
        foreach (NetfilterChain chain in inWay)
        {
            string name = $"{chain.Family.ToString().ToLowerInvariant()} {chain.Table} {chain.Name}";
            yield return new Finding(
                Verdict.Doubtful, Subject,
                chain.DropsByDefault
                    ? $"chain {name} drops what no rule accepts: it must accept TCP 1723 and protocol 47 (GRE)"
                    : $"chain {name} has {chain.RuleCount} rules: they must let in TCP 1723 and protocol 47 (GRE)",
                Accept.Replace("FAMILY TABLE CHAIN", name, StringComparison.Ordinal));
        }
        if (!legacy && inWay.Count == 0)
            yield return new Finding(Verdict.Good, Subject, "nothing on this host filters what comes in");
    }

    /// <summary>Clients' packets pass, but does anybody know the way back?</summary>
    private static IEnumerable<Finding> ExamineMasquerade(PptpConfiguration configuration)
    {
        const string Subject = "masquerade";
        if (configuration.Pools.Any(pool => pool.Masquerade))
        {
            using NetfilterTables tables = new();
            yield return tables.ListBaseChains(out _) == NetfilterResult.NotSupported
                ? new Finding(Verdict.Doubtful, Subject, "is on, and the kernel has no nf_tables: clients keep their own addresses",
                    "modprobe nf_tables nft_chain_nat nft_masq")
                : new Finding(Verdict.Good, Subject, "is on");
        }
        else if (configuration.Pools.Count > 0 && KernelProbes.IsForwardingIpv4() == true
            && configuration.Profiles.All(profile => profile.ProxyArp != TriState.Yes))
        {
            yield return new Finding(
                Verdict.Good, Subject,
                "is off: others answer clients only with a route back to them (masquerade on [[ip-pool]], or proxy-arp on "
                + "[[ppp-profile]] where clients have addresses of this host's own network)");
        }
    }

    /// <summary>Nobody is let in unfiltered whose profile has a filter.</summary>
    private static IEnumerable<Finding> ExamineFilters(PptpConfiguration configuration)
    {
        const string Subject = "filters and lists";
        if (FirewallRuleset.Of(configuration).IsEmpty)
            yield break;
        using Nftables? nftables = Nftables.TryOpen(out string? whyNot);
        yield return nftables is not null
            ? new Finding(Verdict.Good, Subject, "can be set by nftables")
            : new Finding(
                Verdict.Bad, Subject, $"cannot be set, so sessions whose profile has one are refused: {whyNot}",
                Nftables.IsInstalled ? null : "apt-get install libnftables1 (Debian, Ubuntu), or your distribution's nftables");
    }

    private static Finding ExamineConnectionTracking() =>
        KernelProbes.IsTrackingConnections()
            ? new Finding(Verdict.Doubtful, "conntrack",
                "is active: where this host also translates addresses, two clients behind it may share one GRE connection",
                "modprobe nf_conntrack_pptp, and a rule that assigns the helper: ct helper set \"pptp\"; or notrack for GRE")
            : new Finding(Verdict.Good, "conntrack", "is not active");
}
