using System.Text;
using Pptp.Protocol.Authentication;
using static Pptp.Protocol.Tests.Authentication.AuthenticatorSteps;

namespace Pptp.Protocol.Tests.Authentication;

public sealed class EapAuthenticatorTests
{
    private const int Mru = 1400;

    // RFC 3748 §4.1: code, identifier, length, type.
    private static readonly byte[] AskWho = HexBytes.Of("01 41 00 05 01");
    private static readonly byte[] Alice = HexBytes.Of("02 41 00 0A 01 61 6C 69 63 65");

    // An EAP-TLS start (RFC 5216 §3.1), and what a peer might say to it.
    private static readonly byte[] TlsStart = HexBytes.Of("01 42 00 06 0D 20");
    private static readonly byte[] TlsAnswer = HexBytes.Of("02 42 00 08 0D 00 16 03");
    private static readonly byte[] EapSuccess = HexBytes.Of("03 42 00 04");
    private static readonly byte[] EapFailure = HexBytes.Of("04 42 00 04");

    private static readonly AuthenticationVerdict Further = new AuthenticationVerdict.Continue(TlsStart);

    private static EapAuthenticator Started(ChapTimers? timers = null)
    {
        var authenticator = new EapAuthenticator(Mru, new ScriptedRandom([0x40]), timers);
        authenticator.Start(TimeSpan.Zero);
        Assert.That(Sent(authenticator), Is.EqualTo(AskWho));
        Nothing(authenticator);
        return authenticator;
    }

    private static EapAuthenticator Named()
    {
        EapAuthenticator authenticator = Started();
        authenticator.Receive(Alice, Seconds(1));
        Assert.That(Credentials<EapCredentials>(authenticator).UserName, Is.EqualTo("alice"));
        return authenticator;
    }

    private static EapAuthenticator Asked()
    {
        EapAuthenticator authenticator = Named();
        authenticator.Decide(Further, Seconds(2));
        Assert.That(Sent(authenticator), Is.EqualTo(TlsStart));
        Nothing(authenticator);
        return authenticator;
    }

    private static EapAuthenticator Answered()
    {
        EapAuthenticator authenticator = Asked();
        authenticator.Receive(TlsAnswer, Seconds(3));
        Credentials<EapCredentials>(authenticator);
        return authenticator;
    }

    private static void Ignores(EapAuthenticator authenticator, string packet)
    {
        long before = authenticator.Ignored;
        authenticator.Receive(HexBytes.Of(packet), Seconds(4));
        Nothing(authenticator);
        Assert.That(authenticator.Ignored, Is.EqualTo(before + 1));
    }

