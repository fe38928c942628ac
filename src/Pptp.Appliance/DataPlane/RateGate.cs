namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Lets packets of one direction through at a rate: a token bucket that may be overdrawn by one packet, so that the
/// rate holds to the octet however long packets are. With RouterOS' burst rule: the average over the burst time is
/// taken anew every sixteenth of it, and the burst rate holds while the average is below the threshold.
/// </summary>
internal sealed class RateGate
{
    /// <summary>Parts of the burst time.</summary>
    private const int Slots = 16;

    /// <summary>Seconds of the rate that are saved up while nothing comes, or while a wake-up comes late.</summary>
    private const double Depth = 0.05;

    private readonly DirectionRate _rate;
    private readonly TimeSpan _slotTime;

    /// <summary>Bits of the last slots, a ring; <see cref="_slot"/> is the one that runs.</summary>
    private readonly long[] _carried = new long[Slots];
    private int _slot;
    private TimeSpan _slotEnd;
    private TimeSpan _last;
    private double _credit;
    private long _current;

    public RateGate(DirectionRate rate, TimeSpan now)
    {
        _rate = rate;
        _slotTime = rate.BurstTime / Slots;
        _slotEnd = now + _slotTime;
        _last = now;
        _current = rate.BurstRate;
    }

    /// <summary>When a packet may pass again, if the gate is shut and the rate stays what it is.</summary>
    public TimeSpan OpensAt => _credit >= 0 ? _last : _last + TimeSpan.FromSeconds(-_credit / _current);

    /// <summary>Whether a packet, of any length, may pass now.</summary>
    public bool IsOpen(TimeSpan now)
    {
        if (_slotTime > TimeSpan.Zero)
            AdvanceSlots(now);
        Save(now);
        return _credit >= 0;
    }

    /// <summary>A packet has passed.</summary>
    /// <param name="octets">Of IP.</param>
    public void Take(int octets)
    {
        _credit -= octets * 8L;
        _carried[_slot] += octets * 8L;
    }

    private void AdvanceSlots(TimeSpan now)
    {
        // After a silence of the whole time nothing is left of what was.
        if (now >= _slotEnd + _rate.BurstTime)
        {
            Array.Clear(_carried);
            Save(now);
            _slotEnd = now + _slotTime;
            _current = _rate.BurstRate;
            return;
        }

        while (now >= _slotEnd)
        {
            Save(_slotEnd);
            double average = _carried.Sum() / _rate.BurstTime.TotalSeconds;
            _current = average < _rate.BurstThreshold ? _rate.BurstRate : _rate.Rate;
            _slot = (_slot + 1) % Slots;
            _carried[_slot] = 0;
            _slotEnd += _slotTime;
        }
    }

    private void Save(TimeSpan until)
    {
        if (until <= _last)
            return;
        _credit = Math.Min(_credit + ((until - _last).TotalSeconds * _current), _current * Depth);
        _last = until;
    }
}
