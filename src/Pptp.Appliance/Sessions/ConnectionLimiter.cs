using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <summary>Counts new control connections per source address, for <c>connection-limit</c>. Safe from every thread.</summary>
internal sealed class ConnectionLimiter(MonotonicClock clock)
{
    private const int SmallestTrim = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Queue<TimeSpan>> _sources = [];
    private int _trimAt = SmallestTrim;

    /// <summary>Sources that are remembered now.</summary>
    public int Sources => _sources.Count;

    /// <summary>Counts a connection, unless it would be more than the limit allows in any of its periods.</summary>
    public bool Admit(IPAddress source, ConnectionLimit limit)
    {
        TimeSpan now = clock.Now;
        lock (_lock)
        {
            Trim(now, limit.Period);
            if (!_sources.TryGetValue(source, out Queue<TimeSpan>? admitted))
                _sources[source] = admitted = new Queue<TimeSpan>();
            Expire(admitted, now, limit.Period);
            if (admitted.Count >= limit.Count)
                return false;
            admitted.Enqueue(now);
            return true;
        }
    }

    private static void Expire(Queue<TimeSpan> admitted, TimeSpan now, TimeSpan period)
    {
        while (admitted.TryPeek(out TimeSpan oldest) && oldest + period <= now)
            admitted.Dequeue();
    }

    /// <summary>Forgets who has been quiet, each time the table has doubled: what it costs stays in proportion.</summary>
    private void Trim(TimeSpan now, TimeSpan period)
    {
        if (_sources.Count < _trimAt)
            return;
        foreach ((IPAddress source, Queue<TimeSpan> admitted) in _sources)
        {
            Expire(admitted, now, period);
            if (admitted.Count == 0)
                _sources.Remove(source);
        }
        _trimAt = Math.Max(SmallestTrim, 2 * _sources.Count);
    }
}
