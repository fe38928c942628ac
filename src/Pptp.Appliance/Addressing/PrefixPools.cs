using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>
/// All pools of IPv6 prefixes by name, and every prefix that is in use. No two users get prefixes that overlap, whatever
/// pools or secrets name them, unless they are to have the same.
/// </summary>
/// <param name="memory">Keeps the leases over restarts; null: nothing does.</param>
internal sealed class PrefixPools(ILeaseMemory? memory = null)
{
    /// <summary>Who has a prefix that several users have: none of them.</summary>
    private const string Everybody = "";

    private readonly Lock _lock = new();
    private readonly ILeaseMemory _memory = memory ?? NoLeaseMemory.Instance;
    private readonly PrefixesInUse _inUse = new();
    private readonly Dictionary<string, PrefixPool> _pools = new(StringComparer.Ordinal);

    /// <summary>Takes over the pools of a new configuration. Leases stay; a pool that is gone gives out nothing more.</summary>
    public void Apply(IReadOnlyList<Ipv6Pool> pools)
    {
        lock (_lock)
        {
            foreach ((string name, PrefixPool pool) in _pools)
            {
                if (pools.Any(p => p.Name == name))
                    continue;
                pool.Empty();
                if (pool.Lent.Count == 0)
                    _pools.Remove(name);
            }
            foreach (Ipv6Pool pool in pools)
            {
                if (!_pools.TryGetValue(pool.Name, out PrefixPool? existing))
                    _pools[pool.Name] = existing = new PrefixPool(pool.Name, _inUse, _memory);
                existing.SetPrefix(pool.Prefix, pool.PrefixLength);
            }
        }
    }

    /// <summary>Takes a prefix for one session.</summary>
    /// <param name="source">The one prefix, or the pool it comes from.</param>
    /// <param name="owner">The user; of a pool the same one gets the same prefix again when it is free.</param>
    /// <returns>
    /// Null when there is no such pool, or all of it is lent; or when another user has the one prefix, or a part of it.
    /// </returns>
    public PrefixLease? Acquire(PrefixSource source, string owner)
    {
        lock (_lock)
        {
            return source switch
            {
                PrefixSource.Single single => TakeSingle(single.Prefix, owner),
                PrefixSource.Pool { Reuse: true } shared => Share(shared.Name),
                PrefixSource.Pool pool => Lend(pool.Name, owner),
                _ => null,
            };
        }
    }

    /// <summary>His sessions may share it.</summary>
    private PrefixLease? TakeSingle(Ipv6Prefix prefix, string owner) =>
        _inUse.TryTake(prefix, owner, out bool isFirst)
            ? new PrefixLease(prefix, !isFirst, () => Locked(() => _inUse.Return(prefix.Network)))
            : null;

    private PrefixLease? Lend(string name, string owner) =>
        Find(name) is { } pool && TryLend(pool, owner) is { } number
            ? new PrefixLease(Of(pool, number), isShared: false, () => Locked(() => pool.Release(number)))
            : null;

    private PrefixLease? Share(string name)
    {
        if (Find(name) is not { } pool)
            return null;
        if (pool.Shared.Count == 0)
        {
            if (TryLend(pool, Everybody) is not { } number)
                return null;
            pool.Shared = (Of(pool, number), 0);
        }
        pool.Shared = pool.Shared with { Count = pool.Shared.Count + 1 };
        return new PrefixLease(pool.Shared.Prefix, isShared: true, () => Locked(() => LeaveShared(pool)));
    }

    private static void LeaveShared(PrefixPool pool)
    {
        pool.Shared = pool.Shared with { Count = pool.Shared.Count - 1 };
        if (pool.Shared.Count == 0)
            pool.Release(pool.Shared.Prefix.Network);
    }

    private static UInt128? TryLend(PrefixPool pool, string owner) =>
        pool.AcquireAgain(owner, null) ?? pool.Acquire(owner, null);

    private static Ipv6Prefix Of(PrefixPool pool, UInt128 number) => new(number, pool.PrefixLength);

    private PrefixPool? Find(string name) => _pools.GetValueOrDefault(name);

    private void Locked(Action release)
    {
        lock (_lock)
            release();
    }
}
