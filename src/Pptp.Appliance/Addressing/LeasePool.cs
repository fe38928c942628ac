using System.Net;
using System.Numerics;

namespace Pptp.Appliance.Addressing;

/// <summary>
/// A pool that lends numbers, each of which stands for an address or a prefix. A user gets the one he had before
/// whenever it is free; a new user one that nobody had, then the one that has been free longest.
/// </summary>
/// <remarks>Not for several threads at once: the owner of all pools sees to that.</remarks>
/// <param name="name">Of the pool.</param>
/// <param name="step">From one number to the next.</param>
/// <param name="memory">Keeps the leases over restarts.</param>
internal abstract class LeasePool<TNumber>(string name, TNumber step, ILeaseMemory memory)
    where TNumber : unmanaged, IBinaryInteger<TNumber>
{
    /// <summary>
    /// How many are kept in mind whose users are away. In a pool without an end new users then get the one that has
    /// been free longest, as in one that is used up.
    /// </summary>
    internal const int MostWaiting = 65536;

    private readonly Dictionary<TNumber, string> _lent = [];
    private readonly Dictionary<string, TNumber> _lastOf = new(StringComparer.Ordinal);

    /// <summary>Passed over or returned, in the order in which they are used again.</summary>
    private readonly LinkedList<TNumber> _waiting = [];
    private readonly Dictionary<TNumber, (string? Owner, LinkedListNode<TNumber> Node)> _waitingBy = [];
    private IReadOnlyList<(TNumber First, TNumber Last)> _ranges = [];
    private TNumber _step = step;
    private bool _hasRecalled;
    private int _freshRange;

    /// <summary>Null: the first one of the range.</summary>
    private TNumber? _freshNext;

    public string Name => name;

    /// <summary>What it has lent, also what lies outside its ranges by now.</summary>
    public IReadOnlyDictionary<TNumber, string> Lent => _lent;

    /// <summary>The number this user had last, if it can be his again.</summary>
    public TNumber? AcquireAgain(string owner, TNumber? excluded) =>
        _lastOf.TryGetValue(owner, out TNumber number) && Contains(number) && IsFree(number, excluded)
            ? Lend(number, owner)
            : null;

    /// <param name="owner">The user.</param>
    /// <param name="excluded">One that is not given out.</param>
    /// <returns>Null when every one is in use.</returns>
    public TNumber? Acquire(string owner, TNumber? excluded)
    {
        TNumber? found = _waiting.Count < MostWaiting
            ? Fresh(excluded) ?? FirstWaiting(excluded)
            : FirstWaiting(excluded) ?? Fresh(excluded);
        return found is { } number ? Lend(number, owner) : null;
    }

    public void Release(TNumber number)
    {
        if (!_lent.Remove(number, out string? owner))
            return;
        Return(number);
        if (Contains(number))
        {
            Wait(number, owner);
            memory.Remember(new RememberedLease(name, owner, ToAddress(number)));
        }
        else if (_lastOf.TryGetValue(owner, out TNumber last) && last == number)
        {
            _lastOf.Remove(owner);
        }
    }

    /// <summary>Sets the ranges; what is in use stays in use, also where it is no longer in a range.</summary>
    /// <param name="ranges">First and last number, both included, in the order they are used.</param>
    /// <param name="newStep">From one number to the next.</param>
    protected void SetRanges(IReadOnlyList<(TNumber First, TNumber Last)> ranges, TNumber newStep)
    {
        if (_ranges.SequenceEqual(ranges) && _step == newStep)
            return;
        _ranges = ranges;
        _step = newStep;
        _freshRange = 0;
        _freshNext = null;
        foreach (TNumber number in _waitingBy.Keys.Where(number => !Contains(number)).ToList())
            Forget(number);
        if (!_hasRecalled)
            Recall();
    }

    protected bool Contains(TNumber number)
    {
        foreach ((TNumber first, TNumber last) in _ranges)
        {
            if (number >= first && number <= last && TNumber.IsZero((number - first) % _step))
                return true;
        }
        return false;
    }

    /// <summary>The last number of what is in use and has this one in it, by whatever way; null: it is free.</summary>
    protected abstract TNumber? EndOfUse(TNumber number);

    /// <summary>Marks a free number as in use.</summary>
    protected abstract void Take(TNumber number, string owner);

    /// <summary>The other way round.</summary>
    protected abstract void Return(TNumber number);

    protected abstract IPAddress ToAddress(TNumber number);

    /// <summary>False: the address is of the other kind of pool, which may have the same name.</summary>
    protected abstract bool TryToNumber(IPAddress address, out TNumber number);

    private void Recall()
    {
        _hasRecalled = true;
        foreach ((_, string owner, IPAddress address) in memory.Recall(name))
        {
            if (!TryToNumber(address, out TNumber number) || !Contains(number))
                continue;
            if (_waitingBy.ContainsKey(number))
                Forget(number);
            Wait(number, owner);
            _lastOf[owner] = number;
        }
    }

    private TNumber Lend(TNumber number, string owner)
    {
        if (_waitingBy.ContainsKey(number))
            Forget(number);
        _lent.Add(number, owner);
        _lastOf[owner] = number;
        Take(number, owner);
        memory.Remember(new RememberedLease(name, owner, ToAddress(number)));
        return number;
    }

    private TNumber? Fresh(TNumber? excluded)
    {
        while (_freshRange < _ranges.Count)
        {
            (TNumber first, TNumber last) = _ranges[_freshRange];
            TNumber number = _freshNext ?? first;
            TNumber? inUseTo = EndOfUse(number);
            PassOver(inUseTo is { } end && end > number ? end : number, first, last);
            if (_lent.ContainsKey(number) || _waitingBy.ContainsKey(number))
                continue;
            if (inUseTo is null && number != excluded)
                return number;
            // Somebody else's for now: it is looked at again when the fresh ones are used up.
            Wait(number, null);
        }
        return null;
    }

    /// <summary>The next fresh one comes behind this one.</summary>
    private void PassOver(TNumber number, TNumber first, TNumber last)
    {
        number -= (number - first) % _step;
        if (number >= last || last - number < _step)
        {
            _freshRange++;
            _freshNext = null;
        }
        else
        {
            _freshNext = number + _step;
        }
    }

    private TNumber? FirstWaiting(TNumber? excluded)
    {
        for (LinkedListNode<TNumber>? node = _waiting.First; node is not null; node = node.Next)
        {
            if (IsFree(node.Value, excluded))
                return node.Value;
        }
        return null;
    }

    private bool IsFree(TNumber number, TNumber? excluded) => number != excluded && EndOfUse(number) is null;

    private void Wait(TNumber number, string? owner) => _waitingBy[number] = (owner, _waiting.AddLast(number));

    /// <summary>Takes a number out of the order of the waiting ones, and from the memory of who had it.</summary>
    private void Forget(TNumber number)
    {
        (string? owner, LinkedListNode<TNumber> node) = _waitingBy[number];
        _waiting.Remove(node);
        _waitingBy.Remove(number);
        if (owner is not null && _lastOf.TryGetValue(owner, out TNumber last) && last == number)
            _lastOf.Remove(owner);
    }
}
