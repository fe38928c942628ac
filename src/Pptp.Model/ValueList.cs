using System.Collections;
using System.Runtime.CompilerServices;

namespace Pptp.Model;

/// <summary>
/// A list that never changes and is equal to another with the same members, so that records which hold one
/// compare by what they say: a reload finds the rows that changed by comparing them.
/// </summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _members;

    internal ValueList(ReadOnlySpan<T> members) => _members = members.ToArray();

    public int Count => _members.Length;

    public T this[int index] => _members[index];

    public bool Equals(ValueList<T>? other) => other is not null && _members.AsSpan().SequenceEqual(other._members);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T member in _members)
        {
            hash.Add(member);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(',', _members);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes value lists; what a collection expression calls.</summary>
public static class ValueList
{
    public static ValueList<T> Create<T>(ReadOnlySpan<T> members) => new(members);
}
