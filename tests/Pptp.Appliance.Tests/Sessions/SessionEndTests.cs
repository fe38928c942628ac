using System.Net;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Sessions;
using Pptp.Model;
using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>What is kept of a session when it ends, for every way it can end.</summary>
[CancelAfter(30_000)]
public sealed class SessionEndTests : TunnelFixture
{
    [Test]
    public void An_ended_session_leaves_its_user_times_addresses_and_counters()
    {
        FakePath path = Connect();
        path.Counters = new DataPathCounters { RxBytes = 1568, TxBytes = 98 };
        World.Time.Advance(TimeSpan.FromSeconds(20));
        Write(new CallClearRequest { CallId = 7 });
        SessionEnd end = TakeEnd();
        Assert.That(end.User, Is.EqualTo("alice"));
        Assert.That(end.CallerId, Is.EqualTo(IPAddress.Parse("192.0.2.7")));
        Assert.That(end.Address, Is.EqualTo(IPAddress.Parse("10.8.0.2")));
        Assert.That(end.Uptime, Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(end.At, Is.EqualTo(World.Time.GetUtcNow()));
        Assert.That(end.Counters.RxBytes, Is.EqualTo(1568));
        Assert.That(end.Counters.TxBytes, Is.EqualTo(98));
        Assert.That(end.Reason, Is.EqualTo(DisconnectReason.PeerRequest));
    }

    [Test]
    public void A_peer_that_terminates_the_link_has_asked_for_the_end()
    {
        FakePath path = Connect();
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, [5, 9, 0, 4]));
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.PeerRequest));
    }

    [Test]
    public void A_peer_that_stops_the_control_connection_has_asked_for_the_end()
    {
        Connect();
        Write(new StopControlConnectionRequest { Reason = StopControlConnectionReason.None });
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.PeerRequest));
    }

    [Test]
    public void A_lost_control_connection_hangs_up()
    {
        Connect();
        Peer.Dispose();
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.HungUp));
    }

    [Test]
    public void A_silent_peer_hangs_up()
    {
        FakePath path = Connect();
        World.Time.Advance(TimeSpan.FromSeconds(30));
        for (int echo = 1; echo <= 5; echo++)
        {
            Assert.That(NextLcp(path)[0], Is.EqualTo(9), $"echo {echo}");
            World.Time.Advance(TimeSpan.FromSeconds(1));
            World.WaitForLog("LCP missed echo reply");
        }
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.HungUp));
    }

    [Test]
    public void No_IP_goes_on_while_the_client_has_yet_to_agree_to_the_end()
    {
        FakePath path = Connect();
        Assert.That(path.IsHalted, Is.False);
        Session!.Stop();
        Assert.That(NextLcp(path)[0], Is.EqualTo(5), "Terminate-Request");
        Assert.That(path.IsHalted, Is.True);
        Assert.That(path.IsClosed, Is.False);
    }

    [Test]
    public void The_daemons_end_is_a_reboot()
    {
        FakePath path = Connect();
        Session!.Stop();
        AcknowledgeTermination(path);
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.Reboot));
    }

    [Test]
    public void A_session_ended_from_outside_has_the_reason_it_was_ended_for()
    {
        FakePath path = Connect();
        CallSession call = World.Sessions.OfUser("alice").Single();
        call.RequestEnd("disconnected by the operator", DisconnectReason.Reset);
        AcknowledgeTermination(path);
        World.WaitForLog("<pptp-alice>: terminating... - disconnected by the operator");
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.Reset));
        World.WaitForLog("disconnected");
        Assert.That(World.Sessions.OfUser("alice"), Is.Empty);
    }

    [Test]
    public void A_user_removed_after_his_login_was_checked_does_not_get_connected_when_that_applies_to_sessions()
    {
        World.BeforeInterface = () => World.Configuration = World.Configuration with
        {
            System = new SystemSettings { ApplyToSessions = true },
            Secrets = [],
        };
        FakePath path = LogIn();
        AcknowledgeTermination(path);
        World.WaitForLog("<pptp-alice>: terminating... - disconnected");
        World.WaitForLog("<pptp-alice>: disconnected");
        Assert.That(path.Opened, Is.Null);
        Assert.That(World.Interfaces, Is.Empty);
    }

    [Test]
    public void A_session_ends_at_its_session_timeout()
    {
        SetProfile(profile => profile with { SessionTimeout = TimeSpan.FromSeconds(25) });
        FakePath path = Connect();
        path.LastTraffic = World.Clock.Now + TimeSpan.FromSeconds(24);
        World.Time.Advance(TimeSpan.FromSeconds(25));
        AcknowledgeTermination(path);
        World.WaitForLog("<pptp-alice>: terminating... - session timeout");
        SessionEnd end = TakeEnd();
        Assert.That(end.Reason, Is.EqualTo(DisconnectReason.SessionTimeout));
        Assert.That(end.Uptime, Is.EqualTo(TimeSpan.FromSeconds(25)));
    }

    [Test]
    public void A_session_that_answers_echoes_and_carries_nothing_ends_at_its_idle_timeout()
    {
        SetProfile(profile => profile with { IdleTimeout = TimeSpan.FromSeconds(50) });
        FakePath path = Connect();
        World.Time.Advance(TimeSpan.FromSeconds(30));
        byte[] echo = NextLcp(path);
        Assert.That(echo[0], Is.EqualTo(9));
        echo[0] = 10;
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, echo));
        World.Time.Advance(TimeSpan.FromSeconds(20));
        AcknowledgeTermination(path);
        World.WaitForLog("<pptp-alice>: terminating... - idle timeout");
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.IdleTimeout));
    }

    [Test]
    public void A_byte_limit_ends_the_session_by_rule()
    {
        World.Configuration = World.Configuration with
        {
            Secrets = [World.Configuration.Secrets[0] with { LimitBytesIn = 1000, LimitBytesOut = 2000 }],
        };
        FakePath path = Connect();
        Assert.That(path.Opened!.LimitBytesIn, Is.EqualTo(1000));
        Assert.That(path.Opened.LimitBytesOut, Is.EqualTo(2000));
        path.ReachLimit();
        AcknowledgeTermination(path);
        World.WaitForLog("<pptp-alice>: terminating... - traffic limit reached");
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.NasRequest));
    }

    [Test]
    public void A_failed_data_path_is_a_port_error()
    {
        Connect().Fail("interface was deleted");
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.PortError));
    }

    [Test]
    public void A_peer_that_negotiates_anew_is_an_error()
    {
        FakePath path = Connect();
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, [1, 9, 0, 4]));
        AcknowledgeTermination(path);
        Assert.That(TakeEnd().Reason, Is.EqualTo(DisconnectReason.NasError));
    }

    [Test]
    public void A_call_that_never_came_up_leaves_nothing()
    {
        Dial();
        Write(new CallClearRequest { CallId = 7 });
        World.WaitForLog("disconnected");
        Assert.That(World.Ended, Is.Empty);
    }

    [Test]
    public void Reasons_have_RouterOS_words() =>
        Assert.That(Enum.GetValues<DisconnectReason>().Select(reason => reason.Word()), Is.EqualTo(new[]
        {
            "peer-request", "hung-up", "idle-timeout", "session-timeout", "reset", "reboot", "port-error", "nas-error",
            "nas-request",
        }));

    private void SetProfile(Func<PppProfile, PppProfile> change)
    {
        PppProfile profile = World.Configuration.FindProfile(PppProfile.DefaultName)!;
        World.Configuration = World.Configuration with { Profiles = [change(profile)] };
    }

    private FakePath Connect()
    {
        FakePath path = LogIn();
        World.WaitForLog("connected");
        return path;
    }

    private SessionEnd TakeEnd()
    {
        Assert.That(World.Ended.TryTake(out SessionEnd? end, TimeSpan.FromSeconds(10)), Is.True);
        return end!;
    }
}
