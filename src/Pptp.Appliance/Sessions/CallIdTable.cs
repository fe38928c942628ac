using System.Buffers.Binary;
using Pptp.Protocol;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// Hands out call ids: random, never 0, unique per pair of addresses, and not given again for a minute, so that
/// stray packets of an ended call meet nobody. The quarantine refuses no call: when nothing else is left, the id
/// that has rested longest is used again.
/// </summary>
internal sealed class CallIdTable(IRandomSource random, MonotonicClock clock)
{
    public static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(60);

    private const int SmallestTrim = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<(uint Local, uint Remote), Pair> _pairs = [];
    private int _trimAt = SmallestTrim;

    /// <returns>False when 65,535 calls between these two addresses are up.</returns>
    public bool TryAllocate(uint local, uint remote, out ushort callId)
    {
        lock (_lock)
        {
            Trim();
            if (!_pairs.TryGetValue((local, remote), out Pair? pair))
                _pairs[(local, remote)] = pair = new Pair();
            pair.Expire(clock.Now);
            return pair.TryAllocate(random, out callId);
        }
    }

    public void Release(uint local, uint remote, ushort callId)
    {
        lock (_lock)
        {
            if (_pairs.TryGetValue((local, remote), out Pair? pair))
                pair.Release(callId, clock.Now);
        }
    }

    /// <summary>Forgets pairs that have neither calls nor resting ids, each time the table has doubled.</summary>
    private void Trim()
    {
        if (_pairs.Count < _trimAt)
            return;
        foreach (((uint, uint) key, Pair pair) in _pairs)
        {
            pair.Expire(clock.Now);
            if (pair.IsEmpty)
                _pairs.Remove(key);
        }
        _trimAt = Math.Max(SmallestTrim, 2 * _pairs.Count);
    }

    private sealed class Pair
    {
        private readonly HashSet<ushort> _taken = [];
        private readonly Queue<(ushort CallId, TimeSpan Until)> _resting = [];

        public bool IsEmpty => _taken.Count == 0;

        public bool TryAllocate(IRandomSource random, out ushort callId)
        {
            if (_taken.Count == ushort.MaxValue)
            {
                // Every id is in use or resting: the one that rested longest goes on at once.
                bool any = _resting.TryDequeue(out (ushort CallId, TimeSpan) oldest);
                callId = oldest.CallId;
                return any;
            }
            Span<byte> bytes = stackalloc byte[2];
            random.Fill(bytes);
            callId = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            while (callId == 0 || !_taken.Add(callId))
                callId++;
            return true;
        }

        public void Release(ushort callId, TimeSpan now) => _resting.Enqueue((callId, now + Quarantine));

        public void Expire(TimeSpan now)
        {
            while (_resting.TryPeek(out (ushort CallId, TimeSpan Until) oldest) && oldest.Until <= now)
            {
                _resting.Dequeue();
                _taken.Remove(oldest.CallId);
            }
        }
    }
}
