namespace Pptp.Model.Loading;

/// <summary>All rows with their places, for checks that look at more than one.</summary>
internal sealed class LoadedConfiguration(
    FileFindings main,
    LoadedRow<SystemSettings> system,
    LoadedRow<PptpServerSettings> server,
    IReadOnlyList<LoadedRow<IpPool>> pools,
    IReadOnlyList<LoadedRow<Ipv6Pool>> ipv6Pools,
    IReadOnlyList<LoadedRow<FirewallChain>> chains,
    IReadOnlyList<LoadedRow<PppProfile>> profiles,
    IReadOnlyList<LoadedRow<PppSecret>> secrets,
    IReadOnlyList<LoadedRow<PptpServerInterface>> interfaces,
    IReadOnlyList<LoadedRow<PptpClient>> clients)
{
    private readonly Lazy<Dictionary<string, IpPool>> _poolsByName = new(() =>
        pools.Select(row => row.Value)
            .Where(pool => pool.Name.Length > 0)
            .DistinctBy(pool => pool.Name)
            .ToDictionary(pool => pool.Name));
    private readonly Lazy<Dictionary<string, PppProfile>> _profilesByName = new(() =>
        profiles.Select(row => row.Value)
            .Concat(PppProfile.BuiltIn)
            .Where(profile => profile.Name.Length > 0)
            .DistinctBy(profile => profile.Name)
            .ToDictionary(profile => profile.Name));

    internal FileFindings Main => main;

    internal LoadedRow<SystemSettings> System => system;

    internal LoadedRow<PptpServerSettings> Server => server;

    internal IReadOnlyList<LoadedRow<IpPool>> Pools => pools;

    internal IReadOnlyList<LoadedRow<Ipv6Pool>> Ipv6Pools => ipv6Pools;

    internal IReadOnlyList<LoadedRow<FirewallChain>> Chains => chains;

    internal IReadOnlyList<LoadedRow<PppProfile>> Profiles => profiles;

    internal IReadOnlyList<LoadedRow<PppSecret>> Secrets => secrets;

    internal IReadOnlyList<LoadedRow<PptpServerInterface>> Interfaces => interfaces;

    internal IReadOnlyList<LoadedRow<PptpClient>> Clients => clients;

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
}
