using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>
/// Every prefix some tunnel has, from whatever pool or none. No two of them overlap: what is in here is given to nobody
/// else, neither whole nor in part.
/// </summary>
/// <remarks>Not for several threads at once: <see cref="PrefixPools"/> sees to that.</remarks>
internal sealed class PrefixesInUse
{
    private readonly Dictionary<UInt128, Holding> _holdings = [];
    private readonly SortedSet<UInt128> _networks = [];

    /// <summary>The one that overlaps this prefix, or the first such; null: none does.</summary>
    public Ipv6Prefix? Find(Ipv6Prefix prefix)
    {
        // Of those that begin before the prefix ends only the last can reach into it, since they do not overlap.
        UInt128 last = _networks.GetViewBetween(UInt128.MinValue, prefix.Last).Max;
        return _holdings.TryGetValue(last, out Holding holding) && holding.Prefix.Overlaps(prefix) ? holding.Prefix : null;
    }

    /// <summary>Takes a prefix, which several tunnels of one owner may share.</summary>
    /// <param name="prefix">The whole of it.</param>
    /// <param name="owner">The user.</param>
    /// <param name="isFirst">Whether no tunnel had it before.</param>
    /// <returns>False when another user has it or a part of it.</returns>
    public bool TryTake(Ipv6Prefix prefix, string owner, out bool isFirst)
    {
        isFirst = Find(prefix) is null;
        if (isFirst)
        {
            _networks.Add(prefix.Network);
            _holdings.Add(prefix.Network, new Holding(prefix, owner, 1));
            return true;
        }
        if (!_holdings.TryGetValue(prefix.Network, out Holding holding) || holding.Prefix != prefix || holding.Owner != owner)
            return false;
        _holdings[prefix.Network] = holding with { Count = holding.Count + 1 };
        return true;
    }

    /// <param name="network">The first address of one that was taken.</param>
    public void Return(UInt128 network)
    {
        Holding holding = _holdings[network];
        if (holding.Count > 1)
        {
            _holdings[network] = holding with { Count = holding.Count - 1 };
            return;
        }
        _holdings.Remove(network);
        _networks.Remove(network);
    }

    private readonly record struct Holding(Ipv6Prefix Prefix, string Owner, int Count);
}
