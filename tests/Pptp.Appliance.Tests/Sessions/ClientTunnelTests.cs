using System.Net;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Sessions;
using Pptp.Model;
using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>A tunnel that is dialled, whose server is the product's own or a script.</summary>
public sealed class ClientTunnelTests : IDisposable
{
    private static readonly IPAddress Ours = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress Servers = IPAddress.Parse("192.0.2.1");

    private readonly FakeWorld _world = new();
    private readonly FakeWorld _serverWorld = new();
    private readonly FakeMonitor _monitor = new();
    private readonly FakeClientInterface _interface = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _pumps = [];
    private Stream _line = Stream.Null;
    private FakePath? _path;
    private FakePath? _serverPath;
    private PppProfile? _profile;
    private PptpClient _client = new()
    {
        Name = "pptp-out1",
        ConnectTo = "192.0.2.1",
        User = "alice",
        Password = SecretValue.FromPassword("secret"),
        Disabled = false,
    };

    [TearDown]
    public async Task StopPumps()
    {
        await _end.CancelAsync();
        // Ends both ends, where the test has not.
        await _line.DisposeAsync();
        await Task.WhenAll(_pumps).WaitAsync(TimeSpan.FromSeconds(10));
        Dispose();
    }

    public void Dispose()
    {
        _line.Dispose();
        _world.Dispose();
        _serverWorld.Dispose();
        _monitor.Dispose();
        _end.Dispose();
    }

    [Test]
    public async Task It_comes_up_encrypted_and_carries_what_was_held()
    {
        (ClientTunnel tunnel, Task<ClientTunnelEnd> running) = DialOurServer();
        _monitor.WaitFor("authenticated");
        _monitor.WaitFor("MPPE128 stateless");
        _monitor.WaitFor("connected");
        FakePath path = _path!;
        Assert.Multiple(() =>
        {
            Assert.That(_interface.Network!.LocalAddress, Is.EqualTo(IPAddress.Parse("10.8.0.2")));
            Assert.That(_interface.Network.RemoteAddress, Is.EqualTo(IPAddress.Parse("10.8.0.1")));
            Assert.That(path.Options.PeerCallId, Is.Null);
            Assert.That(path.Connected!.Value.PeerCallId, Is.EqualTo(_serverPath!.CallId));
            Assert.That(path.Opened!.Held, Is.EqualTo(new[] { new byte[] { 1, 2, 3 } }));
            Assert.That(path.Opened.Readdress, Is.EqualTo((0x0A707001u, 0x0A080002u)));
            Assert.That(path.Opened.Encryptor, Is.Not.Null);
        });
        tunnel.HangUp("disabled");
        ClientTunnelEnd end = await running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(end.Reason, Is.EqualTo("disabled"));
        Assert.That(end.Uptime, Is.Not.Null);
        _serverWorld.WaitForLog("<pptp-alice>: terminating... - hungup");
    }

