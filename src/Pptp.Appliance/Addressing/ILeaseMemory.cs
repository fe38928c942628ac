using System.Net;

namespace Pptp.Appliance.Addressing;

/// <summary>A user and the address he had last.</summary>
/// <param name="Pool">The pool the address came from.</param>
/// <param name="Owner">The user.</param>
internal readonly record struct RememberedLease(string Pool, string Owner, IPAddress Address);

/// <summary>
/// Keeps over restarts who had which address. Called under the lock of <see cref="AddressPools"/>: it must not wait,
/// and never throws.
/// </summary>
internal interface ILeaseMemory
{
    /// <summary>What is known of a pool, the lease of longest ago first. Asked once, when the pool is new.</summary>
    IReadOnlyList<RememberedLease> Recall(string pool);

    /// <summary>
    /// The address is lent to this user, or has just come back from him: the lease is the pool's latest now, and
    /// takes the place of whatever was known of the address.
    /// </summary>
    void Remember(RememberedLease lease);
}

/// <summary>Forgets everything with the process.</summary>
internal sealed class NoLeaseMemory : ILeaseMemory
{
    public static NoLeaseMemory Instance { get; } = new();

    public IReadOnlyList<RememberedLease> Recall(string pool) => [];

    public void Remember(RememberedLease lease)
    {
    }
}
