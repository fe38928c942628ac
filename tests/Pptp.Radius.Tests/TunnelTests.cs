using static Pptp.Radius.RadiusAttributes;

namespace Pptp.Radius.Tests;

/// <summary>The tunnel attributes of RFC 2868 §3, with their octets.</summary>
public sealed class TunnelTests
{
    private const string Authenticator = "0f403f9473978057bd83d5cb98f4227a";

    // "shared by both" under the salt 8a5c, hidden with Python's hashlib.
    private const string Hidden = "8a5c13d3e5e2b13704201929cbdada10fdae";

    private static ReadOnlySpan<byte> Secret => "xyzzy5461"u8;

    private static readonly RadiusAttribute[] All =
    [
        TunnelType, TunnelMediumType, TunnelClientEndpoint, TunnelServerEndpoint, TunnelPassword,
        TunnelPrivateGroupId, TunnelAssignmentId, TunnelPreference, TunnelClientAuthId, TunnelServerAuthId,
    ];

    [Test]
    public void Each_has_its_number_and_a_tag()
    {
        Assert.That(All.Select(one => (int)one.Type), Is.EqualTo(new[] { 64, 65, 66, 67, 69, 81, 82, 83, 90, 91 }));
        Assert.That(All, Is.All.Property(nameof(RadiusAttribute.IsTagged)).True);
        Assert.That(All.Select(one => Find(0, one.Type)), Is.EqualTo(All));
    }

    [TestCase("400600000001", 0, 1u, "Tunnel-Type = 1")]
    [TestCase("400601000001", 1, 1u, "Tunnel-Type:1 = 1")]
    [TestCase("41061f000001", 31, 1u, "Tunnel-Medium-Type:31 = 1")]
    [TestCase("530602ffffff", 2, 0xFFFFFFu, "Tunnel-Preference:2 = 16777215")]
    [TestCase("400620000001", 0, null, "Tunnel-Type = ")]
    [TestCase("4005010001", 1, null, "Tunnel-Type:1 = ")]
    [TestCase("40070100000001", 1, null, "Tunnel-Type:1 = ")]
    [TestCase("4002", 0, null, "Tunnel-Type = ")]
    public void A_number_has_a_tag_and_three_octets(string octets, int tag, uint? number, string text)
    {
        RadiusValue value = ReadOne(octets);
        Assert.That((value.Tag, value.AsInteger(), value.ToString()), Is.EqualTo(((byte)tag, number, text)));
    }

    [TestCase("420a31302e312e322e33", 0, "10.1.2.3")]
    [TestCase("420b0031302e312e322e33", 0, "10.1.2.3")]
    [TestCase("420b1f31302e312e322e33", 31, "10.1.2.3")]
    [TestCase("42042061", 0, " a")]
    [TestCase("42051f2061", 31, " a")]
    [TestCase("420301", 1, null)]
    [TestCase("4202", 0, null)]
    [TestCase("420401ff", 1, null)]
    public void A_first_octet_that_is_no_tag_belongs_to_the_text(string octets, int tag, string? text)
    {
        RadiusValue value = ReadOne(octets);
        Assert.That((value.Tag, value.AsText()), Is.EqualTo(((byte)tag, text)));
    }

    [Test]
    public void Of_an_attribute_without_a_tag_every_octet_belongs_to_the_value()
    {
        Assert.That(ReadOne("1b0601000001").AsInteger(), Is.EqualTo(0x01000001));
        Assert.That(ReadOne("01040161").AsText(), Is.EqualTo("\u0001a"));
        Assert.That(ReadOne("01040161").Tag, Is.Zero);
    }

    [Test]
    public void They_are_written_with_their_tag()
    {
        byte[] packet = RadiusCodec.WriteRequest(
            new RadiusRequest(RadiusCode.AccessRequest,
            [
                RadiusValue.OfTunnel(TunnelType, 1, 1),
                RadiusValue.OfTunnel(TunnelMediumType, 1, 1),
                RadiusValue.OfTunnel(TunnelClientEndpoint, 1, "10.1.2.3"),
                RadiusValue.Of(TunnelServerEndpoint, "10.1.2.4"),
                RadiusValue.Of(TunnelPreference, 5),
            ]),
            1, Secret, Hex(Authenticator), withMessageAuthenticator: false);
        Assert.That(Convert.ToHexStringLower(packet.AsSpan(20)), Is.EqualTo(
            "400601000001" + "410601000001" + "420b0131302e312e322e33" + "430b0031302e312e322e34" + "530600000005"));
    }

