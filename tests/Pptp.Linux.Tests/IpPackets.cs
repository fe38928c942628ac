using System.Buffers.Binary;
using System.Net;

namespace Pptp.Linux.Tests;

/// <summary>Packets built by hand, as they stand on the wire.</summary>
internal static class IpPackets
{
    internal const int IcmpEchoRequest = 8;
    internal const int IcmpEchoReply = 0;

    /// <summary>An ICMP echo request in IPv4 (RFC 791 §3.1, RFC 792).</summary>
    internal static byte[] EchoRequest(string source, string destination, byte[] data)
    {
        byte[] packet = new byte[20 + 8 + data.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 1;
        IPAddress.Parse(source).GetAddressBytes().CopyTo(packet, 12);
        IPAddress.Parse(destination).GetAddressBytes().CopyTo(packet, 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, 20)));
        packet[20] = IcmpEchoRequest;
        packet[24] = 0x12;
        packet[25] = 0x34;
        packet[27] = 1;
        data.CopyTo(packet, 28);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), Checksum(packet.AsSpan(20)));
        return packet;
    }

    /// <summary>RFC 1071, for an even number of bytes.</summary>
    internal static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>An enhanced GRE packet: RFC 2637 §4.1, K and S set, version 1, the payload a pattern.</summary>
    internal static byte[] Gre(ushort callId, uint sequence, int payloadLength)
    {
        byte[] packet = new byte[12 + payloadLength];
        packet[0] = 0x30;
        packet[1] = 0x01;
        packet[2] = 0x88;
        packet[3] = 0x0B;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payloadLength);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), callId);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), sequence);
        for (int i = 12; i < packet.Length; i++)
        {
            packet[i] = (byte)(i * 7 + sequence);
        }

        return packet;
    }
}
