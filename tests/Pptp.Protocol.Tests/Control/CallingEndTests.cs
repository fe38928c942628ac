using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>RFC 2637 §3.1.2, §3.2.4.2: the end that dials, against the octets of a PAC.</summary>
public sealed class CallingEndTests
{
    /// <summary>As a server of the lab sent them to pptp-linux.</summary>
    private const string StartReply = """
        009c 0001 1a2b3c4d 0002 0000 0100 0100 00000003 00000003 0040 0001 'lab-server'*64 'pptpd'*64
        """;

    private const string CallReply = "0020 0001 1a2b3c4d 0008 0000 48f4 fdb9 0100 0000 00989680 0040 0000 00000000";

    private const string Notification = "0094 0001 1a2b3c4d 000d 0000 48f4 0400 0000 0000 ''*128";

    [Test]
    public void It_speaks_first()
    {
        CalledPeer peer = new();

        Assert.That(peer.TakeBytes(), Is.EqualTo(ControlBytes.Parse(
            "009c 0001 1a2b3c4d 0001 0000 0100 0000 00000003 00000003 0000 0102 'branch'*64 'pptpd'*64")));
        Assert.That(peer.Connection.IsEstablished, Is.False);
    }

    [Test]
    public void A_dial_from_the_first_octet_to_the_last()
    {
        CalledPeer peer = new();
        peer.TakeBytes();

        peer.Receive(StartReply);
        StartControlConnectionReply started = peer.Take().Cast<ControlEvent.StartReplied>().Single().Reply;
        Assert.That((started.HostName, started.MaximumChannels), Is.EqualTo(("lab-server", 64)));

        Assert.That(peer.Connection.PlaceCall(0xFDB9, peer.Now), Is.True);
        Assert.That(peer.TakeBytes(), Is.EqualTo(ControlBytes.Parse("""
            00a8 0001 1a2b3c4d 0007 0000 fdb9 0001 0000012c 05f5e100 00000003 00000003 0020 0000 000a 0000
            'RELAY_PPP1'*64 ''*64
            """)));

        peer.Receive(CallReply);
        ControlEvent.CallAnswered answered = peer.Take().Cast<ControlEvent.CallAnswered>().Single();
        Assert.That((answered.CallId, answered.Reply.CallId, answered.Reply.PacketReceiveWindowSize),
            Is.EqualTo((0xFDB9, 0x48F4, 64)));

        peer.Connection.SendLinkInfo(0xFDB9);
        Assert.That(peer.TakeBytes(), Is.EqualTo(ControlBytes.Parse(
            "0018 0001 1a2b3c4d 000f 0000 48f4 0000 ffffffff ffffffff")));

        peer.Connection.DisconnectCall(0xFDB9, CallDisconnectResult.Request, peer.Now);
        Assert.That(peer.TakeBytes(), Is.EqualTo(ControlBytes.Parse("0010 0001 1a2b3c4d 000c 0000 fdb9 0000")));
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));

        peer.Receive(Notification);
        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.Calls, Is.Zero);

        peer.Connection.Stop(StopControlConnectionReason.StopLocalShutdown, peer.Now);
        Assert.That(peer.TakeBytes(), Is.EqualTo(ControlBytes.Parse("0010 0001 1a2b3c4d 0003 0000 03 00 0000")));
        peer.Receive("0010 0001 1a2b3c4d 0004 0000 01 00 0000");
        Assert.That(peer.Take(), Is.EqualTo(new[] { new ControlEvent.Closed(ControlCloseReason.Stopped, "stopped") }));
    }

    [TestCase(2, 4, "the peer refuses: result 2, error 4")]
    [TestCase(3, 0, "the peer refuses: there is a control connection already")]
    [TestCase(4, 0, "the peer refuses: not authorized")]
    [TestCase(0, 0, "the peer refuses: result 0, error 0")]
    public void A_start_can_be_refused(int result, int error, string detail)
    {
        CalledPeer peer = new();
        peer.TakeBytes();

        peer.Send(new StartControlConnectionReply
        {
            ResultCode = (StartControlConnectionResult)result,
            ErrorCode = (ControlError)error,
        });

        Assert.That(
            peer.Take(), Is.EqualTo(new[] { new ControlEvent.Closed(ControlCloseReason.StartRefused, detail) }));
    }

    [Test]
    public void A_peer_that_does_not_know_our_version_is_left()
    {
        CalledPeer peer = new();
        peer.TakeBytes();

        peer.Send(new StartControlConnectionReply
        {
            ResultCode = StartControlConnectionResult.ProtocolVersionNotSupported,
        });

        Assert.That(
            ((ControlEvent.Closed)peer.Take().Single()).Reason, Is.EqualTo(ControlCloseReason.UnsupportedVersion));
    }

    [Test]
    public void A_peer_that_wants_another_version_is_told_to_stop()
    {
        CalledPeer peer = new();
        peer.TakeBytes();

        peer.Send(new StartControlConnectionReply
        {
            ResultCode = StartControlConnectionResult.Successful,
            ProtocolVersion = 0x0200,
        });

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new StopControlConnectionRequest { Reason = StopControlConnectionReason.StopProtocol },
            new ControlEvent.Closed(ControlCloseReason.UnsupportedVersion, "protocol version 0x0200"),
        }));
    }

    [Test]
    public void Anything_but_a_reply_to_the_start_is_the_end()
    {
        CalledPeer peer = new();
        peer.TakeBytes();

        peer.Send(new StartControlConnectionRequest());

        Assert.That(
            ((ControlEvent.Closed)peer.Take().Single()).Reason, Is.EqualTo(ControlCloseReason.UnexpectedMessage));
    }

    [Test]
    public void A_peer_that_does_not_reply_within_a_minute_is_left()
    {
        CalledPeer peer = new();
        peer.TakeBytes();

        peer.Wait(59.9);
        Assert.That(peer.Take(), Is.Empty);
        peer.Wait(0.1);

        Assert.That(peer.Take(), Is.EqualTo(new[]
        {
            new ControlEvent.Closed(ControlCloseReason.StartTimeout, "no Start-Control-Connection-Reply in time"),
        }));
    }

    [Test]
    public void No_call_is_placed_before_the_reply() =>
        Assert.That(new CalledPeer().Connection.PlaceCall(1, TimeSpan.FromHours(1)), Is.False);

    [Test]
    public void Two_calls_need_two_ids()
    {
        CalledPeer peer = CalledPeer.CalledWith(7, 70);

        Assert.That(() => peer.Connection.PlaceCall(7, peer.Now), Throws.ArgumentException);
    }

    [Test]
    public void A_call_can_be_refused_and_its_id_used_again()
    {
        CalledPeer peer = CalledPeer.Called();
        peer.Connection.PlaceCall(7, peer.Now);
        peer.TakeBytes();
        OutgoingCallReply busy = new() { PeersCallId = 7, ResultCode = OutgoingCallResult.Busy };

        peer.Send(busy);

        Assert.That(peer.Take(), Is.EqualTo(new[] { new ControlEvent.CallRefused(7, busy) }));
        Assert.That(peer.Connection.PlaceCall(7, peer.Now), Is.True);
    }

    [Test]
    public void A_call_without_a_reply_ends_the_connection_after_a_minute()
    {
        CalledPeer peer = CalledPeer.Called();
        peer.Connection.PlaceCall(7, peer.Now);
        peer.TakeBytes();

        peer.Wait(30);
        peer.Send(new EchoRequest());
        peer.Wait(30);

        Assert.That(peer.Take().Where(taken => taken is ControlEvent), Is.EqualTo(new ControlEvent[]
        {
            new ControlEvent.CallEnded(7, CallEndReason.ConnectionLost),
            new ControlEvent.Closed(
                ControlCloseReason.CallTimeout, "a call was neither answered, connected nor cleared in time"),
        }));
    }

    [Test]
    public void The_peer_ends_a_call()
    {
        CalledPeer peer = CalledPeer.CalledWith(7, 70);

        peer.Send(new CallDisconnectNotify { CallId = 70, ResultCode = CallDisconnectResult.AdminShutdown });

        Assert.That(
            peer.Take(), Is.EqualTo(new[] { new ControlEvent.CallEnded(7, CallEndReason.DisconnectedByPeer) }));
        Assert.That(peer.Connection.Calls, Is.Zero);
    }

    [Test]
    public void A_call_given_up_before_the_reply_is_cleared_when_the_reply_tells_its_id()
    {
        CalledPeer peer = CalledPeer.Called();
        peer.Connection.PlaceCall(7, peer.Now);
        peer.TakeBytes();

        peer.Connection.DisconnectCall(7, CallDisconnectResult.Request, peer.Now);
        Assert.That(peer.Take(), Is.EqualTo(new[] { new CallClearRequest { CallId = 7 } }));
        peer.Answer(7, 70);
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
        Assert.That(() => peer.Connection.PlaceCall(7, peer.Now), Throws.ArgumentException);
        peer.Send(new CallDisconnectNotify { CallId = 70 });

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.Calls, Is.Zero);
        Assert.That(peer.Connection.PlaceCall(7, peer.Now), Is.True);
    }

    [Test]
    public void A_call_given_up_before_a_refusal_is_over_with_it()
    {
        CalledPeer peer = CalledPeer.Called();
        peer.Connection.PlaceCall(7, peer.Now);
        peer.Connection.DisconnectCall(7, CallDisconnectResult.Request, peer.Now);
        peer.TakeBytes();

        peer.Send(new OutgoingCallReply { PeersCallId = 7, ResultCode = OutgoingCallResult.DoNotAccept });

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.Calls, Is.Zero);
    }

    [Test]
    public void A_call_that_is_not_cleared_in_a_minute_ends_the_connection()
    {
        CalledPeer peer = CalledPeer.CalledWith(7, 70);
        peer.Connection.DisconnectCall(7, CallDisconnectResult.Request, peer.Now);
        peer.TakeBytes();

        peer.Wait(60);

        Assert.That(peer.Connection.IsClosed, Is.True);
    }

    [Test]
    public void Two_calls_with_one_id_of_the_peer_cannot_be()
    {
        CalledPeer peer = CalledPeer.CalledWith(7, 70);
        peer.Connection.PlaceCall(8, peer.Now);
        peer.TakeBytes();

        peer.Answer(8, 70);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new CallClearRequest { CallId = 8 },
            new ControlEvent.CallEnded(8, CallEndReason.ReplyUnusable),
        }));
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    [Test]
    public void Replies_to_nothing_and_repeated_replies_are_nothing()
    {
        CalledPeer peer = CalledPeer.CalledWith(7, 70);

        peer.Answer(9, 90);
        peer.Answer(7, 71);
        peer.Send(new StartControlConnectionReply { ResultCode = StartControlConnectionResult.Successful });
        peer.Send(new IncomingCallConnected { PeersCallId = 7 });

        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.Calls, Is.EqualTo(1));
    }

    [Test]
    public void Nobody_calls_back_on_a_connection_that_offers_no_channels()
    {
        CalledPeer peer = CalledPeer.Called();

        peer.Send(new OutgoingCallRequest { CallId = 5 });

        Assert.That(peer.Take(), Is.EqualTo(new[]
        {
            new OutgoingCallReply
            {
                PeersCallId = 5,
                ResultCode = OutgoingCallResult.GeneralError,
                ErrorCode = ControlError.NoResource,
            },
        }));
    }

    [Test]
    public void Its_silence_is_answered_with_an_echo_request_and_the_peers_with_a_reply()
    {
        CalledPeer peer = CalledPeer.Called();

        peer.Send(new EchoRequest { Identifier = 0xCAFE });
        peer.Wait(60);
        peer.Wait(60);

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new EchoReply { Identifier = 0xCAFE, ResultCode = EchoResult.Ok },
            new EchoRequest { Identifier = 0x01020305 },
            new ControlEvent.Closed(ControlCloseReason.EchoTimeout, "no answer to Echo-Request"),
        }));
    }

    [Test]
    public void Whatever_a_pac_says_each_call_ends_at_most_once_and_nothing_is_thrown()
    {
        Xorshift random = new(20261122);
        for (int round = 0; round < 400; round++)
        {
            CalledPeer peer = CalledPeer.Called();
            HashSet<ushort> live = [];
            for (int step = 0; step < 60 && !peer.Connection.IsClosed; step++)
            {
                ushort id = (ushort)random.Next(4);
                ushort other = (ushort)random.Next(4);
                switch (random.Next(12))
                {
                    case 0 or 1 or 2:
                        try
                        {
                            if (peer.Connection.PlaceCall(id, peer.Now))
                                Assert.That(live.Add(id), Is.True);
                        }
                        catch (ArgumentException)
                        {
                            // In use, perhaps by a call whose end is not confirmed.
                        }
                        break;
                    case 3:
                        peer.Connection.DisconnectCall(id, CallDisconnectResult.Request, peer.Now);
                        live.Remove(id);
                        break;
                    case 4 or 5 or 6:
                        peer.Answer(id, other);
                        break;
                    case 7:
                        peer.Send(new OutgoingCallReply { PeersCallId = id, ResultCode = (OutgoingCallResult)other });
                        break;
                    case 8 or 9:
                        peer.Send(new CallDisconnectNotify { CallId = id });
                        break;
                    case 10:
                        peer.Send(new CallClearRequest { CallId = id });
                        break;
                    default:
                        peer.Wait(random.Next(20));
                        break;
                }

                foreach (object taken in peer.Take())
                {
                    if (taken is ControlEvent.CallEnded ended)
                        Assert.That(live.Remove(ended.CallId), Is.True);
                    else if (taken is ControlEvent.CallRefused refused)
                        Assert.That(live.Remove(refused.CallId), Is.True);
                    else if (taken is ControlEvent.CallAnswered answered)
                        Assert.That(live, Does.Contain(answered.CallId));
                }
            }

            peer.Connection.TransportClosed("over");
            Assert.That(peer.Take().OfType<ControlEvent.CallEnded>().Select(e => e.CallId), Is.EquivalentTo(live));
        }
    }
}
