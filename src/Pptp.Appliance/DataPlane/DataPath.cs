using Pptp.Appliance.DataPlane.Offload;
using Pptp.Linux;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// One call's traffic, both ways: GRE numbering, encryption, the TUN, counters. It belongs to one worker, which
/// alone calls it; others see <see cref="Counters"/> and the two times of the last frame and nothing else.
/// </summary>
internal sealed partial class DataPath(
    DataWorker worker, CallAddress address, GreCallOptions options, IDataPathOwner owner, WorkerTools tools)
    : ICoalescedPackets
{
    /// <summary>Network frames kept until the link is declared up: the peer's first may share a batch with its last IPCP Ack.</summary>
    private const int HeldLimit = 32;

    /// <summary>So many packets in a row beyond any walk are an outage that cannot be made up for, and no forgery.</summary>
    private const int HopelessLimit = 8;

    private readonly WorkerBuffers _buffers = tools.Buffers;
    private readonly TransmitQueue _transmit = tools.Transmit;
    private readonly GreCall _gre = new(options);
    private readonly EncryptedPlaces _places = new();
    private Queue<(byte[] Frame, long Place)>? _held;
    private int _unresolvable;
    private bool _isHopeless;
    private DataPathParameters? _open;
    private long _lastReceived, _lastTraffic;
    private bool _limitReached;
    private long _rxPackets, _rxBytes, _txPackets, _txBytes, _spoofed, _dropped;

    public CallAddress Address { get; } = address;

    /// <summary>The one it belongs to.</summary>
    public DataWorker Worker { get; } = worker;

    /// <summary>It has ended: what comes for it comes too late.</summary>
    public bool IsClosed { get; private set; }

    public IDataPathOwner Owner { get; } = owner;

    public TunDevice? Tun => _open?.Tun;

    /// <summary>The worker has this path in its list of paths with a deadline.</summary>
    public bool HasTimer { get; set; }

    /// <summary>No IP goes either way any more.</summary>
    public bool IsHalted { get; private set; }

    public TimeSpan? NextDeadline => Deadline.Earliest(_gre.NextDeadline, RateDeadline);

    public TimeSpan LastReceived => new(Volatile.Read(ref _lastReceived));

    public TimeSpan LastTraffic => new(Volatile.Read(ref _lastTraffic));

    public DataPathCounters Counters
    {
        get
        {
            GreCounters gre = _gre.Counters;
            MppeDecryptor? decryptor = _open?.Decryptor;
            return new DataPathCounters
            {
                RxPackets = Volatile.Read(ref _rxPackets),
                RxBytes = Volatile.Read(ref _rxBytes),
                TxPackets = Volatile.Read(ref _txPackets),
                TxBytes = Volatile.Read(ref _txBytes),
                Spoofed = Volatile.Read(ref _spoofed),
                Dropped = Volatile.Read(ref _dropped) + Volatile.Read(ref _refused) + (_reassembler?.Discarded ?? 0),
                GreLost = gre.Lost,
                GreLate = gre.Late,
                GreDuplicate = gre.Duplicate,
                GreReordered = gre.Reordered,
                MppeLost = decryptor?.Lost ?? 0,
                MppeResync = decryptor?.Resynchronisations ?? 0,
            };
        }
    }

    /// <summary>Does what has become due: frames whose wait for a gap is over, acknowledgements nothing carried.</summary>
    public void Advance(TimeSpan now)
    {
        DeliverHeld(now);
        if (_gre.TryWriteAcknowledgement(_transmit.Next(), now, out int length))
            _transmit.Commit(Address, length);
        AdvanceRates(now);
    }

    /// <summary>The peer has told its id of the call.</summary>
    public void Connect(ushort peerCallId, ushort peerReceiveWindow) => _gre.Connect(peerCallId, peerReceiveWindow);

    public void Open(DataPathParameters parameters, TimeSpan now)
    {
        _open = parameters;
        _ipv6 = parameters.Ipv6;
        Volatile.Write(ref _lastTraffic, now.Ticks);
        SetRates(parameters.RateLimit, now);
        if (parameters.Decryptor is { } decryptor)
            _gre.Vouch = (frame, sequence, now) => Vouch(decryptor, frame, sequence, now);
        Queue<(byte[] Frame, long Place)>? held = _held;
        _held = null;
        while (held is not null && held.TryDequeue(out (byte[] Frame, long Place) next))
        {
            if (PppFrame.TryParse(next.Frame, out ushort protocol, out int at))
                ReceiveData(parameters, protocol, next.Frame.AsSpan(at), next.Place, now);
        }
        foreach (byte[] packet in parameters.Held)
        {
            Span<byte> room = _buffers.FromTun;
            if (packet.Length == 0 || !packet.AsSpan().TryCopyTo(room[2..]))
                _dropped++;
            else
                SendPacket(parameters, room[..(2 + packet.Length)], now);
        }
    }

    /// <summary>The network layer is down: what IP still comes is dropped.</summary>
    public void Halt()
    {
        IsHalted = true;
        _held = null;
        _fromPeer = null;
    }

    /// <summary>The peer cannot decrypt any more: the next packet to it starts a new key stream.</summary>
    public void ResetTransmit() => _open?.Encryptor?.Reset();

    /// <summary>Forgets the keys. The TUN is not touched: it is the owner's again.</summary>
    public void Close()
    {
        IsClosed = true;
        _open?.Encryptor?.Dispose();
        _open?.Decryptor?.Dispose();
        _held = null;
    }

    /// <summary>What has been carried already counts. Of a path that is not open: none.</summary>
    public void SetLimits(long bytesIn, long bytesOut, long bytesTotal)
    {
        if (_open is not { } open)
            return;
        _open = open with { LimitBytesIn = bytesIn, LimitBytesOut = bytesOut, LimitBytesTotal = bytesTotal };
        if (IsBeyond(bytesIn, _rxBytes) || IsBeyond(bytesOut, _txBytes) || IsBeyond(bytesTotal, _rxBytes + _txBytes))
            ReachLimit();
    }

    /// <summary>
    /// Whether a packet would be more than the session may carry. From then on none is carried, either way: the
    /// session ends, and what it carries meanwhile would be beyond its limit too.
    /// </summary>
    private bool Exceeds(DataPathParameters open, long limit, long bytes, int length)
    {
        if (!_limitReached)
        {
            if (!IsBeyond(limit, bytes + length) && !IsBeyond(open.LimitBytesTotal, _rxBytes + _unwritten + _txBytes + length))
                return false;
            ReachLimit();
        }
        _dropped++;
        return true;
    }

    private static bool IsBeyond(long limit, long bytes) => limit > 0 && bytes > limit;

    private void ReachLimit()
    {
        if (_limitReached)
            return;
        _limitReached = true;
        Owner.OnLimitReached();
    }
}
