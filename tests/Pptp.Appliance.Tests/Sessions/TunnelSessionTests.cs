using System.Net;
using Pptp.Appliance.DataPlane;
using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>The actor of a tunnel, spoken to as a client would, in a world without kernel and network.</summary>
[CancelAfter(30_000)]
public sealed class TunnelSessionTests : TunnelFixture
{
    [Test]
    public void A_login_opens_the_data_path_with_keys_and_an_interface()
    {
        FakePath path = LogIn();
        Assert.That(World.WaitForLog("logged in"), Is.EqualTo("pptp,ppp,info,account alice logged in, 10.8.0.2 from 192.0.2.7"));
        World.WaitForLog("<pptp-alice>: connected");
        Assert.That(path.Opened!.Encryptor, Is.Not.Null);
        Assert.That(path.Opened.Decryptor, Is.Not.Null);
        Assert.That(path.Opened.AllowedSources, Is.EqualTo(new[] { new Ipv4Prefix(IPAddress.Parse("10.8.0.2"), 32) }));
        Assert.That(World.Interfaces["pptp-alice"].Mtu, Is.EqualTo(1400), "the peer's MRU is smaller than max-mtu");
        Assert.That(path.Opened.MaximumSegmentSize, Is.EqualTo(1360));
    }

    [Test]
    public void A_cleared_call_leaves_nothing_and_its_address_is_free()
    {
        FakePath path = LogIn();
        path.Counters = new DataPathCounters { RxBytes = 1568, TxBytes = 98, RxPackets = 14, TxPackets = 8 };
        World.WaitForLog("connected");
        World.Time.Advance(TimeSpan.FromSeconds(20));
        Write(new CallClearRequest { CallId = 7 });
        World.WaitForLog("<pptp-alice>: terminating... - hungup");
        Assert.That(World.WaitForLog("logged out"), Is.EqualTo("pptp,ppp,info,account alice logged out, 20 1568 98 14 8 from 192.0.2.7"));
        World.WaitForLog("<pptp-alice>: disconnected");
        Assert.That(path.IsClosed, Is.True);
        Assert.That(World.Interfaces, Is.Empty);
        Assert.That(World.Pools.Acquire("dial-in", "bob", null)!.Address.ToString(), Is.EqualTo("10.8.0.3"));
        Assert.That(World.Pools.Acquire("dial-in", "alice", null)!.Address.ToString(), Is.EqualTo("10.8.0.2"), "the same again");
        Assert.That(Read<CallDisconnectNotify>().ResultCode, Is.EqualTo(CallDisconnectResult.Request));
    }

    [Test]
    public void A_wrong_password_is_logged_once_and_gives_thePeer_time_to_hang_up()
    {
        FakePath path = Dial();
        FakeClient client = new(path, "alice", "guess");
        client.RunUntil(PppProtocol.Lcp, 6);
        World.WaitForLog("user alice authentication failed - wrong password");
        World.WaitForLog("terminating... - authentication failed");
        World.WaitForLog("disconnected");
        // Only after the time to linger the call is taken away from the peer.
        World.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(Read<CallDisconnectNotify>().CallId, Is.EqualTo(path.CallId));
    }

