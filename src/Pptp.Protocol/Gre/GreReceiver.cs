namespace Pptp.Protocol.Gre;

/// <summary>
/// The receiving half of a call's GRE (RFC 2637 §4.1, §4.3): what arrives in any order leaves in order or not at all.
/// The first packet may have any number (the RFC says 0, Linux starts at 1). After it:
/// <list type="bullet">
/// <item>up to the reorder limit ahead: held until the gap closes, too many wait, or the time is up;</item>
/// <item>further ahead: one packet alone could be a forgery that would make all real ones late, so it waits as
/// a suspect until a second packet near it agrees, and is dropped when the old order goes on instead; in a flood of
/// such packets a third one has to agree (<see cref="SuspectNumbers"/>);</item>
/// <item>behind: late, never delivered;</item>
/// <item>so far behind that no network holds a packet that long: a suspect too, and followed only when, besides,
/// nothing came at the old place for a while. This undoes a successful forgery.</item>
/// Whoever can tell the peer's frames from others (<see cref="Vouch"/>) is asked besides, while the old place is alive;
/// then a place far behind is followed at once as well.
/// </list>
/// </summary>
internal sealed class GreReceiver(GreCallOptions options, GreCounters counters)
{
    // A packet this far behind is late and nothing else. The MPPE count goes round at the same number, so beyond it
    // a late frame could not be told from a new one by anybody.
    private const int LateLimit = 4096;

    private readonly ReorderBuffer _held = new(options.ReorderLimit + 4, options.MaximumHeldLength);
    private readonly SuspectNumbers _suspects = new(options.ReorderLimit);
    private bool _started;

    // A second packet has agreed with the first: the order is no longer the word of one packet alone.
    private bool _confirmed;
    private uint _next;

    // Which of the 64 numbers before _next were delivered; bit 0 is _next - 1.
    private ulong _history;

    // Numbers up to and including _floor are given up.
    private bool _hasFloor;
    private uint _floor;
    private bool _floorIsResynchronization;

    private TimeSpan _lastInOrder;

    // What the latest suspect carried.
    private bool _hasSuspect;
    private HeldFrame _suspect;

    private bool _hasLent;
    private HeldFrame _lent;

    /// <inheritdoc cref="GreCall.Vouch"/>
    public FrameVouch? Vouch { get; set; }

    /// <summary>A packet was received.</summary>
    public bool Started => _started;

    /// <summary>The number delivered or given up last. Only if <see cref="Started"/>.</summary>
    public uint Last => unchecked(_next - 1);

    /// <summary>Octets taken for held frames.</summary>
    public long HeldMemory => _held.Memory;

    /// <summary>When a held frame has waited long enough.</summary>
    public TimeSpan? NextDeadline =>
        _held.Count == 0 ? null
        : IsReady ? _held.OldestArrival
        : _held.OldestArrival + options.ReorderTimeout;

    private bool IsReady => _held.FirstSequence == _next || _hasFloor;

    public GreReceiveResult Receive(in GrePacket packet, TimeSpan now)
    {
        ReturnLent();
        counters.Received++;
        uint sequence = packet.Sequence;
        if (!_started)
        {
            _started = true;
            _next = sequence;
            _lastInOrder = now;
            Deliver(sequence);
            return GreReceiveResult.Deliver;
        }

        int distance = SequenceNumber.Distance(_next, sequence);
        if (distance >= 0 && _held.Contains(sequence))
            return Duplicate();
        if (distance == 0)
        {
            InOrder(now);
            Deliver(sequence);
            return GreReceiveResult.Deliver;
        }

        if (distance > 0 && IsNear(sequence))
            return Hold(packet, distance, now);
        if (distance < 0 && IsLate(distance, now))
            return WasDelivered(distance) ? Duplicate() : Late();
        bool isABeginning = !_confirmed && sequence < (uint)options.ReorderLimit;
        return isABeginning ? Restart(sequence, now) : Suspect(packet, now);
    }

    /// <summary>The next frame whose turn has come. Its memory is good until the next call of anything here.</summary>
    public bool TryTake(TimeSpan now, out ReadOnlySpan<byte> payload, out uint sequence)
    {
        ReturnLent();
        payload = default;
        sequence = 0;
        if (_held.Count > 0 && now >= _held.OldestArrival + options.ReorderTimeout)
            GiveUpThrough(_held.LastArrivedBy(now - options.ReorderTimeout));

        while (_held.Count > 0 || _hasFloor)
        {
            if (_held.Count > 0)
            {
                uint first = _held.FirstSequence;
                if (first == _next || (_hasFloor && SequenceNumber.Distance(first, _floor) >= 0))
                {
                    HeldFrame frame = _held.TakeFirst();
                    _lent = frame;
                    _hasLent = true;
                    Skip(first);
                    Deliver(first);
                    counters.Reordered++;
                    payload = frame.Payload;
                    sequence = first;
                    return true;
                }
            }

            if (!_hasFloor)
                return false;
            Skip(unchecked(_floor + 1));
            _hasFloor = false;
            _floorIsResynchronization = false;
        }

        return false;
    }

