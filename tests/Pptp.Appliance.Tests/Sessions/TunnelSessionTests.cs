using System.Net;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Sessions;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>The actor of a tunnel, spoken to as a client would, in a world without kernel and network.</summary>
[CancelAfter(30_000)]
public sealed class TunnelSessionTests
{
    private readonly FakeWorld _world = new();
    private Stream _client = Stream.Null;
    private TunnelSession? _session;
    private Task _running = Task.CompletedTask;

    [TearDown]
    public async Task Close()
    {
        await _client.DisposeAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        _session?.Dispose();
        _world.Dispose();
    }

    [Test]
    public void A_login_opens_the_data_path_with_keys_and_an_interface()
    {
        FakePath path = LogIn();
        Assert.That(_world.WaitForLog("logged in"), Is.EqualTo("pptp,ppp,info,account alice logged in, 10.8.0.2 from 192.0.2.7"));
        _world.WaitForLog("<pptp-alice>: connected");
        Assert.That(path.Opened!.Encryptor, Is.Not.Null);
        Assert.That(path.Opened.Decryptor, Is.Not.Null);
        Assert.That(path.Opened.AllowedSources, Is.EqualTo(new[] { new Ipv4Prefix(IPAddress.Parse("10.8.0.2"), 32) }));
        Assert.That(_world.Interfaces["pptp-alice"].Mtu, Is.EqualTo(1400), "the peer's MRU is smaller than max-mtu");
        Assert.That(path.Opened.MaximumSegmentSize, Is.EqualTo(1360));
    }

    [Test]
    public void A_cleared_call_leaves_nothing_and_its_address_is_free()
    {
        FakePath path = LogIn();
        path.Counters = new DataPathCounters { RxBytes = 1568, TxBytes = 98, RxPackets = 14, TxPackets = 8 };
        _world.WaitForLog("connected");
        _world.Time.Advance(TimeSpan.FromSeconds(20));
        Write(new CallClearRequest { CallId = 7 });
        _world.WaitForLog("<pptp-alice>: terminating... - hungup");
        Assert.That(_world.WaitForLog("logged out"), Is.EqualTo("pptp,ppp,info,account alice logged out, 20 1568 98 14 8 from 192.0.2.7"));
        _world.WaitForLog("<pptp-alice>: disconnected");
        Assert.That(path.IsClosed, Is.True);
        Assert.That(_world.Interfaces, Is.Empty);
        Assert.That(_world.Pools.Acquire("dial-in", "bob", null)!.Address.ToString(), Is.EqualTo("10.8.0.3"));
        Assert.That(_world.Pools.Acquire("dial-in", "alice", null)!.Address.ToString(), Is.EqualTo("10.8.0.2"), "the same again");
        Assert.That(Read<CallDisconnectNotify>().ResultCode, Is.EqualTo(CallDisconnectResult.Request));
    }

    [Test]
    public void A_wrong_password_is_logged_once_and_gives_the_client_time_to_hang_up()
    {
        FakePath path = Dial();
        Client client = new(path, "alice", "guess");
        client.RunUntil(PppProtocol.Lcp, 6);
        _world.WaitForLog("user alice authentication failed - wrong password");
        _world.WaitForLog("terminating... - authentication failed");
        _world.WaitForLog("disconnected");
        // Only after the time to linger the call is taken away from the peer.
        _world.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(Read<CallDisconnectNotify>().CallId, Is.EqualTo(path.CallId));
    }

    [Test]
    public void An_exhausted_pool_is_said_so_and_ends_the_link()
    {
        _world.Pools.Apply(_world.Configuration.Pools);
        _world.Pools.Acquire("dial-in", "b", null);
        _world.Pools.Acquire("dial-in", "c", null);
        FakePath path = Dial();
        new Client(path, "alice", "secret").RunUntil(PppProtocol.Lcp, 5);
        _world.WaitForLog("pptp,ppp,error <1>: user alice could not determine remote address - pool dial-in has none left");
    }

    [Test]
    public void A_silent_peer_is_asked_five_times_and_then_let_go()
    {
        FakePath path = LogIn();
        _world.WaitForLog("connected");
        _world.Time.Advance(TimeSpan.FromSeconds(30));
        for (int echo = 1; echo <= 5; echo++)
        {
            Assert.That(NextLcp(path)[0], Is.EqualTo(9), $"echo {echo}");
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            _world.WaitForLog("<pptp-alice>: LCP missed echo reply");
        }
        _world.WaitForLog("<pptp-alice>: terminating... - peer is not responding");
        _world.WaitForLog("disconnected");
        Assert.That(Read<CallDisconnectNotify>().ResultCode, Is.EqualTo(CallDisconnectResult.LostCarrier));
    }