    [Test]
    public void The_peer_is_asked_who_it_is_and_its_answer_goes_on_whole()
    {
        EapAuthenticator authenticator = Started();

        authenticator.Receive([.. Alice, 0, 0, 0], Seconds(1));

        EapCredentials credentials = Credentials<EapCredentials>(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo("alice"));
            Assert.That(credentials.RawUserName, Is.EqualTo("alice"u8.ToArray()));
            Assert.That(credentials.Packet, Is.EqualTo(Alice), "without the padding");
            Assert.That(authenticator.NextDeadline, Is.Null, "no time runs while the verdict is awaited");
        }
    }

    [Test]
    public void A_request_of_the_server_reaches_the_peer_and_its_answer_the_server_under_the_same_name()
    {
        EapAuthenticator authenticator = Asked();

        authenticator.Receive(TlsAnswer, Seconds(3));

        EapCredentials credentials = Credentials<EapCredentials>(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.Packet, Is.EqualTo(TlsAnswer));
            Assert.That(credentials.UserName, Is.EqualTo("alice"));
            Assert.That(credentials.RawUserName, Is.EqualTo("alice"u8.ToArray()));
        }
    }

    // RFC 3748 §5.3.1: the peer wants another method; that is for the server to know.
    [Test]
    public void A_nak_goes_on_to_the_server()
    {
        EapAuthenticator authenticator = Asked();

        authenticator.Receive(HexBytes.Of("02 42 00 06 03 1A"), Seconds(3));

        Assert.That(
            Credentials<EapCredentials>(authenticator).Packet, Is.EqualTo(HexBytes.Of("02 42 00 06 03 1A")));
    }

    [Test]
    public void The_success_of_the_server_goes_to_the_peer()
    {
        EapAuthenticator authenticator = Answered();

        authenticator.Decide(new AuthenticationVerdict.Accept(null, EapSuccess), Seconds(4));

        Assert.That(Sent(authenticator), Is.EqualTo(EapSuccess));
        Succeeded(authenticator);
        Nothing(authenticator);
        Assert.That(authenticator.NextDeadline, Is.Null);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("03 42 00")]
    [TestCase("03 42 00 09")]
    [TestCase("03 42 00 05 01")]
    [TestCase("01 43 00 06 0D 20")]
    public void An_acceptance_without_a_last_packet_makes_one(string? given)
    {
        EapAuthenticator authenticator = Answered();

        authenticator.Decide(
            new AuthenticationVerdict.Accept(null, given is null ? null : HexBytes.Of(given)), Seconds(4));

        Assert.That(Sent(authenticator), Is.EqualTo(EapSuccess));
        Succeeded(authenticator);
    }

    // RFC 3579 §2.6.3: what the server says decides, and not the packet in it; that goes on as it is.
    [Test]
    public void An_acceptance_that_tells_the_peer_failure_is_one()
    {
        EapAuthenticator authenticator = Answered();

        authenticator.Decide(new AuthenticationVerdict.Accept(null, EapFailure), Seconds(4));

        Assert.That(Sent(authenticator), Is.EqualTo(EapFailure));
        Succeeded(authenticator);
    }

    [TestCase("04 42 00 04", "04 42 00 04")]
    [TestCase("03 42 00 04", "03 42 00 04")]
    [TestCase("01 43 00 06 0D 20", "04 42 00 04")]
    [TestCase(null, "04 42 00 04")]
    public void A_refusal_is_told_and_final(string? given, string sent)
    {
        EapAuthenticator authenticator = Answered();

        authenticator.Decide(
            new AuthenticationVerdict.Reject(true, 691, "no", given is null ? null : HexBytes.Of(given)), Seconds(4));

        Assert.That(Sent(authenticator), Is.EqualTo(HexBytes.Of(sent)));
        Assert.That(Failure(authenticator), Is.EqualTo("no (error 691)"));
        Nothing(authenticator);
        Assert.That(authenticator.NextDeadline, Is.Null);
        Ignores(authenticator, "02 42 00 08 0D 00 16 03");
    }

    [Test]
    public void A_request_is_repeated_unchanged_and_the_peer_given_up_at_last()
    {
        EapAuthenticator authenticator = Started(
            new ChapTimers { RetransmitInterval = Seconds(3), MaximumTransmissions = 3 });

        authenticator.Advance(Seconds(2.9));
        Nothing(authenticator);
        authenticator.Advance(Seconds(3));
        Assert.That(Sent(authenticator), Is.EqualTo(AskWho));
        authenticator.Advance(Seconds(6));
        Assert.That(Sent(authenticator), Is.EqualTo(AskWho));
        authenticator.Advance(Seconds(9));
        Assert.That(Failure(authenticator), Is.EqualTo("no answer to 3 EAP requests"));
        Nothing(authenticator);
        Assert.That(authenticator.NextDeadline, Is.Null);
    }

    [Test]
    public void Each_request_has_its_own_time()
    {
        EapAuthenticator authenticator = Asked();

        Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(5)));
        authenticator.Advance(Seconds(5));
        Assert.That(Sent(authenticator), Is.EqualTo(TlsStart));
    }

    // Two copies of a request draw two answers.
    [Test]
    public void Repeated_and_late_answers_are_ignored()
    {
        EapAuthenticator authenticator = Named();
        Ignores(authenticator, "02 41 00 0A 01 61 6C 69 63 65");

        authenticator.Decide(Further, Seconds(2));
        Sent(authenticator);

        Ignores(authenticator, "02 41 00 0A 01 61 6C 69 63 65");
        authenticator.Receive(TlsAnswer, Seconds(3));
        Credentials<EapCredentials>(authenticator);
    }

    [Test]
    public void What_comes_after_success_is_ignored()
    {
        EapAuthenticator authenticator = Answered();
        authenticator.Decide(new AuthenticationVerdict.Accept(null, EapSuccess), Seconds(4));
        Sent(authenticator);
        Succeeded(authenticator);

        Ignores(authenticator, "02 42 00 08 0D 00 16 03");
        Ignores(authenticator, "04 42 00 04");
    }

    [TestCase("")]
    [TestCase("02 42 00")]
    [TestCase("02 42 00 03")]
    [TestCase("02 42 00 09 0D 00 16 03", TestName = "Longer_than_it_is")]
    [TestCase("02 42 FF FF 0D 00 16 03", TestName = "Much_longer_than_it_is")]
    [TestCase("02 42 00 04", TestName = "Without_a_type")]
    [TestCase("02 43 00 08 0D 00 16 03", TestName = "To_another_request")]
    [TestCase("01 42 00 08 0D 00 16 03", TestName = "A_request")]
    [TestCase("03 42 00 04", TestName = "A_success")]
    [TestCase("04 42 00 04", TestName = "A_failure")]
    [TestCase("00 42 00 08 0D 00 16 03", TestName = "Of_no_code")]
    public void What_is_no_answer_is_ignored(string packet)
    {
        EapAuthenticator authenticator = Asked();

        Ignores(authenticator, packet);

        authenticator.Receive(TlsAnswer, Seconds(5));
        Credentials<EapCredentials>(authenticator);
    }

    [TestCase("02 41 00 06 03 04", TestName = "A_nak_of_the_question_who")]
    [TestCase("02 41 00 06 0D 00", TestName = "A_method_before_the_name")]
    public void Nobody_comes_in_without_a_name(string packet) => Ignores(Started(), packet);

    [TestCase(3072, true)]
    [TestCase(3073, false)]
    public void An_answer_that_no_request_to_the_server_can_hold_is_ignored(int length, bool isTaken)
    {
        EapAuthenticator authenticator = Asked();

        authenticator.Receive(ChapBytes.Packet(2, 0x42, [0x0D, .. new byte[length - 5]]), Seconds(3));

        if (isTaken)
            Assert.That(Credentials<EapCredentials>(authenticator).Packet, Has.Length.EqualTo(length));
        else
            Nothing(authenticator);
    }

    [TestCase(0)]
    [TestCase(256)]
    public void A_name_of_any_usual_length_is_for_others_to_judge(int length)
    {
        EapAuthenticator authenticator = Started();

        authenticator.Receive(Who(length), Seconds(1));

        Assert.That(Credentials<EapCredentials>(authenticator).UserName, Is.EqualTo(new string('a', length)));
    }

    [Test]
    public void A_name_that_is_too_long_is_refused()
    {
        EapAuthenticator authenticator = Started();

        authenticator.Receive(Who(257), Seconds(1));

        Assert.That(Sent(authenticator), Is.EqualTo(HexBytes.Of("04 41 00 04")));
        Assert.That(Failure(authenticator), Is.EqualTo("a user name of 257 bytes"));
    }

    [TestCase("02 42 00 06 0D 20")]
    [TestCase("03 42 00 04")]
    [TestCase("01 42 00 04")]
    [TestCase("01 42 00 07 0D 20")]
    [TestCase("")]
    public void A_server_that_asks_nothing_ends_the_login(string packet)
    {
        EapAuthenticator authenticator = Named();

        authenticator.Decide(new AuthenticationVerdict.Continue(HexBytes.Of(packet)), Seconds(2));

        Assert.That(Sent(authenticator), Is.EqualTo(HexBytes.Of("04 41 00 04")));
        Assert.That(Failure(authenticator), Is.EqualTo("asked to go on by what is no EAP request"));
    }

    [TestCase(Mru, null)]
    [TestCase(Mru + 1, "an EAP request of 1401 bytes, and the peer takes 1400")]
    public void A_request_longer_than_the_peers_mru_is_not_sent(int length, string? failure)
    {
        EapAuthenticator authenticator = Named();

        authenticator.Decide(
            new AuthenticationVerdict.Continue(ChapBytes.Packet(1, 0x42, [0x0D, .. new byte[length - 5]])), Seconds(2));

        byte[] sent = Sent(authenticator);
        Assert.That(sent, Has.Length.EqualTo(failure is null ? length : 4));
        if (failure is not null)
            Assert.That(Failure(authenticator), Is.EqualTo(failure));
    }

    [Test]
    public void A_server_that_never_ends_is_ended()
    {
        EapAuthenticator authenticator = Named();
        byte identifier = 0x41;
        for (int round = 0; round < 50; round++)
        {
            identifier++;
            authenticator.Decide(
                new AuthenticationVerdict.Continue(ChapBytes.Packet(1, identifier, [4, 0])), Seconds(round));
            Sent(authenticator);
            authenticator.Receive(ChapBytes.Packet(2, identifier, [4, 0]), Seconds(round));
            Credentials<EapCredentials>(authenticator);
        }

        authenticator.Decide(Further, Seconds(60));

        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Packet(4, identifier, [])));
        Assert.That(Failure(authenticator), Is.EqualTo("no end after 50 rounds of EAP"));
    }

    [Test]
    public void When_the_link_begins_anew_so_does_the_login()
    {
        EapAuthenticator authenticator = Answered();

        authenticator.Start(Seconds(5));

        Assert.That(Sent(authenticator), Is.EqualTo(HexBytes.Of("01 43 00 05 01")));
        authenticator.Decide(new AuthenticationVerdict.Accept(null, EapSuccess), Seconds(6));
        Nothing(authenticator);
        authenticator.Receive(HexBytes.Of("02 43 00 08 01 62 6F 62"), Seconds(7));
        Assert.That(Credentials<EapCredentials>(authenticator).UserName, Is.EqualTo("bob"));
    }

    [Test]
    public void A_verdict_nobody_asked_for_does_nothing()
    {
        EapAuthenticator authenticator = Started();

        authenticator.Decide(new AuthenticationVerdict.Accept(null, EapSuccess), Seconds(1));
        authenticator.Decide(Further, Seconds(1));

        Nothing(authenticator);
    }

    private static byte[] Who(int length) =>
        ChapBytes.Packet(2, 0x41, [1, .. Encoding.ASCII.GetBytes(new string('a', length))]);
}
