using System.Buffers.Binary;
using Pptp.Appliance.DataPlane.Mppe;
using Pptp.Appliance.DataPlane.Offload;
using Pptp.Linux;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.DataPlane;

/// <content>What goes to the peer.</content>
internal sealed partial class DataPath
{
    /// <summary>Octets of IP that go into one GRE packet, whatever was negotiated.</summary>
    private const int LongestWhole = GreBatch.DefaultSlotSize - GrePacket.MaximumHeaderLength - 8;

    private MppeTicket _sendTicket;

    /// <summary>Sends a control frame as it is.</summary>
    public void Send(ReadOnlySpan<byte> frame, TimeSpan now)
    {
        Span<byte> packet = _transmit.Next();
        if (frame.Length + GrePacket.MaximumHeaderLength > packet.Length)
        {
            _dropped++;
            return;
        }
        int header = _gre.WriteHeader(packet, frame.Length, now);
        frame.CopyTo(packet[header..]);
        _transmit.Commit(Address, header + frame.Length);
    }

    /// <summary>Reads about <paramref name="budget"/> packets from the TUN and sends them to the client.</summary>
    /// <returns>False: the interface was deleted by somebody else.</returns>
    public bool ReadTun(int budget, TimeSpan now)
    {
        if (_open is not { } open)
            return true;
        Span<byte> room = _buffers.FromTun;
        while (budget > 0)
        {
            if (_toPeer?.IsOpen(now) == false)
            {
                IsPaused = true;
                return true;
            }
            int length = open.Tun.Read(room);
            if (length <= 0)
                return length != TunDevice.Gone;
            budget -= Math.Max(1, SendRead(open, room[..length], now));
        }
        return true;
    }

    /// <summary>Sends what a TUN handed over: a packet, or a super-packet in segments.</summary>
    /// <returns>How many packets it was.</returns>
    private int SendRead(DataPathParameters open, Span<byte> headerAndPacket, TimeSpan now)
    {
        if (!Segmenter.TryRead(headerAndPacket, out Segmenter segments))
        {
            _dropped++;
            return 1;
        }
        if (!segments.IsSuper)
        {
            // Two octets before the packet are room for its PPP protocol.
            SendPacket(open, headerAndPacket[(VirtioHeader.Length - 2)..], now);
            return 1;
        }
        Span<byte> super = headerAndPacket[VirtioHeader.Length..];
        if (super[0] >> 4 != 4 && !MayLeave(super))
        {
            _dropped++;
            return 1;
        }
        if (open.Readdress is { } readdress)
            SourceRewrite.Apply(super, readdress.StandIn, readdress.Address);
        int count = 0;
        while (segments.NextLength is > 0 and int length)
        {
            if (Exceeds(open, open.LimitBytesOut, _txBytes, length))
                break;
            if (open.Fragmenter is null && length > LongestWhole)
            {
                // Somebody gave the interface an MTU that no tunnel has.
                _dropped++;
                break;
            }
            count++;
            if (open.Fragmenter is null)
            {
                int at = BeginWhole(open, super, length, now);
                segments.WriteNext(_transmit.Next()[at..]);
                EndWhole(open, at, length);
            }
            else
            {
                segments.WriteNext(_buffers.Segment[2..]);
                Transmit(open, _buffers.Segment[..(2 + length)], now);
            }
            OnSent(length, now);
        }
        return count;
    }

    private void SendPacket(DataPathParameters open, Span<byte> protocolAndPacket, TimeSpan now)
    {
        Span<byte> ip = protocolAndPacket[2..];
        if (ip[0] >> 4 != 4 && !MayLeave(ip))
        {
            _dropped++;
            return;
        }
        if (open.Readdress is { } readdress)
            SourceRewrite.Apply(ip, readdress.StandIn, readdress.Address);
        if (open.MaximumSegmentSize > 0)
            TcpMss.Clamp(ip, open.MaximumSegmentSize);
        if (open.Fragmenter is null && ip.Length > LongestWhole)
        {
            _dropped++;
            return;
        }
        if (Exceeds(open, open.LimitBytesOut, _txBytes, ip.Length))
            return;

        Transmit(open, protocolAndPacket, now);
        OnSent(ip.Length, now);
    }

    private void OnSent(int length, TimeSpan now)
    {
        _toPeer?.Take(length);
        _txPackets++;
        _txBytes += length;
        Volatile.Write(ref _lastTraffic, now.Ticks);
    }

    private void Transmit(DataPathParameters open, Span<byte> protocolAndPacket, TimeSpan now)
    {
        int length = InformationLength(open, protocolAndPacket.Length - 2);
        if (open.Fragmenter is { } fragmenter && length > fragmenter.Limit)
            SendFragments(open, fragmenter, protocolAndPacket, now);
        else
            SendWhole(open, protocolAndPacket, now);
    }

    private void SendWhole(DataPathParameters open, Span<byte> protocolAndPacket, TimeSpan now)
    {
        Span<byte> ip = protocolAndPacket[2..];
        int at = BeginWhole(open, ip, ip.Length, now);
        ip.CopyTo(_transmit.Next()[at..]);
        EndWhole(open, at, ip.Length);
    }

    /// <summary>Writes all headers of the next GRE packet.</summary>
    /// <returns>Where in it the packet of IP goes.</returns>
    private int BeginWhole(DataPathParameters open, ReadOnlySpan<byte> ip, int length, TimeSpan now)
    {
        Span<byte> packet = _transmit.Next();
        int header = _gre.NextHeaderLength;
        ushort protocol = ProtocolOf(ip);
        int at = header + PppFrame.WriteHeader(
            packet[header..], open.Encryptor is null ? protocol : PppProtocol.Compressed,
            open.CompressProtocol, open.OmitAddressAndControl);
        if (open.Encryptor is not null)
        {
            at += MppeEncryptor.Overhead;
            BinaryPrimitives.WriteUInt16BigEndian(packet[at..], protocol);
            at += 2;
        }
        _gre.WriteHeader(packet, at - header + length, now);
        return at;
    }

    /// <summary>Encrypts and sends the packet whose IP, so long, was written at <paramref name="at"/>.</summary>
    private void EndWhole(DataPathParameters open, int at, int length)
    {
        if (open.Encryptor is { } encryptor)
        {
            Span<byte> packet = _transmit.Next();
            Span<byte> protocolAndPacket = packet.Slice(at - 2, 2 + length);
            Span<byte> mppe = packet[(at - 2 - MppeEncryptor.Overhead)..];
            if (encryptor.IsStateless)
            {
                encryptor.WriteHeader(mppe);
                _transmit.Encrypt(ref _sendTicket, encryptor, protocolAndPacket);
            }
            else
            {
                encryptor.Encrypt(protocolAndPacket, mppe);
            }
        }
        _transmit.Commit(Address, at + length);
    }

    /// <summary>Writes a packet as it travels: encrypted with its protocol number, or in clear without.</summary>
    /// <returns>The octets written.</returns>
    private static int WriteInformation(DataPathParameters open, Span<byte> protocolAndPacket, Span<byte> destination)
    {
        if (open.Encryptor is { } encryptor)
        {
            BinaryPrimitives.WriteUInt16BigEndian(protocolAndPacket, ProtocolOf(protocolAndPacket[2..]));
            return encryptor.Encrypt(protocolAndPacket, destination);
        }
        Span<byte> ip = protocolAndPacket[2..];
        ip.CopyTo(destination);
        return ip.Length;
    }

    private static int InformationLength(DataPathParameters open, int ipLength) =>
        open.Encryptor is null ? ipLength : MppeEncryptor.Overhead + 2 + ipLength;
}
