using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Addresses that two clients could get, and pools that lead back to themselves.</summary>
internal static class PoolChecks
{
    private const string Ranges = "ranges";

    internal static void Check(LoadedConfiguration loaded)
    {
        CheckOverlaps(loaded.Pools);
        foreach (LoadedRow<IpPool> row in loaded.Pools)
        {
            if (row.Value.NextPool is { } next
                && loaded.PoolChain(next).Any(pool => pool.Name == row.Value.Name))
            {
                row.Error("next-pool", $"leads back to {TomlText.Quote(row.Value.Name)}");
            }
        }
    }

    // Sorted by first address, an overlap is one with the farthest reaching range before.
    private static void CheckOverlaps(IReadOnlyList<LoadedRow<IpPool>> rows)
    {
        (LoadedRow<IpPool> Row, Ipv4Range Range)? reach = null;
        IEnumerable<(LoadedRow<IpPool> Row, Ipv4Range Range)> sorted = rows
            .SelectMany(row => row.Value.Ranges.Select(range => (Row: row, Range: range)))
            .OrderBy(pair => pair.Range.First);
        foreach ((LoadedRow<IpPool> row, Ipv4Range range) in sorted)
        {
            if (reach is { } before && before.Range.Overlaps(range))
            {
                string whose = before.Row == row ? "" : $" of pool {TomlText.Quote(before.Row.Value.Name)}";
                row.Error(Ranges, $"{range} overlaps {before.Range}{whose}");
            }

            if (reach is null || range.Last > reach.Value.Range.Last)
            {
                reach = (row, range);
            }
        }
    }
}
