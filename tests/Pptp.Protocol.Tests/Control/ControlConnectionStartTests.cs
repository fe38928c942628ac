using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>RFC 2637 §2.1 to §2.4, §3.1: the connection comes and goes.</summary>
public sealed class ControlConnectionStartTests
{
    [Test]
    public void A_start_request_is_answered_with_what_we_are()
    {
        var peer = new ControlPeer();
        var request = new StartControlConnectionRequest { HostName = "pc", VendorName = "Microsoft" };

        peer.Send(request);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new StartControlConnectionReply
            {
                ProtocolVersion = 0x0100,
                ResultCode = StartControlConnectionResult.Successful,
                FramingCapabilities = 3,
                BearerCapabilities = 3,
                MaximumChannels = 3,
                FirmwareRevision = 0x0102,
                HostName = "tower",
                VendorName = "pptpd",
            },
            new ControlEvent.Started(request),
        }));
        Assert.That(peer.Connection.IsEstablished, Is.True);
    }

    // RFC 2637 §2.2: result 5.
    [TestCase((ushort)0)]
    [TestCase((ushort)0x0001)]
    [TestCase((ushort)0x0101)]
    [TestCase((ushort)0x0200)]
    [TestCase((ushort)0xFFFF)]
    public void Another_protocol_version_is_told_so_and_closed(ushort version)
    {
        var peer = new ControlPeer();

        peer.Send(new StartControlConnectionRequest { ProtocolVersion = version }, new EchoRequest());

        List<object> taken = peer.Take();
        Assert.That(taken, Has.Count.EqualTo(2));
        var reply = (StartControlConnectionReply)taken[0];
        Assert.That(reply.ResultCode, Is.EqualTo(StartControlConnectionResult.ProtocolVersionNotSupported));
        Assert.That(reply.ProtocolVersion, Is.EqualTo(0x0100));
        Assert.That(((ControlEvent.Closed)taken[1]).Reason, Is.EqualTo(ControlCloseReason.UnsupportedVersion));
        Assert.That(peer.Connection.NextDeadline, Is.Null);
    }

    [Test]
    public void A_second_start_request_is_told_the_channel_exists_and_disturbs_nothing()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Send(new StartControlConnectionRequest());

        var reply = (StartControlConnectionReply)peer.Take().Single();
        Assert.That(reply.ResultCode, Is.EqualTo(StartControlConnectionResult.ChannelAlreadyExists));
        Assert.That(peer.Connection.IsEstablished, Is.True);
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    [TestCaseSource(typeof(ControlVectors), nameof(ControlVectors.Cases))]
    public void Any_other_message_before_the_start_closes_without_an_answer(ControlMessage message, byte[] bytes)
    {
        if (message is StartControlConnectionRequest)
            return;
        var peer = new ControlPeer();

        peer.Receive(bytes);

        var closed = (ControlEvent.Closed)peer.Take().Single();
        Assert.That(closed.Reason, Is.EqualTo(ControlCloseReason.UnexpectedMessage));
    }

    // RFC 2637 §1.4
    [TestCase("0000")]
    [TestCase("0001")]
    [TestCase("ffff")]
    [TestCase("0010 0002")]
    [TestCase("0010 0001 1a2b3c4e")]
    [TestCase("0010 0001 1a2b3c4d 0010")]
    [TestCase("0010 0001 1a2b3c4d 0007")]
    [TestCase("474554202f")]
    public void Rubbish_closes_at_once_without_an_answer(string rubbish)
    {
        foreach (ControlPeer peer in new[] { new ControlPeer(), ControlPeer.Started() })
        {
            peer.Receive(rubbish);

            var closed = (ControlEvent.Closed)peer.Take().Single();
            Assert.That(closed.Reason, Is.EqualTo(ControlCloseReason.MalformedMessage));
            Assert.That(closed.Detail, Is.Not.Empty);
        }
    }

    [Test]
    public void Rubbish_ends_the_calls_first()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Receive("ff");

        List<object> taken = peer.Take();
        Assert.That(taken[0], Is.EqualTo(new ControlEvent.CallEnded(1000, CallEndReason.ConnectionLost)));
        Assert.That(taken[1], Is.InstanceOf<ControlEvent.Closed>());
        Assert.That(taken, Has.Count.EqualTo(2));
    }

    [Test]
    public void Messages_in_front_of_rubbish_are_still_done()
    {
        var peer = new ControlPeer();

        byte[] echo = new EchoRequest { Identifier = 5 }.Encode();
        peer.Receive([.. new StartControlConnectionRequest().Encode(), .. echo, 0xFF]);

        Assert.That(peer.Take().Select(t => t.GetType()), Is.EqualTo(new[]
        {
            typeof(StartControlConnectionReply),
            typeof(ControlEvent.Started),
            typeof(EchoReply),
            typeof(ControlEvent.Closed),
        }));
    }

    // RFC 2637 §2.3: a Stop-Control-Connection-Request clears the calls.
    [Test]
    public void The_peers_stop_clears_the_calls_is_answered_and_closes()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);
        peer.Call(8, 1001);

        peer.Send(new StopControlConnectionRequest { Reason = StopControlConnectionReason.None });

        List<object> taken = peer.Take();
        Assert.That(taken.Take(3), Is.EqualTo(new object[]
        {
            new ControlEvent.CallEnded(1000, CallEndReason.StoppedByPeer),
            new ControlEvent.CallEnded(1001, CallEndReason.StoppedByPeer),
            new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok },
        }));
        Assert.That(((ControlEvent.Closed)taken[3]).Reason, Is.EqualTo(ControlCloseReason.StoppedByPeer));
        Assert.That(taken, Has.Count.EqualTo(4));
    }

    [Test]
    public void Our_stop_disconnects_the_calls_asks_and_closes_on_the_answer()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Connection.Stop(StopControlConnectionReason.StopLocalShutdown, peer.Now);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new CallDisconnectNotify { CallId = 1000, ResultCode = CallDisconnectResult.AdminShutdown },
            new ControlEvent.CallEnded(1000, CallEndReason.StoppedLocally),
            new StopControlConnectionRequest { Reason = StopControlConnectionReason.StopLocalShutdown },
        }));
        Assert.That(peer.Connection.IsClosed, Is.False);

        peer.Send(new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok });

        Assert.That(((ControlEvent.Closed)peer.Take().Single()).Reason, Is.EqualTo(ControlCloseReason.Stopped));
    }

    [Test]
    public void A_stop_that_is_not_answered_ends_all_the_same()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Connection.Stop(StopControlConnectionReason.None, peer.Now);
        peer.Take();

        peer.Wait(4.999);
        Assert.That(peer.Take(), Is.Empty);
        peer.Wait(0.001);

        Assert.That(((ControlEvent.Closed)peer.Take().Single()).Reason, Is.EqualTo(ControlCloseReason.StopTimeout));
    }

    [Test]
    public void Two_stops_that_cross_end_the_connection()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Connection.Stop(StopControlConnectionReason.None, peer.Now);
        peer.Take();

        peer.Send(new StopControlConnectionRequest { Reason = StopControlConnectionReason.None });

        List<object> taken = peer.Take();
        var reply = (StopControlConnectionReply)taken[0];
        Assert.That(reply.ResultCode, Is.EqualTo(StopControlConnectionResult.Ok));
        Assert.That(taken[1], Is.InstanceOf<ControlEvent.Closed>());
    }

    [Test]
    public void While_stopping_no_new_call_and_no_echo_is_taken()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Connection.Stop(StopControlConnectionReason.None, peer.Now);
        peer.Take();

        peer.Send(new OutgoingCallRequest { CallId = 1 }, new EchoRequest(), new CallClearRequest());

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.AcceptCall(1, 1, peer.Now), Is.False);
    }

    [Test]
    public void A_stop_before_the_start_just_closes()
    {
        var peer = new ControlPeer();

        peer.Connection.Stop(StopControlConnectionReason.StopLocalShutdown, peer.Now);

        Assert.That(((ControlEvent.Closed)peer.Take().Single()).Reason, Is.EqualTo(ControlCloseReason.Stopped));
    }

    [Test]
    public void A_stop_reply_we_did_not_ask_for_does_nothing()
    {
        ControlPeer peer = ControlPeer.Started();

        peer.Send(new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok });

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.IsEstablished, Is.True);
    }

    [Test]
    public void After_the_end_nothing_happens_any_more()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);
        peer.Connection.TransportClosed("connection reset");
        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new ControlEvent.CallEnded(1000, CallEndReason.ConnectionLost),
            new ControlEvent.Closed(ControlCloseReason.TransportClosed, "connection reset"),
        }));

        peer.Send(new EchoRequest(), new OutgoingCallRequest());
        peer.Connection.TransportClosed("again");
        peer.Connection.Stop(StopControlConnectionReason.None, peer.Now);
        peer.Connection.DisconnectCall(1000, CallDisconnectResult.Request, peer.Now);
        peer.Connection.RefuseCall(7, OutgoingCallResult.Busy, ControlError.None, peer.Now);
        peer.Connection.Advance(peer.Now + TimeSpan.FromDays(1));

        Assert.That(peer.Connection.AcceptCall(7, 1, peer.Now), Is.False);
        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.NextDeadline, Is.Null);
        Assert.That(peer.Connection.IsClosed, Is.True);
    }
}
