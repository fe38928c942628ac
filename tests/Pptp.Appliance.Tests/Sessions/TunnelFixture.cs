using System.Net;
using Pptp.Appliance.Sessions;
using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>A tunnel's actor and the client's end of its control connection.</summary>
public abstract class TunnelFixture
{
    private protected FakeWorld World { get; } = new();

    private protected Stream Peer { get; private set; } = Stream.Null;

    private protected TunnelSession? Session { get; private set; }

    private protected Task Running { get; private set; } = Task.CompletedTask;

    [TearDown]
    public async Task Close()
    {
        await Peer.DisposeAsync();
        await Running.WaitAsync(TimeSpan.FromSeconds(10));
        Session?.Dispose();
        World.Dispose();
    }

    private protected static byte[] NextLcp(FakePath path)
    {
        while (path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
        {
            // Echoes with data ask for the path, not for the client.
            if (PppFrame.TryParse(frame, out ushort protocol, out int at) && protocol == PppProtocol.Lcp
                && (frame[at] != 9 || frame.Length - at == 8))
            {
                return frame[at..];
            }
        }
        throw new AssertionException("the server sent no LCP packet");
    }

    /// <summary>Answers the server's next Terminate-Request.</summary>
    private protected static void AcknowledgeTermination(FakePath path)
    {
        byte[] packet;
        do
            packet = NextLcp(path);
        while (packet[0] != 5);
        packet[0] = 6;
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, packet));
    }

    private protected FakePath LogIn()
    {
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret").LogIn();
        return path;
    }

    private protected FakePath Dial()
    {
        Open();
        Write(new OutgoingCallRequest { CallId = 7, PacketReceiveWindowSize = 64 });
        return TakePath();
    }

    /// <summary>A control connection without a call.</summary>
    private protected void Open()
    {
        (Stream server, Peer) = PipeStream.CreatePair();
        Session = new TunnelSession(server, IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.7"), World.Services());
        Running = Task.Run(Session.RunAsync);
        Write(new StartControlConnectionRequest());
        Assert.That(Read<StartControlConnectionReply>().ResultCode, Is.EqualTo(StartControlConnectionResult.Successful));
    }

    private protected FakePath TakePath()
    {
        Assert.That(World.Paths.TryTake(out FakePath? path, TimeSpan.FromSeconds(10)), Is.True);
        OutgoingCallReply reply = Read<OutgoingCallReply>();
        Assert.That(reply.ResultCode, Is.EqualTo(OutgoingCallResult.Connected));
        Assert.That(reply.CallId, Is.EqualTo(path!.CallId));
        return path;
    }

    private protected void Write(ControlMessage message)
    {
        Peer.Write(message.Encode());
        Peer.Flush();
    }

    private protected T Read<T>()
        where T : ControlMessage
    {
        byte[] bytes = new byte[ControlMessageCodec.MaximumLength];
        while (true)
        {
            Peer.ReadExactly(bytes, 0, 2);
            int length = bytes[1];
            Peer.ReadExactly(bytes, 2, length - 2);
            Assert.That(ControlMessageCodec.TryDecode(bytes.AsSpan(0, length), out ControlMessage? message), Is.EqualTo(ControlDecodeError.None));
            if (message is T wanted)
                return wanted;
        }
    }
}
