using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using static Pptp.Protocol.Tests.Authentication.AuthenticatorSteps;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>From the challenge to the success.</summary>
public sealed class MsChapV2AuthenticatorTests
{
    [Test]
    public void Start_sends_the_challenge()
    {
        MsChapV2Authenticator authenticator = Start();

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(HexBytes.Of("01 41 00 1A 10 5B5D7C7D7B3F2F3E3C2C602132262628 7070747064")));
        Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(3)));
        Nothing(authenticator);
    }

    [Test]
    public void It_is_CHAP_with_algorithm_81()
    {
        var authenticator = new MsChapV2Authenticator("pptpd", new ScriptedRandom());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(authenticator.Protocol, Is.EqualTo(0xC223));
            Assert.That((byte)authenticator.Algorithm, Is.EqualTo(0x81));
            Assert.That(authenticator.NextDeadline, Is.Null);
        }
    }

    [Test]
    public void The_challenge_is_sent_ten_times_three_seconds_apart_and_never_changes()
    {
        MsChapV2Authenticator authenticator = Start();
        byte[] challenge = Sent(authenticator);

        for (int i = 1; i < 10; i++)
        {
            authenticator.Advance(Seconds(3 * i) - TimeSpan.FromTicks(1));
            Nothing(authenticator);
            authenticator.Advance(Seconds(3 * i));
            Assert.That(Sent(authenticator), Is.EqualTo(challenge));
        }
        authenticator.Advance(Seconds(30));

        Assert.That(Failure(authenticator), Is.EqualTo("no answer to 10 challenges"));
        Assert.That(authenticator.NextDeadline, Is.Null);
    }

    [Test]
    public void Timers_can_be_set()
    {
        var timers = new ChapTimers { RetransmitInterval = Seconds(1), MaximumTransmissions = 2 };
        MsChapV2Authenticator authenticator = Start(timers: timers);
        Sent(authenticator);

        authenticator.Advance(Seconds(1));
        Sent(authenticator);
        authenticator.Advance(Seconds(2));

        Assert.That(Failure(authenticator), Is.EqualTo("no answer to 2 challenges"));
    }

    [Test]
    public void A_response_gives_its_credentials()
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(1));

        MsChapV2Credentials credentials = Credentials(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo("User"));
            Assert.That(credentials.Identifier, Is.EqualTo(0x41));
            Assert.That(credentials.AuthenticatorChallenge, Is.EqualTo(Rfc2759Example.AuthenticatorChallenge));
            Assert.That(credentials.PeerChallenge, Is.EqualTo(Rfc2759Example.PeerChallenge));
            Assert.That(credentials.NtResponse, Is.EqualTo(Rfc2759Example.NtResponse));
            Assert.That(credentials.Flags, Is.Zero);
            Assert.That(authenticator.NextDeadline, Is.Null, "no time runs while the verdict is awaited");
        }
    }

    [Test]
    public void Credentials_know_right_from_wrong_and_yield_proof_and_keys()
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);
        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(1));
        MsChapV2Credentials credentials = Credentials(authenticator);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.Verify(Rfc2759Example.PasswordHash), Is.True);
            Assert.That(credentials.Verify(Rfc2759Example.PasswordHashHash), Is.False);
            Assert.That(
                credentials.AuthenticatorResponse(Rfc2759Example.PasswordHash),
                Is.EqualTo(Rfc2759Example.AuthenticatorResponse));
            using MppeStartKeys keys = credentials.DeriveKeys(Rfc2759Example.PasswordHash);
            Assert.That(Convert.ToHexString(keys.Send), Is.EqualTo("8B7CDC149B993A1BA118CB153F56DCCB"));
        }
    }

    [Test]
    public void A_domain_is_kept_in_the_name_and_left_out_of_the_hashes()
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41, @"OFFICE\User"), Seconds(1));

        MsChapV2Credentials credentials = Credentials(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo(@"OFFICE\User"));
            Assert.That(credentials.Verify(Rfc2759Example.PasswordHash), Is.True);
            Assert.That(
                credentials.AuthenticatorResponse(Rfc2759Example.PasswordHash),
                Is.EqualTo(Rfc2759Example.AuthenticatorResponse));
        }
    }

    [TestCase("C3 A9 74 C3 A9", "\u00E9t\u00E9")]
    [TestCase("E9 74 E9", "\u00E9t\u00E9")]
    [TestCase("00 0A", "\0\n")]
    [TestCase("", "")]
    public void A_name_is_UTF_8_or_else_Latin_1_and_its_bytes_are_kept(string bytes, string expected)
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);

        byte[] name = HexBytes.Of(bytes);
        authenticator.Receive(
            ChapBytes.Response(0x41, Rfc2759Example.PeerChallenge, Rfc2759Example.NtResponse, 0, name), Seconds(1));

        MsChapV2Credentials credentials = Credentials(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo(expected));
            Assert.That(credentials.RawUserName, Is.EqualTo(name));
        }
    }

    [Test]
    public void Acceptance_sends_success_with_proof_and_message()
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);
        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(1));
        Credentials(authenticator);

        authenticator.Decide(Accepted, Seconds(2));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Success(0x41, "S=407A5589115FD0D6209F510FE9C04566932CDA56 M=Welcome")));
        Succeeded(authenticator);
        Nothing(authenticator);
        Assert.That(authenticator.NextDeadline, Is.Null);
    }

    [Test]
    public void Windows_98_gets_no_message_beside_the_proof()
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);
        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41, flags: 4), Seconds(1));
        Assert.That(Credentials(authenticator).Flags, Is.EqualTo(4));

        authenticator.Decide(Accepted, Seconds(2));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Success(0x41, "S=407A5589115FD0D6209F510FE9C04566932CDA56")));
    }

    [Test]
    public void A_message_that_came_with_the_proof_is_passed_on()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();

        authenticator.Decide(
            new AuthenticationVerdict.Accept(Rfc2759Example.AuthenticatorResponse + " M=Hello"), Seconds(2));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Success(0x41, "S=407A5589115FD0D6209F510FE9C04566932CDA56 M=Hello")));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("S=407A")]
    [TestCase("Welcome")]
    public void An_acceptance_without_proof_is_a_failure(string? message)
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();

        authenticator.Decide(new AuthenticationVerdict.Accept(message), Seconds(2));

        Assert.That(Sent(authenticator)[0], Is.EqualTo(4));
        Assert.That(Failure(authenticator), Does.StartWith("accepted, but without the proof"));
    }

    [Test]
    public void A_repeated_response_gets_the_same_success_again()
    {
        MsChapV2Authenticator authenticator = Authenticated();

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(5));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Success(0x41, "S=407A5589115FD0D6209F510FE9C04566932CDA56 M=Welcome")));
        Nothing(authenticator);
    }

    [Test]
    public void A_response_repeated_while_the_verdict_is_awaited_asks_nothing_anew()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(2));
        authenticator.Advance(Seconds(1000));

        Nothing(authenticator);
        Assert.That(authenticator.Ignored, Is.EqualTo(1));
    }

    [Test]
    public void A_verdict_nobody_asked_for_changes_nothing()
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Decide(Accepted, Seconds(1));

        Nothing(authenticator);
    }

    [Test]
    public void Starting_anew_forgets_what_was_answered()
    {
        MsChapV2Authenticator authenticator = Authenticated();

        authenticator.Start(Seconds(50));
        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Challenge(0x42, SecondChallenge, "pptpd")));
        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(51));

        Nothing(authenticator);
    }
}
