using System.Globalization;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Prefixes that two clients could get, that no client can use, or that nobody is given.</summary>
internal static class Ipv6Checks
{
    private const string Prefix = "prefix";
    private const string PrefixLength = "prefix-length";
    private const string RemotePrefix = "remote-ipv6-prefix";
    private const string Routes = "ipv6-routes";

    internal static void Check(LoadedConfiguration loaded)
    {
        List<LoadedRow<Ipv6Pool>> pools =
            [.. loaded.Ipv6Pools.Where(row => row.IsRead(Prefix) && row.IsRead(PrefixLength))];
        foreach (LoadedRow<Ipv6Pool> row in pools)
        {
            CheckLength(row);
        }

        FindOverlaps(pools, row => row.Value.Prefix, (row, other) => row.Error(
            Prefix,
            $"{row.Value.Prefix} overlaps {other.Value.Prefix} of pool {TomlText.Quote(other.Value.Name)}"));
        CheckSecrets(loaded);
    }

    private static void CheckLength(LoadedRow<Ipv6Pool> row)
    {
        Ipv6Pool pool = row.Value;
        if (pool.PrefixLength < pool.Prefix.Length)
        {
            row.Error(PrefixLength, $"is less than that of {pool.Prefix}, which the prefixes are taken from");
        }
        else
        {
            WarnOfLength(row, PrefixLength, pool.PrefixLength);
        }
    }

    private static void CheckSecrets(LoadedConfiguration loaded)
    {
        List<LoadedRow<PppSecret>> enabled = [.. loaded.Secrets.Where(row => !row.Value.Disabled)];
        FindOverlaps(
            enabled.Where(row => row.Value.RemoteIpv6Prefix is not null),
            row => row.Value.RemoteIpv6Prefix!.Value,
            (row, other) => row.Warning(
                RemotePrefix,
                $"{row.Value.RemoteIpv6Prefix} overlaps {other.Value.RemoteIpv6Prefix} of the user at {other.Describe()}"));
        foreach (LoadedRow<PppSecret> row in enabled)
        {
            if (row.Value.RemoteIpv6Prefix is { } prefix)
            {
                WarnOfLength(row, RemotePrefix, prefix.Length);
            }

            if (loaded.FindProfile(row.Value.Profile) is { } profile
                && loaded.FindProfile(loaded.Server.Value.DefaultProfile) is { } common
                && (profile.UseIpv6 == Negotiation.Default ? common : profile).UseIpv6 == Negotiation.No)
            {
                WarnOfNo(row, RemotePrefix, row.Value.RemoteIpv6Prefix is not null);
                WarnOfNo(row, Routes, row.Value.Ipv6Routes.Count > 0);
            }
        }
    }

    // RFC 4862 §5.5.3 (d): a prefix of another length is ignored by those that make themselves an address.
    private static void WarnOfLength<TRow>(LoadedRow<TRow> row, string property, int length)
    {
        if (length != Ipv6Prefix.SubnetLength)
        {
            row.Warning(property, string.Create(CultureInfo.InvariantCulture,
                $"clients make themselves an address in a prefix of 64 bits only, not of {length}"));
        }
    }

    private static void WarnOfNo(LoadedRow<PppSecret> row, string property, bool isSet)
    {
        if (isSet)
        {
            row.Warning(property, "has no effect: use-ipv6 is no in the user's profile");
        }
    }

    // Prefixes overlap only where one holds the other; sorted, the one that holds it comes before it.
    private static void FindOverlaps<TRow>(
        IEnumerable<LoadedRow<TRow>> rows, Func<LoadedRow<TRow>, Ipv6Prefix> prefixOf,
        Action<LoadedRow<TRow>, LoadedRow<TRow>> complain)
    {
        LoadedRow<TRow>? wide = null;
        foreach (LoadedRow<TRow> row in rows.OrderBy(row => prefixOf(row).Network).ThenBy(row => prefixOf(row).Length))
        {
            if (wide is not null && prefixOf(wide).Overlaps(prefixOf(row)))
            {
                complain(row, wide);
            }
            else
            {
                wide = row;
            }
        }
    }
}
