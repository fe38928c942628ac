using System.Net;
using System.Text;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;
using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;
using Pptp.Testing.Serving;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>What is told of who could not get in: each cause from what the tunnel's actor lives through.</summary>
[CancelAfter(60_000)]
public sealed class WhyTests : TunnelFixture
{
    private const string Client = "192.0.2.7";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Test]
    public void A_session_that_came_up_has_a_timeline_and_no_cause()
    {
        LogIn();
        AttemptReport report = Told("alice", found => found.Outcome == "connected");

        Assert.That(report.Cause, Is.Null);
        Assert.That(report.Source, Is.EqualTo(IPAddress.Parse(Client)));
        Assert.That(report.Steps.Select(step => step.Phase).Distinct(), Is.EqualTo((string[])
        [
            "TCP connection", "control connection", "call", "LCP", "GRE", "authentication", "login", "encryption", "IP",
            "interface", "session",
        ]));
        Assert.That(World.Attempts.Find(Client).Single().User, Is.EqualTo("alice"), "by its address as well");
    }

    [TestCase("alice", "wrong", "wrong-password")]
    [TestCase("mallory", "secret", "unknown-user")]
    public void A_wrong_login_is_told_by_name(string user, string password, string cause)
    {
        FakePath path = Dial();
        new FakeClient(path, user, password).RunUntil(PppProtocol.Chap, 4);

        AttemptReport report = Told(user, found => found.Outcome == "failed");
        Assert.That(report.Cause, Is.EqualTo(cause));
        Assert.That(report.Hint, Is.Not.Empty);
        Assert.That(report.Steps.Select(step => step.Text), Has.None.Contains("secret").And.None.Contains("wrong  "));
        World.WaitForLog("192.0.2.7 has trouble - " + report.Why);
    }

    [Test]
    public void A_name_with_a_domain_is_told_under_the_secrets()
    {
        FakePath path = Dial();
        new FakeClient(path, @"OFFICE\alice", "wrong").RunUntil(PppProtocol.Chap, 4);
        Assert.That(Told("alice", found => found.Cause is not null).Cause, Is.EqualTo("wrong-password"));
    }

    [Test]
    public void A_disabled_secret_is_told() =>
        MustBeRefused(secret => secret with { Disabled = true }, "secret-disabled");

    [Test]
    public void A_caller_from_elsewhere_is_told() =>
        MustBeRefused(secret => secret with { CallerId = "203.0.113.1" }, "caller-id");

    [Test]
    public void An_expired_password_is_told() =>
        MustBeRefused(secret => secret with { PasswordExpired = true }, "password-expired");

    [Test]
    public void Who_is_locked_out_is_told_apart_from_who_has_a_wrong_password()
    {
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { LoginFailures = 1 },
        };
        FakePath path = Dial();
        new FakeClient(path, "alice", "wrong").RunUntil(PppProtocol.Chap, 4);
        Told("alice", found => found.Cause == "wrong-password" && found.Outcome == "failed");
        Write(new OutgoingCallRequest { CallId = 8, PacketReceiveWindowSize = 64 });
        new FakeClient(TakePath(), "alice", "secret").RunUntil(PppProtocol.Chap, 4);

        Told("alice", found => found.Cause == "locked-out");
        Assert.That(World.Attempts.Find("alice"), Has.Count.EqualTo(2));
    }

    [Test]
    public void Who_does_no_method_that_is_allowed_is_told()
    {
        FakePath path = Dial();
        byte[] request = NextLcp(path);
        SendLcp(path, [4, request[1], 0, 9, 3, 5, 0xC2, 0x23, 0x81]);
        AcknowledgeTermination(path);
        Assert.That(Told(Client, found => found.Cause is not null).Cause, Is.EqualTo("authentication-refused"));
    }

    [Test]
    public void Who_does_not_encrypt_where_it_is_required_is_told()
    {
        PppProfile profile = World.Configuration.FindProfile(PppProfile.DefaultName)!;
        World.Configuration = World.Configuration with
        {
            Profiles = [profile with { UseEncryption = Negotiation.Required }],
        };
        FakePath path = Dial();
        FakeClient client = new(path, "alice", "secret");
        client.RunUntil(PppProtocol.Chap, 3);
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, [8, 9, 0, 6, 0x80, 0xFD]));
        AcknowledgeTermination(path);

        Assert.That(Told("alice", found => found.Cause is not null).Cause, Is.EqualTo("mppe-refused"));
    }

    [Test]
    public void No_GRE_within_five_seconds_is_told_while_the_call_still_waits()
    {
        Dial();
        World.Time.Advance(TimeSpan.FromSeconds(5));
        AttemptReport report = Told(Client, found => found.Cause is not null);

        Assert.That(report.Cause, Is.EqualTo("no-gre"));
        Assert.That(report.Outcome, Is.EqualTo("under way"));
        World.WaitForLog("has trouble - the control connection is up, but no GRE comes from the client");
    }

    [Test]
    public void GRE_that_comes_late_after_all_takes_the_blame_back()
    {
        FakePath path = Dial();
        World.Time.Advance(TimeSpan.FromSeconds(5));
        Told(Client, found => found.Cause is not null);
        new FakeClient(path, "alice", "secret").LogIn();

        Assert.That(Told("alice", found => found.Outcome == "connected").Cause, Is.Null);
    }

    [Test]
    public void GRE_from_another_address_is_told_with_the_address()
    {
        FakePath path = Dial();
        path.Stray = new StrayGre(IPAddress.Parse("198.51.100.9"), path.CallId);
        World.Time.Advance(TimeSpan.FromSeconds(5));
        AttemptReport report = Told(Client, found => found.Cause is not null);

        Assert.That(report.Cause, Is.EqualTo("gre-from-another-address"));
        Assert.That(report.Why, Does.Contain("198.51.100.9 instead of 192.0.2.7"));
    }

    [Test]
    public void GRE_with_another_call_id_is_told()
    {
        FakePath path = Dial();
        path.Stray = new StrayGre(IPAddress.Parse(Client), (ushort)(path.CallId + 1));
        World.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(Told(Client, found => found.Cause is not null).Cause, Is.EqualTo("call-id-mismatch"));
    }

    [Test]
    public void A_client_that_hears_none_of_our_answers_is_told()
    {
        FakePath path = Dial();
        SendLcp(path, [1, 1, 0, 8, 1, 4, 0x05, 0x78]);
        Write(new CallClearRequest { CallId = 7 });
        Assert.That(Told(Client, found => found.Cause is not null).Cause, Is.EqualTo("gre-one-way"));
    }

    [TestCase(true, "credential-guard", true)]
    [TestCase(false, "no-credentials", false)]
    public void A_client_that_leaves_at_the_challenge_is_told_and_one_of_Windows_as_a_guess(
        bool isWindows, string cause, bool isGuess)
    {
        FakePath path = Dial();
        byte[] request = NextLcp(path);
        SendLcp(path, [1, 1, 0, 8, 1, 4, 0x05, 0x78]);
        SendLcp(path, [2, .. request.AsSpan(1)]);
        if (isWindows)
            SendLcp(path, [12, 3, 0, 18, 0, 0, 0, 1, .. Encoding.ASCII.GetBytes("MSRASV5.20")]);
        SendLcp(path, [5, 4, 0, 4]);

        AttemptReport report = Told(Client, found => found.Cause is not null);
        Assert.That(report.Cause, Is.EqualTo(cause));
        Assert.That(report.IsGuess, Is.EqualTo(isGuess));
    }

    [Test]
    public void An_empty_pool_is_told()
    {
        World.Configuration = World.Configuration with { Pools = [] };
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret").RunUntil(PppProtocol.Lcp, 5);
        AttemptReport report = Told("alice", found => found.Cause is not null);

        Assert.That(report.Cause, Is.EqualTo("pool-empty"));
        Assert.That(report.Why, Does.EndWith(": dial-in"));
    }

    [Test]
    public void Only_one_is_told()
    {
        PppProfile profile = World.Configuration.FindProfile(PppProfile.DefaultName)!;
        World.Configuration = World.Configuration with { Profiles = [profile with { OnlyOne = OnlyOne.Yes }] };
        LogIn();
        Write(new OutgoingCallRequest { CallId = 8, PacketReceiveWindowSize = 64 });
        new FakeClient(TakePath(), "alice", "secret").RunUntil(PppProtocol.Chap, 4);

        Assert.That(Told("alice", found => found.Cause is not null).Cause, Is.EqualTo("only-one"));
    }

    [Test]
    public void A_session_that_falls_silent_is_told()
    {
        FakePath path = LogIn();
        World.WaitForLog("<pptp-alice>: connected");
        World.Time.Advance(TimeSpan.FromSeconds(30));
        for (int echo = 1; echo <= 5; echo++)
        {
            Assert.That(NextLcp(path)[0], Is.EqualTo(9));
            World.Time.Advance(TimeSpan.FromSeconds(1));
            World.WaitForLog("LCP missed echo reply");
        }
        AttemptReport report = Told("alice", found => found.Cause is not null);
        Assert.That(report.Cause, Is.EqualTo("keepalive-lost"));
        Assert.That(report.Outcome, Is.EqualTo("ended"));
    }

    [TestCase(true, false, "mtu-black-hole")]
    [TestCase(true, true, null)]
    [TestCase(false, false, null)]
    public void Echoes_tell_whether_large_packets_pass(bool answersSmall, bool answersLarge, string? cause)
    {
        FakePath path = LogIn();
        World.WaitForLog("<pptp-alice>: connected");
        int asked = 0;
        for (int round = 0; round < 4 && !(answersLarge && asked > 0); round++)
        {
            World.Time.Advance(TimeSpan.FromSeconds(3));
            byte[] small = NextProbe(path);
            byte[] large = NextProbe(path);
            asked++;
            Assert.That((small.Length, large.Length), Is.EqualTo((108, 1400)), "the client takes 1400 octets");
            // The one that settles it first: a time that has come meanwhile would bring another round.
            if (answersLarge)
                AnswerEcho(path, large);
            if (answersSmall)
                AnswerEcho(path, small);
        }
        World.Time.Advance(TimeSpan.FromSeconds(3));
        if (cause is not null)
            World.WaitForLog("has trouble - small packets pass, large ones do not: those of 1400 octets are lost");
        World.Time.Advance(TimeSpan.FromSeconds(3));
        AttemptReport report = Told("alice", found => found.Cause == cause);
        Assert.That(report.Outcome, Is.EqualTo("connected"), "the session goes on");
        Assert.That(path.Sent.Any(frame => frame.Length > 1000), Is.False, "no further one");
    }

    [Test]
    public void A_control_connection_without_a_call_is_told()
    {
        Open();
        Write(new StopControlConnectionRequest { Reason = StopControlConnectionReason.None });
        Assert.That(Told(Client, found => found.Cause is not null).Cause, Is.EqualTo("no-call"));
    }

    [Test]
    public void A_call_beyond_max_sessions_is_told()
    {
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { MaxSessions = 1 },
        };
        LogIn();
        for (ushort call = 8; call < 30; call++)
        {
            Write(new OutgoingCallRequest { CallId = call, PacketReceiveWindowSize = 64 });
            Assert.That(Read<OutgoingCallReply>().ResultCode, Is.EqualTo(OutgoingCallResult.GeneralError));
        }
        AttemptReport[] reports = [.. World.Attempts.Find(Client)];
        Assert.That(reports.Select(report => report.Cause), Is.EqualTo((string?[])["too-many-sessions", null]));
        Assert.That(reports[0].Repeated, Is.EqualTo(21));
    }

    private static void SendLcp(FakePath path, byte[] packet) => path.Deliver(PppFrame.Create(PppProtocol.Lcp, packet));

    private static byte[] NextProbe(FakePath path)
    {
        while (path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
        {
            if (PppFrame.TryParse(frame, out ushort protocol, out int at) && protocol == PppProtocol.Lcp
                && frame[at] == 9 && frame.Length - at > 8)
            {
                return frame[at..];
            }
        }
        throw new AssertionException("the server sent no echo with data");
    }

    private static void AnswerEcho(FakePath path, byte[] request)
    {
        byte[] reply = [.. request];
        reply[0] = 10;
        reply.AsSpan(4, 4).Clear();
        SendLcp(path, reply);
    }

    private void MustBeRefused(Func<PppSecret, PppSecret> change, string cause)
    {
        World.Configuration = World.Configuration with { Secrets = [.. World.Configuration.Secrets.Select(change)] };
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret").RunUntil(PppProtocol.Chap, 4);
        Assert.That(Told("alice", found => found.Cause is not null).Cause, Is.EqualTo(cause));
    }

    private AttemptReport Told(string name, Func<AttemptReport, bool> isIt)
    {
        Poll.UntilAsync(() => World.Attempts.Find(name).Any(isIt), Soon).Wait();
        IReadOnlyList<AttemptReport> found = World.Attempts.Find(name);
        return found.FirstOrDefault(isIt)
            ?? throw new AssertionException(
                $"not told of {name}: {string.Join("; ", found.Select(report => $"{report.Outcome} {report.Cause}"))}");
    }
}
