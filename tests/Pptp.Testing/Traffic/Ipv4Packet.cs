using System.Buffers.Binary;
using System.Net;

namespace Pptp.Testing.Traffic;

/// <summary>IPv4 packets made and read by hand (RFC 791, RFC 768, RFC 9293).</summary>
public static class Ipv4Packet
{
    private const byte Udp = 17;
    private const byte Tcp = 6;
    private const int Header = 20;

    public static byte[] CreateUdp(
        IPAddress source, IPAddress destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(8));
        ushort checksum = TransportChecksum(source, destination, Udp, datagram);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), checksum == 0 ? (ushort)0xFFFF : checksum);
        return Create(source, destination, Udp, datagram);
    }

    /// <summary>A SYN with one option, its maximum segment size, and no other.</summary>
    public static byte[] CreateSyn(
        IPAddress source, IPAddress destination, ushort sourcePort, ushort destinationPort, ushort segmentSize)
    {
        byte[] segment = CreateSynSegment(source, destination, sourcePort, destinationPort, segmentSize);
        return Create(source, destination, Tcp, segment);
    }

    /// <summary>The same without its IP header.</summary>
    public static byte[] CreateSynSegment(
        IPAddress source, IPAddress destination, ushort sourcePort, ushort destinationPort, ushort segmentSize)
    {
        byte[] segment = new byte[24];
        BinaryPrimitives.WriteUInt16BigEndian(segment, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), 0x01020304);
        segment[12] = 6 << 4;
        segment[13] = 0x02;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 0xFFFF);
        segment[20] = 2;
        segment[21] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(22), segmentSize);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), TransportChecksum(source, destination, Tcp, segment));
        return segment;
    }

    public static bool TryReadUdp(
        ReadOnlySpan<byte> packet, out ushort sourcePort, out ushort destinationPort, out ReadOnlySpan<byte> payload)
    {
        (sourcePort, destinationPort) = (0, 0);
        payload = default;
        if (!TryReadTransport(packet, Udp, out ReadOnlySpan<byte> datagram) || datagram.Length < 8)
            return false;
        sourcePort = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        destinationPort = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        payload = datagram[8..];
        return true;
    }

    /// <summary>Reads what <see cref="CreateSyn"/> makes.</summary>
    /// <param name="packet">With its IP header.</param>
    /// <param name="sourcePort">Tells SYNs apart.</param>
    /// <param name="segmentSize">What the option says.</param>
    /// <param name="checksumIsGood">TCP's checksum fits the segment as it came.</param>
    public static bool TryReadSyn(
        ReadOnlySpan<byte> packet, out ushort sourcePort, out ushort segmentSize, out bool checksumIsGood)
    {
        (sourcePort, segmentSize, checksumIsGood) = (0, 0, false);
        if (!TryReadTransport(packet, Tcp, out ReadOnlySpan<byte> segment)
            || segment.Length != 24 || segment[13] != 0x02 || segment[20] != 2)
        {
            return false;
        }

        sourcePort = BinaryPrimitives.ReadUInt16BigEndian(segment);
        segmentSize = BinaryPrimitives.ReadUInt16BigEndian(segment[22..]);
        // With the checksum in place the sum of all is zero.
        checksumIsGood = TransportChecksum(
            new IPAddress(packet.Slice(12, 4)), new IPAddress(packet.Slice(16, 4)), Tcp, segment) == 0;
        return true;
    }

    private static byte[] Create(IPAddress source, IPAddress destination, byte protocol, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[Header + payload.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = protocol;
        source.GetAddressBytes().CopyTo(packet, 12);
        destination.GetAddressBytes().CopyTo(packet, 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Fold(Sum(packet.AsSpan(0, Header))));
        payload.CopyTo(packet.AsSpan(Header));
        return packet;
    }

    private static bool TryReadTransport(ReadOnlySpan<byte> packet, byte protocol, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (packet.Length < Header || packet[0] >> 4 != 4 || packet[9] != protocol)
            return false;
        int header = (packet[0] & 0x0F) * 4;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (header < Header || length < header || length > packet.Length)
            return false;
        payload = packet[header..length];
        return true;
    }

    private static ushort TransportChecksum(
        IPAddress source, IPAddress destination, byte protocol, ReadOnlySpan<byte> payload) =>
        Fold(Sum(source.GetAddressBytes()) + Sum(destination.GetAddressBytes()) + protocol + (uint)payload.Length
            + Sum(payload));

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++)
            sum += (uint)bytes[i] << (i % 2 == 0 ? 8 : 0);
        return sum;
    }

    private static ushort Fold(uint sum)
    {
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
