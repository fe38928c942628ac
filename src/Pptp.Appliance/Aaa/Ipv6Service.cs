using Pptp.Appliance.Addressing;
using Pptp.Model;

namespace Pptp.Appliance.Aaa;

/// <summary>The IPv6 a session has.</summary>
internal sealed record Ipv6Service
{
    /// <summary>A session that cannot have it ends.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Null: the client has a link-local address and no other.</summary>
    public PrefixSource? Prefix { get; init; }

    /// <summary>Routes that lead to the client while the session is up.</summary>
    public ValueList<PppIpv6Route> Routes { get; init; } = [];

    /// <summary>
    /// The secret's one prefix goes before a pool wherever that stands. Who is given a prefix or routes is given IPv6,
    /// unless his profile says no.
    /// </summary>
    /// <param name="secret">The user.</param>
    /// <param name="profile">The user's own.</param>
    /// <param name="fallback">The server's default profile.</param>
    /// <returns>Null: none.</returns>
    public static Ipv6Service? Resolve(PppSecret secret, PppProfile profile, PppProfile fallback)
    {
        PppProfile lender = profile.RemoteIpv6PrefixPool is null ? fallback : profile;
        PrefixSource? prefix =
            secret.RemoteIpv6Prefix is { } single ? new PrefixSource.Single(single)
            : lender.RemoteIpv6PrefixPool is { } pool ? new PrefixSource.Pool(pool, lender.RemoteIpv6PrefixReuse)
            : null;
        Negotiation use = (profile.UseIpv6 == Negotiation.Default ? fallback : profile).UseIpv6;
        bool isGiven = prefix is not null || secret.Ipv6Routes.Count > 0;
        return use == Negotiation.No || (use == Negotiation.Default && !isGiven)
            ? null
            : new Ipv6Service
            {
                IsRequired = use == Negotiation.Required,
                Prefix = prefix,
                Routes = secret.Ipv6Routes,
            };
    }

    /// <summary>The same with a prefix of this pool, unless the profile says no to IPv6.</summary>
    public static Ipv6Service? FromPool(Ipv6Service? service, string pool, PppProfile profile, PppProfile fallback) =>
        (profile.UseIpv6 == Negotiation.Default ? fallback : profile).UseIpv6 == Negotiation.No
            ? null
            : (service ?? new Ipv6Service()) with { Prefix = new PrefixSource.Pool(pool, Reuse: false) };
}
