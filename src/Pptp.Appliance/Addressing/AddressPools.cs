using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>All pools of the configuration by name, and what is taken from them.</summary>
internal sealed class AddressPools
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AddressPool> _pools = new(StringComparer.Ordinal);

    /// <summary>Takes over the pools of a new configuration. Leases stay; a pool that is gone gives out nothing more.</summary>
    public void Apply(IReadOnlyList<IpPool> pools)
    {
        lock (_lock)
        {
            foreach ((string name, AddressPool pool) in _pools)
            {
                if (!pools.Any(p => p.Name == name))
                    pool.SetRanges([]);
            }
            foreach (IpPool pool in pools)
            {
                if (!_pools.TryGetValue(pool.Name, out AddressPool? existing))
                    _pools[pool.Name] = existing = new AddressPool();
                existing.SetRanges(pool.Ranges);
            }
        }
    }

    /// <param name="pool">Name of a pool.</param>
    /// <param name="owner">The user; the same one gets the same address again when it is free.</param>
    /// <param name="excluded">An address that is not given out.</param>
    /// <returns>Null when there is no such pool or all of it is taken.</returns>
    public AddressLease? Acquire(string pool, string owner, IPAddress? excluded)
    {
        lock (_lock)
        {
            return _pools.TryGetValue(pool, out AddressPool? found) && found.Acquire(owner, excluded) is { } address
                ? new AddressLease(address, () => Release(found, address))
                : null;
        }
    }

    private void Release(AddressPool pool, IPAddress address)
    {
        lock (_lock)
            pool.Release(address);
    }
}

/// <summary>An address in use; free again when disposed.</summary>
internal sealed class AddressLease(IPAddress address, Action? release) : IDisposable
{
    private Action? _release = release;

    public IPAddress Address { get; } = address;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
