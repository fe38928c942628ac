using System.Collections.Concurrent;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Testing.Serving;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>A login by EAP, whose rounds somebody else leads.</summary>
[CancelAfter(60_000)]
public sealed class EapSessionTests : TunnelFixture
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly byte[] Who = [2, 0, 0, 10, 1, .. "alice"u8];

    private readonly Judge _judge = new();

    [SetUp]
    public void Judged()
    {
        World.Access = _judge;
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { Authentication = AuthenticationMethods.Eap },
        };
    }

    [Test]
    public void The_rounds_go_to_and_fro_until_the_session_is_up()
    {
        Continuation first = new();
        Continuation second = new();
        FakePath path = Named();
        _judge.Decides(new AccessDecision.Challenge([1, 0x42, 0, 6, 13, 0x20], first));
        Hears(path, "01420006" + "0D20");
        Says(path, [2, 0x42, 0, 6, 13, 0]);
        _judge.Decides(new AccessDecision.Challenge([1, 0x43, 0, 6, 13, 0], second));
        Hears(path, "01430006" + "0D00");
        Says(path, [2, 0x43, 0, 6, 13, 0]);
        _judge.Decides(Accepted with { EapPacket = [3, 0x43, 0, 4] });
        Hears(path, "03430004");

        AccessRequest[] asked = [.. _judge.Requests];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(asked.Select(request => request.Credentials.UserName), Is.All.EqualTo("alice"));
            Assert.That(asked.Select(request => request.Continuation), Is.EqualTo(new[] { null, first, second }));
            Assert.That(asked.Select(request => request.PeerMru), Is.All.EqualTo(1400));
            Assert.That(((EapCredentials)asked[2].Credentials).Packet, Is.EqualTo(new byte[] { 2, 0x43, 0, 6, 13, 0 }));
            Assert.That(
                Told(report => report.Steps.Any(step => step.Text == "accepted"))
                    .Steps.Where(step => step.Phase == "authentication").Select(step => step.Text),
                Is.EqualTo((string[])
                [
                    "by eap", "the client answers as alice", "EAP round 1: EAP-TLS, 6 octets",
                    "EAP round 2: EAP-TLS, 6 octets",
                ]));
        }
    }

    [Test]
    public void A_refusal_is_the_end_and_says_what_the_server_says()
    {
        FakePath path = Named();
        _judge.Decides(new AccessDecision.Challenge([1, 0x42, 0, 6, 4, 0], new Continuation()));
        Hears(path, "01420006" + "0400");
        Says(path, [2, 0x42, 0, 6, 4, 0]);
        _judge.Decides(new AccessDecision.Reject(RefusalCause.WrongPassword) { EapPacket = [4, 0x42, 0, 4] });

        Hears(path, "04420004");
        AcknowledgeTermination(path);
        Assert.That(Told(report => report.Cause is not null).Cause, Is.EqualTo("wrong-password"));
    }

    [Test]
    public void A_client_that_leaves_in_the_middle_is_told_apart_from_one_that_was_let_in()
    {
        FakePath path = Named();
        _judge.Decides(new AccessDecision.Challenge([1, 0x42, 0, 6, 25, 0x20], new Continuation()));
        Hears(path, "01420006" + "1920");
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, [5, 9, 0, 4]));

        AttemptReport report = Told(report => report.Cause is not null);
        Assert.That(report.Cause, Is.EqualTo("eap-unfinished"));
        Assert.That(report.Steps.Select(step => step.Text), Has.Some.EqualTo("EAP round 1: PEAP, 6 octets"));
    }

    [Test]
    public void A_client_that_falls_silent_in_the_middle_is_asked_again_and_given_up()
    {
        FakePath path = Named();
        _judge.Decides(new AccessDecision.Challenge([1, 0x42, 0, 6, 13, 0x20], new Continuation()));
        for (int time = 1; time <= 10; time++)
        {
            Hears(path, "01420006" + "0D20");
            World.Time.Advance(TimeSpan.FromSeconds(3));
        }

        AcknowledgeTermination(path);
        AttemptReport report = Told(report => report.Cause is not null);
        Assert.That(report.Cause, Is.EqualTo("eap-unfinished"));
        Assert.That(report.Why, Does.EndWith(": no answer to 10 EAP requests"));
    }

    [TestCase(6, false, TestName = "A_client_that_takes_4_s_for_each_of_6_rounds_gets_in_where_login_timeout_is_10_s")]
    [TestCase(8, true, TestName = "A_client_that_takes_4_s_for_each_of_8_rounds_takes_too_long_where_it_is_10_s")]
    public void Each_round_has_its_time_and_all_together_that_of_three_logins(int rounds, bool isTooLong)
    {
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { LoginTimeout = TimeSpan.FromSeconds(10) },
        };
        FakePath path = Named();
        for (byte round = 1; round <= rounds; round++)
        {
            _judge.Decides(new AccessDecision.Challenge([1, round, 0, 6, 6, 0], new Continuation()));
            Hears(path, $"01{round:X2}0006" + "0600");
            World.Time.Advance(TimeSpan.FromSeconds(4));
            Says(path, [2, round, 0, 6, 6, 0]);
        }
        if (isTooLong)
        {
            AttemptReport report = Told(report => report.Cause is not null);
            Assert.That(report.Cause, Is.EqualTo("eap-unfinished"));
            Assert.That(report.Steps[^1].Text, Is.EqualTo("not logged in in time"));
            return;
        }
        _judge.Decides(Accepted);
        Hears(path, $"03{rounds:X2}0004");
    }

    private AccessDecision.Accept Accepted => new(
        SessionParameters.Resolve(World.Configuration, World.Configuration.Secrets[0]),
        null,
        new MppeStartKeys(new byte[16], new byte[16]));

    private FakePath Named()
    {
        FakePath path = Dial();
        byte[] request = NextLcp(path);
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, [1, 1, 0, 8, 1, 4, 0x05, 0x78]));
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, [2, .. request.AsSpan(1)]));
        byte identifier = Next(path)[1];
        Says(path, [2, identifier, .. Who.AsSpan(2)]);
        return path;
    }

    private static void Says(FakePath path, byte[] packet) => path.Deliver(PppFrame.Create(PppProtocol.Eap, packet));

    /// <summary>A request that was repeated meanwhile is passed over.</summary>
    private static void Hears(FakePath path, string hex)
    {
        string heard;
        string last = "";
        do
        {
            heard = Convert.ToHexString(Next(path));
            Assert.That(last == "" || heard == last || heard == hex, Is.True, $"{last}, {heard}");
            last = heard;
        }
        while (heard != hex);
    }

    private static byte[] Next(FakePath path)
    {
        while (path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
        {
            if (PppFrame.TryParse(frame, out ushort protocol, out int at) && protocol == PppProtocol.Eap)
                return frame[at..];
        }
        throw new AssertionException("the server sent no EAP packet");
    }

    private AttemptReport Told(Func<AttemptReport, bool> isIt)
    {
        Poll.UntilAsync(() => World.Attempts.Find("alice").Any(isIt), Soon).Wait();
        return World.Attempts.Find("alice").First(isIt);
    }

    private sealed record Continuation : AccessContinuation;

    /// <summary>Decides as it is told, and waits until it is.</summary>
    private sealed class Judge : IAccessService
    {
        private readonly BlockingCollection<AccessDecision> _decisions = [];

        public ConcurrentQueue<AccessRequest> Requests { get; } = [];

        public void Decides(AccessDecision decision) => _decisions.Add(decision);

        public async ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellation)
        {
            Requests.Enqueue(request);
            return await Task.Run(() => _decisions.Take(cancellation), cancellation);
        }
    }
}
