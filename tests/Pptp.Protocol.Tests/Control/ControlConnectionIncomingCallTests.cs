using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>RFC 2637 §2.9 to §2.14, §3.2.3.2: calls the peer brings, as the PNS sees them.</summary>
public sealed class ControlConnectionIncomingCallTests
{
    private static readonly IncomingCallRequest Ring =
        new() { CallId = 77, CallSerialNumber = 5, DialedNumber = "100", DialingNumber = "200" };

    [Test]
    public void An_incoming_call_is_put_to_the_owner_accepted_and_live_when_its_PAC_says_so()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(Ring);
        Assert.That(peer.Take(), Is.EqualTo(new object[] { new ControlEvent.IncomingCallRequested(Ring) }));

        Assert.That(peer.Connection.AcceptCall(77, 1000, peer.Now), Is.True);
        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new IncomingCallReply
            {
                CallId = 1000,
                PeersCallId = 77,
                ResultCode = IncomingCallResult.Connect,
                PacketReceiveWindowSize = 32,
                PacketTransmitDelay = 0,
            },
        }));

        IncomingCallConnected connected = new()
        {
            PeersCallId = 1000,
            ConnectSpeed = 64_000,
            PacketReceiveWindowSize = 16,
            PacketTransmitDelay = 3,
            FramingType = 1,
        };
        peer.Send(connected, connected);
        Assert.That(
            peer.Take(), Is.EqualTo(new object[] { new ControlEvent.CallConnected(1000, connected) }), "once");
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    [TestCase(OutgoingCallResult.GeneralError, IncomingCallResult.GeneralError, ControlError.NoResource)]
    [TestCase(OutgoingCallResult.Busy, IncomingCallResult.DoNotAccept, ControlError.None)]
    public void A_refusal_leaves_no_call(OutgoingCallResult told, IncomingCallResult sent, ControlError error)
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(Ring);
        peer.Take();

        peer.Connection.RefuseCall(77, told, ControlError.NoResource, peer.Now);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new IncomingCallReply { PeersCallId = 77, ResultCode = sent, ErrorCode = error },
        }));
        Assert.That(peer.Connection.Calls, Is.Zero);
    }

    [Test]
    public void The_ids_of_both_kinds_of_calls_are_the_same_ids()
    {
        ControlPeer peer = ControlPeer.WithCall(peerCallId: 77, callId: 1000);

        peer.Send(Ring);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new IncomingCallReply
            {
                PeersCallId = 77,
                ResultCode = IncomingCallResult.GeneralError,
                ErrorCode = ControlError.BadCallId,
            },
        }));
    }

    [Test]
    public void More_calls_than_channels_are_refused()
    {
        ControlPeer peer = Live();
        peer.Call(1, 1001);
        peer.Call(2, 1002);

        peer.Send(Ring with { CallId = 78 });

        Assert.That(((IncomingCallReply)peer.Take().Single()).ErrorCode, Is.EqualTo(ControlError.NoResource));
    }

    [Test]
    public void A_call_that_is_not_connected_within_a_minute_closes_the_connection()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(Ring);
        peer.Take();
        peer.Wait(20);
        peer.Connection.AcceptCall(77, 1000, peer.Now);
        peer.Take();

        peer.Wait(59.999);
        Assert.That(peer.Take(), Has.None.InstanceOf<ControlEvent.Closed>());
        peer.Wait(0.001);

        List<object> taken = peer.Take();
        Assert.That(taken[0], Is.EqualTo(new ControlEvent.CallEnded(1000, CallEndReason.ConnectionLost)));
        Assert.That(((ControlEvent.Closed)taken[1]).Reason, Is.EqualTo(ControlCloseReason.CallTimeout));
    }

    [Test]
    public void A_live_call_has_no_timer()
    {
        ControlPeer peer = Live();

        Assert.That(peer.Connection.NextDeadline, Is.EqualTo(peer.Now + TimeSpan.FromSeconds(60)), "the echo's");
        peer.Wait(60);
        Assert.That(peer.Take().Single(), Is.InstanceOf<EchoRequest>());
    }

    // RFC 2637 §2.13: the PAC's id, which here is the peer's.
    [Test]
    public void Its_PAC_ends_it_by_its_own_id_also_where_a_call_of_ours_has_the_same()
    {
        ControlPeer peer = Live();
        peer.Call(peerCallId: 1, callId: 77);

        peer.Send(new CallDisconnectNotify { CallId = 77, ResultCode = CallDisconnectResult.LostCarrier });

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new ControlEvent.CallEnded(1000, CallEndReason.DisconnectedByPeer),
        }));
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    // RFC 2637 §2.12: the PNS's id, which here is ours.
    [Test]
    public void We_end_it_by_a_clear_request_and_the_peers_id_is_free_when_it_has_answered()
    {
        ControlPeer peer = Live();

        peer.Connection.DisconnectCall(1000, CallDisconnectResult.AdminShutdown, peer.Now);
        Assert.That(peer.Take(), Is.EqualTo(new object[] { new CallClearRequest { CallId = 1000 } }));
        peer.Send(Ring);
        Assert.That(((IncomingCallReply)peer.Take().Single()).ErrorCode, Is.EqualTo(ControlError.BadCallId));

        peer.Send(new CallDisconnectNotify { CallId = 77 }, Ring);

        Assert.That(peer.Take(), Is.EqualTo(new object[] { new ControlEvent.IncomingCallRequested(Ring) }));
    }

    [Test]
    public void A_clear_request_that_is_not_answered_within_a_minute_closes_the_connection()
    {
        ControlPeer peer = Live();
        peer.Connection.DisconnectCall(1000, CallDisconnectResult.AdminShutdown, peer.Now);
        peer.Take();

        peer.Wait(60);

        Assert.That(
            peer.Take().OfType<ControlEvent.Closed>().Single().Reason, Is.EqualTo(ControlCloseReason.CallTimeout));
    }

    [Test]
    public void Both_ends_may_clear_it_at_once()
    {
        ControlPeer peer = Live();
        peer.Connection.DisconnectCall(1000, CallDisconnectResult.AdminShutdown, peer.Now);
        peer.Take();

        peer.Send(new CallClearRequest { CallId = 77 }, new CallDisconnectNotify { CallId = 77 });

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.Calls, Is.Zero);
    }

    [Test]
    public void A_call_given_up_before_the_decision_ends_with_it_and_gets_no_reply()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(Ring, new CallDisconnectNotify { CallId = 77, ResultCode = CallDisconnectResult.Request });
        peer.Take();

        Assert.That(peer.Connection.AcceptCall(77, 1000, peer.Now), Is.True);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new ControlEvent.CallEnded(1000, CallEndReason.DisconnectedByPeer),
        }));
        Assert.That(peer.Connection.Calls, Is.Zero);
    }

    [Test]
    public void The_errors_of_a_calls_line_are_told_and_those_of_no_call_ignored()
    {
        ControlPeer peer = Live();
        WanErrorNotify errors = new() { PeersCallId = 1000, CrcErrors = 3, AlignmentErrors = 9 };

        peer.Send(errors, errors with { PeersCallId = 77 });

        Assert.That(peer.Take(), Is.EqualTo(new object[] { new ControlEvent.WanErrors(1000, errors) }));
    }

    [Test]
    public void A_stop_of_the_peer_ends_it()
    {
        ControlPeer peer = Live();

        peer.Send(new StopControlConnectionRequest { Reason = StopControlConnectionReason.None });

        List<object> taken = peer.Take();
        Assert.That(taken[0], Is.EqualTo(new ControlEvent.CallEnded(1000, CallEndReason.StoppedByPeer)));
        Assert.That(taken[1], Is.EqualTo(
            new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok }));
    }

    [Test]
    public void Our_own_stop_clears_it_first()
    {
        ControlPeer peer = Live();

        peer.Connection.Stop(StopControlConnectionReason.StopLocalShutdown, peer.Now);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new CallClearRequest { CallId = 1000 },
            new ControlEvent.CallEnded(1000, CallEndReason.StoppedLocally),
            new StopControlConnectionRequest { Reason = StopControlConnectionReason.StopLocalShutdown },
        }));
    }

    /// <summary>A connection with one live call, the peer's by 77, ours by 1000.</summary>
    private static ControlPeer Live()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(Ring);
        peer.Connection.AcceptCall(77, 1000, peer.Now);
        peer.Send(new IncomingCallConnected { PeersCallId = 1000 });
        Assert.That(peer.Take(), Has.Count.EqualTo(3));
        return peer;
    }
}
