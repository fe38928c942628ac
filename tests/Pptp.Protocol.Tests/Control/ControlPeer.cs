using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>The other end of a <see cref="ControlConnection"/>: sends messages, reads what comes back.</summary>
internal class ControlPeer
{
    protected static readonly TimeSpan Beginning = TimeSpan.FromHours(1);

    public ControlPeer(ControlConnectionOptions? options = null)
        : this(new ControlConnection(
            options ?? new ControlConnectionOptions
            {
                HostName = "tower",
                VendorName = "pptpd",
                FirmwareRevision = 0x0102,
                MaximumChannels = 3,
                ReceiveWindowSize = 32,
            },
            new CountingRandom(),
            Beginning))
    {
    }

    protected ControlPeer(ControlConnection connection) => Connection = connection;

    public ControlConnection Connection { get; }

    public TimeSpan Now { get; set; } = Beginning;

    /// <summary>A connection past the exchange of Start messages, with nothing left to take.</summary>
    public static ControlPeer Started(ControlConnectionOptions? options = null)
    {
        var peer = new ControlPeer(options);
        peer.Send(new StartControlConnectionRequest { HostName = "pc", VendorName = "test" });
        Assert.That(peer.Take(), Has.Count.EqualTo(2));
        return peer;
    }

    /// <summary>A started connection with one call, ours by <paramref name="callId"/>.</summary>
    public static ControlPeer WithCall(ushort peerCallId, ushort callId)
    {
        ControlPeer peer = Started();
        peer.Call(peerCallId, callId);
        return peer;
    }

    public void Call(ushort peerCallId, ushort callId)
    {
        Send(new OutgoingCallRequest { CallId = peerCallId });
        Assert.That(Connection.AcceptCall(peerCallId, callId, Now), Is.True);
        Assert.That(Take(), Has.Count.EqualTo(2));
    }

    public void Send(params ControlMessage[] messages) =>
        Receive([.. messages.SelectMany(m => m.Encode())]);

    public void Receive(byte[] bytes) => Connection.Receive(bytes, Now);

    public void Receive(string description) => Receive(ControlBytes.Parse(description));

    /// <summary>Lets time go by, calling Advance at each deadline as the owner would.</summary>
    public void Wait(double seconds)
    {
        TimeSpan until = Now + TimeSpan.FromSeconds(seconds);
        while (Connection.NextDeadline is TimeSpan deadline && deadline <= until)
        {
            Now = deadline;
            Connection.Advance(Now);
        }

        Now = until;
        Connection.Advance(Now);
    }

    /// <summary>All that is queued: decoded messages for what is sent, events for the rest.</summary>
    public List<object> Take()
    {
        var taken = new List<object>();
        while (Connection.TryTake(out ControlEvent? next))
        {
            if (next is ControlEvent.Send send)
            {
                ControlDecodeError error = ControlMessageCodec.TryDecode(send.Bytes, out ControlMessage? message);
                Assert.That(error, Is.EqualTo(ControlDecodeError.None));
                taken.Add(message!);
            }
            else
            {
                taken.Add(next);
            }
        }

        return taken;
    }
}
