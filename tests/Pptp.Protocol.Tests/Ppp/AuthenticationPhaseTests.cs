using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

public sealed class AuthenticationPhaseTests
{
    private static ScriptedPeer Challenged() => new ScriptedPeer().OpensLcp().Hears("FF03 C223 01 07 0004");

    [Test]
    public void Nobody_comes_in_unasked() =>
        Assert.That(
            () => new PppLink(new PppLinkOptions { AuthenticationMethods = [] }, new KnownRandom()),
            Throws.ArgumentException);

    [Test]
    public void A_method_without_an_authenticator_is_not_offered() =>
        Assert.That(
            () => new PppLink(
                new PppLinkOptions { AuthenticationMethods = [(AuthenticationMethod)99] }, new KnownRandom()),
            Throws.ArgumentException);

    [Test]
    public void The_peer_is_challenged_when_lcp_opens_and_let_in_on_authorize()
    {
        ScriptedPeer peer = Challenged();
        PppEvent.CredentialsReceived asked = peer.Says("FF03 C223 02 07 0004").Sees<PppEvent.CredentialsReceived>();
        Assert.That(asked.Credentials.UserName, Is.EqualTo("alice"));
        Assert.That(peer.Link.IsAuthenticated, Is.False);
        peer.IsLetIn();
        Assert.That(peer.Link.IsAuthenticated, Is.True);
        Assert.That(peer.Link.Phase, Is.EqualTo(LinkPhase.Network));
    }

    [TestCase("FF03 80FD 01 01 # 1206 01000040", TestName = "Ccp_before_the_login_is_discarded")]
    [TestCase("FF03 8021 01 01 # 0306 0A000005", TestName = "Ipcp_before_the_login_is_discarded")]
    [TestCase("FF03 8057 01 01 # 010A 0000000000000001", TestName = "Ipv6cp_before_the_login_is_discarded")]
    [TestCase("FF03 C023 01 01 # 01 61 01 62", TestName = "A_pap_request_where_chap_was_agreed_is_discarded")]
    [TestCase("FF03 0021 45", TestName = "Ip_before_the_login_is_discarded")]
    [TestCase("FF03 00FD 9000", TestName = "Mppe_before_the_login_is_discarded")]
    public void Discards(string frame) => Challenged().Says(frame).HearsNothing();

    [Test]
    public void A_response_before_lcp_is_open_is_discarded() =>
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}")
            .Says("FF03 C223 02 07 0004").HearsNothing();

    [Test]
    public void A_refused_peer_is_told_and_the_link_ends()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().AnswersChallenge();
        peer.Link.Refuse(false, "no", peer.Now);
        peer.Hears("FF03 C223 04 07 0004")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("authentication failed"u8))
            .Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.AuthenticationFailed, "wrong password");
    }

    [Test]
    public void A_peer_may_try_again()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().AnswersChallenge();
        peer.Link.Refuse(true, "no", peer.Now);
        peer.Hears("FF03 C223 04 07 0004").HearsNothing();
        peer.Says("FF03 C223 02 07 0004").Sees<PppEvent.CredentialsReceived>();
        peer.IsLetIn();
    }

    [Test]
    public void A_verdict_nobody_asked_for_lets_nobody_in()
    {
        ScriptedPeer peer = Challenged();
        peer.Link.Authorize(ScriptedPeer.Authorization, peer.Now);
        peer.HearsNothing();
        Assert.That(peer.Link.IsAuthenticated, Is.False);
        peer.Says("FF03 C223 02 07 0004").Sees<PppEvent.CredentialsReceived>();
        peer.Link.Refuse(true, "no", peer.Now);
        peer.Hears("FF03 C223 04 07 0004");
        peer.Link.Authorize(ScriptedPeer.Authorization, peer.Now);
        peer.HearsNothing();
        Assert.That(peer.Link.IsAuthenticated, Is.False);
    }

    [Test]
    public void A_verdict_after_the_end_does_nothing()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().AnswersChallenge();
        peer.Says("FF03 C021 05 09 0004").Hears("FF03 C021 06 09 0004").SeesClosed(LinkCloseCause.PeerRequest, "");
        peer.Link.Authorize(ScriptedPeer.Authorization, peer.Now);
        peer.HearsNothing();
    }

    [Test]
    public void A_peer_that_never_answers_the_challenge_is_left() =>
        Challenged().Waits(30)
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("authentication failed"u8)).Waits(6)
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("authentication failed"u8))
            .SeesClosed(LinkCloseCause.AuthenticationFailed, "no response");

    [Test]
    public void Lcp_may_begin_anew_before_the_challenge_is_answered()
    {
        ScriptedPeer peer = Challenged();
        peer.Says("FF03 C021 01 02 # 0104 0578 0506 11111111")
            .Hears("FF03 C021 01 02 # 0104 05AA 0305 C223 81 0506 A1B2C3D5")
            .Hears("FF03 C021 02 02 # 0104 0578 0506 11111111");
        Assert.That(peer.Link.Phase, Is.EqualTo(LinkPhase.Establish));
        peer.Says("FF03 C223 02 07 0004").HearsNothing();
        peer.Says("FF03 C021 02 02 # 0104 05AA 0305 C223 81 0506 A1B2C3D5");
        Assert.That(peer.Sees<PppEvent.LcpUp>().PeerMru, Is.EqualTo(1400));
        peer.AnswersChallenge().IsLetIn();
    }

    [Test]
    public void Lcp_may_not_begin_anew_while_a_verdict_is_awaited()
    {
        // Else the verdict on one user's credentials could meet another's.
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().AnswersChallenge();
        peer.Says("FF03 C021 01 02 # 0104 0578 0506 11111111")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("the peer negotiated LCP a second time"u8))
            .HearsNothing();
        peer.Link.Authorize(ScriptedPeer.Authorization, peer.Now);
        peer.HearsNothing().Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.Renegotiated, "the peer negotiated LCP a second time");
    }

    [Test]
    public void A_repeated_lcp_request_whose_ack_was_lost_is_acknowledged_again()
    {
        ScriptedPeer peer = Challenged();
        peer.Says("FF03 C021 01 01 # 0506 0BADCAFE").Hears("FF03 C021 02 01 # 0506 0BADCAFE").HearsNothing();
        peer.Says("FF03 C021 01 02 # 0506 0BADCAFE").Hears("FF03 C021 02 02 # 0506 0BADCAFE").HearsNothing();
        Assert.That(peer.Link.Phase, Is.EqualTo(LinkPhase.Authenticate));
    }

    [Test]
    public void A_peer_that_protocol_rejects_the_login_it_agreed_to_is_left() =>
        Challenged().Says("FF03 C021 08 05 # C223 0107 0004")
            .Hears("FF03 C021 05 02 # "
                + Convert.ToHexString("the peer rejects the login protocol it had agreed to"u8))
            .Says("FF03 C021 06 02 0004")
            .SeesClosed(
                LinkCloseCause.AuthenticationMethodRefused, "the peer rejects the login protocol it had agreed to");

    [Test]
    public void A_repeated_response_after_the_login_reaches_the_authenticator()
    {
        ScriptedPeer peer = new ScriptedPeer().ComesIn().Hears("FF03 80FD 01 01 # 1206 01000040");
        peer.Says("FF03 C223 02 07 0004").Sees<PppEvent.CredentialsReceived>();
        peer.Link.Authorize(ScriptedPeer.Authorization, peer.Now);
        peer.Hears("FF03 C223 03 07 0004").HearsNothing();
        Assert.That(peer.Link.Phase, Is.EqualTo(LinkPhase.Network));
    }
}
