using System.Buffers.Binary;
using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Tests.DataPlane;

public sealed class Ipv6PacketTests
{
    private const string Addresses = "20010DB8000000000000000000000005" + "20010DB8000000000000000000000001";

    /// <summary>A SYN with MSS 1440, without its checksum.</summary>
    private const string Syn = "9C400050 12345678 00000000 6002FAF0 0000 0000 020405A0";

    [TestCase("3A", "8500", 58, 40, TestName = "Without_extension_headers_it_is_next")]
    [TestCase("00", "3A00050200000000 8500", 58, 48, TestName = "Behind_hop_by_hop_options")]
    [TestCase("3C", "3A01050200000000 0000000000000000 8500", 58, 56, TestName = "Behind_destination_options_of_sixteen")]
    [TestCase("2B", "0600000000000000 9C40", 6, 48, TestName = "Behind_a_routing_header")]
    [TestCase("2C", "0600000112345678 9C40", 6, 48, TestName = "In_a_first_fragment")]
    [TestCase("00", "3C00000000000000 2C00000000000000 0600000112345678 9C40", 6, 64, TestName = "Behind_three")]
    [TestCase("32", "0000000000000000", 50, 40, TestName = "Encrypted_is_a_protocol_like_any_other")]
    public void The_upper_layer(string next, string rest, int protocol, int offset)
    {
        Assert.That(Ipv6Packet.TryFindUpperLayer(Packet(next, rest), out byte found, out int at), Is.True);
        Assert.That((found, at), Is.EqualTo(((byte)protocol, offset)));
    }

    [TestCase("3A", "", TestName = "There_is_nothing_behind_the_header")]
    [TestCase("00", "3A0005020000", TestName = "An_extension_header_is_cut_off")]
    [TestCase("00", "3AFF050200000000 8500", TestName = "An_extension_header_runs_past_the_end")]
    [TestCase("2C", "0600000812345678 9C40", TestName = "A_later_fragment_has_none")]
    public void No_upper_layer(string next, string rest) =>
        Assert.That(Ipv6Packet.TryFindUpperLayer(Packet(next, rest), out _, out _), Is.False);

    [Test]
    public void Extension_headers_without_end_are_not_followed()
    {
        string rest = string.Concat(Enumerable.Repeat("0000000000000000", 100));
        Assert.That(Ipv6Packet.TryFindUpperLayer(Packet("00", rest), out _, out _), Is.False);
    }

    [Test]
    public void Random_octets_are_no_danger()
    {
        Random random = new(8200);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] packet = new byte[40 + random.Next(100)];
            random.NextBytes(packet);
            packet[0] = 0x60;
            packet[6] = new byte[] { 0, 6, 43, 44, 58, 60 }[random.Next(6)];
            Assert.That(() => Ipv6Packet.TryFindUpperLayer(packet, out _, out _), Throws.Nothing);
            Assert.That(() => TcpMss.Clamp(packet, 536), Throws.Nothing);
        }
    }

    [TestCase("06", "", TestName = "The_MSS_of_a_SYN_is_lowered_by_twenty_more_than_over_IPv4")]
    [TestCase("00", "0600050200000000", TestName = "The_MSS_of_a_SYN_behind_options_is_lowered")]
    public void Clamps(string next, string extension)
    {
        byte[] packet = Packet(next, extension + Syn);
        int tcp = packet.Length - 24;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(tcp + 16), Checksum(packet, tcp));
        Assert.That(TcpMss.MayBeTcp(packet), Is.True);
        Assert.That(TcpMss.Clamp(packet, 1410), Is.True);
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(tcp + 22)), Is.EqualTo(1390));
        Assert.That(
            BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(tcp + 16)), Is.EqualTo(Checksum(packet, tcp)));
    }

    [TestCase("06", Syn, 1460, TestName = "A_smaller_MSS_over_IPv6_stays")]
    [TestCase("11", Syn, 536, TestName = "UDP_over_IPv6_stays")]
    [TestCase("2C", "0600000812345678" + Syn, 536, TestName = "A_later_fragment_of_IPv6_stays")]
    [TestCase("06", "9C400050 12345678 00000000 6010FAF0 0000 0000 020405A0", 536, TestName = "No_SYN_over_IPv6_stays")]
    [TestCase("06", "9C400050 12345678 00000000 6002FAF0 0000", 536, TestName = "A_SYN_over_IPv6_that_is_cut_off_stays")]
    public void Leaves(string next, string rest, int maximum)
    {
        byte[] packet = Packet(next, rest);
        byte[] before = [.. packet];
        Assert.That(TcpMss.Clamp(packet, maximum), Is.False);
        Assert.That(packet, Is.EqualTo(before));
    }

    private static byte[] Packet(string nextHeader, string rest) =>
        Convert.FromHexString($"600000000000{nextHeader}40{Addresses}{rest}".Replace(" ", ""));

    /// <summary>RFC 9293 §3.1 with the pseudo-header of RFC 8200 §8.1.</summary>
    private static ushort Checksum(byte[] packet, int tcp)
    {
        uint sum = (uint)(packet.Length - tcp) + 6;
        for (int i = 8; i < 40; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        for (int i = tcp; i < packet.Length; i += 2)
        {
            if (i != tcp + 16)
                sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        }
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
