using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Radius;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>EAP inside RADIUS (RFC 3579), and what a server's answers to it come to.</summary>
public sealed class RadiusEapTests
{
    private static readonly byte[] Success = [3, 7, 0, 4];
    private static readonly byte[] Failure = [4, 7, 0, 4];

    private static readonly AccessRequest Request = new(
        new EapCredentials("alice", [.. "alice"u8], [2, 7, 0, 6, 13, 0]),
        IPAddress.Parse("198.51.100.7"),
        IPAddress.Parse("192.0.2.1"))
    {
        PeerMru = 1400,
    };

    // With ten octets before what it counts, FreeRADIUS fills the client's packets and no more.
    [Test]
    public void The_server_is_told_how_long_its_fragments_may_be()
    {
        RadiusValue mtu = RadiusLogin.Describe(Request, "nas")!.Values
            .Single(value => value.Attribute == RadiusAttributes.FramedMtu);

        Assert.That(mtu.AsInteger(), Is.EqualTo(1390));
    }

    // RFC 3079 §4: MPPE begins with the first 16 octets of each half of EAP-TLS' key; MS-CHAPv2 gives no more.
    [TestCase(32)]
    [TestCase(16)]
    public void Keys_of_any_length_from_16_octets_start_the_encryption_of_their_direction(int length)
    {
        byte[] send = [.. Enumerable.Range(0x10, length).Select(i => (byte)i)];
        byte[] receive = [.. Enumerable.Range(0x80, length).Select(i => (byte)i)];

        var accept = (AccessDecision.Accept)Judge(Signed(
            RadiusCode.AccessAccept, Success, RadiusValue.Of(RadiusAttributes.MsMppeSendKey, send),
            RadiusValue.Of(RadiusAttributes.MsMppeReceiveKey, receive)));

        using MppeStartKeys keys = accept.Keys!;
        Assert.That(keys.Send.ToArray(), Is.EqualTo(send[..16]));
        Assert.That(keys.Receive.ToArray(), Is.EqualTo(receive[..16]));
        Assert.That(keys.SendFor(MppeStrength.Bits56).ToArray(), Is.EqualTo(send[..16]));
        Assert.That(accept.EapPacket, Is.EqualTo(Success));
    }

    [Test]
    public void Keys_that_are_too_short_are_none() =>
        Assert.That(
            ((AccessDecision.Reject)Judge(Signed(
                RadiusCode.AccessAccept, Success, RadiusValue.Of(RadiusAttributes.MsMppeSendKey, new byte[15]),
                RadiusValue.Of(RadiusAttributes.MsMppeReceiveKey, new byte[32])))).Cause,
            Is.EqualTo(RefusalCause.RadiusNoKeys));

    // RFC 3579 §2.6.3: the kind of the answer decides, and what it has for the client goes there as it is.
    [Test]
    public void What_the_answer_is_decides_and_not_what_it_tells_the_client()
    {
        var accept = (AccessDecision.Accept)Judge(Signed(RadiusCode.AccessAccept, Failure), Negotiation.Yes);
        var reject = (AccessDecision.Reject)Judge(Signed(RadiusCode.AccessReject, Success));

        Assert.That(accept.EapPacket, Is.EqualTo(Failure));
        Assert.That((reject.Cause, reject.EapPacket), Is.EqualTo((RefusalCause.RadiusRejected, Success)));
    }

    [TestCase(RadiusCode.AccessAccept, true)]
    [TestCase(RadiusCode.AccessAccept, false, TestName = "Nor_is_one_that_leaves_the_EAP_out")]
    [TestCase(RadiusCode.AccessChallenge, true)]
    [TestCase(RadiusCode.AccessReject, true)]
    public void An_answer_without_Message_Authenticator_is_not_believed(RadiusCode code, bool hasEap)
    {
        byte[] eap = hasEap ? [79, 6, .. Success] : [];
        byte[] octets = [(byte)code, 1, 0, (byte)(20 + eap.Length), .. new byte[16], .. eap];

        Assert.That(
            ((AccessDecision.Reject)Judge(ReplyOf(octets), Negotiation.Yes)).Cause,
            Is.EqualTo(RefusalCause.RadiusUnsigned));
    }

    [Test]
    public void A_server_without_EAP_may_refuse_without_Message_Authenticator() =>
        Assert.That(
            ((AccessDecision.Reject)Judge(ReplyOf([3, 1, 0, 20, .. new byte[16]]))).Cause,
            Is.EqualTo(RefusalCause.RadiusRejected));

    [Test]
    public void A_challenge_without_EAP_is_a_refusal() =>
        Assert.That(
            ((AccessDecision.Reject)Judge(RadiusReplies.Of(RadiusCode.AccessChallenge))).Cause,
            Is.EqualTo(RefusalCause.RadiusChallenge));

    [Test]
    public void A_challenge_in_parts_is_put_together()
    {
        byte[] packet = [1, 8, 2, 88, 13, .. Enumerable.Range(0, 595).Select(i => (byte)i)];
        RadiusValue[] parts =
            [.. packet.Chunk(253).Select(part => RadiusValue.Of(RadiusAttributes.EapMessage, part))];

        var challenge = (AccessDecision.Challenge)Judge(RadiusReplies.Of(RadiusCode.AccessChallenge, parts));

        Assert.That(challenge.EapPacket, Is.EqualTo(packet));
    }

    private static AccessDecision Judge(RadiusOutcome.Reply reply, Negotiation encryption = Negotiation.Required)
    {
        PptpConfiguration configuration = new();
        PppProfile profile = configuration.FindProfile(PppProfile.DefaultName)!;
        configuration = configuration with { Profiles = [profile with { UseEncryption = encryption }] };
        configuration = configuration with
        {
            PptpServer = configuration.PptpServer with { DefaultProfile = PppProfile.DefaultName },
        };
        return RadiusVerdict.Of(Request, reply, null!, configuration);
    }

    private static RadiusOutcome.Reply Signed(RadiusCode code, byte[] eap, params RadiusValue[] values) =>
        RadiusReplies.Of(code, [RadiusValue.Of(RadiusAttributes.EapMessage, eap), .. values]);

    private static RadiusOutcome.Reply ReplyOf(byte[] octets)
    {
        Assert.That(RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem), Is.True, problem);
        return new RadiusOutcome.Reply(
            packet!, TimeSpan.FromMilliseconds(1), RadiusReplies.Authenticator, RadiusReplies.Secret);
    }
}
