using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>The calling end of a control connection against the answering end, both ours.</summary>
public sealed class BothEndsTests
{
    [Test]
    public void They_start_each_other()
    {
        ControlPair pair = new(new ControlConnectionOptions { HostName = "branch", MaximumChannels = 0 });

        pair.Exchange();

        Assert.That(pair.AtAnswerer.Cast<ControlEvent.Started>().Single().Request.HostName, Is.EqualTo("branch"));
        Assert.That(pair.AtCaller.Cast<ControlEvent.StartReplied>().Single().Reply.MaximumChannels, Is.EqualTo(64));
    }

    [Test]
    public void Several_calls_share_a_connection_and_each_ends_alone()
    {
        ControlPair pair = ControlPair.Started();
        for (ushort id = 0; id < 5; id++)
            pair.Call(id, (ushort)(100 + id));

        pair.Caller.DisconnectCall(2, CallDisconnectResult.Request, pair.Now);
        pair.Answerer.DisconnectCall(104, CallDisconnectResult.AdminShutdown, pair.Now);
        pair.Exchange();

        Assert.That(
            pair.AtAnswerer, Is.EqualTo(new[] { new ControlEvent.CallEnded(102, CallEndReason.ClearedByPeer) }));
        Assert.That(
            pair.AtCaller, Is.EqualTo(new[] { new ControlEvent.CallEnded(4, CallEndReason.DisconnectedByPeer) }));
        Assert.That((pair.Caller.Calls, pair.Answerer.Calls), Is.EqualTo((3, 3)));
    }

    [Test]
    public void A_call_too_many_is_refused()
    {
        ControlPair pair = ControlPair.Started(new ControlConnectionOptions { MaximumChannels = 1 });
        pair.Call(1, 11);

        pair.Caller.PlaceCall(2, pair.Now);
        pair.Exchange();

        ControlEvent.CallRefused refused = pair.AtCaller.Cast<ControlEvent.CallRefused>().Single();
        Assert.That(
            (refused.CallId, refused.Reply.ResultCode, refused.Reply.ErrorCode),
            Is.EqualTo((2, OutgoingCallResult.GeneralError, ControlError.NoResource)));
    }

    [Test]
    public void A_call_given_up_while_the_other_end_decides_leaves_nothing_behind()
    {
        ControlPair pair = ControlPair.Started();
        pair.Caller.PlaceCall(1, pair.Now);
        pair.Exchange();
        pair.Caller.DisconnectCall(1, CallDisconnectResult.Request, pair.Now);
        pair.Exchange();

        pair.Answerer.AcceptCall(1, 11, pair.Now);
        pair.Exchange();

        Assert.That(pair.AtCaller, Is.Empty);
        Assert.That((pair.Caller.Calls, pair.Answerer.Calls), Is.EqualTo((0, 0)));
        Assert.That(pair.Caller.PlaceCall(1, pair.Now), Is.True);
    }

    [Test]
    public void Both_end_a_call_at_once()
    {
        ControlPair pair = ControlPair.WithCall(1, 11);

        pair.Caller.DisconnectCall(1, CallDisconnectResult.Request, pair.Now);
        pair.Answerer.DisconnectCall(11, CallDisconnectResult.AdminShutdown, pair.Now);
        pair.Exchange();

        Assert.That(pair.AtCaller.Concat(pair.AtAnswerer), Is.Empty);
        Assert.That((pair.Caller.Calls, pair.Answerer.Calls), Is.EqualTo((0, 0)));
    }

    [Test]
    public void The_callers_stop_ends_its_calls_at_both_ends()
    {
        ControlPair pair = ControlPair.WithCall(1, 11);

        pair.Caller.Stop(StopControlConnectionReason.StopLocalShutdown, pair.Now);
        pair.Exchange();

        Assert.That(pair.AtCaller, Is.EqualTo(new ControlEvent[]
        {
            new ControlEvent.CallEnded(1, CallEndReason.StoppedLocally),
            new ControlEvent.Closed(ControlCloseReason.Stopped, "stopped"),
        }));
        Assert.That(pair.AtAnswerer.OfType<ControlEvent.CallEnded>().Single().CallId, Is.EqualTo(11));
        Assert.That(pair.Answerer.IsClosed, Is.True);
    }

    [Test]
    public void The_answerers_stop_ends_the_callers_calls()
    {
        ControlPair pair = ControlPair.WithCall(1, 11);

        pair.Answerer.Stop(StopControlConnectionReason.StopLocalShutdown, pair.Now);
        pair.Exchange();

        Assert.That(
            pair.AtCaller[0], Is.EqualTo(new ControlEvent.CallEnded(1, CallEndReason.DisconnectedByPeer)));
        Assert.That((pair.Caller.IsClosed, pair.Answerer.IsClosed), Is.EqualTo((true, true)));
    }

    [Test]
    public void The_character_maps_arrive()
    {
        ControlPair pair = ControlPair.WithCall(1, 11);

        pair.Caller.SendLinkInfo(1);
        pair.Exchange();

        Assert.That(
            pair.AtAnswerer, Is.EqualTo(new[] { new ControlEvent.LinkInfo(11, uint.MaxValue, uint.MaxValue) }));
    }
}
