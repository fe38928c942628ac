using System.Buffers.Binary;

namespace Pptp.Appliance.Tests.DataPlane.Offload;

/// <summary>Packets of TCP and UDP, made word by word, with checksums computed the slow way.</summary>
internal static class Packets
{
    public const byte Ack = 0x10;
    public const byte Push = 0x08;
    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte EcnEcho = 0x40;
    public const byte CongestionWindowReduced = 0x80;

    /// <param name="ipv6">Or IPv4.</param>
    /// <param name="sequence">Of the first octet.</param>
    /// <param name="payload">May be empty.</param>
    /// <param name="identification">Of IPv4.</param>
    /// <param name="flags">Of TCP.</param>
    /// <param name="options">Of TCP, a multiple of four octets.</param>
    /// <param name="port">The source's.</param>
    public static byte[] Tcp(
        bool ipv6, uint sequence, ReadOnlySpan<byte> payload, ushort identification = 0, byte flags = Ack,
        byte[]? options = null, ushort port = 40000)
    {
        options ??= [];
        byte[] tcp = new byte[20 + options.Length + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), 80);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), 0x01020304);
        tcp[12] = (byte)((20 + options.Length) << 2);
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(14), 5000);
        options.CopyTo(tcp, 20);
        payload.CopyTo(tcp.AsSpan(20 + options.Length));
        return Ip(ipv6, 6, tcp, 16, identification);
    }

    public static byte[] Udp(bool ipv6, ReadOnlySpan<byte> payload, ushort identification = 0, ushort port = 40000)
    {
        byte[] udp = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(udp, port);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), 53);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        payload.CopyTo(udp.AsSpan(8));
        return Ip(ipv6, 17, udp, 6, identification);
    }

    /// <summary>Puts an IP header before a transport packet, and the checksum into that.</summary>
    public static byte[] Ip(bool ipv6, byte protocol, byte[] transport, int checksumOffset, ushort identification)
    {
        byte[] ip = new byte[ipv6 ? 40 : 20];
        if (ipv6)
        {
            ip[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), (ushort)transport.Length);
            ip[6] = protocol;
            ip[7] = 64;
            ip[8] = 0xFD;
            ip[23] = 1;
            ip[24] = 0xFD;
            ip[39] = 2;
        }
        else
        {
            ip[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)(20 + transport.Length));
            BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), identification);
            ip[8] = 64;
            ip[9] = protocol;
            new byte[] { 10, 0, 0, 1, 10, 0, 0, 2 }.CopyTo(ip, 12);
        }
        byte[] packet = [.. ip, .. transport];
        WriteChecksums(packet, ip.Length, checksumOffset);
        return packet;
    }

    /// <summary>Writes the checksums of a packet whose headers have changed.</summary>
    public static void WriteChecksums(byte[] packet, int transport, int checksumOffset)
    {
        Span<byte> field = packet.AsSpan(transport + checksumOffset, 2);
        field.Clear();
        byte protocol = transport == 20 ? packet[9] : packet[6];
        byte[] addresses = transport == 20 ? packet[12..20] : packet[8..40];
        int length = packet.Length - transport;
        byte[] covered =
            [.. addresses, 0, protocol, (byte)(length >> 8), (byte)length, .. packet.AsSpan(transport)];
        ushort checksum = Checksum(covered);
        BinaryPrimitives.WriteUInt16BigEndian(field, checksum == 0 && protocol == 17 ? (ushort)0xFFFF : checksum);
        if (transport != 20)
            return;
        packet.AsSpan(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet[..20]));
    }

    /// <summary>RFC 1071, a word at a time.</summary>
    public static ushort Checksum(byte[] octets)
    {
        uint sum = 0;
        for (int i = 0; i < octets.Length; i += 2)
            sum += (uint)((octets[i] << 8) + (i + 1 < octets.Length ? octets[i + 1] : 0));
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
