using System.Buffers.Binary;
using System.Net;

namespace Pptp.Benchmarks.Load;

/// <summary>The IP packets of the load: an ICMP echo or a UDP datagram that carries when it was sent.</summary>
internal static class TrafficPacket
{
    /// <summary>Two headers, a mark and a time, with some room, in octets.</summary>
    public const int SmallestSize = 48;

    private const int IpHeader = 20;
    private const int InnerHeader = 8;
    private const int Icmp = 1;
    private const int Udp = 17;
    private const byte EchoRequest = 8;
    private const ushort Port = 4747;
    private const uint Mark = 0x6C6F6164;

    /// <summary>Fills <paramref name="packet"/>, all of it.</summary>
    public static void Write(
        Span<byte> packet, TrafficKind kind, IPAddress source, IPAddress destination, ushort number, long ticks)
    {
        packet.Clear();
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], number);
        packet[8] = 64;
        packet[9] = kind == TrafficKind.Echo ? (byte)Icmp : (byte)Udp;
        source.TryWriteBytes(packet[12..], out _);
        destination.TryWriteBytes(packet[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Checksum(packet[..IpHeader]));

        Span<byte> inner = packet[IpHeader..];
        BinaryPrimitives.WriteUInt32BigEndian(inner[InnerHeader..], Mark);
        BinaryPrimitives.WriteInt64BigEndian(inner[(InnerHeader + 4)..], ticks);
        if (kind == TrafficKind.Echo)
        {
            inner[0] = EchoRequest;
            BinaryPrimitives.WriteUInt16BigEndian(inner[6..], number);
            BinaryPrimitives.WriteUInt16BigEndian(inner[2..], Checksum(inner));
            return;
        }
        // A UDP checksum of zero is none (RFC 768).
        BinaryPrimitives.WriteUInt16BigEndian(inner, Port);
        BinaryPrimitives.WriteUInt16BigEndian(inner[2..], Port);
        BinaryPrimitives.WriteUInt16BigEndian(inner[4..], (ushort)inner.Length);
    }

    /// <summary>When a packet of ours was sent that has come back, or out; false for any other.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out long ticks)
    {
        ticks = 0;
        if (packet.Length < SmallestSize || packet[0] != 0x45) return false;
        ReadOnlySpan<byte> inner = packet[IpHeader..];
        bool isOurs = packet[9] switch
        {
            Icmp => inner[0] == 0,
            Udp => BinaryPrimitives.ReadUInt16BigEndian(inner[2..]) == Port,
            _ => false,
        };
        if (!isOurs || BinaryPrimitives.ReadUInt32BigEndian(inner[InnerHeader..]) != Mark) return false;
        ticks = BinaryPrimitives.ReadInt64BigEndian(inner[(InnerHeader + 4)..]);
        return true;
    }

    private static ushort Checksum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (int i = 0; i + 1 < octets.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(octets[i..]);
        if (octets.Length % 2 != 0) sum += (uint)octets[^1] << 8;
        while (sum > ushort.MaxValue) sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
