using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>The asked side of PAP, CHAP-MD5 and MS-CHAPv1.</summary>
public sealed class WeakPeerTests
{
    private static readonly byte[] Challenge16 =
        ChapBytes.Challenge(0x41, Rfc2759Example.AuthenticatorChallenge, "pptpd");

    private static readonly byte[] Challenge8 = ChapBytes.Challenge(0x41, HexBytes.Of("102DB5DF085D3041"), "pptpd");

    [Test]
    public void A_CHAP_MD5_challenge_is_answered()
    {
        using var peer = new ChapMd5Peer("User", "clientPass"u8);

        peer.Receive(Challenge16);

        Assert.That(
            Sent(peer), Is.EqualTo(HexBytes.Of("02 41 0019 10 e1c9727e7de33d8ba65f15595d887a2a 55736572")));
        Assert.That(peer.TryTake(out _), Is.False);
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    [TestCase(24, true)]
    public void A_CHAP_MD5_challenge_has_any_length_but_none(int length, bool answered)
    {
        using var peer = new ChapMd5Peer("User", "clientPass"u8);

        peer.Receive(ChapBytes.Challenge(0x41, new byte[length], "pptpd"));

        Assert.That(peer.TryTake(out _), Is.EqualTo(answered));
    }

    [Test]
    public void An_MS_CHAPv1_challenge_is_answered_without_LM_response()
    {
        using MsChapV1Peer peer = MsChapV1Peer.FromPassword("User", "MyPw");

        peer.Receive(Challenge8);

        Assert.That(
            Sent(peer),
            Is.EqualTo(HexBytes.Of(
                "02 41 003A 31 000000000000000000000000000000000000000000000000"
                + "4E9D3C8F9CFD385D5BF4D3246791956CA4C351AB409A3D61 01 55736572")));
    }

    [Test]
    public void An_MS_CHAPv2_challenge_is_none_for_MS_CHAPv1()
    {
        using MsChapV1Peer peer = MsChapV1Peer.FromPassword("User", "MyPw");

        peer.Receive(Challenge16);

        Assert.That(peer.TryTake(out _), Is.False);
    }

    [Test]
    public void A_failure_of_MS_CHAPv1_tells_its_code()
    {
        using MsChapV1Peer peer = MsChapV1Peer.FromPassword("User", "MyPw");
        peer.Receive(Challenge8);
        Sent(peer);

        peer.Receive(ChapBytes.Failure(0x41, "E=691 R=0 C=0123456789ABCDEF V=2"));

        Assert.That(
            Take(peer), Is.EqualTo(new AuthenticationEvent.Failed("E=691 R=0 C=0123456789ABCDEF V=2")));
        Assert.That(peer.ErrorCode, Is.EqualTo(691));
    }

    [Test]
    public void A_success_needs_no_proof()
    {
        using var md5 = new ChapMd5Peer("User", "clientPass"u8);
        using MsChapV1Peer v1 = MsChapV1Peer.FromPassword("User", "MyPw");
        foreach ((ChapPeer peer, byte[] challenge) in new (ChapPeer, byte[])[] { (md5, Challenge16), (v1, Challenge8) })
        {
            peer.Receive(challenge);
            Sent(peer);

            peer.Receive(ChapBytes.Success(0x42, ""));
            Assert.That(peer.TryTake(out _), Is.False, "another identifier");
            peer.Receive(ChapBytes.Success(0x41, ""));

            Assert.That(Take(peer), Is.InstanceOf<AuthenticationEvent.Succeeded>());
        }
    }

    [Test]
    public void A_PAP_peer_sends_its_request_under_another_number_each_time()
    {
        using var peer = new PapPeer("User", "clientPass"u8);

        peer.SendRequest();
        peer.SendRequest();

        Assert.That(Sent(peer), Is.EqualTo(PapBytes.Request(1, "User", "clientPass")));
        Assert.That(Sent(peer), Is.EqualTo(PapBytes.Request(2, "User", "clientPass")));
        Assert.That(peer.Protocol, Is.EqualTo(0xC023));
    }

    [TestCase("02 01 0005 00")]
    [TestCase("02 01 0004")]
    [TestCase("02 01 000C 07 57656C636F6D65")]
    public void An_ack_is_success(string packet)
    {
        using var peer = new PapPeer("User", "clientPass"u8);
        peer.SendRequest();
        Sent(peer);

        peer.Receive(HexBytes.Of(packet));

        Assert.That(Take(peer), Is.InstanceOf<AuthenticationEvent.Succeeded>());
    }

    [TestCase("03 01 0007 02 4E6F", "No")]
    [TestCase("03 01 0004", "")]
    [TestCase("03 01 0006 05 4E", "")]
    public void A_nak_is_failure(string packet, string message)
    {
        using var peer = new PapPeer("User", "clientPass"u8);
        peer.SendRequest();
        Sent(peer);

        peer.Receive(HexBytes.Of(packet));

        Assert.That(Take(peer), Is.EqualTo(new AuthenticationEvent.Failed(message)));
    }

    // Nobody asked; to another request; malformed; a request of the other side.
    [Test]
    public void Replies_a_PAP_peer_does_not_wait_for_are_ignored()
    {
        using var peer = new PapPeer("User", "clientPass"u8);

        peer.Receive(HexBytes.Of("02 00 0005 00"));
        peer.SendRequest();
        Sent(peer);
        peer.Receive(HexBytes.Of("02 02 0005 00"));
        peer.Receive(HexBytes.Of("02 01 0009 00"));
        peer.Receive(PapBytes.Request(1, "User", "clientPass"));

        Assert.That(peer.TryTake(out _), Is.False);
    }

    [Test]
    public void A_PAP_name_or_password_of_more_than_255_bytes_is_the_callers_mistake()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => new PapPeer(new string('x', 256), ""u8), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new PapPeer("x", new byte[256]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void Both_sides_of_each_method_agree()
    {
        using var md5 = new ChapMd5Peer("User", "clientPass"u8);
        using MsChapV1Peer v1 = MsChapV1Peer.FromPassword("User", "clientPass");
        using var pap = new PapPeer("User", "clientPass"u8);
        pap.SendRequest();

        Assert.That(
            Exchange(md5, new ChapMd5Authenticator("pptpd", new ScriptedRandom([0x40], new byte[16]))),
            Is.InstanceOf<ChapMd5Credentials>()
                .And.Matches<ChapMd5Credentials>(credentials => credentials!.Verify("clientPass"u8)));
        Assert.That(
            Exchange(v1, new MsChapV1Authenticator("pptpd", new ScriptedRandom([0x40], new byte[8]))),
            Is.InstanceOf<MsChapV1Credentials>()
                .And.Matches<MsChapV1Credentials>(credentials => credentials!.Verify(Rfc2759Example.PasswordHash)));
        Assert.That(
            Exchange(pap, new PapAuthenticator(new ScriptedRandom(new byte[32]))),
            Is.InstanceOf<PapCredentials>()
                .And.Matches<PapCredentials>(credentials => credentials!.RawUserName.AsSpan().SequenceEqual("User"u8)));
    }

    /// <summary>The whole login between the two, which must succeed on both sides; the credentials it showed.</summary>
    private static PeerCredentials Exchange(AuthenticationPeer peer, Authenticator authenticator)
    {
        PeerCredentials? shown = null;
        bool letIn = false;
        authenticator.Start(TimeSpan.Zero);
        for (int round = 0; round < 4; round++)
        {
            while (authenticator.TryTake(out AuthenticationEvent? e))
            {
                switch (e)
                {
                    case AuthenticationEvent.Send send:
                        peer.Receive(send.Packet);
                        break;
                    case AuthenticationEvent.CredentialsReceived received:
                        shown = received.Credentials;
                        authenticator.Decide(new AuthenticationVerdict.Accept(null), TimeSpan.Zero);
                        break;
                    default:
                        Assert.That(e, Is.InstanceOf<AuthenticationEvent.Succeeded>());
                        break;
                }
            }
            while (peer.TryTake(out AuthenticationEvent? e))
            {
                if (e is AuthenticationEvent.Send send)
                    authenticator.Receive(send.Packet, TimeSpan.Zero);
                else
                    letIn = e is AuthenticationEvent.Succeeded;
            }
        }
        Assert.That(letIn, Is.True);
        return shown!;
    }

    private static AuthenticationEvent Take(AuthenticationPeer peer)
    {
        Assert.That(peer.TryTake(out AuthenticationEvent? e), Is.True, "no event");
        return e!;
    }

    private static byte[] Sent(AuthenticationPeer peer) => ((AuthenticationEvent.Send)Take(peer)).Packet;
}
