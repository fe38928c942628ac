using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/ppp profile</c>.</summary>
internal static class PppProfileMenu
{
    private static readonly WordType<OnlyOne> OneSession = new(
        ("default", OnlyOne.Default), ("no", OnlyOne.No), ("yes", OnlyOne.Yes), ("replace", OnlyOne.Replace));

    private static readonly OptionalType<HookScript> Hooks = new(new HookScriptType());

    private static readonly ListType<MppeForm> MppeForms = new(
        new WordType<MppeForm>(
            ("mppe128-stateless", MppeForm.Mppe128Stateless),
            ("mppe128-stateful", MppeForm.Mppe128Stateful),
            ("mppe56-stateless", MppeForm.Mppe56Stateless),
            ("mppe56-stateful", MppeForm.Mppe56Stateful),
            ("mppe40-stateless", MppeForm.Mppe40Stateless),
            ("mppe40-stateful", MppeForm.Mppe40Stateful)),
        "forms of MPPE");

    private static readonly OptionalType<string> OptionalChain = new(FirewallNameType.Chain);

    private static readonly OptionalType<string> OptionalList = new(FirewallNameType.List);

    private static readonly ListType<string> Lists = new(FirewallNameType.List, "names");

    internal static MenuDefinition<PppProfile> Declare() =>
        AddMeta(AddScripts(AddFirewall(AddTraffic(AddSwitches(AddBridge(AddIpv6(AddAddresses(
            new MenuBuilder<PppProfile>(
                "/ppp profile", "ppp-profile", MenuKind.Table, new() { Name = "" }, "What users have in common.")
            .WithBuiltIn(PppProfile.BuiltIn)
            .Add("name", PropertyTypes.Name, r => r.Name, (r, v) => r with { Name = v },
                "What secrets and the server call the profile.", required: true)))))))))
        .Build();

    private static MenuBuilder<PppProfile> AddAddresses(MenuBuilder<PppProfile> menu) => menu
        .Add("local-address", PropertyTypes.AddressSource,
            r => r.LocalAddress, (r, v) => r with { LocalAddress = v },
            "The server's address in the tunnel, or the pool it is taken from.")
        .Add("remote-address", PropertyTypes.AddressSource,
            r => r.RemoteAddress, (r, v) => r with { RemoteAddress = v },
            "The client's address in the tunnel, or the pool it is taken from.")
        .Add("dns-server", PropertyTypes.Addresses, r => r.DnsServer, (r, v) => r with { DnsServer = v },
            "The name servers the client is told, at most two.")
        .Add("wins-server", PropertyTypes.Addresses, r => r.WinsServer, (r, v) => r with { WinsServer = v },
            "The WINS servers the client is told, at most two.");

    private static MenuBuilder<PppProfile> AddIpv6(MenuBuilder<PppProfile> menu) => menu
        .Add("remote-ipv6-prefix-pool", PropertyTypes.NameOrNone,
            r => r.RemoteIpv6PrefixPool, (r, v) => r with { RemoteIpv6PrefixPool = v },
            "The pool the client's IPv6 prefix is taken from.")
        .Add("remote-ipv6-prefix-reuse", PropertyTypes.YesNo,
            r => r.RemoteIpv6PrefixReuse, (r, v) => r with { RemoteIpv6PrefixReuse = v },
            "Whether several sessions may have the same IPv6 prefix: then all that take one from the pool share one.")
        .Add("dhcpv6-pd-pool", PropertyTypes.NameOrNone,
            r => r.Dhcpv6PdPool, (r, v) => r with { Dhcpv6PdPool = v },
            "The pool for prefixes delegated by DHCPv6.", PropertyEffect.None)
        .Add("dhcpv6-use-radius", PropertyTypes.YesNo,
            r => r.Dhcpv6UseRadius, (r, v) => r with { Dhcpv6UseRadius = v },
            "Whether DHCPv6 asks RADIUS.", PropertyEffect.None)
        .Add("dhcpv6-lease-time", new TimeType(TimeSpan.FromSeconds(1)),
            r => r.Dhcpv6LeaseTime, (r, v) => r with { Dhcpv6LeaseTime = v },
            "How long a prefix delegated by DHCPv6 is lent.", PropertyEffect.None);

    private static MenuBuilder<PppProfile> AddBridge(MenuBuilder<PppProfile> menu) => menu
        .Add("bridge", PropertyTypes.NameOrNone, r => r.Bridge, (r, v) => r with { Bridge = v },
            "The bridge the tunnel joins.", PropertyEffect.None)
        .Add("bridge-port-priority", new OptionalValueType<int>(new IntegerType(0, 255), ""),
            r => r.BridgePortPriority, (r, v) => r with { BridgePortPriority = v },
            "The priority of the bridge port.", PropertyEffect.None)
        .Add("bridge-path-cost", new OptionalValueType<int>(new IntegerType(0, int.MaxValue), ""),
            r => r.BridgePathCost, (r, v) => r with { BridgePathCost = v },
            "The path cost of the bridge port.", PropertyEffect.None)
        .Add("bridge-horizon", new OptionalValueType<int>(new IntegerType(0, int.MaxValue), "none"),
            r => r.BridgeHorizon, (r, v) => r with { BridgeHorizon = v },
            "The horizon of the bridge port.", PropertyEffect.None)
        .Add("bridge-learning", PropertyTypes.TriState,
            r => r.BridgeLearning, (r, v) => r with { BridgeLearning = v },
            "Whether the bridge port learns addresses.", PropertyEffect.None)
        .Add("bridge-port-vid", new IntegerType(1, 4094),
            r => r.BridgePortVid, (r, v) => r with { BridgePortVid = v },
            "The VLAN of the bridge port.", PropertyEffect.None)
        .Add("bridge-port-trusted", PropertyTypes.YesNo,
            r => r.BridgePortTrusted, (r, v) => r with { BridgePortTrusted = v },
            "Whether the bridge port is trusted.", PropertyEffect.None);

