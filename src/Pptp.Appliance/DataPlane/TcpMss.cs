using System.Buffers.Binary;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Lowers the maximum segment size a TCP SYN announces (RFC 9293 §3.7.1), so that both ends send segments that fit
/// the tunnel also where path MTU discovery fails. Over IPv6 too.
/// </summary>
internal static class TcpMss
{
    private const int Ipv4HeaderLength = 20;

    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;
    private const byte Syn = 0x02;
    private const byte EndOfOptions = 0;
    private const byte NoOperation = 1;
    private const byte MaximumSegmentSizeOption = 2;

    /// <summary>A quick look that spares the copy of most packets that are none of TCP.</summary>
    /// <param name="ip">At least a whole header of IPv4 or IPv6.</param>
    public static bool MayBeTcp(ReadOnlySpan<byte> ip) =>
        ip[0] >> 4 == 4 ? ip[9] == TcpProtocol : Ipv6Packet.NextHeader(ip) is not (UdpProtocol or Ipv6Packet.IcmpV6);

    /// <summary>Clamps in place and repairs the checksum. Anything that is not a whole TCP SYN stays as it is.</summary>
    /// <param name="ip">The packet.</param>
    /// <param name="maximum">Over IPv4.</param>
    /// <returns>Whether the packet was changed.</returns>
    public static bool Clamp(Span<byte> ip, int maximum)
    {
        if (Ipv6Packet.IsWhole(ip))
        {
            return Ipv6Packet.TryFindUpperLayer(ip, out byte protocol, out int offset) && protocol == TcpProtocol
                && ip.Length >= offset + 20
                && ClampSegment(ip[offset..], maximum - (Ipv6Packet.HeaderLength - Ipv4HeaderLength));
        }
        if (ip.Length < 40 || ip[0] >> 4 != 4 || ip[9] != TcpProtocol)
            return false;
        int header = (ip[0] & 0x0F) * 4;
        // A later fragment has no TCP header.
        if (header < Ipv4HeaderLength || (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x1FFF) != 0
            || ip.Length < header + 20)
        {
            return false;
        }
        return ClampSegment(ip[header..], maximum);
    }

    private static bool ClampSegment(Span<byte> tcp, int maximum)
    {
        if ((tcp[13] & Syn) == 0)
            return false;
        int end = Math.Min((tcp[12] >> 4) * 4, tcp.Length);
        for (int i = 20; i < end;)
        {
            byte kind = tcp[i];
            if (kind == EndOfOptions)
                return false;
            if (kind == NoOperation)
            {
                i++;
                continue;
            }
            if (i + 1 >= end || tcp[i + 1] < 2 || i + tcp[i + 1] > end)
                return false;
            if (kind == MaximumSegmentSizeOption && tcp[i + 1] == 4)
                return ClampOption(tcp, i + 2, maximum);
            i += tcp[i + 1];
        }
        return false;
    }

    private static bool ClampOption(Span<byte> tcp, int at, int maximum)
    {
        int announced = BinaryPrimitives.ReadUInt16BigEndian(tcp[at..]);
        if (announced <= maximum)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[at..], (ushort)maximum);
        uint before = (uint)announced;
        uint after = (uint)maximum;
        // An option at an odd offset counts with its octets swapped.
        if ((at & 1) != 0)
        {
            before = BinaryPrimitives.ReverseEndianness((ushort)before);
            after = BinaryPrimitives.ReverseEndianness((ushort)after);
        }
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(tcp[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], InternetChecksum.Replace(checksum, before, after));
        return true;
    }
}
