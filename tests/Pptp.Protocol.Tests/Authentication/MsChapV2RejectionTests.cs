using System.Text;
using Pptp.Protocol.Authentication;
using static Pptp.Protocol.Tests.Authentication.AuthenticatorSteps;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>Failures, further tries and challenges after the first.</summary>
public sealed class MsChapV2RejectionTests
{
    [Test]
    public void Rejection_sends_failure_with_code_and_a_challenge()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();

        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: false), Seconds(2));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Failure(
                0x41, "E=691 R=0 C=0F0E0D0C0B0A09080706050403020100 V=3 M=Authentication failed")));
        Assert.That(Failure(authenticator), Is.EqualTo("Authentication failed (error 691)"));
        Nothing(authenticator);
    }

    [Test]
    public void A_response_repeated_after_rejection_gets_the_same_failure_again()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();
        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: false), Seconds(2));
        byte[] failure = Sent(authenticator);
        Failure(authenticator);

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(3));

        Assert.That(Sent(authenticator), Is.EqualTo(failure));
        Nothing(authenticator);
    }

    [Test]
    public void Code_and_message_of_a_rejection_are_told()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();

        authenticator.Decide(new AuthenticationVerdict.Reject(false, 647, "Account disabled"), Seconds(2));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Failure(
                0x41, "E=647 R=0 C=0F0E0D0C0B0A09080706050403020100 V=3 M=Account disabled")));
    }

    [Test]
    public void A_long_message_is_cut_between_characters()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();

        authenticator.Decide(new AuthenticationVerdict.Reject(false, Message: new string('\u20AC', 100)), Seconds(2));

        // 42 characters of three bytes fit into 128.
        string text = Encoding.UTF8.GetString(Sent(authenticator).AsSpan(4));
        Assert.That(text, Does.EndWith(" M=" + new string('\u20AC', 42)));
    }

    // RFC 2759 §7 counts the identifier on; a peer that does not is understood as well.
    [TestCase(0x41)]
    [TestCase(0x42)]
    public void A_further_try_answers_the_challenge_in_the_failure(int identifier)
    {
        MsChapV2Authenticator authenticator = AwaitingRetry();
        Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(62)));
        byte[] response = new byte[24];
        MsChapV2.GenerateNtResponse(
            SecondChallenge, Rfc2759Example.PeerChallenge, "User"u8, Rfc2759Example.PasswordHash, response);

        authenticator.Receive(
            ChapBytes.Response((byte)identifier, Rfc2759Example.PeerChallenge, response, 0, "User"u8.ToArray()),
            Seconds(20));

        MsChapV2Credentials credentials = Credentials(authenticator);
        Assert.That(credentials.Verify(Rfc2759Example.PasswordHash), Is.True);
        string proof = credentials.AuthenticatorResponse(Rfc2759Example.PasswordHash);
        authenticator.Decide(new AuthenticationVerdict.Accept(proof), Seconds(20));
        Assert.That(
            Sent(authenticator), Is.EqualTo(ChapBytes.Success((byte)identifier, proof + " M=Welcome")));
        Succeeded(authenticator);
    }

    [Test]
    public void The_first_response_repeated_is_not_a_further_try()
    {
        MsChapV2Authenticator authenticator = AwaitingRetry();

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(3));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Failure(
                0x41, "E=691 R=1 C=0F0E0D0C0B0A09080706050403020100 V=3 M=Authentication failed")));
        Nothing(authenticator);
    }

    [Test]
    public void A_further_try_that_does_not_come_is_a_failure()
    {
        MsChapV2Authenticator authenticator = AwaitingRetry();

        authenticator.Advance(Seconds(62) - TimeSpan.FromTicks(1));
        Nothing(authenticator);
        authenticator.Advance(Seconds(62));

        Assert.That(Failure(authenticator), Is.EqualTo("no further try within 60 s"));
    }

    [Test]
    public void Further_tries_run_out_whatever_the_verdict_says()
    {
        var timers = new ChapTimers { MaximumRetries = 1 };
        MsChapV2Authenticator authenticator = AwaitingRetry(timers);

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x42), Seconds(3));
        Credentials(authenticator);
        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: true), Seconds(3));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Failure(
                0x42, "E=691 R=0 C=303132333435363738393A3B3C3D3E3F V=3 M=Authentication failed")));
        Failure(authenticator);
    }

    [Test]
    public void An_authenticated_peer_can_be_challenged_again()
    {
        MsChapV2Authenticator authenticator = Authenticated();

        authenticator.Rechallenge(Seconds(100));
        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Challenge(0x42, SecondChallenge, "pptpd")));
        Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(103)));

        // The old response, late, still has its answer.
        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(101));
        Assert.That(Sent(authenticator)[..2], Is.EqualTo(new byte[] { 3, 0x41 }));

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x42), Seconds(101));
        MsChapV2Credentials credentials = Credentials(authenticator);
        Assert.That(credentials.AuthenticatorChallenge, Is.EqualTo(SecondChallenge));
        authenticator.Decide(Accepted, Seconds(101));
        Assert.That(Sent(authenticator)[..2], Is.EqualTo(new byte[] { 3, 0x42 }));
        Succeeded(authenticator);
    }

    [Test]
    public void A_peer_that_does_not_answer_the_new_challenge_has_failed()
    {
        MsChapV2Authenticator authenticator = Authenticated();

        authenticator.Rechallenge(Seconds(100));
        for (int i = 0; i < 10; i++)
        {
            Sent(authenticator);
            authenticator.Advance(Seconds(103 + 3 * i));
        }

        Assert.That(Failure(authenticator), Is.EqualTo("no answer to 10 challenges"));
    }

    [Test]
    public void Challenges_can_come_again_by_themselves()
    {
        MsChapV2Authenticator authenticator =
            Authenticated(new ChapTimers { RechallengeInterval = TimeSpan.FromMinutes(10) });
        Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(602)));

        authenticator.Advance(Seconds(601));
        Nothing(authenticator);
        authenticator.Advance(Seconds(602));

        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Challenge(0x42, SecondChallenge, "pptpd")));
    }

    [Test]
    public void A_peer_not_yet_authenticated_is_not_challenged_again()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();

        authenticator.Rechallenge(Seconds(2));

        Nothing(authenticator);
    }
}
