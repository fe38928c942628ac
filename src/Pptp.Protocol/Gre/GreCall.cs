using System.Buffers.Binary;

namespace Pptp.Protocol.Gre;

/// <summary>
/// One call's enhanced GRE, both directions (RFC 2637 §4): numbering, ordering, acknowledgement. One owner, no lock;
/// in steady state nothing is allocated. Nothing ever waits for an acknowledgement: some peers never send one.
/// </summary>
public sealed class GreCall
{
    private readonly GreCallOptions _options;
    private readonly GreReceiver _receiver;
    private GreSendWindow _window;
    private ushort? _peerCallId;

    // Delivered packets since the last acknowledgement we sent, and when it falls due.
    private int _unacknowledged;
    private TimeSpan _acknowledgeBy;

    /// <summary>A call that has neither sent nor received; its first packet will have number 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public GreCall(GreCallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReorderLimit, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ReorderLimit, 1024, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumHeldLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AcknowledgementThreshold, 1, nameof(options));
        _options = options;
        _peerCallId = options.PeerCallId;
        _receiver = new GreReceiver(options, Counters);
        _window = new GreSendWindow(options.PeerReceiveWindow, Counters);
    }

    /// <summary>What happened so far.</summary>
    public GreCounters Counters { get; } = new();

    /// <summary>
    /// Asked before an order that is alive is left for another place; null: two packets that agree are enough.
    /// </summary>
    public FrameVouch? Vouch
    {
        get => _receiver.Vouch;
        set => _receiver.Vouch = value;
    }

    /// <summary>
    /// Number of the frame delivered (or given up) last; null before the first. The difference between the numbers of
    /// two frames delivered one after the other is how many were lost between them, plus one.
    /// </summary>
    public uint? LastDelivered => _receiver.Started ? _receiver.Last : null;

    /// <summary>Packets RFC 2637 §4.2 would let be under way now. Advice only.</summary>
    public int SendWindow => _window.Size;

    /// <summary>Packets sent that the peer has not acknowledged.</summary>
    public uint Outstanding => _window.Outstanding;

    /// <summary>Smoothed time from a packet to its acknowledgement; null while there was none.</summary>
    public TimeSpan? RoundTripTime => _window.RoundTripTime;

    /// <summary>Octets the reorder buffer has taken so far.</summary>
    public long HeldMemory => _receiver.HeldMemory;

    /// <summary>Octets in front of the next packet's payload: 16 if an acknowledgement rides along, else 12.</summary>
    public int NextHeaderLength => _unacknowledged > 0 ? 16 : 12;

    /// <summary>When an acknowledgement falls due or a held frame has waited long enough; null: never.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? held = _receiver.NextDeadline;
            bool owes = _unacknowledged > 0 && _peerCallId is not null;
            return owes && (held is null || _acknowledgeBy < held) ? _acknowledgeBy : held;
        }
    }

    /// <summary>The peer has told its id of the call, which was not known: from here on packets may be sent.</summary>
    /// <param name="peerCallId">The key of what we send.</param>
    /// <param name="peerReceiveWindow">Packets the peer is willing to buffer. Advice only.</param>
    public void Connect(ushort peerCallId, ushort peerReceiveWindow)
    {
        _peerCallId = peerCallId;
        _window = new GreSendWindow(peerReceiveWindow, Counters);
    }

    /// <summary>
    /// Takes a packet whose <see cref="GrePacket.CallId"/> is this call's. On <see cref="GreReceiveResult.Deliver"/>
    /// the payload is next in order: process it now, where it lies. After any result but
    /// <see cref="GreReceiveResult.NoPayload"/> drain <see cref="TryTakeHeld"/>.
    /// </summary>
    public GreReceiveResult Receive(in GrePacket packet, TimeSpan now)
    {
        if (packet.HasAcknowledgement)
            _window.Acknowledge(packet.Acknowledgement, now);
        if (!packet.HasSequence)
        {
            if (packet.HasAcknowledgement)
                Counters.AcknowledgementsReceived++;
            return GreReceiveResult.NoPayload;
        }

        GreReceiveResult result = _receiver.Receive(packet, now);
        if (result == GreReceiveResult.Deliver)
            OweAcknowledgement(now);
        return result;
    }

    /// <summary>
    /// The next frame that was held and whose turn has come: the gap before it has closed, or was given up because
    /// the time (<paramref name="now"/>) or the room is up. Call until false, after packets and at
    /// <see cref="NextDeadline"/>. The span is good until the next call of any method here.
    /// </summary>
    public bool TryTakeHeld(TimeSpan now, out ReadOnlySpan<byte> payload, out uint sequence)
    {
        if (!_receiver.TryTake(now, out payload, out sequence))
            return false;
        OweAcknowledgement(now);
        return true;
    }

    /// <summary>
    /// Writes the header of the next packet, <see cref="NextHeaderLength"/> octets, and takes its sequence number.
    /// </summary>
    /// <returns>The octets written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="payloadLength"/> is not 1 to 65535, or <paramref name="destination"/> is too short.
    /// </exception>
    /// <exception cref="InvalidOperationException">The peer's id of the call is not known yet.</exception>
    public int WriteHeader(Span<byte> destination, int payloadLength, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(payloadLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadLength, ushort.MaxValue);
        int length = NextHeaderLength;
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, length, nameof(destination));
        if (_peerCallId is null)
            throw new InvalidOperationException("the peer has not told its id of the call");

        uint sequence = _window.Send(now);
        bool acknowledge = _unacknowledged > 0;
        WriteStart(destination, hasSequence: true, acknowledge, (ushort)payloadLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], sequence);
        if (acknowledge)
            WriteAcknowledgement(destination[12..]);
        Counters.Sent++;
        return length;
    }

    /// <summary>Writes an acknowledgement alone (12 octets) if one is due by <paramref name="now"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public bool TryWriteAcknowledgement(Span<byte> destination, TimeSpan now, out int length)
    {
        length = 0;
        if (_unacknowledged == 0 || now < _acknowledgeBy || _peerCallId is null)
            return false;
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, 12, nameof(destination));
        WriteStart(destination, hasSequence: false, acknowledge: true, 0);
        WriteAcknowledgement(destination[8..]);
        Counters.AcknowledgementsSent++;
        length = 12;
        return true;
    }

    private void OweAcknowledgement(TimeSpan now)
    {
        if (_unacknowledged++ == 0)
            _acknowledgeBy = now + _options.AcknowledgementDelay;
        if (_unacknowledged >= _options.AcknowledgementThreshold && now < _acknowledgeBy)
            _acknowledgeBy = now;
    }

    private void WriteStart(Span<byte> destination, bool hasSequence, bool acknowledge, ushort payloadLength)
    {
        destination[0] = (byte)(GrePacket.KeyPresent | (hasSequence ? GrePacket.SequencePresent : 0));
        destination[1] = (byte)(GrePacket.Version | (acknowledge ? GrePacket.AcknowledgementPresent : 0));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], GrePacket.PppProtocol);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], payloadLength);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], _peerCallId!.Value);
    }

    // What was delivered, not what was held: a forged number waiting in the buffer must not be confirmed to the peer,
    // which may take an acknowledgement of what it never sent for an error.
    private void WriteAcknowledgement(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, _receiver.Last);
        _unacknowledged = 0;
    }
}
