using System.Buffers.Binary;
using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Tests.DataPlane;

public sealed class TcpMssTests
{
    // 10.0.0.5:40000 -> 10.0.0.1:80, SYN, options MSS 1460, SACK permitted, timestamps, NOP, window scale 7.
    private const string Syn =
        "4500003c1c4640004006000a0a0000050a000001"
        + "9c40005012345678000000 00a002faf00000 0000"
        + "020405b40402080a000a1b2c0000000001030307";

    [Test]
    public void A_larger_MSS_is_lowered_and_the_checksum_stays_right()
    {
        byte[] packet = Packet();
        Assert.That(TcpMss.Clamp(packet, 1360), Is.True);
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(42)), Is.EqualTo(1360));
        Assert.That(TcpChecksum(packet), Is.EqualTo(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(36))));
    }

    [Test]
    public void An_option_at_an_odd_offset_is_lowered_too()
    {
        byte[] packet = Packet();
        // NOP, MSS, then padding: the value begins at an odd offset of the header.
        Convert.FromHexString("01020405b4010402").CopyTo(packet, 40);
        SetChecksum(packet);
        Assert.That(TcpMss.Clamp(packet, 1360), Is.True);
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(43)), Is.EqualTo(1360));
        Assert.That(TcpChecksum(packet), Is.EqualTo(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(36))));
    }

    [Test]
    public void Every_MSS_keeps_the_checksum_right([Range(1, 65535, 4099)] int announced)
    {
        byte[] packet = Packet();
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(42), (ushort)announced);
        SetChecksum(packet);
        TcpMss.Clamp(packet, 536);
        Assert.That(TcpChecksum(packet), Is.EqualTo(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(36))));
    }

    [TestCase(1460)]
    [TestCase(1461)]
    public void A_smaller_or_equal_MSS_stays(int maximum) => AssertUntouched(Packet(), maximum);

    [Test]
    public void A_segment_without_SYN_stays()
    {
        byte[] packet = Packet();
        packet[33] = 0x10;
        AssertUntouched(packet, 500);
    }

    [Test]
    public void A_later_fragment_stays()
    {
        byte[] packet = Packet();
        packet[7] = 1;
        AssertUntouched(packet, 500);
    }

    [Test]
    public void UDP_stays()
    {
        byte[] packet = Packet();
        packet[9] = 17;
        AssertUntouched(packet, 500);
    }

    [Test]
    public void Options_that_lie_about_their_length_stay([Values(0, 1, 2, 3, 5, 20, 255)] int length)
    {
        byte[] packet = Packet();
        packet[41] = (byte)length;
        AssertUntouched(packet, 500);
    }

    [Test]
    public void A_packet_cut_off_anywhere_is_no_danger()
    {
        byte[] whole = Packet();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.That(() => TcpMss.Clamp(cut, 500), Throws.Nothing);
        }
    }

    private static void AssertUntouched(byte[] packet, int maximum)
    {
        byte[] before = [.. packet];
        Assert.That(TcpMss.Clamp(packet, maximum), Is.False);
        Assert.That(packet, Is.EqualTo(before));
    }

    private static byte[] Packet()
    {
        byte[] packet = Convert.FromHexString(Syn.Replace(" ", ""));
        SetChecksum(packet);
        return packet;
    }

    private static void SetChecksum(byte[] packet)
    {
        packet[36] = packet[37] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(36), TcpChecksum(packet));
    }

    /// <summary>The checksum from the beginning, as RFC 9293 §3.1 has it: the measure for the repaired one.</summary>
    private static ushort TcpChecksum(byte[] packet)
    {
        uint sum = (uint)(6 + packet.Length - 20);
        for (int i = 12; i < packet.Length; i += 2)
        {
            if (i != 36)
                sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        }
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
