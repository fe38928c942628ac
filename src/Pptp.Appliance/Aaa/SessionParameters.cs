using System.Net;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Aaa;

/// <summary>What a session is given, after RouterOS' order of precedence.</summary>
internal sealed record SessionParameters
{
    public required string User { get; init; }

    /// <summary>Null: nothing was configured.</summary>
    public required AddressSource? LocalAddress { get; init; }

    /// <summary>Null: nothing was configured.</summary>
    public required AddressSource? RemoteAddress { get; init; }

    public required EncryptionPolicy Encryption { get; init; }

    /// <summary>The forms of MPPE that may be agreed; never none.</summary>
    public required MppeOffer Mppe { get; init; }

    public required bool ChangeTcpMss { get; init; }

    public bool ProxyArp { get; init; }

    /// <summary>At most two, what IPCP can carry.</summary>
    public required IReadOnlyList<IPAddress> DnsServers { get; init; }

    /// <summary>At most two, what IPCP can carry.</summary>
    public required IReadOnlyList<IPAddress> WinsServers { get; init; }

    /// <summary>Null: a session may last.</summary>
    public TimeSpan? SessionTimeout { get; init; }

    /// <summary>Null: a session may carry nothing.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Never <see cref="OnlyOne.Default"/>.</summary>
    public OnlyOne OnlyOne { get; init; } = OnlyOne.No;

    public FirewallMembership Firewall { get; init; } = FirewallMembership.None;

    /// <summary>Routes that lead to the client while the session is up.</summary>
    public IReadOnlyList<PppRoute> Routes { get; init; } = [];

    /// <summary>Null: as fast as it goes.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Null: the session has no IPv6.</summary>
    public Ipv6Service? Ipv6 { get; init; }

    /// <summary>What is run when the user has logged in; null: nothing.</summary>
    public HookScript? OnUp { get; init; }

    /// <summary>What is run when the user has logged out; null: nothing.</summary>
    public HookScript? OnDown { get; init; }

    /// <summary>Octets the client may send in a session; 0: any number.</summary>
    public long LimitBytesIn { get; init; }

    /// <summary>Octets the client may be sent in a session; 0: any number.</summary>
    public long LimitBytesOut { get; init; }

    /// <summary>Octets a session may carry either way, together; 0: any number.</summary>
    public long LimitBytesTotal { get; init; }

    /// <summary>What the server that let the user in has given; null: a user of ours.</summary>
    public RadiusGrant? Radius { get; init; }

    /// <summary>
    /// The secret's own values go before its profile's, and these before those of the server's default profile; but a
    /// single address goes before a pool wherever either stands.
    /// </summary>
    public static SessionParameters Resolve(PptpConfiguration configuration, PppSecret secret)
    {
        PppProfile fallback = Find(configuration, configuration.PptpServer.DefaultProfile);
        PppProfile profile = Find(configuration, secret.Profile);
        return new SessionParameters
        {
            User = secret.Name,
            LocalAddress = Choose(secret.LocalAddress, profile.LocalAddress, fallback.LocalAddress),
            RemoteAddress = Choose(secret.RemoteAddress, profile.RemoteAddress, fallback.RemoteAddress),
            Encryption = Negotiated.Policy(
                (profile.UseEncryption == Negotiation.Default ? fallback : profile).UseEncryption),
            Mppe = Negotiated.Offer(FirstOf(profile.MppeAllowed, fallback.MppeAllowed)),
            ChangeTcpMss = (profile.ChangeTcpMss == TriState.Default ? fallback : profile).ChangeTcpMss == TriState.Yes,
            ProxyArp = (profile.ProxyArp == TriState.Default ? fallback : profile).ProxyArp == TriState.Yes,
            DnsServers = [.. FirstOf(profile.DnsServer, fallback.DnsServer).Take(2)],
            WinsServers = [.. FirstOf(profile.WinsServer, fallback.WinsServer).Take(2)],
            SessionTimeout = Negotiated.Time(profile.SessionTimeout ?? fallback.SessionTimeout),
            IdleTimeout = Negotiated.Time(profile.IdleTimeout ?? fallback.IdleTimeout),
            OnlyOne = (profile.OnlyOne == OnlyOne.Default ? fallback : profile).OnlyOne switch
            {
                OnlyOne.Default => OnlyOne.No,
                { } rule => rule,
            },
            Firewall = FirewallMembership.Of(profile, fallback),
            Routes = secret.Routes,
            RateLimit = profile.RateLimit ?? fallback.RateLimit,
            OnUp = profile.OnUp ?? fallback.OnUp,
            OnDown = profile.OnDown ?? fallback.OnDown,
            Ipv6 = Ipv6Service.Resolve(secret, profile, fallback),
            LimitBytesIn = secret.LimitBytesIn,
            LimitBytesOut = secret.LimitBytesOut,
        };
    }

