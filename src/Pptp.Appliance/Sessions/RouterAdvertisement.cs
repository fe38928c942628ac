using System.Buffers.Binary;
using Pptp.Appliance.DataPlane;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <summary>A router advertisement as the client of a tunnel gets it (RFC 4861 §4.2).</summary>
internal static class RouterAdvertisement
{
    /// <summary>RFC 4861 §6.2.1: AdvDefaultLifetime, three times the longest interval between two.</summary>
    private const ushort RouterLifetime = 1800;

    /// <summary>RFC 4861 §6.2.1: AdvValidLifetime, 30 days.</summary>
    private const uint ValidLifetime = 2_592_000;

    /// <summary>RFC 4861 §6.2.1: AdvPreferredLifetime, 7 days.</summary>
    private const uint PreferredLifetime = 604_800;

    private const int BodyLength = 16;
    private const int MtuLength = 8;
    private const int PrefixLength = 32;
    private const int Length = Ipv6Packet.HeaderLength + BodyLength + MtuLength + PrefixLength;

    private const byte Type = 134;
    private const byte MtuOption = 5;
    private const byte PrefixOption = 3;
    private const byte OnLink = 0x80;
    private const byte OnLinkAndAutonomous = OnLink | 0x40;

    /// <summary>RFC 4861 §4.2: a packet that has passed a router is none.</summary>
    private const byte HopLimit = 255;

    /// <summary>What the client's own packets begin with.</summary>
    private const byte ClientHopLimit = 64;

    private static readonly UInt128 LinkLocal = (UInt128)0xFE80 << 112;
    private static readonly UInt128 AllNodes = ((UInt128)0xFF02 << 112) | 1;

    /// <summary>A whole packet of IPv6.</summary>
    /// <param name="localIdentifier">The lower half of our link-local address.</param>
    /// <param name="prefix">
    /// What the client makes its address in, which takes 64 bits: of a shorter one it is the first /64.
    /// </param>
    /// <param name="mtu">Octets of IP that the tunnel carries.</param>
    public static byte[] Create(ulong localIdentifier, Ipv6Prefix prefix, int mtu)
    {
        byte[] packet = new byte[Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), Length - Ipv6Packet.HeaderLength);
        packet[6] = Ipv6Packet.IcmpV6;
        packet[7] = HopLimit;
        BinaryPrimitives.WriteUInt128BigEndian(packet.AsSpan(8), LinkLocal | localIdentifier);
        BinaryPrimitives.WriteUInt128BigEndian(packet.AsSpan(24), AllNodes);

        Span<byte> icmp = packet.AsSpan(Ipv6Packet.HeaderLength);
        icmp[0] = Type;
        icmp[4] = ClientHopLimit;
        BinaryPrimitives.WriteUInt16BigEndian(icmp[6..], RouterLifetime);

        Span<byte> option = icmp[BodyLength..];
        option[0] = MtuOption;
        option[1] = MtuLength / 8;
        BinaryPrimitives.WriteUInt32BigEndian(option[4..], (uint)mtu);

        option = option[MtuLength..];
        option[0] = PrefixOption;
        option[1] = PrefixLength / 8;
        option[2] = (byte)Math.Max(prefix.Length, Ipv6Prefix.SubnetLength);
        // RFC 4862 §5.5.3: of a longer one no address is made.
        option[3] = prefix.Length <= Ipv6Prefix.SubnetLength ? OnLinkAndAutonomous : OnLink;
        BinaryPrimitives.WriteUInt32BigEndian(option[4..], ValidLifetime);
        BinaryPrimitives.WriteUInt32BigEndian(option[8..], PreferredLifetime);
        BinaryPrimitives.WriteUInt128BigEndian(option[16..], prefix.Network);

        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Checksum(packet));
        return packet;
    }

    /// <summary>RFC 4443 §2.3: over the addresses, the length, the protocol and the message.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> packet)
    {
        uint sum = (uint)(packet.Length - Ipv6Packet.HeaderLength) + Ipv6Packet.IcmpV6;
        for (int i = 8; i < packet.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