    [Test]
    public async Task It_carries_IPv6_where_its_profile_and_the_server_want_it()
    {
        _profile = new PppProfile { Name = "six", UseIpv6 = Negotiation.Required };
        _client = _client with { Profile = "six" };
        _serverWorld.Configuration = _serverWorld.Configuration with
        {
            Secrets =
            [
                .. _serverWorld.Configuration.Secrets.Select(
                    secret => secret with { RemoteIpv6Prefix = Ipv6Prefix.Parse("2001:db8:1::/64") }),
            ],
        };
        (ClientTunnel tunnel, Task<ClientTunnelEnd> running) = DialOurServer();
        _monitor.WaitFor("connected");
        _monitor.WaitFor("IPv6");
        Assert.That(_path!.Ipv6.TryTake(out Ipv6PathParameters? ours, TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(_serverPath!.Ipv6.TryTake(out Ipv6PathParameters? servers, TimeSpan.FromSeconds(10)), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(_interface.Ipv6!.LocalIdentifier, Is.EqualTo(servers!.RemoteIdentifier));
            Assert.That(_interface.Ipv6.RemoteIdentifier, Is.EqualTo(ours!.RemoteIdentifier));
            Assert.That(ours.AllowedSources.Single().Contains(IPAddress.Parse("2001:db8:9::1")), Is.True);
            Assert.That(ours.IsRouter, Is.False, "the server's advertisements are to come in");
        });
        tunnel.HangUp("disabled");
        await running.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task A_server_without_IPv6_is_left_where_the_profile_requires_it()
    {
        _profile = new PppProfile { Name = "six", UseIpv6 = Negotiation.Required };
        _client = _client with { Profile = "six" };
        (_, Task<ClientTunnelEnd> running) = DialOurServer();
        ClientTunnelEnd end = await running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(end.Reason, Is.EqualTo("IPv6 is required: the peer rejects IPv6CP"));
    }

    [Test]
    public async Task A_wrong_password_is_told_with_what_the_server_said()
    {
        _client = _client with { Password = SecretValue.FromPassword("wrong") };
        (_, Task<ClientTunnelEnd> running) = DialOurServer();
        ClientTunnelEnd end = await running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(end.Reason, Does.StartWith("failed to authenticate ourselves to peer").And.Contain("691"));
        Assert.That(end.Uptime, Is.Null);
    }

    [Test]
    public async Task A_method_that_is_not_allowed_is_not_answered()
    {
        _client = _client with { Allow = AuthenticationMethods.Pap };
        (_, Task<ClientTunnelEnd> running) = DialOurServer();
        ClientTunnelEnd end = await running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(end.Reason, Does.StartWith("authentication method refused"));
    }

    [Test]
    public async Task A_server_that_falls_silent_is_given_up_after_five_echoes()
    {
        _client = _client with { KeepaliveTimeout = TimeSpan.FromSeconds(5) };
        (_, Task<ClientTunnelEnd> running) = DialOurServer();
        _monitor.WaitFor("connected");
        await _end.CancelAsync();
        await _pumps[^1].WaitAsync(TimeSpan.FromSeconds(10));
        _world.Time.Advance(TimeSpan.FromSeconds(5));
        WaitForEchoRequest();
        for (int echo = 1; echo <= 5; echo++)
        {
            Assert.That(running.IsCompleted, Is.False, $"before echo {echo} was missed");
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            _world.WaitForLog("LCP missed echo reply");
        }
        ClientTunnelEnd end = await running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(end.Reason, Is.EqualTo("peer is not responding"));
    }

    [Test]
    public async Task Without_an_interface_the_server_is_told_and_left()
    {
        _interface.Refusal = new InvalidOperationException("no such device");
        (_, Task<ClientTunnelEnd> running) = DialOurServer();
        ClientTunnelEnd end = await running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(end.Reason, Is.EqualTo("no interface available"));
        _world.WaitForLog("pptp-out1: no interface - no such device");
    }

    [Test]
    public async Task A_refused_call_is_told_with_its_codes()
    {
        (Task<ClientTunnelEnd> running, Stream server) = DialScript();
        OutgoingCallRequest request = await ReadAsync<OutgoingCallRequest>(server);
        await server.WriteAsync(new OutgoingCallReply
        {
            PeersCallId = request.CallId,
            ResultCode = OutgoingCallResult.Busy,
            ErrorCode = ControlError.None,
        }.Encode());
        await server.FlushAsync();
        await ReadAsync<StopControlConnectionRequest>(server);
        await server.DisposeAsync();
        ClientTunnelEnd end = await running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(end.Reason, Is.EqualTo("the call is refused: result 4, error 0"));
    }

    [Test]
    public async Task Frames_that_overtake_the_reply_are_not_lost()
    {
        (Task<ClientTunnelEnd> running, Stream server) = DialScript();
        OutgoingCallRequest request = await ReadAsync<OutgoingCallRequest>(server);
        Assert.That(_world.Paths.TryTake(out FakePath? path, TimeSpan.FromSeconds(10)), Is.True);
        byte[] configureRequest = [1, 77, 0, 8, 1, 4, 0x05, 0x78];
        path!.Deliver(PppFrame.Create(PppProtocol.Lcp, configureRequest));
        await server.WriteAsync(new OutgoingCallReply
        {
            CallId = 0,
            PeersCallId = request.CallId,
            ResultCode = OutgoingCallResult.Connected,
        }.Encode());
        await server.FlushAsync();
        bool isAnswered = false;
        while (!isAnswered && path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
            isAnswered = PppFrame.TryParse(frame, out _, out int at) && frame[at] is 2 or 3 or 4 && frame[at + 1] == 77;
        Assert.That(isAnswered, Is.True, "the early Configure-Request was never answered");
        await server.DisposeAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private (ClientTunnel Tunnel, Task<ClientTunnelEnd> Running) DialOurServer()
    {
        _serverWorld.Configuration = _serverWorld.Configuration with
        {
            PptpServer = new PptpServerSettings { Enabled = true, Authentication = AuthenticationMethods.MsChap2 },
        };
        (Stream server, Stream client) = PipeStream.CreatePair();
        _line = client;
        TunnelSession session = new(server, Servers, Ours, _serverWorld.Services());
        _pumps.Add(Task.Run(async () =>
        {
            await session.RunAsync();
            session.Dispose();
        }));
        ClientTunnel tunnel = Tunnel(client);
        Task<ClientTunnelEnd> running = Task.Run(tunnel.RunAsync);
        _pumps.Add(Task.Run(CarryGre));
        return (tunnel, running);
    }

    private void WaitForEchoRequest()
    {
        const byte EchoRequest = 9;
        while (_path!.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
        {
            if (PppFrame.TryParse(frame, out ushort protocol, out int at) && protocol == PppProtocol.Lcp
                && frame[at] == EchoRequest)
            {
                return;
            }
        }
        throw new AssertionException("the client sent no Echo-Request");
    }

    private (Task<ClientTunnelEnd> Running, Stream Server) DialScript()
    {
        (Stream server, Stream client) = PipeStream.CreatePair();
        ClientTunnel tunnel = Tunnel(client);
        Task<ClientTunnelEnd> running = Task.Run(tunnel.RunAsync);
        Assert.That(ReadAsync<StartControlConnectionRequest>(server).Result.MaximumChannels, Is.Zero);
        server.Write(new StartControlConnectionReply { ResultCode = StartControlConnectionResult.Successful }.Encode());
        server.Flush();
        return (running, server);
    }

    private PptpConfiguration Configuration =>
        _profile is { } profile ? new PptpConfiguration { Profiles = [profile] } : new PptpConfiguration();

    private ClientTunnel Tunnel(Stream stream) => new(
        stream, Ours, Servers, ClientSettings.Resolve(Configuration, _client), _world.Services(), _interface, _monitor);

    /// <summary>From each end's path to the other's, until the test is over.</summary>
    private void CarryGre()
    {
        try
        {
            _path = _world.Paths.Take(_end.Token);
            _serverPath = _serverWorld.Paths.Take(_end.Token);
            Task back = Task.Run(() => Carry(_serverPath, _path));
            Carry(_path, _serverPath);
            back.Wait();
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private void Carry(FakePath from, FakePath to)
    {
        try
        {
            while (true)
                to.Deliver(from.Sent.Take(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over, or the line is cut.
        }
    }

    private static async Task<T> ReadAsync<T>(Stream stream)
        where T : ControlMessage
    {
        byte[] bytes = new byte[ControlMessageCodec.MaximumLength];
        while (true)
        {
            await stream.ReadExactlyAsync(bytes.AsMemory(0, 2));
            int length = bytes[1];
            await stream.ReadExactlyAsync(bytes.AsMemory(2, length - 2));
            Assert.That(ControlMessageCodec.TryDecode(bytes.AsSpan(0, length), out ControlMessage? message), Is.EqualTo(ControlDecodeError.None));
            if (message is T wanted)
                return wanted;
        }
    }
}
