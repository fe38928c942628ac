using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>RFC 2637 §2.7 to §2.15, §3.2.4.1: calls as the PAC sees them.</summary>
public sealed class ControlConnectionCallTests
{
    private static readonly CallDisconnectResult Request = CallDisconnectResult.Request;

    [Test]
    public void A_call_request_is_put_to_the_owner_and_its_answer_to_the_peer()
    {
        ControlPeer peer = ControlPeer.Started();
        var request = new OutgoingCallRequest
        {
            CallId = 0xE60C,
            MinimumBps = 300,
            MaximumBps = 100_000_000,
            PhoneNumber = "any 'text'\n",
            PacketReceiveWindowSize = 64,
        };

        peer.Send(request);
        Assert.That(peer.Take(), Is.EqualTo(new object[] { new ControlEvent.CallRequested(request) }));

        Assert.That(peer.Connection.AcceptCall(0xE60C, 0x4242, peer.Now), Is.True);
        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new OutgoingCallReply
            {
                CallId = 0x4242,
                PeersCallId = 0xE60C,
                ResultCode = OutgoingCallResult.Connected,
                ConnectSpeed = 100_000_000,
                PacketReceiveWindowSize = 32,
            },
        }));
    }

    [TestCase(0u, 0u, 100_000_000u)]
    [TestCase(300u, 100_000_000u, 100_000_000u)]
    [TestCase(2400u, 10_000_000u, 10_000_000u)]
    [TestCase(0u, uint.MaxValue, 100_000_000u)]
    [TestCase(200_000_000u, uint.MaxValue, 200_000_000u)]
    [TestCase(9u, 1u, 100_000_000u)]
    public void The_speed_told_is_within_what_was_asked_for_if_that_makes_sense(uint minimum, uint maximum, uint told)
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(new OutgoingCallRequest { CallId = 1, MinimumBps = minimum, MaximumBps = maximum });

        peer.Connection.AcceptCall(1, 2, peer.Now);

        Assert.That(peer.Take().OfType<OutgoingCallReply>().Single().ConnectSpeed, Is.EqualTo(told));
    }

    [Test]
    public void A_refusal_carries_its_result_and_error_and_leaves_no_call()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(new OutgoingCallRequest { CallId = 9 });
        peer.Take();

        peer.Connection.RefuseCall(9, OutgoingCallResult.GeneralError, ControlError.NoResource, peer.Now);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new OutgoingCallReply
            {
                PeersCallId = 9,
                ResultCode = OutgoingCallResult.GeneralError,
                ErrorCode = ControlError.NoResource,
            },
        }));
        Assert.That(peer.Connection.Calls, Is.Zero);
        Assert.That(peer.Connection.AcceptCall(9, 1, peer.Now), Is.False);
    }

    // pptp-linux numbers its calls from 0.
    [Test]
    public void Zero_is_a_call_id_like_any_other()
    {
        ControlPeer peer = ControlPeer.WithCall(peerCallId: 0, callId: 17372);
        peer.Call(1, 0);

        peer.Send(new CallClearRequest { CallId = 0 });

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new CallDisconnectNotify { CallId = 17372, ResultCode = Request },
            new ControlEvent.CallEnded(17372, CallEndReason.ClearedByPeer),
        }));
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    // RFC 2637 §2.12, §2.13: Call-Clear carries the PNS's id, Call-Disconnect-Notify the PAC's.
    [Test]
    public void Call_clear_names_the_peers_id_and_the_answer_ours()
    {
        ControlPeer peer = ControlPeer.WithCall(peerCallId: 7, callId: 1000);
        peer.Call(peerCallId: 1000, callId: 7);

        peer.Send(new CallClearRequest { CallId = 1000 });

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new CallDisconnectNotify { CallId = 7, ResultCode = Request },
            new ControlEvent.CallEnded(7, CallEndReason.ClearedByPeer),
        }));
    }

    [Test]
    public void Call_clear_of_an_unknown_call_does_nothing()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Send(new CallClearRequest { CallId = 1000 }, new CallClearRequest { CallId = 0 });

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    [Test]
    public void A_cleared_calls_ids_may_be_used_again()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);
        peer.Send(new CallClearRequest { CallId = 7 });
        peer.Take();

        peer.Call(7, 1000);

        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    // CVE-2021-42870: Start, Outgoing-Call-Request and Call-Clear-Request one after the other, octets from the report.
    [Test]
    public void Start_call_and_clear_in_one_segment()
    {
        var peer = new ControlPeer();

        peer.Receive("""
            009c 0001 1a2b3c4d 0001 0000 0100 0000 00000003 00000003 ffff 0001 'local'*64 'cananian'*64
            00a8 0001 1a2b3c4d 0007 0000 e60c 0000 00000960 00989680 00000003 00000003 0003 0000
            0000 0000 ''*64 ''*64
            0010 0001 1a2b3c4d 000c 0000 e60c 0000
            """);

        List<object> taken = peer.Take();
        Assert.That(taken.Select(t => t.GetType()), Is.EqualTo(new[]
        {
            typeof(StartControlConnectionReply),
            typeof(ControlEvent.Started),
            typeof(ControlEvent.CallRequested),
        }));

        Assert.That(peer.Connection.AcceptCall(0xE60C, 0x4242, peer.Now), Is.True);
        taken = peer.Take();
        Assert.That(((OutgoingCallReply)taken[0]).CallId, Is.EqualTo(0x4242));
        Assert.That(taken.Skip(1), Is.EqualTo(new object[]
        {
            new CallDisconnectNotify { CallId = 0x4242, ResultCode = Request },
            new ControlEvent.CallEnded(0x4242, CallEndReason.ClearedByPeer),
        }));
        Assert.That(peer.Connection.Calls, Is.Zero);
    }

    [Test]
    public void A_call_cleared_before_the_decision_can_be_refused()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(new OutgoingCallRequest { CallId = 5 }, new CallClearRequest { CallId = 5 });
        peer.Take();

        peer.Connection.RefuseCall(5, OutgoingCallResult.Busy, ControlError.None, peer.Now);

        Assert.That(((OutgoingCallReply)peer.Take().Single()).ResultCode, Is.EqualTo(OutgoingCallResult.Busy));
        Assert.That(peer.Connection.Calls, Is.Zero);
    }

    // The owner's answer to the first request must never be taken for an answer to the second.
    [Test]
    public void The_id_of_a_cleared_but_undecided_call_is_not_free_yet()
    {
        ControlPeer peer = ControlPeer.Started();

        peer.Send(
            new OutgoingCallRequest { CallId = 5 },
            new CallClearRequest { CallId = 5 },
            new CallClearRequest { CallId = 5 },
            new OutgoingCallRequest { CallId = 5 });

        List<object> taken = peer.Take();
        Assert.That(taken[0], Is.InstanceOf<ControlEvent.CallRequested>());
        Assert.That(((OutgoingCallReply)taken[1]).ErrorCode, Is.EqualTo(ControlError.BadCallId));
        Assert.That(taken, Has.Count.EqualTo(2));

        peer.Connection.AcceptCall(5, 1000, peer.Now);
        Assert.That(peer.Take(), Has.Count.EqualTo(3), "reply, notify and end: one of each");
        peer.Call(5, 1001);
    }

    [Test]
    public void A_peers_id_in_use_is_refused_as_a_bad_call_id()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);
        peer.Send(new OutgoingCallRequest { CallId = 8 });
        peer.Take();

        peer.Send(new OutgoingCallRequest { CallId = 7 }, new OutgoingCallRequest { CallId = 8 });

        Assert.That(peer.Take(), Is.EqualTo(new ushort[] { 7, 8 }.Select(id => new OutgoingCallReply
        {
            PeersCallId = id,
            ResultCode = OutgoingCallResult.GeneralError,
            ErrorCode = ControlError.BadCallId,
        })));
        Assert.That(peer.Connection.Calls, Is.EqualTo(2));
    }

    [Test]
    public void More_calls_than_channels_are_refused_for_want_of_resources()
    {
        ControlPeer peer = ControlPeer.WithCall(1, 1001);
        peer.Call(2, 1002);
        peer.Send(new OutgoingCallRequest { CallId = 3 });
        peer.Take();

        peer.Send(new OutgoingCallRequest { CallId = 4 });

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new OutgoingCallReply
            {
                PeersCallId = 4,
                ResultCode = OutgoingCallResult.GeneralError,
                ErrorCode = ControlError.NoResource,
            },
        }));

        peer.Connection.DisconnectCall(1001, CallDisconnectResult.LostCarrier, peer.Now);
        peer.Take();
        peer.Call(4, 1004);
    }

    [Test]
    public void Calls_share_a_connection_and_end_one_by_one()
    {
        ControlPeer peer = ControlPeer.WithCall(0, 1000);
        peer.Call(1, 1001);
        peer.Call(2, 1002);

        peer.Send(new CallClearRequest { CallId = 1 });
        peer.Connection.DisconnectCall(1000, CallDisconnectResult.AdminShutdown, peer.Now);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new CallDisconnectNotify { CallId = 1001, ResultCode = Request },
            new ControlEvent.CallEnded(1001, CallEndReason.ClearedByPeer),
            new CallDisconnectNotify { CallId = 1000, ResultCode = CallDisconnectResult.AdminShutdown },
        }));
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    // RFC 2637 §2.13: the PAC's id; a PNS that sends it may as well mean its own.
    [TestCase((ushort)1000)]
    [TestCase((ushort)7)]
    public void A_disconnect_notify_from_the_peer_ends_the_call_by_either_id(ushort named)
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Send(new CallDisconnectNotify { CallId = named, ResultCode = CallDisconnectResult.LostCarrier });

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new ControlEvent.CallEnded(1000, CallEndReason.DisconnectedByPeer),
        }));
        Assert.That(peer.Connection.Calls, Is.Zero);
    }

    [Test]
    public void A_disconnect_notify_for_no_call_or_an_undecided_one_does_nothing()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);
        peer.Send(new OutgoingCallRequest { CallId = 8 });
        peer.Take();

        peer.Send(new CallDisconnectNotify { CallId = 8 }, new CallDisconnectNotify { CallId = 0 });

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.AcceptCall(8, 1001, peer.Now), Is.True);
    }

    // Windows sends one with all ones right after the reply.
    [Test]
    public void Set_link_info_is_told_to_the_owner_and_not_answered()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Receive("0018 0001 1a2b3c4d 000f 0000 03e8 0000 ffffffff 000a0000");

        Assert.That(peer.Take(), Is.EqualTo(new object[] { new ControlEvent.LinkInfo(1000, 0xFFFFFFFF, 0x000A0000) }));
    }

    [Test]
    public void Set_link_info_for_no_call_of_ours_does_nothing()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Send(new SetLinkInfo { PeersCallId = 7 });

        Assert.That(peer.Take(), Is.Empty);
    }

    [Test]
    public void Replies_to_nothing_we_asked_are_ignored()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Send(
            new StartControlConnectionReply { ResultCode = StartControlConnectionResult.Successful },
            new OutgoingCallReply { CallId = 7, PeersCallId = 1000, ResultCode = OutgoingCallResult.Busy },
            new IncomingCallReply { CallId = 7, PeersCallId = 1000, ResultCode = IncomingCallResult.DoNotAccept },
            new IncomingCallConnected { PeersCallId = 1000 });

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    [Test]
    public void A_call_of_ours_unknown_to_us_cannot_be_disconnected()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Connection.DisconnectCall(7, CallDisconnectResult.Request, peer.Now);

        Assert.That(peer.Take(), Is.Empty);
    }

    [Test]
    public void Our_id_cannot_be_given_to_two_calls()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);
        peer.Send(new OutgoingCallRequest { CallId = 8 });

        Assert.That(() => peer.Connection.AcceptCall(8, 1000, peer.Now), Throws.ArgumentException);
        Assert.That(peer.Connection.AcceptCall(8, 1001, peer.Now), Is.True);
    }

    [Test]
    public void An_answer_after_the_peer_has_stopped_is_told_to_be_in_vain()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Send(
            new OutgoingCallRequest { CallId = 5 },
            new StopControlConnectionRequest { Reason = StopControlConnectionReason.None });

        Assert.That(peer.Connection.AcceptCall(5, 1000, peer.Now), Is.False);
        Assert.That(peer.Take().Select(t => t.GetType()), Is.EqualTo(new[]
        {
            typeof(ControlEvent.CallRequested),
            typeof(StopControlConnectionReply),
            typeof(ControlEvent.Closed),
        }));
    }
}