    private GreReceiveResult Hold(in GrePacket packet, int distance, TimeSpan now)
    {
        if (!_held.TryCopy(packet.Sequence, packet.Payload, now, out HeldFrame frame))
            return Rejected();
        InOrder(now);
        _held.Insert(frame);
        if (distance > options.ReorderLimit)
            GiveUpThrough(unchecked(packet.Sequence - (uint)options.ReorderLimit - 1));
        return GreReceiveResult.Held;
    }

    /// <summary>
    /// One packet was here, far from where peers begin, and now one comes that is there: the first was forged.
    /// </summary>
    private GreReceiveResult Restart(uint sequence, TimeSpan now)
    {
        InOrder(now);
        _confirmed = false;
        _held.Clear();
        _hasFloor = false;
        _history = 0;
        Deliver(sequence);
        return GreReceiveResult.Deliver;
    }

    /// <summary>A packet that nothing speaks for yet.</summary>
    private GreReceiveResult Suspect(in GrePacket packet, TimeSpan now)
    {
        uint sequence = packet.Sequence;
        if (!_suspects.TryCountAgreeing(sequence, out int agreeing))
            return Duplicate();
        bool agrees = agreeing >= _suspects.Quorum(now)
            && (Vouch is not { } vouch || !IsAlive(now) || vouch(packet.Payload, sequence, now));
        if (!agrees)
        {
            _suspects.Add(sequence, now);
            DropSuspect();
            if (_suspects.IsFlooded(now))
                return Rejected();
        }
        if (!_held.TryCopy(sequence, packet.Payload, now, out HeldFrame frame))
            return Rejected();
        if (agrees)
        {
            Follow(frame, now);
        }
        else
        {
            _hasSuspect = true;
            _suspect = frame;
        }

        return GreReceiveResult.Held;
    }

    /// <summary>The packets agree: the order goes on where they are.</summary>
    private void Follow(in HeldFrame frame, TimeSpan now)
    {
        // What the first of two carried is still good only within the time any frame may wait.
        int ahead = _hasSuspect ? SequenceNumber.Distance(_suspect.Sequence, frame.Sequence) : 0;
        bool bothAreGood = _hasSuspect && now - _suspect.Arrival <= options.ReorderTimeout
            && Math.Abs((long)ahead) <= options.ReorderLimit;
        uint first = bothAreGood && ahead > 0 ? _suspect.Sequence : frame.Sequence;

        if (SequenceNumber.Distance(_next, first) < 0)
        {
            // Back to an older place: what waits belongs to the order that is left.
            _held.Clear();
            _hasFloor = false;
            _history = 0;
            _next = first;
        }
        else
        {
            // Ahead: what waits comes first.
            GiveUpThrough(unchecked(first - 1));
            _floorIsResynchronization = true;
        }

        _held.Insert(frame);
        if (bothAreGood)
        {
            _held.Insert(_suspect);
            _hasSuspect = false;
            _suspect = default;
        }

        counters.Resynchronizations++;
        InOrder(now);
    }

    private void InOrder(TimeSpan now)
    {
        _confirmed = true;
        _lastInOrder = now;
        _suspects.Clear();
        DropSuspect();
    }

    private void DropSuspect()
    {
        if (!_hasSuspect)
            return;
        _hasSuspect = false;
        _held.Return(_suspect);
        _suspect = default;
        counters.Rejected++;
    }

    /// <summary>Within the limit of the furthest packet that is believed.</summary>
    private bool IsNear(uint sequence)
    {
        uint furthest = _held.Count > 0 ? _held.LastSequence : Last;
        return SequenceNumber.Distance(furthest, sequence) <= options.ReorderLimit;
    }

    private bool IsLate(int distance, TimeSpan now) =>
        _confirmed
            ? distance >= -LateLimit || (Vouch is null && IsAlive(now))
            : distance >= -options.ReorderLimit;

    /// <summary>The order has gone on a short while ago.</summary>
    private bool IsAlive(TimeSpan now) => now - _lastInOrder < options.RestartSilence;

    private bool WasDelivered(int distance) => distance >= -64 && (_history >> (-distance - 1) & 1) != 0;

    private void Deliver(uint sequence)
    {
        _next = unchecked(sequence + 1);
        _history = (_history << 1) | 1;
        counters.Delivered++;
    }

    /// <summary>Gives up the numbers from the next one to the one before <paramref name="sequence"/>.</summary>
    private void Skip(uint sequence)
    {
        int gap = SequenceNumber.Distance(_next, sequence);
        if (gap <= 0)
            return;
        _history = gap < 64 ? _history << gap : 0;
        _next = sequence;
        if (!_floorIsResynchronization)
            counters.Lost += gap;
    }

    private void GiveUpThrough(uint sequence)
    {
        if (_hasFloor && SequenceNumber.Distance(_floor, sequence) <= 0)
            return;
        _hasFloor = true;
        _floor = sequence;
    }

    private void ReturnLent()
    {
        if (!_hasLent)
            return;
        _hasLent = false;
        _held.Return(_lent);
        _lent = default;
    }

    private GreReceiveResult Duplicate()
    {
        counters.Duplicate++;
        return GreReceiveResult.Duplicate;
    }

    private GreReceiveResult Late()
    {
        counters.Late++;
        return GreReceiveResult.Late;
    }

    private GreReceiveResult Rejected()
    {
        counters.Rejected++;
        return GreReceiveResult.Rejected;
    }
}
