namespace Pptp.Appliance.Aaa;

/// <summary>
/// Failures counted by key, and for how long a key is locked for them. Bounded: beyond its capacity it forgets the
/// key that was quiet for the longest time.
/// </summary>
internal sealed class FailureTable<TKey>(int capacity)
    where TKey : notnull
{
    /// <summary>A key's first lock; each further failure doubles it.</summary>
    public static readonly TimeSpan FirstLock = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(15);

    /// <summary>A key without a failure for so long begins anew.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private readonly Dictionary<TKey, LinkedListNode<Failures>> _nodes = [];
    private readonly LinkedList<Failures> _oldestFirst = new();

    public int Count => _nodes.Count;

    public bool IsLocked(TKey key, TimeSpan now) =>
        _nodes.TryGetValue(key, out LinkedListNode<Failures>? node) && now < node.Value.LockedUntil;

    /// <param name="limit">The failure that locks; at least 1.</param>
    public void Charge(TKey key, int limit, TimeSpan now)
    {
        Forget(now);
        if (_nodes.TryGetValue(key, out LinkedListNode<Failures>? node))
            _oldestFirst.Remove(node);
        else
            _nodes[key] = node = new LinkedListNode<Failures>(new Failures(key));
        _oldestFirst.AddLast(node);
        Failures failures = node.Value;
        failures.Count++;
        failures.Last = now;
        if (failures.Count >= limit)
            failures.LockedUntil = now + LockAfter(failures.Count - limit);
        if (_nodes.Count > capacity)
            Remove(_oldestFirst.First!);
    }

    /// <summary>Takes back one charge, and the lock it may have set.</summary>
    public void Refund(TKey key)
    {
        if (!_nodes.TryGetValue(key, out LinkedListNode<Failures>? node))
            return;
        node.Value.LockedUntil = TimeSpan.Zero;
        if (--node.Value.Count == 0)
            Remove(node);
    }

    public void Clear(TKey key)
    {
        if (_nodes.TryGetValue(key, out LinkedListNode<Failures>? node))
            Remove(node);
    }

    private static TimeSpan LockAfter(int doublings)
    {
        // 10 s doubled seven times is beyond the longest.
        TimeSpan time = FirstLock * (1 << Math.Min(doublings, 10));
        return time < LongestLock ? time : LongestLock;
    }

    private void Forget(TimeSpan now)
    {
        while (_oldestFirst.First is { } oldest && now - oldest.Value.Last >= Memory)
            Remove(oldest);
    }

    private void Remove(LinkedListNode<Failures> node)
    {
        _oldestFirst.Remove(node);
        _nodes.Remove(node.Value.Key);
    }

    private sealed class Failures(TKey key)
    {
        public TKey Key { get; } = key;

        public int Count { get; set; }

        public TimeSpan Last { get; set; }

        public TimeSpan LockedUntil { get; set; }
    }
}