    [Test]
    public void A_later_call_of_a_tunnel_has_the_configuration_of_its_own_time()
    {
        LogIn();
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { MaxMru = 1300 },
        };
        Write(new OutgoingCallRequest { CallId = 8, PacketReceiveWindowSize = 64 });
        byte[] request = NextLcp(TakePath());
        Assert.That(Convert.ToHexString(request), Does.Contain("01040514"), "MRU 1300");
    }

    [Test]
    public void An_exhausted_pool_is_said_so_and_ends_the_link()
    {
        World.Pools.Apply(World.Configuration.Pools);
        World.Pools.Acquire("dial-in", "b", null);
        World.Pools.Acquire("dial-in", "c", null);
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret").RunUntil(PppProtocol.Lcp, 5);
        World.WaitForLog("pptp,ppp,error <1>: user alice could not determine remote address - pool dial-in has none left");
    }

    [Test]
    public void A_silent_peer_is_asked_five_times_and_then_let_go()
    {
        FakePath path = LogIn();
        World.WaitForLog("connected");
        World.Time.Advance(TimeSpan.FromSeconds(30));
        for (int echo = 1; echo <= 5; echo++)
        {
            Assert.That(NextLcp(path)[0], Is.EqualTo(9), $"echo {echo}");
            World.Time.Advance(TimeSpan.FromSeconds(1));
            World.WaitForLog("<pptp-alice>: LCP missed echo reply");
        }
        World.WaitForLog("<pptp-alice>: terminating... - peer is not responding");
        World.WaitForLog("disconnected");
        Assert.That(Read<CallDisconnectNotify>().ResultCode, Is.EqualTo(CallDisconnectResult.LostCarrier));
    }

    [Test]
    public void A_peer_that_never_logs_in_is_let_go()
    {
        Dial();
        for (int i = 0; i < 60; i++)
            World.Time.Advance(TimeSpan.FromSeconds(1));
        World.WaitForLog("terminating... - ");
        World.WaitForLog("disconnected");
    }

    [Test]
    public void A_data_path_that_gives_up_ends_the_call_with_its_reason()
    {
        FakePath path = LogIn();
        World.WaitForLog("connected");
        path.Fail("interface was deleted");
        World.WaitForLog("<pptp-alice>: terminating... - interface was deleted");
        World.WaitForLog("disconnected");
    }

    [Test]
    public void A_lost_control_connection_ends_its_calls()
    {
        LogIn();
        World.WaitForLog("connected");
        Peer.Dispose();
        World.WaitForLog("<pptp-alice>: terminating... - hungup");
        World.WaitForLog("disconnected");
        Assert.That(Running.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void A_stop_says_goodbye_at_every_layer()
    {
        FakePath path = LogIn();
        World.WaitForLog("connected");
        Session!.Stop();
        byte[] terminate = NextLcp(path);
        Assert.That(terminate[0], Is.EqualTo(5), "Terminate-Request");
        terminate[0] = 6;
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, terminate));
        Assert.That(Read<CallDisconnectNotify>().ResultCode, Is.EqualTo(CallDisconnectResult.AdminShutdown));
        Assert.That(Read<StopControlConnectionRequest>().Reason, Is.EqualTo(StopControlConnectionReason.StopLocalShutdown));
        Write(new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok });
        Assert.That(Running.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void A_second_login_of_a_user_gets_an_interface_and_an_address_of_its_own()
    {
        FakePath first = LogIn();
        World.WaitForLog("connected");
        Write(new OutgoingCallRequest { CallId = 8, PacketReceiveWindowSize = 64 });
        FakePath second = TakePath();
        Assert.That(second.CallId, Is.Not.EqualTo(first.CallId));
        new FakeClient(second, "alice", "secret").LogIn();
        World.WaitForLog("alice logged in, 10.8.0.3");
        World.WaitForLog("<pptp-alice-1>: connected");
        Assert.That(World.Interfaces.Keys, Is.EquivalentTo(new[] { "pptp-alice", "pptp-alice-1" }));
    }

    [Test]
    public void MaxSessions_refuses_further_calls()
    {
        World.Configuration = World.Configuration with { PptpServer = World.Configuration.PptpServer with { MaxSessions = 1 } };
        LogIn();
        World.WaitForLog("connected");
        Write(new OutgoingCallRequest { CallId = 8, PacketReceiveWindowSize = 64 });
        OutgoingCallReply reply = Read<OutgoingCallReply>();
        Assert.That(reply.ResultCode, Is.EqualTo(OutgoingCallResult.GeneralError));
        Assert.That(reply.ErrorCode, Is.EqualTo(ControlError.NoResource));
    }

    [Test]
    public void A_domain_before_the_user_finds_the_user()
    {
        FakePath path = Dial();
        new FakeClient(path, "OFFICE\\alice", "secret").LogIn();
        World.WaitForLog("alice logged in");
    }

    [Test]
    public void Frames_faster_than_they_are_answered_are_dropped_not_hoarded()
    {
        FakePath path = LogIn();
        World.WaitForLog("connected");
        byte[] echo = PppFrame.Create(PppProtocol.Lcp, [9, 1, 0, 8, 0, 0, 0, 0]);
        for (int i = 0; i < 100_000; i++)
            path.Deliver(echo);
        Write(new CallClearRequest { CallId = 7 });
        World.WaitForLog("disconnected");
        Assert.That(path.Sent, Has.Count.LessThan(100_000));
    }
}
