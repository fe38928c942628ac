using System.Diagnostics.CodeAnalysis;

namespace Pptp.Appliance.Diagnosis;

/// <summary>The last attempts by key. Beyond its capacity it forgets the key that was quiet for the longest time.</summary>
/// <param name="capacity">Keys at most.</param>
/// <param name="dropped">Is told of each attempt that goes.</param>
internal sealed class AttemptTable<TKey>(int capacity, Action<Attempt> dropped)
    where TKey : notnull
{
    /// <summary>Attempts kept of one key.</summary>
    public const int PerKey = 10;

    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, Queue<Attempt> Attempts)>> _nodes = [];
    private readonly LinkedList<(TKey Key, Queue<Attempt> Attempts)> _oldestFirst = new();

    /// <summary>Who was heard last comes first.</summary>
    public IEnumerable<TKey> Keys
    {
        get
        {
            for (var node = _oldestFirst.Last; node is not null; node = node.Previous)
                yield return node.Value.Key;
        }
    }

    public void Add(TKey key, Attempt attempt)
    {
        if (_nodes.TryGetValue(key, out LinkedListNode<(TKey, Queue<Attempt> Attempts)>? node))
            _oldestFirst.Remove(node);
        else
            _nodes[key] = node = new((key, []));
        _oldestFirst.AddLast(node);
        Queue<Attempt> attempts = node.Value.Attempts;
        attempts.Enqueue(attempt);
        attempt.Holders++;
        if (attempts.Count > PerKey)
            Drop(attempts.Dequeue());
        if (_nodes.Count > capacity)
            TryForgetOldest();
    }

    /// <summary>The oldest first; empty: nothing is known of this key.</summary>
    public IReadOnlyList<Attempt> Find(TKey key) =>
        _nodes.TryGetValue(key, out var node) ? [.. node.Value.Attempts] : [];

    public bool TryFindLast(TKey key, [NotNullWhen(true)] out Attempt? attempt)
    {
        attempt = _nodes.TryGetValue(key, out var node) ? node.Value.Attempts.Last() : null;
        return attempt is not null;
    }

    /// <returns>False: it is empty.</returns>
    public bool TryForgetOldest()
    {
        if (_oldestFirst.First is not { } oldest)
            return false;
        _oldestFirst.Remove(oldest);
        _nodes.Remove(oldest.Value.Key);
        foreach (Attempt attempt in oldest.Value.Attempts)
            Drop(attempt);
        return true;
    }

    private void Drop(Attempt attempt)
    {
        attempt.Holders--;
        dropped(attempt);
    }
}