    /// <summary>
    /// As for a secret that has what the server gives: that goes before the profile's, which is the one the server
    /// names, else the default one of <c>/interface pptp-server server</c>. only-one is not for users of RADIUS, who
    /// have Port-Limit; and what the profile requires of encryption no server takes away.
    /// </summary>
    /// <param name="configuration">In force.</param>
    /// <param name="user">The name the session is known by.</param>
    /// <param name="grant">What the server gives; a profile it names that there is not is as none.</param>
    public static SessionParameters Resolve(PptpConfiguration configuration, string user, RadiusGrant grant)
    {
        PppProfile profile = grant.Group is { } group && configuration.FindProfile(group) is { } named
            ? named
            : Find(configuration, configuration.PptpServer.DefaultProfile);
        SessionParameters own = Resolve(configuration, new PppSecret
        {
            Name = user,
            Profile = profile.Name,
            Routes = grant.Routes,
            RemoteIpv6Prefix = grant.Ipv6Prefix,
            Ipv6Routes = grant.Ipv6Routes,
            LimitBytesIn = grant.LimitBytesIn ?? 0,
            LimitBytesOut = grant.LimitBytesOut ?? 0,
        });
        bool requires = own.Encryption == EncryptionPolicy.Required;
        MppeOffer both = own.Mppe & grant.Mppe;
        return own with
        {
            RemoteAddress = grant.RemoteAddress ?? own.RemoteAddress,
            Encryption = requires ? own.Encryption : grant.Encryption ?? own.Encryption,
            Mppe = both == MppeOffer.None ? own.Mppe : both,
            DnsServers = grant.DnsServers.Count > 0 ? [.. grant.DnsServers.Take(2)] : own.DnsServers,
            WinsServers = grant.WinsServers.Count > 0 ? [.. grant.WinsServers.Take(2)] : own.WinsServers,
            SessionTimeout = grant.SessionTimeout is { } whole ? Negotiated.Time(whole) : own.SessionTimeout,
            IdleTimeout = grant.IdleTimeout is { } idle ? Negotiated.Time(idle) : own.IdleTimeout,
            OnlyOne = OnlyOne.No,
            Firewall = Overlay(own.Firewall, grant),
            RateLimit = grant.RateLimit ?? own.RateLimit,
            LimitBytesTotal = grant.LimitBytesTotal ?? 0,
            Ipv6 = own.Ipv6?.Prefix is null && grant.Ipv6Pool is { } pool
                ? Ipv6Service.FromPool(own.Ipv6, pool, profile, Find(configuration, configuration.PptpServer.DefaultProfile))
                : own.Ipv6,
            Radius = grant,
        };
    }

    /// <summary>
    /// What a server changes while the session is up. Another profile counts as at a login, but for what was agreed
    /// with the client or made for it then: addresses, routes, name servers, encryption, MSS.
    /// </summary>
    public SessionParameters Changed(PptpConfiguration configuration, RadiusGrant change)
    {
        RadiusGrant? whole = Radius?.Changed(change);
        SessionParameters basis =
            change.Group is not { } group ? this
            : whole is not null ? Resolve(configuration, User, whole)
            : configuration.FindSecret(User, PppService.Pptp) is { } secret
                ? Resolve(configuration, secret with { Profile = group })
            : this;
        return this with
        {
            RateLimit = change.RateLimit ?? basis.RateLimit,
            LimitBytesIn = change.LimitBytesIn ?? basis.LimitBytesIn,
            LimitBytesOut = change.LimitBytesOut ?? basis.LimitBytesOut,
            LimitBytesTotal = change.LimitBytesTotal ?? basis.LimitBytesTotal,
            SessionTimeout = change.SessionTimeout is { } longest ? Negotiated.Time(longest) : basis.SessionTimeout,
            IdleTimeout = change.IdleTimeout is { } idle ? Negotiated.Time(idle) : basis.IdleTimeout,
            Firewall = Overlay(basis.Firewall, change),
            OnDown = basis.OnDown,
            Radius = whole,
        };
    }

    private static FirewallMembership Overlay(FirewallMembership membership, RadiusGrant grant) => membership with
    {
        IncomingFilter = grant.IncomingFilter ?? membership.IncomingFilter,
        OutgoingFilter = grant.OutgoingFilter ?? membership.OutgoingFilter,
        AddressLists = grant.AddressLists.Count > 0 ? grant.AddressLists : membership.AddressLists,
    };

    private static PppProfile Find(PptpConfiguration configuration, string name) =>
        configuration.FindProfile(name)
        ?? throw new InvalidOperationException($"a checked configuration lacks the profile {name} it refers to");

    private static AddressSource? Choose(params ReadOnlySpan<AddressSource?> strongestFirst)
    {
        AddressSource? pool = null;
        foreach (AddressSource? source in strongestFirst)
        {
            if (source is AddressSource.Single)
                return source;
            pool ??= source;
        }
        return pool;
    }

    private static ValueList<T> FirstOf<T>(ValueList<T> own, ValueList<T> inherited) =>
        own.Count > 0 ? own : inherited;
}
