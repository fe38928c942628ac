using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>
/// The addresses of one <c>/ip pool</c>. A user gets the address he had before whenever it is free; a new user one
/// that nobody had, then the one that has been free longest.
/// </summary>
/// <remarks>Not for several threads at once: <see cref="AddressPools"/> sees to that.</remarks>
internal sealed class AddressPool(string name, AddressesInUse inUse, ILeaseMemory memory)
{
    private readonly Dictionary<uint, string> _lent = [];
    private readonly Dictionary<string, uint> _lastOf = new(StringComparer.Ordinal);

    /// <summary>Passed over or returned, in the order in which they are used again.</summary>
    private readonly LinkedList<uint> _waiting = [];
    private readonly Dictionary<uint, (string? Owner, LinkedListNode<uint> Node)> _waitingBy = [];
    private IReadOnlyList<Ipv4Range> _ranges = [];
    private bool _hasRecalled;
    private int _freshRange;
    private long _freshOffset;

    public string Name => name;

    /// <summary>The pool to go on with when this one has nothing left; null: none.</summary>
    public string? Next { get; set; }

    /// <summary>What it has lent, also what lies outside its ranges by now.</summary>
    public IReadOnlyDictionary<uint, string> Lent => _lent;

    public PoolUsage Usage
    {
        get
        {
            long total = _ranges.Sum(range => range.Count);
            return new PoolUsage(total, _lent.Count, total - inUse.All.LongCount(Contains));
        }
    }

    /// <summary>Sets the ranges; addresses in use stay in use, also where they are no longer in a range.</summary>
    public void SetRanges(IReadOnlyList<Ipv4Range> ranges)
    {
        if (_ranges.SequenceEqual(ranges))
            return;
        _ranges = ranges;
        _freshRange = 0;
        _freshOffset = 0;
        foreach (uint address in _waitingBy.Keys.Where(address => !Contains(address)).ToList())
            Forget(address);
        if (!_hasRecalled)
            Recall();
    }

    /// <summary>The address this user had last, if it can be his again.</summary>
    public IPAddress? AcquireAgain(string owner, uint? excluded) =>
        _lastOf.TryGetValue(owner, out uint address) && Contains(address) && IsFree(address, excluded)
            ? Lend(address, owner)
            : null;

    /// <param name="excluded">An address that is not given out: our own end of the tunnel.</param>
    /// <returns>Null when every address is in use.</returns>
    public IPAddress? Acquire(string owner, uint? excluded) =>
        (Fresh(excluded) ?? FirstWaiting(excluded)) is { } address ? Lend(address, owner) : null;

    public void Release(IPAddress address)
    {
        uint value = Ipv4Range.ToNumber(address);
        if (!_lent.Remove(value, out string? owner))
            return;
        inUse.Return(value);
        if (Contains(value))
        {
            Wait(value, owner);
            memory.Remember(new RememberedLease(name, owner, address));
        }
        else if (_lastOf.TryGetValue(owner, out uint last) && last == value)
        {
            _lastOf.Remove(owner);
        }
    }

    private void Recall()
    {
        _hasRecalled = true;
        foreach ((_, string owner, IPAddress address) in memory.Recall(name))
        {
            uint value = Ipv4Range.ToNumber(address);
            if (!Contains(value))
                continue;
            if (_waitingBy.ContainsKey(value))
                Forget(value);
            Wait(value, owner);
            _lastOf[owner] = value;
        }
    }

    private IPAddress Lend(uint address, string owner)
    {
        if (_waitingBy.ContainsKey(address))
            Forget(address);
        _lent.Add(address, owner);
        _lastOf[owner] = address;
        inUse.TryTake(address, owner);
        IPAddress lent = Ipv4Range.ToAddress(address);
        memory.Remember(new RememberedLease(name, owner, lent));
        return lent;
    }

    private uint? Fresh(uint? excluded)
    {
        for (; _freshRange < _ranges.Count; _freshRange++, _freshOffset = 0)
        {
            Ipv4Range range = _ranges[_freshRange];
            while (_freshOffset < range.Count)
            {
                uint address = (uint)(range.First + _freshOffset++);
                if (_lent.ContainsKey(address) || _waitingBy.ContainsKey(address))
                    continue;
                if (IsFree(address, excluded))
                    return address;
                // Somebody else's for now: it is looked at again when the fresh ones are used up.
                Wait(address, null);
            }
        }
        return null;
    }

    private uint? FirstWaiting(uint? excluded)
    {
        for (LinkedListNode<uint>? node = _waiting.First; node is not null; node = node.Next)
        {
            if (IsFree(node.Value, excluded))
                return node.Value;
        }
        return null;
    }

    private bool IsFree(uint address, uint? excluded) => address != excluded && !inUse.Contains(address);

    private void Wait(uint address, string? owner) => _waitingBy[address] = (owner, _waiting.AddLast(address));

    /// <summary>Takes an address out of the order of the waiting ones, and from the memory of who had it.</summary>
    private void Forget(uint address)
    {
        (string? owner, LinkedListNode<uint> node) = _waitingBy[address];
        _waiting.Remove(node);
        _waitingBy.Remove(address);
        if (owner is not null && _lastOf.TryGetValue(owner, out uint last) && last == address)
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