    [TestCase(0x01)]
    [TestCase(0x00)]
    [TestCase(0x20)]
    public void A_password_is_read_after_its_tag_whatever_that_is(byte tag)
    {
        RadiusOutcome.Reply reply = ReplyWith($"4515{tag:x2}{Hidden}");
        Assert.That(reply.ReadKey(TunnelPassword), Is.EqualTo("shared by both"u8.ToArray()));
        Assert.That(reply.Packet.Find(TunnelPassword)!.Tag, Is.EqualTo(tag == 0x20 ? 0 : tag));
        Assert.That(reply.Packet.Find(TunnelPassword)!.ToString(), Does.Not.Contain("shared"));
    }

    [TestCase("4502")]
    [TestCase("450301")]
    [TestCase("4505018a5c")]
    [TestCase("4514" + Hidden)]
    [TestCase("451601" + Hidden + "00")]
    public void A_password_of_no_possible_length_is_none(string octets) =>
        Assert.That(ReplyWith(octets).ReadKey(TunnelPassword), Is.Null);

    [Test]
    public void A_password_is_hidden_after_its_tag()
    {
        RadiusPacket request = Parse(RadiusCodec.WriteRequest(
            new RadiusRequest(RadiusCode.AccessRequest, []), 3, Secret, Hex(Authenticator)));
        byte[] packet = RadiusCodec.WriteReply(
            RadiusCode.AccessAccept, request, [RadiusValue.OfTunnel(TunnelPassword, 7, "shared by both")], Secret);
        // After Message-Authenticator; the salt's highest bit is set (RFC 2868 §3.5).
        Assert.That(Convert.ToHexStringLower(packet.AsSpan(38, 3)), Is.EqualTo("451507"));
        Assert.That(packet[41] & 0x80, Is.Not.Zero);
        RadiusOutcome.Reply reply = new(Parse(packet), TimeSpan.Zero, Hex(Authenticator), Secret.ToArray());
        Assert.That(reply.ReadKey(TunnelPassword), Is.EqualTo("shared by both"u8.ToArray()));
    }

    [Test]
    public void What_does_not_fit_is_an_error_of_the_caller()
    {
        Assert.That(() => RadiusValue.OfTunnel(TunnelType, 32, 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => RadiusValue.OfTunnel(TunnelType, 1, 0x1000000), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => RadiusValue.Of(TunnelType, 0x1000000), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => RadiusValue.OfTunnel(UserName, 1, "nemo"), Throws.ArgumentException);
        Assert.That(() => RadiusValue.OfTunnel(TunnelClientEndpoint, 1, ""), Throws.ArgumentException);
        Assert.That(RadiusValue.OfTunnel(TunnelClientEndpoint, 1, new string('a', 252)).Octets, Has.Length.EqualTo(253));
        Assert.That(() => RadiusValue.OfTunnel(TunnelClientEndpoint, 1, new string('a', 253)), Throws.ArgumentException);
        RadiusRequest request = new(
            RadiusCode.AccessRequest, [RadiusValue.OfTunnel(TunnelPassword, 1, new string('a', 240))]);
        Assert.That(() => RadiusCodec.WriteRequest(request, 1, Secret, Hex(Authenticator)), Throws.ArgumentException);
    }

    private static RadiusValue ReadOne(string attribute) => PacketWith(attribute).Values.Single();

    private static RadiusOutcome.Reply ReplyWith(string attribute) =>
        new(PacketWith(attribute), TimeSpan.Zero, Hex(Authenticator), Secret.ToArray());

    private static RadiusPacket PacketWith(string attribute)
    {
        byte[] octets = Hex(attribute);
        return Parse([2, 0, 0, (byte)(20 + octets.Length), .. new byte[16], .. octets]);
    }

    private static RadiusPacket Parse(byte[] octets)
    {
        Assert.That(RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem), problem);
        return packet!;
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
