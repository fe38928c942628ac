namespace Pptp.Radius.Tests;

public sealed class RadiusPacketTests
{
    /// <summary>RFC 2865 §7.1: the Access-Request of nemo.</summary>
    private const string Nemo =
        "0100003800000000000000000000000000000000" + "01066e656d6f" + "0212" + "0dbe708d93d413ce3196e43f782a0aee"
        + "0406c0a80110" + "050600000003";

    [Test]
    public void A_request_is_read_attribute_by_attribute()
    {
        Assert.That(RadiusPacket.TryParse(Convert.FromHexString(Nemo), out RadiusPacket? packet, out _));
        Assert.That(packet!.Code, Is.EqualTo(RadiusCode.AccessRequest));
        Assert.That(packet.Find(RadiusAttributes.UserName)!.AsText(), Is.EqualTo("nemo"));
        Assert.That(packet.Find(RadiusAttributes.NasIpAddress)!.AsAddress()!.ToString(), Is.EqualTo("192.168.1.16"));
        Assert.That(packet.Find(RadiusAttributes.NasPort)!.AsInteger(), Is.EqualTo(3));
        Assert.That(packet.HasMessageAuthenticator, Is.False);
    }

    [TestCase("", "no packet")]
    [TestCase("01000014000000000000000000000000000000", "no packet")]
    [TestCase("0100001500000000000000000000000000000000", "length is 21 in 20")]
    [TestCase("0100001300000000000000000000000000000000", "length is 19")]
    [TestCase("010000150000000000000000000000000000000001", "attribute 1 at 20 has the length 0")]
    [TestCase("01000016000000000000000000000000000000000101", "attribute 1 at 20 has the length 1")]
    [TestCase("01000016000000000000000000000000000000000103", "attribute 1 at 20 has the length 3")]
    [TestCase("010000170000000000000000000000000000000050030a", "Message-Authenticator has 1 octets")]
    public void A_length_that_does_not_fit_is_told(string hex, string problem)
    {
        Assert.That(RadiusPacket.TryParse(Convert.FromHexString(hex), out _, out string? why), Is.False);
        Assert.That(why, Does.Contain(problem));
    }

    [Test]
    public void Several_attributes_of_a_vendor_may_share_one()
    {
        // RFC 2865 §5.26, with Mikrotik-Group "ab" and Mikrotik-Recv-Limit 7.
        const string Hex = "0200002400000000000000000000000000000000" + "1a1000003a8c" + "03046162" + "010600000007";
        Assert.That(RadiusPacket.TryParse(Convert.FromHexString(Hex), out RadiusPacket? packet, out _));
        Assert.That(packet!.Find(RadiusAttributes.MikrotikGroup)!.AsText(), Is.EqualTo("ab"));
        Assert.That(packet.Find(RadiusAttributes.MikrotikReceiveLimit)!.AsInteger(), Is.EqualTo(7));
    }
}
