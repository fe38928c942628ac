using System.Net;

namespace Pptp.Model;

/// <summary>
/// <c>/ppp profile</c>: what users have in common. <c>Default</c> and null members leave the decision to the server's
/// default profile.
/// </summary>
public sealed record PppProfile
{
    /// <summary>The built-in profile a secret without one has.</summary>
    public const string DefaultName = "default";

    /// <summary>The built-in profile that encrypts: the server's default profile, unless set otherwise.</summary>
    public const string DefaultEncryptionName = "default-encryption";

    /// <summary>The built-in profiles as RouterOS ships them.</summary>
    public static IReadOnlyList<PppProfile> BuiltIn { get; } =
    [
        new() { Name = DefaultName, ChangeTcpMss = TriState.Yes },
        new() { Name = DefaultEncryptionName, ChangeTcpMss = TriState.Yes, UseEncryption = Negotiation.Yes },
    ];

    public required string Name { get; init; }

    public AddressSource? LocalAddress { get; init; }

    public AddressSource? RemoteAddress { get; init; }

    /// <summary>Told to the client by IPCP (RFC 1877), which takes two.</summary>
    public ValueList<IPAddress> DnsServer { get; init; } = [];

    /// <summary>Told to the client by IPCP (RFC 1877), which takes two.</summary>
    public ValueList<IPAddress> WinsServer { get; init; } = [];

    public Negotiation UseEncryption { get; init; }

    /// <summary>The forms of MPPE a client may use, in any order; empty: the server's default profile decides.</summary>
    public ValueList<MppeForm> MppeAllowed { get; init; } = [];

    public Negotiation UseIpv6 { get; init; }

    public Negotiation UseMpls { get; init; }

    public TriState UseCompression { get; init; }

    public TriState UseVjCompression { get; init; }

    public TriState UseUpnp { get; init; }

    public OnlyOne OnlyOne { get; init; }

    public TriState ChangeTcpMss { get; init; }

    /// <summary>The host answers ARP for the client's address where its own network has it. Ours.</summary>
    public TriState ProxyArp { get; init; }

    /// <summary>The session's longest life; null: no limit.</summary>
    public TimeSpan? SessionTimeout { get; init; }

    /// <summary>The time without traffic after which the session ends; null: no limit.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    public RateLimit? RateLimit { get; init; }

    public string? ParentQueue { get; init; }

    public string? QueueType { get; init; }

    public string? InsertQueueBefore { get; init; }

    public string? IncomingFilter { get; init; }

    public string? OutgoingFilter { get; init; }

    public ValueList<string> AddressList { get; init; } = [];

    public string? InterfaceList { get; init; }

    public HookScript? OnUp { get; init; }

    public HookScript? OnDown { get; init; }

    /// <summary>The <c>/ipv6 pool</c> the client's prefix is taken from; null: none.</summary>
    public string? RemoteIpv6PrefixPool { get; init; }

    /// <summary>Whether all clients with a prefix of the pool have the same one.</summary>
    public bool RemoteIpv6PrefixReuse { get; init; }

    public string? Dhcpv6PdPool { get; init; }

    public bool Dhcpv6UseRadius { get; init; }

    public TimeSpan Dhcpv6LeaseTime { get; init; } = TimeSpan.FromDays(1);

    public string? Bridge { get; init; }

    public int? BridgePortPriority { get; init; }

    public int? BridgePathCost { get; init; }

    public int? BridgeHorizon { get; init; }

    public TriState BridgeLearning { get; init; }

    public int BridgePortVid { get; init; } = 1;

    public bool BridgePortTrusted { get; init; }

    public string? Comment { get; init; }

    /// <summary>Whether the profile of this name is there without being configured.</summary>
    public static bool IsBuiltIn(string name) => name is DefaultName or DefaultEncryptionName;
}
