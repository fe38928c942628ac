using System.Collections.Frozen;

namespace Pptp.Model;

/// <summary>
/// Everything that was configured, as one snapshot that never changes. The built-in profiles are always among
/// <see cref="Profiles"/>.
/// </summary>
public sealed record PptpConfiguration
{
    private FrozenDictionary<string, PppProfile> _profiles = FrozenDictionary<string, PppProfile>.Empty;
    private FrozenDictionary<string, IpPool> _pools = FrozenDictionary<string, IpPool>.Empty;
    private FrozenDictionary<(string, PppService), PppSecret> _secrets =
        FrozenDictionary<(string, PppService), PppSecret>.Empty;

    public PptpConfiguration() => Profiles = [];

    public SystemSettings System { get; init; } = new();

    public PptpServerSettings PptpServer { get; init; } = new();

    /// <summary>Built-in ones that the given list lacks are put before it.</summary>
    public ValueList<PppProfile> Profiles
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            IEnumerable<PppProfile> missing =
                PppProfile.BuiltIn.Where(builtIn => !value.Any(profile => profile.Name == builtIn.Name));
            field = [.. missing, .. value];
            _profiles = field.ToFrozenDictionary(profile => profile.Name, StringComparer.Ordinal);
        }
    } = [];

    public ValueList<PppSecret> Secrets
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            _secrets = value.ToFrozenDictionary(secret => (secret.Name, secret.Service));
        }
    } = [];

    public ValueList<IpPool> Pools
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            _pools = value.ToFrozenDictionary(pool => pool.Name, StringComparer.Ordinal);
        }
    } = [];

    public ValueList<Ipv6Pool> Ipv6Pools { get; init; } = [];

    public ValueList<FirewallChain> FirewallChains { get; init; } = [];

    public PppAaaSettings PppAaa { get; init; } = new();

    /// <summary>In the order in which they are asked.</summary>
    public ValueList<RadiusServer> Radius { get; init; } = [];

    public RadiusIncomingSettings RadiusIncoming { get; init; } = new();

    /// <summary>In the order in which a user's sessions take them.</summary>
    public ValueList<PptpServerInterface> ServerInterfaces { get; init; } = [];

    public ValueList<PptpClient> Clients { get; init; } = [];

    /// <summary>Whether there is an address list of this name: those that a profile has are.</summary>
    public bool HasAddressList(string name) => Profiles.Any(profile => profile.AddressList.Contains(name));

    public PppProfile? FindProfile(string name) => _profiles.GetValueOrDefault(name);

    public IpPool? FindPool(string name) => _pools.GetValueOrDefault(name);

    /// <summary>
    /// The secret of this user for this service: one that names the service, else one for any service. Disabled
    /// ones are found too. Names are compared as RouterOS does, letter by letter.
    /// </summary>
    public PppSecret? FindSecret(string name, PppService service) =>
        _secrets.GetValueOrDefault((name, service)) ?? _secrets.GetValueOrDefault((name, PppService.Any));

    /// <summary>
    /// Whether this user's sessions are to end: <c>apply-to-sessions</c> is on, and he is removed or disabled.
    /// </summary>
    public bool ShutsOut(string user) =>
        System.ApplyToSessions && (FindSecret(user, PppService.Pptp)?.Disabled ?? true);

    public bool Equals(PptpConfiguration? other) => other is not null
        && System == other.System
        && PptpServer == other.PptpServer
        && Profiles.Equals(other.Profiles)
        && Secrets.Equals(other.Secrets)
        && Pools.Equals(other.Pools)
        && Ipv6Pools.Equals(other.Ipv6Pools)
        && FirewallChains.Equals(other.FirewallChains)
        && PppAaa == other.PppAaa
        && Radius.Equals(other.Radius)
        && RadiusIncoming == other.RadiusIncoming
        && ServerInterfaces.Equals(other.ServerInterfaces)
        && Clients.Equals(other.Clients);

    public override int GetHashCode() =>
        HashCode.Combine(
            System, PptpServer, Profiles, Secrets, HashCode.Combine(Pools, Ipv6Pools), FirewallChains,
            HashCode.Combine(PppAaa, Radius, RadiusIncoming), HashCode.Combine(ServerInterfaces, Clients));
}
