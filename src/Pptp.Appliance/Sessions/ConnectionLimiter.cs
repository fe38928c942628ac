using System.Net;
using System.Net.Sockets;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// Counts new control connections per source, an address for <c>connection-limit</c>, a network for
/// <c>connection-limit-network</c>. Safe from every thread.
/// </summary>
internal sealed class ConnectionLimiter(MonotonicClock clock)
{
    private const int SmallestTrim = 1024;

    /// <summary>
    /// Sources that are counted at a time. Who comes from more of them than that is not stopped by counting each; the
    /// ones beyond are let in, for the networks they are in are counted too.
    /// </summary>
    private const int MaximumSources = 65_536;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Queue<TimeSpan>> _sources = [];
    private int _trimAt = SmallestTrim;
    private TimeSpan _trimAgain;

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
            {
                if (_sources.Count >= MaximumSources)
                    return true;
                _sources[source] = admitted = new Queue<TimeSpan>();
            }
            Expire(admitted, now, limit.Period);
            if (admitted.Count >= limit.Count)
                return false;
            admitted.Enqueue(now);
            return true;
        }
    }

    /// <summary>The network one operator of machines has: an IPv4 /24, an IPv6 /64.</summary>
    public static IPAddress NetworkOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        bytes[(address.AddressFamily == AddressFamily.InterNetwork ? 3 : 8)..].Clear();
        return new IPAddress(bytes[..length]);
    }

    private static void Expire(Queue<TimeSpan> admitted, TimeSpan now, TimeSpan period)
    {
        while (admitted.TryPeek(out TimeSpan oldest) && oldest + period <= now)
            admitted.Dequeue();
    }

    /// <summary>
    /// Forgets who has been quiet, each time the table has doubled, or once a second while it is full: what it costs
    /// stays in proportion.
    /// </summary>
    private void Trim(TimeSpan now, TimeSpan period)
    {
        if (_sources.Count < _trimAt || now < _trimAgain)
            return;
        _trimAgain = now + TimeSpan.FromSeconds(1);
        foreach ((IPAddress source, Queue<TimeSpan> admitted) in _sources)
        {
            Expire(admitted, now, period);
            if (admitted.Count == 0)
                _sources.Remove(source);
        }
        _trimAt = Math.Clamp(2 * _sources.Count, SmallestTrim, MaximumSources);
    }
}