    private static MenuBuilder<PppProfile> AddSwitches(MenuBuilder<PppProfile> menu) => menu
        .Add("use-ipv6", PropertyTypes.Negotiation, r => r.UseIpv6, (r, v) => r with { UseIpv6 = v },
            "Whether the tunnel carries IPv6; required ends one that cannot; a prefix or routes alone mean yes.")
        .Add("use-mpls", PropertyTypes.Negotiation, r => r.UseMpls, (r, v) => r with { UseMpls = v },
            "Whether the tunnel carries MPLS.", PropertyEffect.None)
        .Add("use-encryption", PropertyTypes.Negotiation,
            r => r.UseEncryption, (r, v) => r with { UseEncryption = v },
            "Whether the tunnel is encrypted by MPPE; required ends one that cannot be.")
        .Add("mppe-allowed", MppeForms, r => r.MppeAllowed, (r, v) => r with { MppeAllowed = v },
            "The forms of MPPE a client may use; mppe128-stateless alone where no profile says.",
            origin: PropertyOrigin.Ours)
        .Add("use-compression", PropertyTypes.TriState,
            r => r.UseCompression, (r, v) => r with { UseCompression = v },
            "Whether the tunnel is compressed.", PropertyEffect.None)
        .Add("use-vj-compression", PropertyTypes.TriState,
            r => r.UseVjCompression, (r, v) => r with { UseVjCompression = v },
            "Whether TCP headers are compressed.", PropertyEffect.None)
        .Add("only-one", OneSession, r => r.OnlyOne, (r, v) => r with { OnlyOne = v },
            "Whether a user has at most one session; replace (ours) lets a new one end the old.")
        .Add("change-tcp-mss", PropertyTypes.TriState,
            r => r.ChangeTcpMss, (r, v) => r with { ChangeTcpMss = v },
            "Whether TCP segments are kept small enough for the tunnel.")
        .Add("proxy-arp", PropertyTypes.TriState, r => r.ProxyArp, (r, v) => r with { ProxyArp = v },
            "Whether the host answers for the client's address in its own network (ARP), as if the client were there.",
            origin: PropertyOrigin.Ours)
        .Add("use-upnp", PropertyTypes.TriState, r => r.UseUpnp, (r, v) => r with { UseUpnp = v },
            "Whether UPnP serves the tunnel.", PropertyEffect.None);

    private static MenuBuilder<PppProfile> AddTraffic(MenuBuilder<PppProfile> menu) => menu
        .Add("session-timeout", PropertyTypes.TimeOrNone,
            r => r.SessionTimeout, (r, v) => r with { SessionTimeout = v },
            "The time after which a session ends.")
        .Add("idle-timeout", PropertyTypes.TimeOrNone, r => r.IdleTimeout, (r, v) => r with { IdleTimeout = v },
            "The time without traffic after which a session ends.")
        .Add("rate-limit", new OptionalType<RateLimit>(new RateLimitType()),
            r => r.RateLimit, (r, v) => r with { RateLimit = v },
            "The speed of a session; rx is the client's upload.")
        .Add("parent-queue", PropertyTypes.NameOrNone, r => r.ParentQueue, (r, v) => r with { ParentQueue = v },
            "The queue the session's queue is a child of.", PropertyEffect.None)
        .Add("queue-type", PropertyTypes.OptionalText, r => r.QueueType, (r, v) => r with { QueueType = v },
            "The type of the session's queue.", PropertyEffect.None)
        .Add("insert-queue-before", PropertyTypes.OptionalName,
            r => r.InsertQueueBefore, (r, v) => r with { InsertQueueBefore = v },
            "Where the session's queue goes: bottom, first, or before the named one.", PropertyEffect.None);

    private static MenuBuilder<PppProfile> AddFirewall(MenuBuilder<PppProfile> menu) => menu
        .Add("incoming-filter", OptionalChain,
            r => r.IncomingFilter, (r, v) => r with { IncomingFilter = v },
            "The firewall chain for packets from the client.")
        .Add("outgoing-filter", OptionalChain,
            r => r.OutgoingFilter, (r, v) => r with { OutgoingFilter = v },
            "The firewall chain for packets to the client.")
        .Add("address-list", Lists, r => r.AddressList, (r, v) => r with { AddressList = v },
            "The firewall address lists the client's address is put on.")
        .Add("interface-list", OptionalList,
            r => r.InterfaceList, (r, v) => r with { InterfaceList = v },
            "The interface list the tunnel is put on.");

    private static MenuBuilder<PppProfile> AddScripts(MenuBuilder<PppProfile> menu) => menu
        .Add("on-up", Hooks, r => r.OnUp, (r, v) => r with { OnUp = v },
            "The program that is run when a user has logged in; several on a line each.")
        .Add("on-down", Hooks, r => r.OnDown, (r, v) => r with { OnDown = v },
            "The program that is run when a user has logged out; several on a line each.");

    private static MenuBuilder<PppProfile> AddMeta(MenuBuilder<PppProfile> menu) => menu
        .Add("comment", PropertyTypes.Lines, r => r.Comment, (r, v) => r with { Comment = v },
            "A note of the operator.", PropertyEffect.Note);
}
