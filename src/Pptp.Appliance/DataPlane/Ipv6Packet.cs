using System.Buffers.Binary;

namespace Pptp.Appliance.DataPlane;

/// <summary>The form of a packet of IPv6 (RFC 8200).</summary>
internal static class Ipv6Packet
{
    /// <summary>Octets of the header that every packet begins with.</summary>
    public const int HeaderLength = 40;

    public const byte HopByHopOptions = 0;
    public const byte IcmpV6 = 58;

    private const int NextHeaderOffset = 6;
    private const int SourceOffset = 8;
    private const int DestinationOffset = 24;

    private const byte Routing = 43;
    private const byte Fragment = 44;
    private const byte DestinationOptions = 60;

    /// <summary>More extension headers than any packet has that means well.</summary>
    private const int MostExtensions = 8;

    public static bool IsWhole(ReadOnlySpan<byte> ip) => ip.Length >= HeaderLength && ip[0] >> 4 == 6;

    /// <summary>Of a packet that <see cref="IsWhole"/>, as are the next.</summary>
    public static UInt128 Source(ReadOnlySpan<byte> ip) => BinaryPrimitives.ReadUInt128BigEndian(ip[SourceOffset..]);

    public static UInt128 Destination(ReadOnlySpan<byte> ip) =>
        BinaryPrimitives.ReadUInt128BigEndian(ip[DestinationOffset..]);

    public static byte NextHeader(ReadOnlySpan<byte> ip) => ip[NextHeaderOffset];

    /// <summary>Finds what lies behind the extension headers (RFC 8200 §4).</summary>
    /// <param name="ip">The packet.</param>
    /// <param name="protocol">Such as TCP's number.</param>
    /// <param name="offset">Where it begins, within the packet.</param>
    /// <returns>False: it is not in this packet, which is a later fragment or cut off.</returns>
    public static bool TryFindUpperLayer(ReadOnlySpan<byte> ip, out byte protocol, out int offset)
    {
        protocol = NextHeader(ip);
        offset = HeaderLength;
        for (int i = 0; i < MostExtensions; i++)
        {
            if (protocol is not (HopByHopOptions or Routing or Fragment or DestinationOptions))
                return offset < ip.Length;
            if (offset + 8 > ip.Length)
                return false;
            // The low three bits are no part of a fragment's offset.
            if (protocol == Fragment && BinaryPrimitives.ReadUInt16BigEndian(ip[(offset + 2)..]) >> 3 != 0)
                return false;
            int length = protocol == Fragment ? 8 : (ip[offset + 1] + 1) * 8;
            protocol = ip[offset];
            offset += length;
        }
        return false;
    }
}
