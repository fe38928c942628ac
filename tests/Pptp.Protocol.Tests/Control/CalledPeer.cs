using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>The PAC that a <see cref="ControlConnection"/> calls: sends messages, reads what comes.</summary>
internal sealed class CalledPeer : ControlPeer
{
    public CalledPeer()
        : base(ControlConnection.Dial(
            new ControlConnectionOptions
            {
                HostName = "branch",
                VendorName = "pptpd",
                FirmwareRevision = 0x0102,
                MaximumChannels = 0,
                ReceiveWindowSize = 32,
                PhoneNumber = "RELAY_PPP1",
            },
            new CountingRandom(),
            Beginning))
    {
    }

    /// <summary>A connection past the exchange of Start messages, with nothing left to take.</summary>
    public static CalledPeer Called()
    {
        CalledPeer peer = new();
        peer.Send(new StartControlConnectionReply { ResultCode = StartControlConnectionResult.Successful });
        Assert.That(peer.Take(), Has.Count.EqualTo(2));
        return peer;
    }

    /// <summary>With one call, answered.</summary>
    public static CalledPeer CalledWith(ushort callId, ushort peerCallId)
    {
        CalledPeer peer = Called();
        Assert.That(peer.Connection.PlaceCall(callId, peer.Now), Is.True);
        peer.Answer(callId, peerCallId);
        Assert.That(peer.Take(), Has.Count.EqualTo(2));
        return peer;
    }

    public void Answer(ushort callId, ushort peerCallId) => Send(new OutgoingCallReply
    {
        CallId = peerCallId,
        PeersCallId = callId,
        ResultCode = OutgoingCallResult.Connected,
    });

    /// <summary>The octets of what the connection sent; nothing else may have happened.</summary>
    public byte[] TakeBytes()
    {
        List<byte> bytes = [];
        while (Connection.TryTake(out ControlEvent? next))
            bytes.AddRange(((ControlEvent.Send)next).Bytes);
        return [.. bytes];
    }
}
