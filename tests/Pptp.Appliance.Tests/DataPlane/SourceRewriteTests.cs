using System.Buffers.Binary;
using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Tests.DataPlane;

/// <summary>Checked against checksums that are computed from scratch.</summary>
public sealed class SourceRewriteTests
{
    private const uint StandIn = 0x0A707001;
    private const uint Address = 0x0A000005;
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    [Test]
    public void Source_and_checksums_are_those_of_a_packet_sent_from_the_new_address(
        [Values(Icmp, Tcp, Udp)] byte protocol, [Values(20, 24, 60)] int header, [Values(20, 33, 1000)] int payload)
    {
        byte[] packet = Packet(protocol, header, payload, StandIn);
        SourceRewrite.Apply(packet, StandIn, Address);
        Assert.That(packet, Is.EqualTo(Packet(protocol, header, payload, Address)));
    }

    [Test]
    public void Many_addresses_all_come_out_right()
    {
        Random random = new(7);
        for (int i = 0; i < 2000; i++)
        {
            uint from = (uint)random.NextInt64(uint.MaxValue);
            uint to = (uint)random.NextInt64(uint.MaxValue);
            byte[] packet = Packet(Tcp, 20, 40, from);
            SourceRewrite.Apply(packet, from, to);
            Assert.That(packet, Is.EqualTo(Packet(Tcp, 20, 40, to)), $"{from:X8} to {to:X8}");
        }
    }

    [Test]
    public void A_forwarded_packet_stays_as_it_is()
    {
        byte[] packet = Packet(Tcp, 20, 40, 0xC0A80107);
        byte[] before = [.. packet];
        SourceRewrite.Apply(packet, StandIn, Address);
        Assert.That(packet, Is.EqualTo(before));
    }

    [Test]
    public void A_later_fragment_has_its_header_repaired_and_its_data_left_alone()
    {
        byte[] packet = Packet(Tcp, 20, 40, StandIn);
        packet[7] = 5;
        byte[] data = packet[20..];
        SourceRewrite.Apply(packet, StandIn, Address);
        Assert.That(packet[20..], Is.EqualTo(data));
        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(12)), Is.EqualTo(Address));
    }

    [Test]
    public void A_datagram_without_a_checksum_gets_none()
    {
        byte[] packet = Packet(Udp, 20, 40, StandIn);
        packet.AsSpan(26, 2).Clear();
        SourceRewrite.Apply(packet, StandIn, Address);
        Assert.That(packet[26..28], Is.EqualTo(new byte[2]));
    }

    [Test]
    public void What_is_too_short_is_left_alone()
    {
        for (int length = 0; length < 40; length++)
        {
            byte[] packet = Packet(Tcp, 20, 20, StandIn)[..length];
            Assert.That(() => SourceRewrite.Apply(packet, StandIn, Address), Throws.Nothing);
        }
    }

    private static byte[] Packet(byte protocol, int header, int payload, uint source)
    {
        byte[] packet = new byte[header + payload];
        new Random(payload).NextBytes(packet);
        packet[0] = (byte)(0x40 | (header / 4));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), 0x4000);
        packet[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), source);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), 0x0A000001);
        packet.AsSpan(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~Sum(packet.AsSpan(0, header)));
        if (protocol == Icmp)
            return packet;
        int at = header + (protocol == Tcp ? 16 : 6);
        packet.AsSpan(at, 2).Clear();
        uint pseudo = Sum(packet.AsSpan(12, 8)) + protocol + (uint)payload;
        ushort checksum = (ushort)~Fold(pseudo + Sum(packet.AsSpan(header)));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), checksum == 0 ? (ushort)0xFFFF : checksum);
        return packet;
    }

    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (int i = 0; i < octets.Length; i++)
            sum += (uint)octets[i] << (i % 2 == 0 ? 8 : 0);
        return Fold(sum);
    }

    private static uint Fold(uint sum)
    {
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return sum;
    }
}
