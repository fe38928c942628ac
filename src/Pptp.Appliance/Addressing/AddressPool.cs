using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>
/// The addresses of one <c>/ip pool</c>. A user gets the address he had before whenever it is free; a new user one
/// that nobody had, then the one that has been free longest.
/// </summary>
/// <remarks>Not for several threads at once: <see cref="AddressPools"/> sees to that.</remarks>
internal sealed class AddressPool
{
    private readonly Dictionary<uint, string> _used = [];
    private readonly Dictionary<string, uint> _lastOf = new(StringComparer.Ordinal);
    private readonly LinkedList<uint> _returned = [];
    private readonly Dictionary<uint, (string Owner, LinkedListNode<uint> Node)> _returnedBy = [];
    private IReadOnlyList<Ipv4Range> _ranges = [];
    private int _freshRange;
    private long _freshOffset;

    /// <summary>Sets the ranges; addresses in use stay in use, also where they are no longer in a range.</summary>
    public void SetRanges(IReadOnlyList<Ipv4Range> ranges)
    {
        if (_ranges.SequenceEqual(ranges))
            return;
        _ranges = ranges;
        _freshRange = 0;
        _freshOffset = 0;
        foreach (uint address in _returnedBy.Keys.Where(address => !Contains(address)).ToList())
            Forget(address);
    }

    /// <param name="excluded">An address that is not given out: our own end of the tunnel.</param>
    /// <returns>Null when every address is in use.</returns>
    public IPAddress? Acquire(string owner, IPAddress? excluded)
    {
        uint? skip = excluded is null ? null : Ipv4Range.ToNumber(excluded);
        uint? address = LastOf(owner, skip) ?? Fresh(skip) ?? LongestFree(skip);
        if (address is not { } chosen)
            return null;
        if (_returnedBy.ContainsKey(chosen))
            Forget(chosen);
        _used.Add(chosen, owner);
        _lastOf[owner] = chosen;
        return Ipv4Range.ToAddress(chosen);
    }

    public void Release(IPAddress address)
    {
        uint value = Ipv4Range.ToNumber(address);
        if (!_used.Remove(value, out string? owner) || !Contains(value))
            return;
        _returnedBy[value] = (owner, _returned.AddLast(value));
    }

    private uint? LastOf(string owner, uint? skip) =>
        _lastOf.TryGetValue(owner, out uint address) && address != skip && Contains(address) && !_used.ContainsKey(address)
            ? address
            : null;

    private uint? Fresh(uint? skip)
    {
        for (; _freshRange < _ranges.Count; _freshRange++, _freshOffset = 0)
        {
            Ipv4Range range = _ranges[_freshRange];
            while (_freshOffset < range.Count)
            {
                uint address = (uint)(range.First + _freshOffset++);
                if (address != skip && !_used.ContainsKey(address) && !_returnedBy.ContainsKey(address))
                    return address;
            }
        }
        return null;
    }

    private uint? LongestFree(uint? skip)
    {
        for (LinkedListNode<uint>? node = _returned.First; node is not null; node = node.Next)
        {
            if (node.Value != skip)
                return node.Value;
        }
        return null;
    }

    /// <summary>Takes a free address out of the order of the free ones, and from the memory of who had it.</summary>
    private void Forget(uint address)
    {
        (string owner, LinkedListNode<uint> node) = _returnedBy[address];
        _returned.Remove(node);
        _returnedBy.Remove(address);
        if (_lastOf.TryGetValue(owner, out uint last) && last == address)
            _lastOf.Remove(owner);
    }

    private bool Contains(uint address)
    {
        foreach (Ipv4Range range in _ranges)
        {
            if (range.Contains(address))
                return true;
        }
        return false;
    }
}
