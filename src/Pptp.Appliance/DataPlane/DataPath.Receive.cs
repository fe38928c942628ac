using System.Buffers.Binary;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.DataPlane;

/// <content>What comes from the peer.</content>
internal sealed partial class DataPath
{
    /// <summary>Takes a GRE packet of this call.</summary>
    public void Receive(in GrePacket packet, TimeSpan now)
    {
        if (_gre.Receive(packet, now) == GreReceiveResult.Deliver)
            ReceiveFrame(packet.Payload, packet.Sequence, now, stays: true);
        DeliverHeld(now);
    }

    private void DeliverHeld(TimeSpan now)
    {
        while (_gre.TryTakeHeld(now, out ReadOnlySpan<byte> frame, out uint sequence))
            ReceiveFrame(frame, sequence, now, stays: false);
    }

    /// <param name="stays">The frame lies in memory that does not move, until the worker's turn ends.</param>
    private void ReceiveFrame(ReadOnlySpan<byte> frame, uint sequence, TimeSpan now, bool stays)
    {
        if (!PppFrame.TryParse(frame, out ushort protocol, out int at))
        {
            _places.Take(sequence, encrypted: false);
            _dropped++;
            return;
        }
        ReadOnlySpan<byte> information = frame[at..];
        long place = _places.Take(sequence, protocol == PppProtocol.Compressed || BeginsEncrypted(protocol, information));
        if (stays && protocol == PppProtocol.Compressed && TryDecryptLater(information, place, now))
            return;
        // What waits to be decrypted came before.
        CompleteReceive(now);
        if (protocol == PppProtocol.Multilink && _reassembler is { } reassembler)
            ReceiveFragment(reassembler, information, place, now);
        else
            ReceiveWhole(frame, protocol, information, place, now);
    }

    private void ReceiveWhole(
        ReadOnlySpan<byte> frame, ushort protocol, ReadOnlySpan<byte> information, long place, TimeSpan now)
    {
        if (protocol != PppProtocol.Compressed && !Carries(protocol))
        {
            Heard(now);
            Owner.OnControlFrame(frame.ToArray());
            return;
        }
        if (IsHalted)
            _dropped++;
        else if (_open is { } open)
            ReceiveData(open, protocol, information, place, now);
        else
            Hold(frame, place);
    }

    private void ReceiveData(
        DataPathParameters open, ushort protocol, ReadOnlySpan<byte> information, long place, TimeSpan now)
    {
        if (open.Decryptor is not { } decryptor)
        {
            if (Carries(protocol))
                ReceivePacket(open, protocol, information, now);
            else
                _dropped++;
            return;
        }
        // What comes in clear where encryption is on was not sent by the peer we agreed with.
        if (protocol != PppProtocol.Compressed
            || information.Length > _buffers.Decrypted.Length
            || !TryDecrypt(decryptor, information, place, now, out int length)
            || !PppFrame.TryParse(_buffers.Decrypted[..length], out protocol, out int at)
            || !Carries(protocol))
        {
            _dropped++;
            return;
        }
        ReceivePacket(open, protocol, _buffers.Decrypted[at..length], now);
    }

    private bool TryDecrypt(
        MppeDecryptor decryptor, ReadOnlySpan<byte> mppe, long place, TimeSpan now, out int length)
    {
        length = 0;
        long missing = _places.MissingBefore(place);
        MppeDecryptResult result = IsUncountable(missing)
            ? MppeDecryptResult.Unresolvable
            : decryptor.Decrypt(mppe, _buffers.Decrypted, out length, missing, now);
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

    // A control frame proves nothing, nor does a part of a packet: it waits for the next packet.
    private bool Vouch(MppeDecryptor decryptor, ReadOnlySpan<byte> frame, uint sequence, TimeSpan now)
    {
        CompleteReceive(now);
        return TryUnwrap(frame, out ushort protocol, out ReadOnlySpan<byte> information)
            && protocol == PppProtocol.Compressed
            && decryptor.Vouches(information, _places.MissingBefore(_places.Foresee(sequence)), now);
    }

    private void GiveUp(string why)
    {
        if (_isHopeless)
            return;
        _isHopeless = true;
        Owner.OnDecryptHopeless(why);
    }

    private void ReceivePacket(DataPathParameters open, ushort protocol, ReadOnlySpan<byte> ip, TimeSpan now)
    {
        Heard(now);
        if (!(protocol == PppProtocol.Ipv6 ? MayEnter(_ipv6!, ip, now) : MayEnter(open, ip)))
            return;
        if (open.MaximumSegmentSize > 0 && ip.Length <= _buffers.ToTun.Length && TcpMss.MayBeTcp(ip))
        {
            Span<byte> copy = _buffers.ToTun[..ip.Length];
            ip.CopyTo(copy);
            TcpMss.Clamp(copy, open.MaximumSegmentSize);
            ip = copy;
        }
        if (MayPass(ip, now))
            WriteTun(open, ip, now);
    }

    private void WriteTun(DataPathParameters open, ReadOnlySpan<byte> ip, TimeSpan now)
    {
        if (Exceeds(open, open.LimitBytesIn, _rxBytes + _unwritten, ip.Length))
            return;
        _unwritten += ip.Length;
        tools.Coalescer.Add(this, ip);
        if (!IsRouterAdvertisement(ip))
            Volatile.Write(ref _lastTraffic, now.Ticks);
    }

    private bool MayEnter(DataPathParameters open, ReadOnlySpan<byte> ip)
    {
        if (ip.Length < 20 || ip[0] >> 4 != 4)
        {
            _dropped++;
            return false;
        }
        if (IsAllowed(open, BinaryPrimitives.ReadUInt32BigEndian(ip[12..])))
            return true;
        _spoofed++;
        return false;
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
        if (_held.Count == HeldLimit || frame.Length > LongestEarlyFrame)
        {
            _dropped++;
            return;
        }
        _held.Enqueue((frame.ToArray(), place));
    }

    private void Heard(TimeSpan now) => Volatile.Write(ref _lastReceived, now.Ticks);
}
