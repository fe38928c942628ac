using System.Buffers.Binary;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Lowers the maximum segment size a TCP SYN announces (RFC 9293 §3.7.1), so that both ends send segments that fit
/// the tunnel also where path MTU discovery fails. IPv4 only, as RouterOS' change-tcp-mss.
/// </summary>
internal static class TcpMss
{
    private const byte TcpProtocol = 6;
    private const byte Syn = 0x02;
    private const byte EndOfOptions = 0;
    private const byte NoOperation = 1;
    private const byte MaximumSegmentSizeOption = 2;

    /// <summary>Clamps in place and repairs the checksum. Anything that is not a whole TCP SYN stays as it is.</summary>
    /// <returns>Whether the packet was changed.</returns>
    public static bool Clamp(Span<byte> ip, int maximum)
    {
        if (ip.Length < 40 || ip[0] >> 4 != 4 || ip[9] != TcpProtocol)
            return false;
        int header = (ip[0] & 0x0F) * 4;
        // A later fragment has no TCP header.
        if (header < 20 || (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x1FFF) != 0 || ip.Length < header + 20)
            return false;
        Span<byte> tcp = ip[header..];
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
