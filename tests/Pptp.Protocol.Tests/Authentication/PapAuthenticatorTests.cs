using System.Text;
using Pptp.Protocol.Authentication;
using static Pptp.Protocol.Tests.Authentication.AuthenticatorSteps;

namespace Pptp.Protocol.Tests.Authentication;

public sealed class PapAuthenticatorTests
{
    private static readonly AuthenticationVerdict Yes = new AuthenticationVerdict.Accept(null);
    private static readonly AuthenticationVerdict No = new AuthenticationVerdict.Reject(MayRetry: false);
    private static readonly AuthenticationVerdict Again = new AuthenticationVerdict.Reject(MayRetry: true);

    [Test]
    public void It_is_protocol_C023_and_waits_for_the_peer()
    {
        PapAuthenticator authenticator = Started();

        Nothing(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(authenticator.Protocol, Is.EqualTo(0xC023));
            Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(30)));
        }
    }

    [Test]
    public void A_request_gives_its_credentials()
    {
        PapAuthenticator authenticator = Started();

        authenticator.Receive(HexBytes.Of("01 07 0014 04 55736572 0A 636C69656E7450617373"), Seconds(1));
        PapCredentials credentials = Credentials<PapCredentials>(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo("User"));
            Assert.That(credentials.RawUserName, Is.EqualTo("User"u8.ToArray()));
            Assert.That(credentials.Password, Is.EqualTo("clientPass"u8.ToArray()));
            Assert.That(authenticator.NextDeadline, Is.Null, "no time runs while the verdict is awaited");
        }
    }

    [Test]
    public void Credentials_know_right_from_wrong()
    {
        PapCredentials credentials = Asked(Started(), "User", "clientPass");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.Verify("clientPass"u8), Is.True);
            Assert.That(credentials.Verify("clientPasS"u8), Is.False);
            Assert.That(credentials.Verify("clientPass1"u8), Is.False);
            Assert.That(credentials.Verify(""u8), Is.False);
            Assert.That(credentials.VerifyNtHash(Rfc2759Example.PasswordHash), Is.True);
            Assert.That(credentials.VerifyNtHash(Rfc2759Example.PasswordHashHash), Is.False);
        }
    }

    // The NT hash is made over characters: UTF-8 where it is that, else Latin-1.
    [TestCase("C3 A9 E2 82 AC", "\u00E9\u20AC")]
    [TestCase("E9 74", "\u00E9t")]
    [TestCase("", "")]
    public void A_password_in_any_encoding_meets_its_NT_hash(string bytes, string password)
    {
        byte[] hash = new byte[16];
        MsChapV2.NtPasswordHash(password, hash);

        var credentials = new PapCredentials("User", [], HexBytes.Of(bytes));

        Assert.That(credentials.VerifyNtHash(hash), Is.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_password_is_cleared_with_the_verdict(bool accepted)
    {
        PapAuthenticator authenticator = Started();
        PapCredentials credentials = Asked(authenticator, "User", "clientPass");

        authenticator.Decide(accepted ? Yes : No, Seconds(2));

        Assert.That(credentials.Password, Is.EqualTo(new byte[10]));
    }

    [Test]
    public void The_password_is_cleared_when_the_login_begins_anew()
    {
        PapAuthenticator authenticator = Started(starts: 2);
        PapCredentials credentials = Asked(authenticator, "User", "clientPass");

        authenticator.Start(Seconds(2));

        Assert.That(credentials.Password, Is.All.Zero);
        authenticator.Decide(Yes, Seconds(3));
        Nothing(authenticator);
    }

    [TestCase(null, "Welcome")]
    [TestCase("Hello", "Hello")]
    public void Acceptance_sends_an_ack(string? message, string expected)
    {
        PapAuthenticator authenticator = Started();
        Asked(authenticator, "User", "clientPass");

        authenticator.Decide(new AuthenticationVerdict.Accept(message), Seconds(2));

        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Ack(7, expected)));
        Succeeded(authenticator);
        Nothing(authenticator);
        Assert.That(authenticator.NextDeadline, Is.Null);
    }

    [Test]
    public void Rejection_sends_a_nak_and_ends_it()
    {
        PapAuthenticator authenticator = Started();
        Asked(authenticator, "User", "clientPass");

        authenticator.Decide(new AuthenticationVerdict.Reject(false, 647, "Account disabled"), Seconds(2));

        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Nak(7, "Account disabled")));
        Assert.That(Failure(authenticator), Is.EqualTo("Account disabled (error 647)"));
        Nothing(authenticator);
    }

    [Test]
    public void A_long_message_is_cut_between_characters()
    {
        PapAuthenticator authenticator = Started();
        Asked(authenticator, "User", "clientPass");

        authenticator.Decide(new AuthenticationVerdict.Reject(false, Message: new string('\u20AC', 100)), Seconds(2));

        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Nak(7, new string('\u20AC', 42))));
    }

    // pppd numbers every copy on; others repeat the number.
    [TestCase(7)]
    [TestCase(8)]
    public void A_repeated_request_gets_the_same_verdict_under_its_own_number(int identifier)
    {
        PapAuthenticator accepting = Started();
        Asked(accepting, "User", "clientPass");
        accepting.Decide(Yes, Seconds(2));
        Sent(accepting);
        Succeeded(accepting);
        accepting.Receive(PapBytes.Request((byte)identifier, "User", "clientPass"), Seconds(3));
        Assert.That(Sent(accepting), Is.EqualTo(PapBytes.Ack((byte)identifier, "Welcome")));
        Nothing(accepting);

        PapAuthenticator refusing = Started();
        Asked(refusing, "User", "clientPass");
        refusing.Decide(No, Seconds(2));
        Sent(refusing);
        Failure(refusing);
        refusing.Receive(PapBytes.Request((byte)identifier, "User", "clientPass"), Seconds(3));
        Assert.That(Sent(refusing), Is.EqualTo(PapBytes.Nak((byte)identifier, "Authentication failed")));
        Nothing(refusing);
    }

    [Test]
    public void A_request_repeated_while_the_verdict_is_awaited_is_the_one_that_is_answered()
    {
        PapAuthenticator authenticator = Started();
        Asked(authenticator, "User", "clientPass");

        authenticator.Receive(PapBytes.Request(8, "User", "clientPass"), Seconds(4));
        Nothing(authenticator);
        authenticator.Decide(Yes, Seconds(5));

        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Ack(8, "Welcome")));
        Succeeded(authenticator);
    }

    [Test]
    public void Another_login_while_the_verdict_is_awaited_or_after_it_is_ignored()
    {
        PapAuthenticator authenticator = Started();
        Asked(authenticator, "User", "clientPass");

        authenticator.Receive(PapBytes.Request(8, "root", "clientPass"), Seconds(2));
        authenticator.Decide(Yes, Seconds(3));
        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Ack(7, "Welcome")));
        Succeeded(authenticator);
        authenticator.Receive(PapBytes.Request(9, "User", "other"), Seconds(4));

        Nothing(authenticator);
        Assert.That(authenticator.Ignored, Is.EqualTo(2));
    }

    [Test]
    public void A_further_try_is_asked_about_and_its_repetition_is_not()
    {
        PapAuthenticator authenticator = Started();
        Asked(authenticator, "User", "wrong");
        authenticator.Decide(Again, Seconds(2));
        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Nak(7, "Authentication failed")));
        Nothing(authenticator);
        Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(62)));

        authenticator.Receive(PapBytes.Request(8, "User", "wrong"), Seconds(3));
        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Nak(8, "Authentication failed")));
        Nothing(authenticator);

        authenticator.Receive(PapBytes.Request(9, "User", "clientPass"), Seconds(4));
        Assert.That(Credentials<PapCredentials>(authenticator).Verify("clientPass"u8), Is.True);
        authenticator.Decide(Yes, Seconds(5));
        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Ack(9, "Welcome")));
        Succeeded(authenticator);
    }

    [Test]
    public void Further_tries_run_out_whatever_the_verdict_says()
    {
        PapAuthenticator authenticator = Started(timers: new ChapTimers { MaximumRetries = 1 });
        Asked(authenticator, "User", "wrong");
        authenticator.Decide(Again, Seconds(2));
        Sent(authenticator);

        Asked(authenticator, "User", "wrong too");
        authenticator.Decide(Again, Seconds(3));

        Assert.That(Sent(authenticator), Is.EqualTo(PapBytes.Nak(7, "Authentication failed")));
        Failure(authenticator);
        Assert.That(authenticator.NextDeadline, Is.Null);
    }

    [Test]
    public void A_further_try_that_does_not_come_is_a_failure()
    {
        PapAuthenticator authenticator = Started();
        Asked(authenticator, "User", "wrong");
        authenticator.Decide(Again, Seconds(2));
        Sent(authenticator);

        authenticator.Advance(Seconds(62) - TimeSpan.FromTicks(1));
        Nothing(authenticator);
        authenticator.Advance(Seconds(62));

        Assert.That(Failure(authenticator), Is.EqualTo("no further try within 60 s"));
    }

    [Test]
    public void A_peer_that_never_asks_is_given_up()
    {
        PapAuthenticator authenticator = Started();

        authenticator.Advance(Seconds(30) - TimeSpan.FromTicks(1));
        Nothing(authenticator);
        authenticator.Advance(Seconds(30));

        Assert.That(Failure(authenticator), Is.EqualTo("no login within 30 s"));
        Assert.That(authenticator.NextDeadline, Is.Null);
        authenticator.Receive(PapBytes.Request(7, "User", "clientPass"), Seconds(31));
        Nothing(authenticator);
    }

    [Test]
    public void A_request_before_the_start_is_discarded()
    {
        var authenticator = new PapAuthenticator(new ScriptedRandom());

        authenticator.Receive(PapBytes.Request(7, "User", "clientPass"), Seconds(1));

        Nothing(authenticator);
        Assert.That(authenticator.Ignored, Is.EqualTo(1));
    }

    // Nothing; half a header; a length below the header, one beyond the packet; no fields; a name that does not fit; no
    // password; a password that does not fit; an ack and a nak; codes nobody gave out.
    [TestCase("")]
    [TestCase("01 07 00")]
    [TestCase("01 07 0003")]
    [TestCase("01 07 0009 01 61 01 62")]
    [TestCase("01 07 0004")]
    [TestCase("01 07 0006 02 61")]
    [TestCase("01 07 0006 01 61")]
    [TestCase("01 07 0008 01 61 02 62")]
    [TestCase("02 07 0005 00")]
    [TestCase("03 07 0005 00")]
    [TestCase("00 07 0008 01 61 01 62")]
    [TestCase("04 07 0008 01 61 01 62")]
    public void What_is_no_request_is_ignored(string packet)
    {
        PapAuthenticator authenticator = Started();

        authenticator.Receive(HexBytes.Of(packet), Seconds(1));

        Nothing(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(authenticator.Ignored, Is.EqualTo(1));
            Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(30)));
        }
    }

    [TestCase("C3 A9 74 C3 A9", "\u00E9t\u00E9")]
    [TestCase("E9 74 E9", "\u00E9t\u00E9")]
    [TestCase("00 0A", "\0\n")]
    [TestCase("", "")]
    public void A_name_is_UTF_8_or_else_Latin_1_and_its_bytes_are_kept(string bytes, string expected)
    {
        PapAuthenticator authenticator = Started();

        byte[] name = HexBytes.Of(bytes);
        authenticator.Receive(PapBytes.Request(7, name, []), Seconds(1));

        PapCredentials credentials = Credentials<PapCredentials>(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo(expected));
            Assert.That(credentials.RawUserName, Is.EqualTo(name));
            Assert.That(credentials.Password, Is.Empty);
        }
    }

    [Test]
    public void The_longest_name_and_password_fit_and_padding_does_not_matter()
    {
        PapAuthenticator authenticator = Started();

        authenticator.Receive(
            [.. PapBytes.Request(7, new string('x', 255), new string('y', 255)), 0xAA, 0xBB], Seconds(1));

        PapCredentials credentials = Credentials<PapCredentials>(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo(new string('x', 255)));
            Assert.That(credentials.Verify(Encoding.ASCII.GetBytes(new string('y', 255))), Is.True);
        }
    }

    [Test]
    public void Credentials_as_text_do_not_show_the_password() =>
        Assert.That(Asked(Started(), "User", "clientPass").ToString(), Does.Not.Contain("clientPass"));

    [Test]
    public void Any_bytes_at_all_are_survived()
    {
        var noise = new Random(1334);
        for (int round = 0; round < 2000; round++)
        {
            PapAuthenticator authenticator = Started();
            byte[] packet = PapBytes.Request(7, "User", "clientPass");
            for (int i = noise.Next(4); i >= 0; i--)
                packet[noise.Next(packet.Length)] = (byte)noise.Next(256);

            Assert.That(
                () => authenticator.Receive(packet.AsSpan(0, noise.Next(packet.Length + 1)), Seconds(1)),
                Throws.Nothing);
        }
    }

    private static PapAuthenticator Started(ChapTimers? timers = null, int starts = 1)
    {
        byte[][] keys = [.. Enumerable.Range(1, starts).Select(i => Enumerable.Repeat((byte)i, 32).ToArray())];
        var authenticator = new PapAuthenticator(new ScriptedRandom(keys), timers);
        authenticator.Start(TimeSpan.Zero);
        return authenticator;
    }

    private static PapCredentials Asked(PapAuthenticator authenticator, string userName, string password)
    {
        authenticator.Receive(PapBytes.Request(7, userName, password), Seconds(1));
        return Credentials<PapCredentials>(authenticator);
    }
}
