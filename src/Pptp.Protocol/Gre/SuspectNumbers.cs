namespace Pptp.Protocol.Gre;

/// <summary>
/// The numbers of packets that came far from the order, to find those that agree with each other. While there are few,
/// two that agree are believed, so that a stream goes on at once after an outage. In a flood of forged ones two agree
/// by chance now and then, and two real ones seldom follow each other: then it takes three among the last few hundred.
/// </summary>
/// <param name="near">How far apart numbers may be that agree.</param>
internal sealed class SuspectNumbers(int near)
{
    private const int Capacity = 256;

    /// <summary>So many in a second that led nowhere are a flood.</summary>
    private const int FloodLimit = 16;

    /// <summary>Seconds that a flood is remembered.</summary>
    private const int LongestMemory = 4;

    private uint[] _numbers = [];
    private int _count;
    private int _oldest;
    private double _recent;
    private TimeSpan _lastAdded;

    /// <summary>How many others must agree with a packet.</summary>
    public int Quorum(TimeSpan now) => IsFlooded(now) ? 2 : 1;

    /// <summary>Then it is not worth keeping what such packets carry.</summary>
    public bool IsFlooded(TimeSpan now) => RecentAt(now) >= FloodLimit;

    /// <summary>Tells how many numbers agree with this one; false if it is one of them.</summary>
    public bool TryCountAgreeing(uint sequence, out int agreeing)
    {
        agreeing = 0;
        foreach (uint number in _numbers.AsSpan(0, _count))
        {
            if (number == sequence)
                return false;
            if (unchecked(number - sequence + (uint)near) <= 2 * (uint)near)
                agreeing++;
        }
        return true;
    }

    public void Add(uint sequence, TimeSpan now)
    {
        _recent = Math.Min(RecentAt(now) + 1, LongestMemory * FloodLimit);
        _lastAdded = now;
        if (_numbers.Length == 0)
            _numbers = new uint[Capacity];
        if (_count < Capacity)
        {
            _numbers[_count++] = sequence;
            return;
        }
        _numbers[_oldest] = sequence;
        _oldest = (_oldest + 1) % Capacity;
    }

    /// <summary>The order goes on: what did not fit in it is forgotten, though not how much of it there was.</summary>
    public void Clear()
    {
        _count = 0;
        _oldest = 0;
    }

    private double RecentAt(TimeSpan now) =>
        Math.Max(0, _recent - ((now - _lastAdded).TotalSeconds * FloodLimit));
}
