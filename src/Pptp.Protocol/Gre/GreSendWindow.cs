namespace Pptp.Protocol.Gre;

/// <summary>
/// The sender's window and adaptive time-out of RFC 2637 §4.2 and §4.4, kept for the record only. Many peers,
/// the Linux kernel's client among them, acknowledge only when they have data to send: to wait for them would
/// throttle or stop a one-way stream, so nothing here ever holds a packet back.
/// </summary>
internal sealed class GreSendWindow
{
    // RFC 2637 §4.4 gives the gains; the bounds are ours. A peer may delay an acknowledgement by half a second.
    private const int DeviationFactor = 4;
    private static readonly TimeSpan MinimumTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaximumTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan InitialTimeout = TimeSpan.FromSeconds(3);

    private readonly GreCounters _counters;
    private readonly int _limit;
    private uint _firstUnacknowledged;
    private uint _next;
    private int _acknowledgedInWindow;
    private TimeSpan _timeout = InitialTimeout;
    private TimeSpan _waitingSince;

    // One packet at a time is timed.
    private bool _timing;
    private uint _timedSequence;
    private TimeSpan _timedAt;
    private TimeSpan _deviation;

    public GreSendWindow(int peerReceiveWindow, GreCounters counters)
    {
        _counters = counters;
        _limit = Math.Max(peerReceiveWindow, 1);

        // RFC 2637 §4.2: start at half of what the peer buffers.
        Size = Math.Max(_limit / 2, 1);
    }

    /// <summary>Packets that may be under way by RFC 2637 §4.2.</summary>
    public int Size { get; private set; }

    /// <summary>Packets sent and not acknowledged.</summary>
    public uint Outstanding => unchecked(_next - _firstUnacknowledged);

    /// <summary>Smoothed; null before the first acknowledgement.</summary>
    public TimeSpan? RoundTripTime { get; private set; }

    /// <summary>Numbers a packet that leaves now.</summary>
    public uint Send(TimeSpan now)
    {
        if (Outstanding == 0)
            _waitingSince = now;
        else if (now - _waitingSince >= _timeout)
            TimeOut(now);

        if (Outstanding >= (uint)Size)
            _counters.WindowExceeded++;
        if (!_timing)
        {
            _timing = true;
            _timedSequence = _next;
            _timedAt = now;
        }

        return unchecked(_next++);
    }

    public void Acknowledge(uint sequence, TimeSpan now)
    {
        uint acknowledged = unchecked(sequence - _firstUnacknowledged + 1);
        if (acknowledged == 0)
            return; // said before
        if (acknowledged > Outstanding)
        {
            // Old news on a reordering path, or of what was never sent. Neither moves anything.
            if (unchecked((int)acknowledged) > 0)
                _counters.AcknowledgementsInvalid++;
            return;
        }

        if (_timing && SequenceNumber.Distance(_timedSequence, sequence) >= 0)
        {
            _timing = false;
            Sample(now - _timedAt);
        }

        _firstUnacknowledged = unchecked(sequence + 1);
        _waitingSince = now;

        // One more for each whole window acknowledged.
        _acknowledgedInWindow += (int)Math.Min(acknowledged, int.MaxValue / 2);
        if (_acknowledgedInWindow >= Size)
        {
            _acknowledgedInWindow = 0;
            Size = Math.Min(Size + 1, _limit);
        }
    }

    private void Sample(TimeSpan roundTrip)
    {
        if (RoundTripTime is not TimeSpan smoothed)
        {
            RoundTripTime = roundTrip;
            _deviation = roundTrip / 2;
        }
        else
        {
            TimeSpan difference = roundTrip - smoothed;
            _deviation += (difference.Duration() - _deviation) / 4;
            RoundTripTime = smoothed + (difference / 8);
        }

        Bound(RoundTripTime.GetValueOrDefault() + (DeviationFactor * _deviation));
    }

    private void TimeOut(TimeSpan now)
    {
        _counters.AcknowledgementTimeouts++;
        Size = Math.Max(Size / 2, 1);
        _acknowledgedInWindow = 0;
        _timing = false;
        _waitingSince = now;
        Bound(_timeout * 2);
    }

    private void Bound(TimeSpan timeout) =>
        _timeout = timeout < MinimumTimeout ? MinimumTimeout : timeout > MaximumTimeout ? MaximumTimeout : timeout;
}
