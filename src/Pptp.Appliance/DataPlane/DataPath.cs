using System.Buffers.Binary;
using Pptp.Linux;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// One call's traffic, both ways: GRE numbering, encryption, the TUN, counters. It belongs to one worker, which
/// alone calls it; others see <see cref="Counters"/> and the two times of the last frame and nothing else.
/// </summary>
internal sealed class DataPath(CallAddress address, GreCallOptions options, IDataPathOwner owner, WorkerBuffers buffers, TransmitQueue transmit)
{
    /// <summary>Network frames kept until the link is declared up: the peer's first may share a batch with its last IPCP Ack.</summary>
    private const int HeldLimit = 32;

    /// <summary>So many packets in a row beyond any walk are an outage that cannot be made up for, and no forgery.</summary>
    private const int HopelessLimit = 8;

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

    public IDataPathOwner Owner { get; } = owner;

    public TunDevice? Tun => _open?.Tun;

    /// <summary>The worker has this path in its list of paths with a deadline.</summary>
    public bool HasTimer { get; set; }

    /// <summary>No IP goes either way any more.</summary>
    public bool IsHalted { get; private set; }

    public TimeSpan? NextDeadline => _gre.NextDeadline;

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
                Dropped = Volatile.Read(ref _dropped),
                GreLost = gre.Lost,
                GreLate = gre.Late,
                GreDuplicate = gre.Duplicate,
                GreReordered = gre.Reordered,
                MppeLost = decryptor?.Lost ?? 0,
                MppeResync = decryptor?.Resynchronisations ?? 0,
            };
        }
    }

    /// <summary>Takes a GRE packet of this call.</summary>
    public void Receive(in GrePacket packet, TimeSpan now)
    {
        if (_gre.Receive(packet, now) == GreReceiveResult.Deliver)
            ReceiveFrame(packet.Payload, packet.Sequence, now);
        DeliverHeld(now);
    }

    /// <summary>Does what has become due: frames whose wait for a gap is over, acknowledgements nothing carried.</summary>
    public void Advance(TimeSpan now)
    {
        DeliverHeld(now);
        if (_gre.TryWriteAcknowledgement(transmit.Next(), now, out int length))
            transmit.Commit(Address, length);
    }

    /// <summary>The peer has told its id of the call.</summary>
    public void Connect(ushort peerCallId, ushort peerReceiveWindow) => _gre.Connect(peerCallId, peerReceiveWindow);

    /// <summary>Sends a control frame as it is.</summary>
    public void Send(ReadOnlySpan<byte> frame, TimeSpan now)
    {
        Span<byte> packet = transmit.Next();
        if (frame.Length + GrePacket.MaximumHeaderLength > packet.Length)
        {
            _dropped++;
            return;
        }
        int header = _gre.WriteHeader(packet, frame.Length, now);
        frame.CopyTo(packet[header..]);
        transmit.Commit(Address, header + frame.Length);
    }

    public void Open(DataPathParameters parameters, TimeSpan now)
    {
        _open = parameters;
        Volatile.Write(ref _lastTraffic, now.Ticks);
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
            Span<byte> room = buffers.FromTun;
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
    }

    /// <summary>The peer cannot decrypt any more: the next packet to it starts a new key stream.</summary>
    public void ResetTransmit() => _open?.Encryptor?.Reset();

    /// <summary>Reads at most <paramref name="budget"/> packets from the TUN and sends them to the client.</summary>
    /// <returns>False: the interface was deleted by somebody else.</returns>
    public bool ReadTun(int budget, TimeSpan now)
    {
        if (_open is not { } open)
            return true;
        // Two octets before the packet are room for its PPP protocol, so that both are encrypted where they lie.
        Span<byte> room = buffers.FromTun;
        for (; budget > 0; budget--)
        {
            int length = open.Tun.Read(room[2..]);
            if (length <= 0)
                return length != TunDevice.Gone;
            SendPacket(open, room[..(2 + length)], now);
        }
        return true;
    }

    /// <summary>Forgets the keys. The TUN is not touched: it is the owner's again.</summary>
    public void Close()
    {
        _open?.Encryptor?.Dispose();
        _open?.Decryptor?.Dispose();
        _held = null;
    }

    private void SendPacket(DataPathParameters open, Span<byte> protocolAndPacket, TimeSpan now)
    {
        Span<byte> ip = protocolAndPacket[2..];
        if (ip[0] >> 4 != 4)
        {
            _dropped++;
            return;
        }
        if (open.Readdress is { } readdress)
            SourceRewrite.Apply(ip, readdress.StandIn, readdress.Address);
        if (open.MaximumSegmentSize > 0)
            TcpMss.Clamp(ip, open.MaximumSegmentSize);
        if (Exceeds(open.LimitBytesOut, _txBytes, ip.Length))
            return;

        Span<byte> packet = transmit.Next();
        int header = _gre.NextHeaderLength;
        int at = header + PppFrame.WriteHeader(
            packet[header..], open.Encryptor is null ? PppProtocol.Ipv4 : PppProtocol.Compressed,
            open.CompressProtocol, open.OmitAddressAndControl);
        if (open.Encryptor is { } encryptor)
        {
            BinaryPrimitives.WriteUInt16BigEndian(protocolAndPacket, PppProtocol.Ipv4);
            at += encryptor.Encrypt(protocolAndPacket, packet[at..]);
        }
        else
        {
            ip.CopyTo(packet[at..]);
            at += ip.Length;
        }
        _gre.WriteHeader(packet, at - header, now);
        transmit.Commit(Address, at);
        _txPackets++;
        _txBytes += ip.Length;
        Volatile.Write(ref _lastTraffic, now.Ticks);
    }

    private void DeliverHeld(TimeSpan now)
    {
        while (_gre.TryTakeHeld(now, out ReadOnlySpan<byte> frame, out uint sequence))
            ReceiveFrame(frame, sequence, now);
    }

    private void ReceiveFrame(ReadOnlySpan<byte> frame, uint sequence, TimeSpan now)
    {
        if (!PppFrame.TryParse(frame, out ushort protocol, out int at))
        {
            _places.Take(sequence, encrypted: false);
            _dropped++;
            return;
        }
        long place = _places.Take(sequence, protocol == PppProtocol.Compressed);
        if (protocol is not (PppProtocol.Ipv4 or PppProtocol.Compressed))
        {
            Heard(now);
            Owner.OnControlFrame(frame.ToArray());
            return;
        }
        if (IsHalted)
            _dropped++;
        else if (_open is { } open)
            ReceiveData(open, protocol, frame[at..], place, now);
        else
            Hold(frame, place);
    }

    private void ReceiveData(
        DataPathParameters open, ushort protocol, ReadOnlySpan<byte> information, long place, TimeSpan now)
    {
        if (open.Decryptor is not { } decryptor)
        {
            if (protocol == PppProtocol.Ipv4)
                ReceivePacket(open, information, now);
            else
                _dropped++;
            return;
        }
        // What comes in clear where encryption is on was not sent by the peer we agreed with.
        if (protocol != PppProtocol.Compressed
            || information.Length > buffers.Decrypted.Length
            || !TryDecrypt(decryptor, information, place, now, out int length)
            || !PppFrame.TryParse(buffers.Decrypted[..length], out protocol, out int at)
            || protocol != PppProtocol.Ipv4)
        {
            _dropped++;
            return;
        }
        ReceivePacket(open, buffers.Decrypted[at..length], now);
    }

    private bool TryDecrypt(
        MppeDecryptor decryptor, ReadOnlySpan<byte> mppe, long place, TimeSpan now, out int length)
    {
        MppeDecryptResult result = decryptor.Decrypt(
            mppe, buffers.Decrypted, out length, _places.MissingBefore(place), now);
        switch (result)
        {
            case MppeDecryptResult.Ok:
                _places.Accept(place);
                _unresolvable = 0;
                return true;
            case MppeDecryptResult.Lost:
                Owner.OnDecryptLost();
                break;
            case MppeDecryptResult.ResetUnanswered:
                GiveUp("the peer answers no CCP Reset-Request");
                break;
            case MppeDecryptResult.Unresolvable when ++_unresolvable >= HopelessLimit:
                GiveUp("too many encrypted packets were lost in a row");
                break;
        }
        return false;
    }

    // A control frame proves nothing: it waits for the next packet.
    private bool Vouch(MppeDecryptor decryptor, ReadOnlySpan<byte> frame, uint sequence, TimeSpan now) =>
        PppFrame.TryParse(frame, out ushort protocol, out int at) && protocol == PppProtocol.Compressed
        && decryptor.Vouches(frame[at..], _places.MissingBefore(_places.Foresee(sequence)), now);

    private void GiveUp(string why)
    {
        if (_isHopeless)
            return;
        _isHopeless = true;
        Owner.OnDecryptHopeless(why);
    }

    private void ReceivePacket(DataPathParameters open, ReadOnlySpan<byte> ip, TimeSpan now)
    {
        Heard(now);
        if (ip.Length < 20 || ip[0] >> 4 != 4)
        {
            _dropped++;
            return;
        }
        if (!IsAllowed(open, BinaryPrimitives.ReadUInt32BigEndian(ip[12..])))
        {
            _spoofed++;
            return;
        }
        if (open.MaximumSegmentSize > 0 && ip.Length <= buffers.ToTun.Length && ip[9] == 6)
        {
            Span<byte> copy = buffers.ToTun[..ip.Length];
            ip.CopyTo(copy);
            TcpMss.Clamp(copy, open.MaximumSegmentSize);
            ip = copy;
        }
        if (Exceeds(open.LimitBytesIn, _rxBytes, ip.Length))
            return;
        if (open.Tun.Write(ip) != TunWriteResult.Written)
        {
            _dropped++;
            return;
        }
        _rxPackets++;
        _rxBytes += ip.Length;
        Volatile.Write(ref _lastTraffic, now.Ticks);
    }

    /// <summary>
    /// Whether a packet would be more than the session may carry. From then on none is carried, either way: the
    /// session ends, and what it carries meanwhile would be beyond its limit too.
    /// </summary>
    private bool Exceeds(long limit, long bytes, int length)
    {
        if (!_limitReached)
        {
            if (limit == 0 || bytes + length <= limit)
                return false;
            _limitReached = true;
            Owner.OnLimitReached();
        }
        _dropped++;
        return true;
    }

    private static bool IsAllowed(DataPathParameters open, uint source)
    {
        IReadOnlyList<Ipv4Prefix> allowed = open.AllowedSources;
        for (int i = 0; i < allowed.Count; i++)
        {
            if (allowed[i].Contains(source))
                return true;
        }
        return false;
    }

    private void Hold(ReadOnlySpan<byte> frame, long place)
    {
        _held ??= new Queue<(byte[], long)>();
        if (_held.Count == HeldLimit)
        {
            _dropped++;
            return;
        }
        _held.Enqueue((frame.ToArray(), place));
    }

    private void Heard(TimeSpan now) => Volatile.Write(ref _lastReceived, now.Ticks);
}
