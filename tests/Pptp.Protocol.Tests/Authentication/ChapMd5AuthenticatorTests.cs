using Pptp.Protocol.Authentication;
using static Pptp.Protocol.Tests.Authentication.AuthenticatorSteps;

namespace Pptp.Protocol.Tests.Authentication;

public sealed class ChapMd5AuthenticatorTests
{
    // MD5 of 41, "clientPass" and the challenge, computed by a second implementation.
    private static byte[] Response => HexBytes.Of("e1c9727e7de33d8ba65f15595d887a2a");

    private static byte[] Challenge => Rfc2759Example.AuthenticatorChallenge;

    [Test]
    public void Start_sends_a_challenge_of_16_bytes()
    {
        ChapMd5Authenticator authenticator = Start();

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(HexBytes.Of("01 41 001A 10 5B5D7C7D7B3F2F3E3C2C602132262628 7070747064")));
        Nothing(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(authenticator.Protocol, Is.EqualTo(0xC223));
            Assert.That((byte)authenticator.Algorithm, Is.EqualTo(5));
        }
    }

    [Test]
    public void A_response_gives_its_credentials()
    {
        ChapMd5Credentials credentials = Asked(Start());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo("User"));
            Assert.That(credentials.RawUserName, Is.EqualTo("User"u8.ToArray()));
            Assert.That(credentials.Identifier, Is.EqualTo(0x41));
            Assert.That(credentials.Challenge, Is.EqualTo(Challenge));
            Assert.That(credentials.Response, Is.EqualTo(Response));
        }
    }

    [Test]
    public void Credentials_know_right_from_wrong()
    {
        ChapMd5Credentials credentials = Asked(Start());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.Verify("clientPass"u8), Is.True);
            Assert.That(credentials.Verify("clientPasS"u8), Is.False);
            Assert.That(credentials.Verify(""u8), Is.False);
            Assert.That((credentials with { Identifier = 0x42 }).Verify("clientPass"u8), Is.False);
            Assert.That((credentials with { Challenge = new byte[16] }).Verify("clientPass"u8), Is.False);
        }
    }

    [TestCase(null, "Welcome")]
    [TestCase("Hello", "Hello")]
    public void Acceptance_sends_success(string? message, string expected)
    {
        ChapMd5Authenticator authenticator = Start();
        Asked(authenticator);

        authenticator.Decide(new AuthenticationVerdict.Accept(message), Seconds(2));

        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Success(0x41, expected)));
        Succeeded(authenticator);
    }

    // RFC 1994 has no further try: there is no new challenge in a Failure.
    [TestCase(true)]
    [TestCase(false)]
    public void Rejection_sends_failure_and_ends_it(bool mayRetry)
    {
        ChapMd5Authenticator authenticator = Start();
        Asked(authenticator);

        authenticator.Decide(new AuthenticationVerdict.Reject(mayRetry), Seconds(2));

        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Failure(0x41, "Authentication failed")));
        Assert.That(Failure(authenticator), Is.EqualTo("Authentication failed (error 691)"));
        Nothing(authenticator);
    }

    [Test]
    public void A_repeated_response_gets_the_same_failure_again()
    {
        ChapMd5Authenticator authenticator = Start();
        Asked(authenticator);
        authenticator.Decide(new AuthenticationVerdict.Reject(false), Seconds(2));
        byte[] failure = Sent(authenticator);
        Failure(authenticator);

        authenticator.Receive(ChapBytes.Value(2, 0x41, Response, "User"u8.ToArray()), Seconds(3));

        Assert.That(Sent(authenticator), Is.EqualTo(failure));
        Nothing(authenticator);
    }

    [Test]
    public void An_authenticated_peer_can_be_challenged_again()
    {
        ChapMd5Authenticator authenticator = Start();
        Asked(authenticator);
        authenticator.Decide(new AuthenticationVerdict.Accept(null), Seconds(2));
        Sent(authenticator);
        Succeeded(authenticator);

        authenticator.Rechallenge(Seconds(100));

        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Challenge(0x42, SecondChallenge, "pptpd")));
    }

    [TestCase(0)]
    [TestCase(15)]
    [TestCase(17)]
    [TestCase(49)]
    public void A_value_of_another_size_ends_it(int size)
    {
        ChapMd5Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(ChapBytes.Value(2, 0x41, new byte[size], "User"u8.ToArray()), Seconds(1));

        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Failure(0x41, "Authentication failed")));
        Assert.That(Failure(authenticator), Is.EqualTo($"a response of {size} bytes where CHAP-MD5 has 16"));
    }

    [Test]
    public void A_name_of_more_than_256_bytes_ends_it()
    {
        ChapMd5Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(ChapBytes.Value(2, 0x41, Response, new byte[257]), Seconds(1));

        Assert.That(Sent(authenticator)[0], Is.EqualTo(4));
        Assert.That(Failure(authenticator), Is.EqualTo("a user name of 257 bytes"));
    }

    private static ChapMd5Authenticator Start()
    {
        var random = new ScriptedRandom([0x40], Challenge, SecondChallenge);
        var authenticator = new ChapMd5Authenticator("pptpd", random);
        authenticator.Start(TimeSpan.Zero);
        return authenticator;
    }

    private static ChapMd5Credentials Asked(ChapMd5Authenticator authenticator)
    {
        Sent(authenticator);
        authenticator.Receive(ChapBytes.Value(2, 0x41, Response, "User"u8.ToArray()), Seconds(1));
        return Credentials<ChapMd5Credentials>(authenticator);
    }
}
