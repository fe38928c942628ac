namespace Pptp.Model.Loading;

/// <summary>What a profile says that cannot work as it stands.</summary>
internal static class ProfileChecks
{
    // RFC 1877 has a primary and a secondary server, no third.
    private const int ServersUsed = 2;

    internal static void Check(LoadedConfiguration loaded)
    {
        foreach (LoadedRow<PppProfile> row in loaded.Profiles)
        {
            PppProfile profile = row.Value;
            CheckLocalInPool(loaded, row, profile.LocalAddress, profile.RemoteAddress);
            CheckServers(row, "dns-server", profile.DnsServer.Count);
            CheckServers(row, "wins-server", profile.WinsServer.Count);
        }
    }

    /// <summary>Warns when the server's own address could be lent to a client.</summary>
    internal static void CheckLocalInPool<TRow>(
        LoadedConfiguration loaded, LoadedRow<TRow> row, AddressSource? local, AddressSource? remote)
    {
        if (local is not AddressSource.Single single || remote is not AddressSource.Pool source)
        {
            return;
        }

        foreach (IpPool pool in loaded.PoolChain(source.Name))
        {
            if (pool.Ranges.Any(range => range.Contains(single.Address)))
            {
                row.Warning("local-address", $"{single.Address} is also in the pool {pool.Name}");
            }
        }
    }

    private static void CheckServers(LoadedRow<PppProfile> row, string property, int count)
    {
        if (count > ServersUsed)
        {
            row.Warning(property, $"only the first {ServersUsed} of {count} are told to clients");
        }
    }
}
