using System.Buffers.Binary;
using System.Net;

namespace Pptp.Testing.Traffic;

/// <summary>IPv6 packets made and read by hand (RFC 8200, RFC 4443, RFC 4861, RFC 9293).</summary>
public static class Ipv6Packet
{
    public const byte EchoRequest = 128;
    public const byte EchoReply = 129;
    public const byte RouterSolicitation = 133;
    public const byte RouterAdvertisement = 134;
    public const byte NeighbourSolicitation = 135;

    private const byte Tcp = 6;
    private const byte IcmpV6 = 58;
    private const int Header = 40;

    public static readonly IPAddress AllRouters = IPAddress.Parse("ff02::2");

    public static byte[] CreateEchoRequest(
        IPAddress source, IPAddress destination, ushort number, ReadOnlySpan<byte> payload = default) =>
        CreateIcmp(source, destination, EchoRequest, [0x12, 0x34, (byte)(number >> 8), (byte)number, .. payload]);

    /// <summary>A message of ICMPv6 that has passed no router.</summary>
    /// <param name="source">Whose it is.</param>
    /// <param name="destination">Whom it is for.</param>
    /// <param name="type">Such as <see cref="RouterSolicitation"/>.</param>
    /// <param name="body">What comes behind the checksum.</param>
    public static byte[] CreateIcmp(IPAddress source, IPAddress destination, byte type, ReadOnlySpan<byte> body)
    {
        byte[] message = [type, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(source, destination, IcmpV6, message));
        return Create(source, destination, IcmpV6, message);
    }

    /// <summary>A SYN with one option, its maximum segment size, and no other.</summary>
    public static byte[] CreateSyn(
        IPAddress source, IPAddress destination, ushort sourcePort, ushort destinationPort, ushort segmentSize)
    {
        byte[] segment = new byte[24];
        BinaryPrimitives.WriteUInt16BigEndian(segment, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), destinationPort);
        segment[12] = 6 << 4;
        segment[13] = 0x02;
        segment[20] = 2;
        segment[21] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(22), segmentSize);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), Checksum(source, destination, Tcp, segment));
        return Create(source, destination, Tcp, segment);
    }

    /// <summary>Reads a message of ICMPv6; false where it is none, or its checksum is wrong.</summary>
    public static bool TryReadIcmp(ReadOnlySpan<byte> packet, out byte type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        if (!TryRead(packet, IcmpV6, out ReadOnlySpan<byte> message) || message.Length < 4)
            return false;
        type = message[0];
        body = message[4..];
        return true;
    }

    /// <summary>Reads the maximum segment size of a SYN that begins its options with it.</summary>
    public static bool TryReadSyn(ReadOnlySpan<byte> packet, out ushort segmentSize)
    {
        segmentSize = 0;
        if (!TryRead(packet, Tcp, out ReadOnlySpan<byte> segment) || segment.Length < 24
            || (segment[13] & 0x02) == 0 || segment[20] != 2)
        {
            return false;
        }

        segmentSize = BinaryPrimitives.ReadUInt16BigEndian(segment[22..]);
        return true;
    }

    public static IPAddress Source(ReadOnlySpan<byte> packet) => new(packet.Slice(8, 16));

    public static IPAddress Destination(ReadOnlySpan<byte> packet) => new(packet.Slice(24, 16));

    public static byte[] Create(IPAddress source, IPAddress destination, byte protocol, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[Header + payload.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload.Length);
        packet[6] = protocol;
        packet[7] = 255;
        source.GetAddressBytes().CopyTo(packet, 8);
        destination.GetAddressBytes().CopyTo(packet, 24);
        payload.CopyTo(packet.AsSpan(Header));
        return packet;
    }

    private static bool TryRead(ReadOnlySpan<byte> packet, byte protocol, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (packet.Length < Header || packet[0] >> 4 != 6 || packet[6] != protocol)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (packet.Length < Header + length)
            return false;
        payload = packet.Slice(Header, length);
        // With the checksum in place the sum of all is zero.
        return Checksum(Source(packet), Destination(packet), protocol, payload) == 0;
    }

    private static ushort Checksum(IPAddress source, IPAddress destination, byte protocol, ReadOnlySpan<byte> payload)
    {
        uint sum = Sum(source.GetAddressBytes()) + Sum(destination.GetAddressBytes())
            + protocol + (uint)payload.Length + Sum(payload);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++)
            sum += (uint)bytes[i] << (i % 2 == 0 ? 8 : 0);
        return sum;
    }
}
