using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Tests.Authentication;

public sealed class MsChapV2PeerTests
{
    private static readonly byte[] Challenge =
        ChapBytes.Challenge(0x41, Rfc2759Example.AuthenticatorChallenge, "pptpd");

    [TestCase("User")]
    [TestCase(@"OFFICE\User")]
    public void A_challenge_is_answered_as_RFC_2759_has_it(string userName)
    {
        using MsChapV2Peer peer = Peer(userName);

        peer.Receive(Challenge);

        Assert.That(Sent(peer), Is.EqualTo(Rfc2759Example.ResponsePacket(0x41, userName)));
        Assert.That(peer.TryTake(out _), Is.False);
    }

    [Test]
    public void A_challenge_that_comes_again_gets_the_same_response()
    {
        using MsChapV2Peer peer = Peer();

        peer.Receive(Challenge);
        byte[] first = Sent(peer);
        peer.Receive(Challenge);

        Assert.That(Sent(peer), Is.EqualTo(first));
    }

    [TestCase("S=407A5589115FD0D6209F510FE9C04566932CDA56 M=Welcome")]
    [TestCase("S=407A5589115FD0D6209F510FE9C04566932CDA56")]
    public void The_right_proof_is_success(string message)
    {
        using MsChapV2Peer peer = Peer();
        peer.Receive(Challenge);
        Sent(peer);

        peer.Receive(ChapBytes.Success(0x41, message));

        Assert.That(Take(peer), Is.InstanceOf<AuthenticationEvent.Succeeded>());
    }

    [TestCase("S=407A5589115FD0D6209F510FE9C04566932CDA57 M=Welcome")]
    [TestCase("M=Welcome")]
    [TestCase("")]
    public void A_success_without_the_right_proof_is_a_failure(string message)
    {
        using MsChapV2Peer peer = Peer();
        peer.Receive(Challenge);
        Sent(peer);

        peer.Receive(ChapBytes.Success(0x41, message));

        Assert.That(Take(peer), Is.EqualTo(new AuthenticationEvent.Failed("the server does not know the password")));
    }

    [Test]
    public void A_failure_tells_its_code()
    {
        using MsChapV2Peer peer = Peer();
        peer.Receive(Challenge);
        Sent(peer);

        peer.Receive(ChapBytes.Failure(0x41, "E=691 R=0 C=00 V=3 M=No"));

        Assert.That(Take(peer), Is.EqualTo(new AuthenticationEvent.Failed("E=691 R=0 C=00 V=3 M=No")));
        Assert.That(peer.ErrorCode, Is.EqualTo(691));
    }

    [TestCase("E=691", 691)]
    [TestCase("E=x R=1", null)]
    [TestCase("E=99999999999 R=1", null)]
    [TestCase("No", null)]
    public void A_failure_may_tell_anything(string message, int? code)
    {
        using MsChapV2Peer peer = Peer();
        peer.Receive(Challenge);
        Sent(peer);

        peer.Receive(ChapBytes.Failure(0x41, message));

        Assert.That(Take(peer), Is.EqualTo(new AuthenticationEvent.Failed(message)));
        Assert.That(peer.ErrorCode, Is.EqualTo(code));
    }

    [Test]
    public void Replies_nobody_waits_for_and_malformed_packets_are_ignored()
    {
        using MsChapV2Peer peer = Peer();

        peer.Receive(ChapBytes.Success(0, Rfc2759Example.AuthenticatorResponse));
        peer.Receive(ChapBytes.Failure(0, "E=691"));
        peer.Receive(ChapBytes.Challenge(0x41, new byte[15], "pptpd"));
        peer.Receive(Challenge.AsSpan(0, 20));
        peer.Receive(Rfc2759Example.ResponsePacket(0x41));
        Assert.That(peer.TryTake(out _), Is.False);

        peer.Receive(Challenge);
        Sent(peer);
        peer.Receive(ChapBytes.Success(0x42, Rfc2759Example.AuthenticatorResponse));
        Assert.That(peer.TryTake(out _), Is.False);
    }

    [Test]
    public void Both_sides_agree_on_success_and_keys()
    {
        using MsChapV2Peer peer = Peer();
        var authenticator = new MsChapV2Authenticator(
            "pptpd", new ScriptedRandom([0x40], Rfc2759Example.AuthenticatorChallenge));
        authenticator.Start(TimeSpan.Zero);

        authenticator.TryTake(out AuthenticationEvent? e);
        peer.Receive(((AuthenticationEvent.Send)e!).Packet);
        authenticator.Receive(Sent(peer), TimeSpan.Zero);
        authenticator.TryTake(out e);
        var credentials = (MsChapV2Credentials)((AuthenticationEvent.CredentialsReceived)e!).Credentials;
        string proof = credentials.AuthenticatorResponse(Rfc2759Example.PasswordHash);
        authenticator.Decide(new AuthenticationVerdict.Accept(proof), TimeSpan.Zero);
        authenticator.TryTake(out e);
        peer.Receive(((AuthenticationEvent.Send)e!).Packet);

        Assert.That(Take(peer), Is.InstanceOf<AuthenticationEvent.Succeeded>());
        using MppeStartKeys theirs = credentials.DeriveKeys(Rfc2759Example.PasswordHash);
        using MppeStartKeys ours = peer.DeriveKeys();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ours.Send.ToArray(), Is.EqualTo(theirs.Receive.ToArray()));
            Assert.That(ours.Receive.ToArray(), Is.EqualTo(theirs.Send.ToArray()));
        }
    }

    private static MsChapV2Peer Peer(string userName = "User") =>
        MsChapV2Peer.FromPassword(userName, "clientPass", new ScriptedRandom(Rfc2759Example.PeerChallenge));

    private static AuthenticationEvent Take(MsChapV2Peer peer)
    {
        Assert.That(peer.TryTake(out AuthenticationEvent? e), Is.True, "no event");
        return e!;
    }

    private static byte[] Sent(MsChapV2Peer peer) => ((AuthenticationEvent.Send)Take(peer)).Packet;
}
