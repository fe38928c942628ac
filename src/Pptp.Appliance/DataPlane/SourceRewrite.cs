using System.Buffers.Binary;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Gives packets that the host itself sent before a tunnel had its address the address that it got. The checksums of
/// IPv4, TCP and UDP cover the address; that of ICMP does not.
/// </summary>
internal static class SourceRewrite
{
    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;
    private const int SourceOffset = 12;

    /// <summary>Rewrites in place; what comes from another source, forwarded packets say, stays as it is.</summary>
    /// <param name="ip">A packet of IPv4.</param>
    /// <param name="from">The source to be replaced, the first octet highest.</param>
    /// <param name="to">What takes its place, likewise.</param>
    public static void Apply(Span<byte> ip, uint from, uint to)
    {
        if (ip.Length < 20 || ip[0] >> 4 != 4 || BinaryPrimitives.ReadUInt32BigEndian(ip[SourceOffset..]) != from)
            return;
        BinaryPrimitives.WriteUInt32BigEndian(ip[SourceOffset..], to);
        Repair(ip[10..], from, to);
        int header = (ip[0] & 0x0F) * 4;
        // A later fragment has no transport header.
        if ((BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x1FFF) != 0)
            return;
        if (ip[9] == TcpProtocol && ip.Length >= header + 18)
            Repair(ip[(header + 16)..], from, to);
        else if (ip[9] == UdpProtocol && ip.Length >= header + 8)
            RepairUdp(ip[(header + 6)..], from, to);
    }

    private static void Repair(Span<byte> checksum, uint from, uint to) => BinaryPrimitives.WriteUInt16BigEndian(
        checksum,
        InternetChecksum.Replace(
            BinaryPrimitives.ReadUInt16BigEndian(checksum), (from >> 16) + (from & 0xFFFF), (to >> 16) + (to & 0xFFFF)));

    private static void RepairUdp(Span<byte> checksum, uint from, uint to)
    {
        // RFC 768: zero is none at all, and a sum that comes to zero is written as all ones.
        if (BinaryPrimitives.ReadUInt16BigEndian(checksum) == 0)
            return;
        Repair(checksum, from, to);
        if (BinaryPrimitives.ReadUInt16BigEndian(checksum) == 0)
            BinaryPrimitives.WriteUInt16BigEndian(checksum, 0xFFFF);
    }
}
