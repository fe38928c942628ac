using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>Both ends of a control connection, whose octets and events the test moves.</summary>
internal sealed class ControlPair
{
    public ControlPair(ControlConnectionOptions? caller = null, ControlConnectionOptions? answerer = null)
    {
        Caller = ControlConnection.Dial(
            caller ?? new ControlConnectionOptions { MaximumChannels = 0 }, new CountingRandom(), Now);
        Answerer = new ControlConnection(answerer ?? new ControlConnectionOptions(), new CountingRandom(), Now);
    }

    public ControlConnection Caller { get; }

    public ControlConnection Answerer { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What happened at the calling end, but for what it sent.</summary>
    public List<ControlEvent> AtCaller { get; } = [];

    /// <summary>What happened at the answering end, but for what it sent.</summary>
    public List<ControlEvent> AtAnswerer { get; } = [];

    public static ControlPair Started(ControlConnectionOptions? answerer = null)
    {
        ControlPair pair = new(answerer: answerer);
        pair.Exchange();
        Assert.That(pair.Caller.IsEstablished && pair.Answerer.IsEstablished);
        pair.AtCaller.Clear();
        pair.AtAnswerer.Clear();
        return pair;
    }

    public static ControlPair WithCall(ushort callId, ushort answererCallId)
    {
        ControlPair pair = Started();
        pair.Call(callId, answererCallId);
        return pair;
    }

    /// <summary>A call is placed, accepted and answered.</summary>
    public void Call(ushort callId, ushort answererCallId)
    {
        Assert.That(Caller.PlaceCall(callId, Now), Is.True);
        Exchange();
        Assert.That(Answerer.AcceptCall(callId, answererCallId, Now), Is.True);
        Exchange();
        Assert.That(AtCaller.OfType<ControlEvent.CallAnswered>().Last().CallId, Is.EqualTo(callId));
        AtCaller.Clear();
        AtAnswerer.Clear();
    }

    /// <summary>Carries octets both ways until nobody says any more.</summary>
    public void Exchange()
    {
        while (Carry(Caller, Answerer, AtCaller) | Carry(Answerer, Caller, AtAnswerer))
        {
        }
    }

    private bool Carry(ControlConnection from, ControlConnection to, List<ControlEvent> others)
    {
        bool hasCarried = false;
        while (from.TryTake(out ControlEvent? next))
        {
            if (next is ControlEvent.Send send)
            {
                to.Receive(send.Bytes, Now);
                hasCarried = true;
            }
            else
            {
                others.Add(next);
            }
        }
        return hasCarried;
    }
}
