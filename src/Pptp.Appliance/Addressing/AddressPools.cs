using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>
/// All pools of the configuration by name, and every address that is in use. No address is given to two users, whatever
/// pools or secrets name it.
/// </summary>
/// <param name="memory">Keeps the leases over restarts; null: nothing does.</param>
internal sealed class AddressPools(ILeaseMemory? memory = null)
{
    /// <summary>What <c>/ip pool used</c> calls the service that takes addresses here.</summary>
    private const string Owner = "PPP";

    /// <summary>Who has our own ends. Under the user's name it would not be known which of two addresses was his.</summary>
    private const string OurEnd = "";

    private readonly Lock _lock = new();
    private readonly ILeaseMemory _memory = memory ?? NoLeaseMemory.Instance;
    private readonly AddressesInUse _inUse = new();
    private readonly Dictionary<string, AddressPool> _pools = new(StringComparer.Ordinal);

    /// <summary>The rows of <c>/ip pool used</c>.</summary>
    public IReadOnlyList<UsedAddress> Used
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. from pool in _pools.Values
                       from lent in pool.Lent
                       orderby pool.Name, lent.Key
                       select new UsedAddress(pool.Name, Ipv4Range.ToAddress(lent.Key), Owner, lent.Value),
                ];
            }
        }
    }

    /// <summary>Takes over the pools of a new configuration. Leases stay; a pool that is gone gives out nothing more.</summary>
    public void Apply(IReadOnlyList<IpPool> pools)
    {
        lock (_lock)
        {
            foreach ((string name, AddressPool pool) in _pools)
            {
                if (pools.Any(p => p.Name == name))
                    continue;
                pool.SetRanges([]);
                pool.Next = null;
                if (pool.Lent.Count == 0)
                    _pools.Remove(name);
            }
            foreach (IpPool pool in pools)
            {
                if (!_pools.TryGetValue(pool.Name, out AddressPool? existing))
                    _pools[pool.Name] = existing = new AddressPool(pool.Name, _inUse, _memory);
                existing.SetRanges(pool.Ranges);
                existing.Next = pool.NextPool;
            }
        }
    }

    /// <summary>Null: there is no such pool.</summary>
    public PoolUsage? UsageOf(string pool)
    {
        lock (_lock)
            return _pools.TryGetValue(pool, out AddressPool? found) ? found.Usage : null;
    }

    /// <summary>Takes an address of a pool, or of those that follow it.</summary>
    /// <param name="pool">Name of a pool.</param>
    /// <param name="owner">The user; the same one gets the same address again when it is free.</param>
    /// <param name="excluded">An address that is not given out.</param>
    /// <returns>Null when there is no such pool, or all of it and of the pools after it is taken.</returns>
    public AddressLease? Acquire(string pool, string owner, IPAddress? excluded)
    {
        uint? skip = excluded is null ? null : Ipv4Range.ToNumber(excluded);
        lock (_lock)
        {
            List<AddressPool> chain = ChainFrom(pool);
            return First(found => found.AcquireAgain(owner, skip)) ?? First(found => found.Acquire(owner, skip));

            AddressLease? First(Func<AddressPool, uint?> acquire)
            {
                foreach (AddressPool found in chain)
                {
                    if (acquire(found) is { } address)
                        return new AddressLease(Ipv4Range.ToAddress(address), () => Release(found, address));
                }
                return null;
            }
        }
    }

    /// <summary>Takes an address of a pool, or of those that follow it, for our own end of a tunnel.</summary>
    /// <returns>Null when there is no such pool, or all of it and of the pools after it is taken.</returns>
    public AddressLease? AcquireLocal(string pool) => Acquire(pool, OurEnd, null);

    /// <summary>Takes the one address a user is configured to have. His sessions may share it.</summary>
    /// <returns>Null when another user has it.</returns>
    public AddressLease? Take(IPAddress address, string owner) => TakeSingle(address, owner);

    /// <summary>Marks the address of our own end, which all tunnels may share: no pool gives it out meanwhile.</summary>
    public AddressLease TakeLocal(IPAddress address) => TakeSingle(address, null)!;

    private AddressLease? TakeSingle(IPAddress address, string? owner)
    {
        uint value = Ipv4Range.ToNumber(address);
        lock (_lock)
            return _inUse.TryTake(value, owner) ? new AddressLease(address, () => ReturnSingle(value)) : null;
    }

    private void ReturnSingle(uint address)
    {
        lock (_lock)
            _inUse.Return(address);
    }

    private void Release(AddressPool pool, uint address)
    {
        lock (_lock)
            pool.Release(address);
    }

    private List<AddressPool> ChainFrom(string? name)
    {
        List<AddressPool> chain = [];
        while (name is not null && _pools.TryGetValue(name, out AddressPool? pool) && !chain.Contains(pool))
        {
            chain.Add(pool);
            name = pool.Next;
        }
        return chain;
    }
}
