using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>RFC 2637 §2.5, §2.6, §3.1.4, §3.2.1.</summary>
public sealed class ControlConnectionTimerTests
{
    [Test]
    public void A_connection_that_does_not_start_within_a_minute_is_closed()
    {
        var peer = new ControlPeer();

        peer.Wait(59.999);
        Assert.That(peer.Take(), Is.Empty);
        peer.Wait(0.001);

        Assert.That(((ControlEvent.Closed)peer.Take().Single()).Reason, Is.EqualTo(ControlCloseReason.StartTimeout));
    }

    [Test]
    public void A_start_request_drop_by_drop_gets_no_more_time()
    {
        var peer = new ControlPeer();
        foreach (byte b in new StartControlConnectionRequest().Encode())
        {
            peer.Receive([b]);
            peer.Wait(0.5);
        }

        Assert.That(((ControlEvent.Closed)peer.Take().Single()).Reason, Is.EqualTo(ControlCloseReason.StartTimeout));
    }

    [Test]
    public void The_peers_echo_is_answered()
    {
        ControlPeer peer = ControlPeer.Started();

        peer.Send(new EchoRequest { Identifier = 0xCAFE });

        Assert.That(peer.Take(), Is.EqualTo(new object[]
        {
            new EchoReply { Identifier = 0xCAFE, ResultCode = EchoResult.Ok },
        }));
    }

    [Test]
    public void After_a_minute_of_silence_we_ask_and_after_another_we_close()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);

        peer.Wait(59.999);
        Assert.That(peer.Take(), Is.Empty);
        peer.Wait(0.001);
        Assert.That(peer.Take(), Is.EqualTo(new object[] { new EchoRequest { Identifier = 0x01020305 } }));

        peer.Wait(59.999);
        Assert.That(peer.Take(), Is.Empty);
        peer.Wait(0.001);
        List<object> taken = peer.Take();
        Assert.That(taken[0], Is.EqualTo(new ControlEvent.CallEnded(1000, CallEndReason.ConnectionLost)));
        Assert.That(((ControlEvent.Closed)taken[1]).Reason, Is.EqualTo(ControlCloseReason.EchoTimeout));
    }

    [Test]
    public void An_answered_echo_is_followed_by_the_next_a_minute_later()
    {
        ControlPeer peer = ControlPeer.Started();
        for (uint i = 0; i < 5; i++)
        {
            peer.Wait(60);
            var echo = (EchoRequest)peer.Take().Single();
            Assert.That(echo.Identifier, Is.EqualTo(0x01020305 + i));
            peer.Send(new EchoReply { Identifier = echo.Identifier, ResultCode = EchoResult.Ok });
        }

        Assert.That(peer.Connection.IsEstablished, Is.True);
    }

    [Test]
    public void Any_message_shows_life()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Wait(45);
        peer.Send(new SetLinkInfo());
        peer.Wait(59);
        Assert.That(peer.Take(), Is.Empty);

        peer.Wait(1);
        Assert.That(peer.Take().Single(), Is.InstanceOf<EchoRequest>());

        peer.Wait(59);
        peer.Send(new EchoReply { Identifier = 12345 });
        peer.Wait(59);
        Assert.That(peer.Take(), Is.Empty);
        Assert.That(peer.Connection.IsEstablished, Is.True);
    }

    [Test]
    public void Part_of_a_message_shows_nothing()
    {
        ControlPeer peer = ControlPeer.Started();
        peer.Wait(30);
        peer.Receive("0010 0001 1a2b3c4d 0005");

        peer.Wait(30);

        Assert.That(peer.Take().Single(), Is.InstanceOf<EchoRequest>());
    }

    [Test]
    public void Echo_can_be_off()
    {
        ControlPeer peer = ControlPeer.Started(new ControlConnectionOptions { EchoInterval = TimeSpan.Zero });

        Assert.That(peer.Connection.NextDeadline, Is.Null);
        peer.Wait(100_000);

        Assert.That(peer.Take(), Is.Empty);
    }

    // RFC 2637 §3.2.1: no state of transition lasts more than a minute.
    [Test]
    public void A_call_that_is_not_decided_within_a_minute_closes_the_connection()
    {
        ControlPeer peer = ControlPeer.WithCall(7, 1000);
        peer.Wait(10);
        peer.Send(new OutgoingCallRequest { CallId = 8 });
        peer.Wait(30);
        peer.Send(new OutgoingCallRequest { CallId = 9 });
        peer.Take();

        peer.Wait(29.999);
        Assert.That(peer.Take(), Is.Empty);
        peer.Wait(0.001);

        List<object> taken = peer.Take();
        Assert.That(taken[0], Is.EqualTo(new ControlEvent.CallEnded(1000, CallEndReason.ConnectionLost)));
        Assert.That(((ControlEvent.Closed)taken[1]).Reason, Is.EqualTo(ControlCloseReason.CallTimeout));
        Assert.That(peer.Connection.AcceptCall(8, 1001, peer.Now), Is.False);
    }

    [Test]
    public void A_decided_call_has_no_timer()
    {
        ControlPeer peer = ControlPeer.Started(new ControlConnectionOptions { EchoInterval = TimeSpan.Zero });
        peer.Send(new OutgoingCallRequest { CallId = 8 }, new OutgoingCallRequest { CallId = 9 });
        peer.Take();
        Assert.That(peer.Connection.NextDeadline, Is.EqualTo(peer.Now + TimeSpan.FromSeconds(60)));

        peer.Connection.AcceptCall(8, 1000, peer.Now);
        peer.Connection.RefuseCall(9, OutgoingCallResult.DoNotAccept, ControlError.None, peer.Now);

        Assert.That(peer.Connection.NextDeadline, Is.Null);
    }

    [Test]
    public void The_clock_of_a_new_connection_begins_when_it_is_made()
    {
        var peer = new ControlPeer();

        Assert.That(peer.Connection.NextDeadline, Is.EqualTo(peer.Now + TimeSpan.FromSeconds(60)));
    }
}
