using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// Has clients of pools with <c>masquerade</c> reach the world through the host's address: one nftables table of ours,
/// replaced as a whole at each reload. Tunnels see each other's true addresses.
/// </summary>
internal sealed partial class Masquerade : IDisposable
{
    private readonly NetfilterTables _tables = new();
    private readonly ILogger _logger;
    private IReadOnlyList<(uint First, uint Last)> _sources = [];

    /// <exception cref="LinuxException">EMFILE, ENFILE or ENOMEM from socket.</exception>
    public Masquerade(ILogger logger) => _logger = logger;

    /// <summary>Puts the pools of a configuration in force. What the kernel refuses is logged; sessions go on.</summary>
    public void Apply(IReadOnlyList<IpPool> pools)
    {
        IReadOnlyList<(uint First, uint Last)> sources = SourcesOf(pools);
        // What is there is put there anew: whoever loads a ruleset of his own flushes ours with the rest.
        if (sources.Count == 0 && _sources.Count == 0)
            return;
        try
        {
            NetfilterResult result = sources.Count == 0
                ? _tables.DeleteTable(NetfilterFamily.Inet, Ownership.NetfilterTable)
                : _tables.ReplaceByMasquerade(
                    Ownership.NetfilterTable, new MasqueradeRule(sources, Ownership.LiveGroup));
            if (result is NetfilterResult.NotSupported or NetfilterResult.NotPermitted)
            {
                Log.Impossible(_logger, result == NetfilterResult.NotPermitted
                    ? "CAP_NET_ADMIN is missing"
                    : "the kernel has no nf_tables with NAT");
            }
            else
            {
                _sources = sources;
            }
        }
        catch (LinuxException e)
        {
            Log.Impossible(_logger, e.Message);
        }
    }

    /// <summary>Takes the table away.</summary>
    public void Dispose()
    {
        Apply([]);
        _tables.Dispose();
    }

    /// <summary>Sorted, and what touches made one, as a set of intervals needs them.</summary>
    internal static IReadOnlyList<(uint First, uint Last)> SourcesOf(IReadOnlyList<IpPool> pools)
    {
        List<(uint First, uint Last)> merged = [];
        IEnumerable<Ipv4Range> ranges = pools.Where(pool => pool.Masquerade).SelectMany(pool => pool.Ranges);
        foreach (Ipv4Range range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= (long)merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else
                merged.Add((range.First, range.Last));
        }
        return merged;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "clients are not masqueraded, and reach only who has a route back to them: {Why}")]
        public static partial void Impossible(ILogger logger, string why);
    }
}
