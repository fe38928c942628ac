using System.Buffers.Binary;
using Pptp.Linux;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.DataPlane;

/// <content>What goes to the peer.</content>
internal sealed partial class DataPath
{
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
            if (_toPeer?.IsOpen(now) == false)
            {
                IsPaused = true;
                return true;
            }
            int length = open.Tun.Read(room[2..]);
            if (length <= 0)
                return length != TunDevice.Gone;
            SendPacket(open, room[..(2 + length)], now);
        }
        return true;
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
        if (Exceeds(open, open.LimitBytesOut, _txBytes, ip.Length))
            return;

        Transmit(open, protocolAndPacket, now);
        _toPeer?.Take(ip.Length);
        _txPackets++;
        _txBytes += ip.Length;
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
        Span<byte> packet = transmit.Next();
        int header = _gre.NextHeaderLength;
        int at = header + PppFrame.WriteHeader(
            packet[header..], open.Encryptor is null ? ProtocolOf(protocolAndPacket[2..]) : PppProtocol.Compressed,
            open.CompressProtocol, open.OmitAddressAndControl);
        at += WriteInformation(open, protocolAndPacket, packet[at..]);
        _gre.WriteHeader(packet, at - header, now);
        transmit.Commit(Address, at);
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