    [Test]
    public void A_peer_that_never_logs_in_is_let_go()
    {
        Dial();
        for (int i = 0; i < 60; i++)
            _world.Time.Advance(TimeSpan.FromSeconds(1));
        _world.WaitForLog("terminating... - ");
        _world.WaitForLog("disconnected");
    }

    [Test]
    public void A_data_path_that_gives_up_ends_the_call_with_its_reason()
    {
        FakePath path = LogIn();
        _world.WaitForLog("connected");
        path.Fail("interface was deleted");
        _world.WaitForLog("<pptp-alice>: terminating... - interface was deleted");
        _world.WaitForLog("disconnected");
    }

    [Test]
    public void A_lost_control_connection_ends_its_calls()
    {
        LogIn();
        _world.WaitForLog("connected");
        _client.Dispose();
        _world.WaitForLog("<pptp-alice>: terminating... - hungup");
        _world.WaitForLog("disconnected");
        Assert.That(_running.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void A_stop_says_goodbye_at_every_layer()
    {
        FakePath path = LogIn();
        _world.WaitForLog("connected");
        _session!.Stop();
        byte[] terminate = NextLcp(path);
        Assert.That(terminate[0], Is.EqualTo(5), "Terminate-Request");
        terminate[0] = 6;
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, terminate));
        Assert.That(Read<CallDisconnectNotify>().ResultCode, Is.EqualTo(CallDisconnectResult.AdminShutdown));
        Assert.That(Read<StopControlConnectionRequest>().Reason, Is.EqualTo(StopControlConnectionReason.StopLocalShutdown));
        Write(new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok });
        Assert.That(_running.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void A_second_login_of_a_user_gets_an_interface_and_an_address_of_its_own()
    {
        FakePath first = LogIn();
        _world.WaitForLog("connected");
        Write(new OutgoingCallRequest { CallId = 8, PacketReceiveWindowSize = 64 });
        FakePath second = TakePath();
        Assert.That(second.CallId, Is.Not.EqualTo(first.CallId));
        new Client(second, "alice", "secret").LogIn();
        _world.WaitForLog("alice logged in, 10.8.0.3");
        _world.WaitForLog("<pptp-alice-1>: connected");
        Assert.That(_world.Interfaces.Keys, Is.EquivalentTo(new[] { "pptp-alice", "pptp-alice-1" }));
    }

    [Test]
    public void Max_sessions_refuses_further_calls()
    {
        _world.Configuration = _world.Configuration with { PptpServer = _world.Configuration.PptpServer with { MaxSessions = 1 } };
        LogIn();
        _world.WaitForLog("connected");
        Write(new OutgoingCallRequest { CallId = 8, PacketReceiveWindowSize = 64 });
        OutgoingCallReply reply = Read<OutgoingCallReply>();
        Assert.That(reply.ResultCode, Is.EqualTo(OutgoingCallResult.GeneralError));
        Assert.That(reply.ErrorCode, Is.EqualTo(ControlError.NoResource));
    }

    [Test]
    public void A_domain_before_the_user_finds_the_user()
    {
        FakePath path = Dial();
        new Client(path, "OFFICE\\alice", "secret").LogIn();
        _world.WaitForLog("alice logged in");
    }

    [Test]
    public void Frames_faster_than_they_are_answered_are_dropped_not_hoarded()
    {
        FakePath path = LogIn();
        _world.WaitForLog("connected");
        byte[] echo = PppFrame.Create(PppProtocol.Lcp, [9, 1, 0, 8, 0, 0, 0, 0]);
        for (int i = 0; i < 100_000; i++)
            path.Deliver(echo);
        Write(new CallClearRequest { CallId = 7 });
        _world.WaitForLog("disconnected");
        Assert.That(path.Sent, Has.Count.LessThan(100_000));
    }

    private static byte[] NextLcp(FakePath path)
    {
        while (path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
        {
            if (PppFrame.TryParse(frame, out ushort protocol, out int at) && protocol == PppProtocol.Lcp)
                return frame[at..];
        }
        throw new AssertionException("the server sent no LCP packet");
    }

    private FakePath LogIn()
    {
        FakePath path = Dial();
        new Client(path, "alice", "secret").LogIn();
        return path;
    }

    private FakePath Dial()
    {
        (Stream server, _client) = PipeStream.CreatePair();
        _session = new TunnelSession(server, IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.7"), _world.Services());
        _running = Task.Run(_session.RunAsync);
        Write(new StartControlConnectionRequest());
        Assert.That(Read<StartControlConnectionReply>().ResultCode, Is.EqualTo(StartControlConnectionResult.Successful));
        Write(new OutgoingCallRequest { CallId = 7, PacketReceiveWindowSize = 64 });
        return TakePath();
    }

    private FakePath TakePath()
    {
        Assert.That(_world.Paths.TryTake(out FakePath? path, TimeSpan.FromSeconds(10)), Is.True);
        OutgoingCallReply reply = Read<OutgoingCallReply>();
        Assert.That(reply.ResultCode, Is.EqualTo(OutgoingCallResult.Connected));
        Assert.That(reply.CallId, Is.EqualTo(path!.CallId));
        return path;
    }

    private void Write(ControlMessage message)
    {
        _client.Write(message.Encode());
        _client.Flush();
    }

    private T Read<T>()
        where T : ControlMessage
    {
        byte[] bytes = new byte[ControlMessageCodec.MaximumLength];
        while (true)
        {
            _client.ReadExactly(bytes, 0, 2);
            int length = bytes[1];
            _client.ReadExactly(bytes, 2, length - 2);
            Assert.That(ControlMessageCodec.TryDecode(bytes.AsSpan(0, length), out ControlMessage? message), Is.EqualTo(ControlDecodeError.None));
            if (message is T wanted)
                return wanted;
        }
    }

    /// <summary>The simplest client there can be: agrees to everything, and asks for what a client must ask.</summary>
    private sealed class Client(FakePath path, string user, string password)
    {
        private readonly MsChapV2Peer _chap = MsChapV2Peer.FromPassword(user, password, SystemRandomSource.Instance);

        /// <summary>To the acknowledgement of our own address.</summary>
        public void LogIn() => RunUntil(PppProtocol.Ipcp, 2);

        /// <summary>Answers until a packet of this protocol and code has come.</summary>
        public void RunUntil(ushort untilProtocol, byte untilCode)
        {
            Send(PppProtocol.Lcp, [1, 1, 0, 8, 1, 4, 0x05, 0x78]);
            while (path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
            {
                Assert.That(PppFrame.TryParse(frame, out ushort protocol, out int at), Is.True);
                byte[] packet = frame[at..];
                Answer(protocol, packet);
                if (protocol == untilProtocol && packet[0] == untilCode)
                    return;
            }
            throw new AssertionException($"the server never sent protocol {untilProtocol:X4} code {untilCode}");
        }

        private void Answer(ushort protocol, byte[] packet)
        {
            switch (protocol)
            {
                case PppProtocol.Chap:
                    AnswerChap(packet);
                    break;
                case PppProtocol.Lcp when packet[0] == 5:
                    Send(protocol, [6, packet[1], 0, 4]);
                    break;
                case PppProtocol.Ipcp when packet[0] == 3:
                    // The address we are told to take, asked for again.
                    Send(protocol, [1, 2, 0, 10, .. packet.AsSpan(4, 6)]);
                    break;
                case not PppProtocol.Chap when packet[0] == 1:
                    Send(protocol, [2, .. packet.AsSpan(1)]);
                    if (protocol == PppProtocol.Ccp)
                        Send(protocol, [1, 1, 0, 10, 18, 6, 1, 0, 0, 0x40]);
                    if (protocol == PppProtocol.Ipcp)
                        Send(protocol, [1, 1, 0, 10, 3, 6, 0, 0, 0, 0]);
                    break;
            }
        }

        private void AnswerChap(byte[] packet)
        {
            _chap.Receive(packet);
            while (_chap.TryTake(out AuthenticationEvent? happened))
            {
                if (happened is AuthenticationEvent.Send send)
                    Send(PppProtocol.Chap, send.Packet);
                if (happened is AuthenticationEvent.Failed)
                    Send(PppProtocol.Lcp, [5, 9, 0, 4]);
            }
        }

        private void Send(ushort protocol, byte[] packet) => path.Deliver(PppFrame.Create(protocol, packet));
    }
}
