using Pptp.Protocol.Gre;
using Pptp.Protocol.Tests.Control;

namespace Pptp.Protocol.Tests.Gre;

/// <summary>RFC 2637 §4.1.</summary>
public sealed class GrePacketTests
{
    // Key, sequence and acknowledgement present; an LCP Configure-Request as payload.
    private const string Data = "3081 880b 000c 43dc 00000001 00000007 ff03c021 01010008 02060000";

    [Test]
    public void A_packet_with_everything_is_read()
    {
        byte[] bytes = ControlBytes.Parse(Data);

        Assert.That(GrePacket.TryParse(bytes, out GrePacket packet), Is.True);
        Assert.That(packet.CallId, Is.EqualTo(0x43DC));
        Assert.That(packet.HasSequence, Is.True);
        Assert.That(packet.Sequence, Is.EqualTo(1));
        Assert.That(packet.HasAcknowledgement, Is.True);
        Assert.That(packet.Acknowledgement, Is.EqualTo(7));
        Assert.That(packet.PayloadOffset, Is.EqualTo(16));
        Assert.That(Convert.ToHexString(packet.Payload), Is.EqualTo("FF03C021" + "01010008" + "02060000"));
    }

    [Test]
    public void A_packet_without_acknowledgement_is_read()
    {
        Assert.That(
            GrePacket.TryParse(ControlBytes.Parse("3001 880b 0002 0000 ffffffff c021"), out GrePacket packet), Is.True);

        Assert.That(packet.CallId, Is.Zero);
        Assert.That(packet.Sequence, Is.EqualTo(uint.MaxValue));
        Assert.That(packet.HasAcknowledgement, Is.False);
        Assert.That(packet.Acknowledgement, Is.Zero);
        Assert.That(packet.PayloadOffset, Is.EqualTo(12));
        Assert.That(packet.Payload.Length, Is.EqualTo(2));
    }

    // The acknowledgement number takes the place of the missing sequence number.
    [Test]
    public void An_acknowledgement_alone_is_read()
    {
        Assert.That(
            GrePacket.TryParse(ControlBytes.Parse("2081 880b 0000 ffff 00000102"), out GrePacket packet), Is.True);

        Assert.That(packet.HasSequence, Is.False);
        Assert.That(packet.Sequence, Is.Zero);
        Assert.That(packet.Acknowledgement, Is.EqualTo(0x102));
        Assert.That(packet.Payload.IsEmpty, Is.True);
    }

    [Test]
    public void Octets_after_the_payload_are_not_part_of_it()
    {
        Assert.That(
            GrePacket.TryParse(ControlBytes.Parse("3001 880b 0002 0001 00000000 c021 000000"), out GrePacket packet),
            Is.True);

        Assert.That(packet.Payload.Length, Is.EqualTo(2));
    }

    [Test]
    public void No_prefix_of_a_packet_is_a_packet()
    {
        byte[] bytes = ControlBytes.Parse(Data);
        for (int length = 0; length < bytes.Length; length++)
            Assert.That(GrePacket.TryParse(bytes.AsSpan(0, length), out _), Is.False, $"{length} octets");
    }

    [TestCase("b001 880b 0002 0001 00000000 c021", Description = "checksum")]
    [TestCase("7001 880b 0002 0001 00000000 c021", Description = "routing")]
    [TestCase("1001 880b 0002 0001 00000000 c021", Description = "no key")]
    [TestCase("3801 880b 0002 0001 00000000 c021", Description = "strict source route")]
    [TestCase("3101 880b 0002 0001 00000000 c021", Description = "recursion 1")]
    [TestCase("3401 880b 0002 0001 00000000 c021", Description = "recursion 4")]
    [TestCase("3000 880b 0002 0001 00000000 c021", Description = "version 0")]
    [TestCase("3002 880b 0002 0001 00000000 c021", Description = "version 2")]
    [TestCase("3009 880b 0002 0001 00000000 c021", Description = "reserved flag 08")]
    [TestCase("3041 880b 0002 0001 00000000 c021", Description = "reserved flag 40")]
    [TestCase("3001 0800 0002 0001 00000000 c021", Description = "IPv4 in GRE")]
    [TestCase("3001 880c 0002 0001 00000000 c021", Description = "another protocol")]
    [TestCase("3001 880b 0003 0001 00000000 c021", Description = "payload longer than what arrived")]
    [TestCase("3001 880b ffff 0001 00000000 c021", Description = "payload much longer than what arrived")]
    [TestCase("3001 880b 0000 0001 00000000 c021", Description = "sequence without payload")]
    [TestCase("2001 880b 0002 0001 c021", Description = "payload without sequence")]
    [TestCase("2081 880b 0002 0001 00000000 c021", Description = "payload without sequence, with acknowledgement")]
    public void What_RFC_2637_does_not_allow_is_not_read(string hex) =>
        Assert.That(GrePacket.TryParse(ControlBytes.Parse(hex), out _), Is.False);

    [Test]
    public void Random_octets_are_read_safely([Range(1, 50)] int seed)
    {
        var random = new Xorshift((ulong)seed);
        byte[] start = ControlBytes.Parse(Data);
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = new byte[random.Next(40)];
            random.Fill(bytes);
            if (random.Next(4) > 0)
            {
                // Nearly right: only a few octets of a good packet are changed.
                start.AsSpan(0, Math.Min(start.Length, bytes.Length)).CopyTo(bytes);
                for (int n = random.Next(3); n > 0 && bytes.Length > 0; n--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next();
            }

            if (GrePacket.TryParse(bytes, out GrePacket packet))
            {
                if (packet.PayloadOffset + packet.Payload.Length > bytes.Length
                    || packet.HasSequence != packet.Payload.Length > 0)
                {
                    Assert.Fail(Convert.ToHexString(bytes));
                }

                _ = packet.Sequence + packet.Acknowledgement + packet.CallId;
            }
        }
    }
}
