namespace Pptp.Model.Loading;

/// <summary>All rows with their places, for checks that look at more than one.</summary>
internal sealed class LoadedConfiguration
{
    private readonly Lazy<Dictionary<string, IpPool>> _poolsByName;
    private readonly Lazy<Dictionary<string, PppProfile>> _profilesByName;

    internal LoadedConfiguration()
    {
        _poolsByName = new(NamePools);
        _profilesByName = new(NameProfiles);
    }

    internal required FileFindings Main { get; init; }

    internal required LoadedRow<SystemSettings> System { get; init; }

    internal required LoadedRow<PptpServerSettings> Server { get; init; }

    internal required IReadOnlyList<LoadedRow<IpPool>> Pools { get; init; }

    internal required IReadOnlyList<LoadedRow<Ipv6Pool>> Ipv6Pools { get; init; }

    internal required IReadOnlyList<LoadedRow<FirewallChain>> Chains { get; init; }

    internal required IReadOnlyList<LoadedRow<PppProfile>> Profiles { get; init; }

    internal required IReadOnlyList<LoadedRow<PppSecret>> Secrets { get; init; }

    internal required LoadedRow<PppAaaSettings> Aaa { get; init; }

    internal required IReadOnlyList<LoadedRow<RadiusServer>> Radius { get; init; }

    internal required LoadedRow<RadiusIncomingSettings> RadiusIncoming { get; init; }

    internal required IReadOnlyList<LoadedRow<PptpServerInterface>> Interfaces { get; init; }

    internal required IReadOnlyList<LoadedRow<PptpClient>> Clients { get; init; }

    internal IReadOnlyDictionary<string, IpPool> PoolsByName => _poolsByName.Value;

    internal IEnumerable<string> ProfileNames => _profilesByName.Value.Keys;

    internal PppProfile? FindProfile(string name) => _profilesByName.Value.GetValueOrDefault(name);

    /// <summary>The pool of this name and those it goes on with, each once.</summary>
    internal IEnumerable<IpPool> PoolChain(string name)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        string? next = name;
        while (next is not null && seen.Add(next)
            && _poolsByName.Value.TryGetValue(next, out IpPool? pool))
        {
            yield return pool;
            next = pool.NextPool;
        }
    }

    private Dictionary<string, IpPool> NamePools() => Pools
        .Select(row => row.Value)
        .Where(pool => pool.Name.Length > 0)
        .DistinctBy(pool => pool.Name)
        .ToDictionary(pool => pool.Name);

    private Dictionary<string, PppProfile> NameProfiles() => Profiles
        .Select(row => row.Value)
        .Concat(PppProfile.BuiltIn)
        .Where(profile => profile.Name.Length > 0)
        .DistinctBy(profile => profile.Name)
        .ToDictionary(profile => profile.Name);
}
