using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Names that stand twice, and names that lead nowhere.</summary>
internal static class NameChecks
{
    internal static void Check(LoadedConfiguration loaded)
    {
        CheckUnique(loaded.Pools, pool => pool.Name, pool => pool.Name);
        CheckUnique(loaded.Ipv6Pools, pool => pool.Name, pool => pool.Name);
        CheckUnique(loaded.Chains, chain => chain.Name, chain => chain.Name);
        CheckUnique(loaded.Profiles, profile => profile.Name, profile => profile.Name);
        CheckUnique(loaded.Secrets, secret => (secret.Name, secret.Service), secret => secret.Name);
        CheckUnique(loaded.Interfaces, row => row.Name, row => row.Name);
        CheckUnique(loaded.Clients, client => client.Name, client => client.Name);

        CheckProfile(loaded, loaded.Server, "default-profile", loaded.Server.Value.DefaultProfile);
        foreach (LoadedRow<IpPool> row in loaded.Pools)
        {
            CheckPool(loaded, row, "next-pool", row.Value.NextPool);
        }

        foreach (LoadedRow<PppProfile> row in loaded.Profiles)
        {
            CheckPool(loaded, row, "local-address", PoolName(row.Value.LocalAddress));
            CheckPool(loaded, row, "remote-address", PoolName(row.Value.RemoteAddress));
            CheckIpv6Pool(loaded, row, row.Value.RemoteIpv6PrefixPool);
        }

        foreach (LoadedRow<PppSecret> row in loaded.Secrets)
        {
            CheckProfile(loaded, row, "profile", row.Value.Profile);
            CheckPool(loaded, row, "local-address", PoolName(row.Value.LocalAddress));
            CheckPool(loaded, row, "remote-address", PoolName(row.Value.RemoteAddress));
        }

        foreach (LoadedRow<PptpClient> row in loaded.Clients)
        {
            CheckProfile(loaded, row, "profile", row.Value.Profile);
        }
    }

    private static string? PoolName(AddressSource? source) => source is AddressSource.Pool pool ? pool.Name : null;

    private static void CheckUnique<TRow, TKey>(
        IReadOnlyList<LoadedRow<TRow>> rows, Func<TRow, TKey> key, Func<TRow, string> name)
        where TKey : notnull
    {
        Dictionary<TKey, LoadedRow<TRow>> seen = [];
        foreach (LoadedRow<TRow> row in rows)
        {
            // A row without a name was complained of already.
            if (name(row.Value).Length > 0 && !seen.TryAdd(key(row.Value), row))
            {
                string first = seen[key(row.Value)].Describe();
                row.Error("name", $"{TomlText.Quote(name(row.Value))} is there already, at {first}");
            }
        }
    }

    private static void CheckProfile<TRow>(
        LoadedConfiguration loaded, LoadedRow<TRow> row, string property, string name)
    {
        if (loaded.FindProfile(name) is null)
        {
            row.Error(property, UnknownName.Describe("profile", name, loaded.ProfileNames));
        }
    }

    private static void CheckPool<TRow>(LoadedConfiguration loaded, LoadedRow<TRow> row, string property, string? name)
    {
        if (name is not null && !loaded.PoolsByName.ContainsKey(name))
        {
            row.Error(property, UnknownName.Describe("pool", name, loaded.PoolsByName.Keys));
        }
    }

    private static void CheckIpv6Pool(LoadedConfiguration loaded, LoadedRow<PppProfile> row, string? name)
    {
        if (name is not null && loaded.Ipv6Pools.All(pool => pool.Value.Name != name))
        {
            row.Error("remote-ipv6-prefix-pool",
                UnknownName.Describe("IPv6 pool", name, loaded.Ipv6Pools.Select(pool => pool.Value.Name)));
        }
    }
}
