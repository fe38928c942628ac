using System.Buffers.Binary;
using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Interfaces;

/// <summary>What a router says to all its neighbours (RFC 4861 §4.2), as a whole packet.</summary>
internal static class RouterAdvertisement
{
    private const int HeaderLength = 40;
    private const int MessageLength = 16;
    private const int PrefixLength = 32;

    public static byte[] Of(IPAddress router, Ipv6Prefix prefix)
    {
        byte[] packet = new byte[HeaderLength + MessageLength + PrefixLength];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), MessageLength + PrefixLength);
        packet[6] = 58; // ICMPv6
        packet[7] = 255;
        router.GetAddressBytes().CopyTo(packet, 8);
        IPAddress.Parse("ff02::1").GetAddressBytes().CopyTo(packet, 24);

        Span<byte> message = packet.AsSpan(HeaderLength);
        message[0] = 134;
        message[4] = 64; // hop limit
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], 1800); // it is a default router
        Span<byte> option = message[MessageLength..];
        option[0] = 3;
        option[1] = PrefixLength / 8;
        option[2] = (byte)prefix.Length;
        option[3] = 0xC0; // on-link, autonomous
        BinaryPrimitives.WriteUInt32BigEndian(option[4..], 86400);
        BinaryPrimitives.WriteUInt32BigEndian(option[8..], 14400);
        prefix.Address.GetAddressBytes().CopyTo(option[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Checksum(packet));
        return packet;
    }

    // RFC 8200 §8.1: the pseudo-header is both addresses, the length and the next header.
    private static ushort Checksum(ReadOnlySpan<byte> packet)
    {
        uint sum = (uint)(packet.Length - HeaderLength) + 58;
        for (int i = 8; i < packet.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
