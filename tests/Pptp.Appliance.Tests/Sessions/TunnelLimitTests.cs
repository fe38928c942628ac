using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;
using Pptp.Testing;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>What a peer may take of the server before it has logged in, or without reading what it is sent.</summary>
[CancelAfter(60_000)]
public sealed class TunnelLimitTests : TunnelFixture
{
    [Test]
    public async Task Any_number_of_echo_requests_at_once_is_answered_when_the_peer_reads_at_last()
    {
        const int Count = 40_000;
        Open();
        byte[] burst = [.. Enumerable.Range(0, Count).SelectMany(i => new EchoRequest { Identifier = (uint)i }.Encode())];

        Task writing = Task.Run(() => Write(burst));
        // Far more than all buffers hold: the server has to stop reading.
        await Task.WhenAny(writing, Task.Delay(500));
        Assert.That(writing.IsCompleted, Is.False, "the server has taken it all, or has gone");

        for (uint i = 0; i < Count; i++)
            Assert.That(Read<EchoReply>().Identifier, Is.EqualTo(i));
        await writing;
        Assert.That(Running.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_peer_that_goes_on_not_reading_is_let_go()
    {
        Open();
        byte[] burst = [.. Enumerable.Range(0, 40_000).SelectMany(i => new EchoRequest { Identifier = (uint)i }.Encode())];
        _ = Task.Run(() => Write(burst)).ContinueWith(static t => t.Exception, TaskScheduler.Default);

        for (int i = 0; i < 600 && !Running.IsCompleted; i++)
        {
            World.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(Running, Task.Delay(50));
        }

        World.WaitForLog("control connection closed: the peer does not read");
        Assert.That(Running.Wait(TimeSpan.FromSeconds(30)), Is.True);
    }

    [Test]
    [EffectOf("pptp-server", "max-sessions")]
    public void Of_calls_begun_at_the_same_time_no_more_come_up_than_there_may_be_sessions()
    {
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { MaxSessions = 1 },
        };
        FakePath first = Dial();
        Write(new OutgoingCallRequest { CallId = 8 });
        FakePath second = TakePath();
        new FakeClient(first, "alice", "secret").LogIn();
        World.WaitForLog("<pptp-alice>: connected");

        new FakeClient(second, "alice", "secret").RunUntil(PppProtocol.Lcp, 5);

        World.WaitForLog("user alice is not let in - there are max-sessions 1 already");
        World.WaitForLog("terminating... - no more sessions");
        Assert.That(World.Sessions.LoggedIn, Is.EqualTo(1));
    }

    [Test]
    [EffectOf("pptp-server", "max-starting")]
    public void One_source_takes_no_more_than_a_quarter_of_the_starting_tunnels()
    {
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { MaxStarting = 12 },
        };
        FakePath first = Dial();
        for (ushort id = 8; id < 10; id++)
        {
            Write(new OutgoingCallRequest { CallId = id });
            TakePath();
        }

        Write(new OutgoingCallRequest { CallId = 10 });
        OutgoingCallReply reply = Read<OutgoingCallReply>();
        Assert.That((reply.ResultCode, reply.ErrorCode),
            Is.EqualTo((OutgoingCallResult.GeneralError, ControlError.NoResource)));

        new FakeClient(first, "alice", "secret").LogIn();
        World.WaitForLog("connected");
        Write(new OutgoingCallRequest { CallId = 11 });
        TakePath();
    }

    [Test]
    [EffectOf("pptp-server", "login-timeout")]
    public void A_connection_nobody_calls_on_is_stopped_after_the_time_to_log_in()
    {
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { LoginTimeout = TimeSpan.FromSeconds(10) },
        };
        Open();

        World.Time.Advance(TimeSpan.FromSeconds(10));

        Read<StopControlConnectionRequest>();
        Write(new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok });
        Assert.That(Running.Wait(TimeSpan.FromSeconds(30)), Is.True);
    }

    [Test]
    [EffectOf("pptp-server", "login-timeout")]
    public void A_call_that_does_not_log_in_in_time_is_disconnected()
    {
        World.Configuration = World.Configuration with
        {
            PptpServer = World.Configuration.PptpServer with { LoginTimeout = TimeSpan.FromSeconds(2) },
        };
        FakePath path = Dial();

        World.Time.Advance(TimeSpan.FromSeconds(2));

        World.WaitForLog("terminating... - not logged in in time");
        Assert.That(Read<CallDisconnectNotify>().CallId, Is.EqualTo(path.CallId));
    }

    private void Write(byte[] bytes)
    {
        Peer.Write(bytes);
        Peer.Flush();
    }
}
