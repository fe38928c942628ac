using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>Calls the peer brings as their PAC, RFC 2637 §2.9 to §2.14.</summary>
[CancelAfter(30_000)]
public sealed class IncomingCallTests : TunnelFixture
{
    [Test]
    public void An_incoming_call_logs_in_when_it_is_connected_and_ends_by_its_PACs_notify()
    {
        FakePath path = Ring();
        Write(new IncomingCallConnected { PeersCallId = path.CallId, PacketReceiveWindowSize = 16 });
        new FakeClient(path, "alice", "secret").LogIn();
        World.WaitForLog("<pptp-alice>: connected");

        Write(new CallDisconnectNotify { CallId = 77, ResultCode = CallDisconnectResult.LostCarrier });

        World.WaitForLog("<pptp-alice>: terminating... - hungup");
        World.WaitForLog("disconnected");
    }

    [Test]
    public void PPP_waits_until_the_call_is_connected_and_loses_nothing_that_came_before()
    {
        FakePath path = Ring();
        byte[] request = [1, 1, 0, 8, 1, 4, 0x05, 0x78];
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, request));
        Write(new EchoRequest { Identifier = 1 });
        Read<EchoReply>();
        Assert.That(path.Sent, Is.Empty);

        Write(new IncomingCallConnected { PeersCallId = path.CallId });

        Assert.That(new[] { NextLcp(path)[0], NextLcp(path)[0] }, Is.EquivalentTo(new byte[] { 1, 2 }),
            "our Configure-Request, and the Ack of the peer's");
    }

    [Test]
    public void We_end_it_by_a_clear_request_with_our_id()
    {
        FakePath path = Ring();
        Write(new IncomingCallConnected { PeersCallId = path.CallId });
        new FakeClient(path, "alice", "secret").LogIn();
        World.WaitForLog("connected");

        path.Fail("interface was deleted");

        Assert.That(Read<CallClearRequest>().CallId, Is.EqualTo(path.CallId));
    }

    [Test]
    public void One_that_is_never_connected_is_given_up()
    {
        Ring();
        World.Time.Advance(TimeSpan.FromSeconds(60));
        World.WaitForLog("disconnected");
    }

    [Test]
    public void A_stop_meets_one_that_is_not_connected_yet()
    {
        FakePath path = Ring();
        Session!.Stop();
        Assert.That(Read<CallClearRequest>().CallId, Is.EqualTo(path.CallId));
        Read<StopControlConnectionRequest>();
        Write(new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok });
        Assert.That(Running.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void The_errors_of_its_line_are_logged()
    {
        FakePath path = Ring();
        Write(new WanErrorNotify { PeersCallId = path.CallId, CrcErrors = 3, AlignmentErrors = 9 });
        World.WaitForLog($"call {path.CallId} has line errors: crc=3 framing=0 hardware-overruns=0 buffer-overruns=0 timeouts=0 alignment=9");
    }

    /// <summary>A call the server has accepted and the peer has not connected.</summary>
    private FakePath Ring()
    {
        Open();
        Write(new IncomingCallRequest { CallId = 77 });
        Assert.That(World.Paths.TryTake(out FakePath? path, TimeSpan.FromSeconds(10)), Is.True);
        IncomingCallReply reply = Read<IncomingCallReply>();
        Assert.That(reply.ResultCode, Is.EqualTo(IncomingCallResult.Connect));
        Assert.That((reply.CallId, reply.PeersCallId), Is.EqualTo((path!.CallId, (ushort)77)));
        Assert.That(path.Options.PeerCallId, Is.EqualTo(77));
        return path;
    }
}
