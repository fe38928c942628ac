using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Pptp.Radius.Tests;

public sealed class DynamicAuthorizationTests
{
    private static readonly byte[] Secret = "testing123"u8.ToArray();
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<RadiusPacket> _handled = new();
    private readonly SemaphoreSlim _complained = new(0);

    [Test]
    public async Task A_request_is_carried_out_and_acknowledged_with_its_proxy_states()
    {
        await using DynamicAuthorizationServer server = Start();
        using UdpClient sender = Sender(server);
        RadiusPacket answer = await AskAsync(sender, Request(
            RadiusCode.DisconnectRequest, RadiusValue.Of(RadiusAttributes.ProxyState, "a"),
            RadiusValue.Of(RadiusAttributes.UserName, "nemo"), RadiusValue.Of(RadiusAttributes.ProxyState, "b")));
        Assert.That(answer.Code, Is.EqualTo(RadiusCode.DisconnectAck));
        Assert.That(answer.Values.Select(value => (value.Attribute, value.AsText())), Is.EqualTo(
            new[] { (RadiusAttributes.ProxyState, "a"), (RadiusAttributes.ProxyState, "b") }));
        Assert.That(_handled.Single().Find(RadiusAttributes.UserName)!.AsText(), Is.EqualTo("nemo"));
        Assert.That(server.Counters, Is.EqualTo(new DynamicAuthorizationCounters(1, 0, 1, 0)));
    }

    [TestCase(RadiusCode.DisconnectRequest, RadiusCode.DisconnectNak)]
    [TestCase(RadiusCode.CoaRequest, RadiusCode.CoaNak)]
    public async Task A_refusal_tells_its_cause(RadiusCode request, RadiusCode nak)
    {
        await using DynamicAuthorizationServer server =
            Start(handler: _ => new(DynamicAuthorizationError.SessionContextNotFound));
        using UdpClient sender = Sender(server);
        RadiusPacket answer = await AskAsync(sender, Request(request));
        Assert.That(answer.Code, Is.EqualTo(nak));
        Assert.That(answer.Find(RadiusAttributes.ErrorCause)!.AsInteger(), Is.EqualTo(503));
        Assert.That(server.Counters.Naks, Is.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_fails_is_a_refusal()
    {
        await using DynamicAuthorizationServer server = Start(handler: _ => throw new InvalidOperationException("broken"));
        using UdpClient sender = Sender(server);
        RadiusPacket answer = await AskAsync(sender, Request(RadiusCode.CoaRequest));
        Assert.That(answer.Find(RadiusAttributes.ErrorCause)!.AsInteger(), Is.EqualTo(506));
        Assert.That(_complaints.Single(), Does.Contain("broken"));
    }

    [Test]
    public async Task A_request_that_comes_again_is_answered_again_and_not_done_again()
    {
        await using DynamicAuthorizationServer server = Start();
        using UdpClient sender = Sender(server);
        byte[] request = Request(RadiusCode.CoaRequest);
        RadiusPacket first = await AskAsync(sender, request);
        RadiusPacket second = await AskAsync(sender, request);
        Assert.That(second.Authenticator.ToArray(), Is.EqualTo(first.Authenticator.ToArray()));
        Assert.That(_handled, Has.Count.EqualTo(1));
        await AskAsync(sender, Request(RadiusCode.CoaRequest, RadiusValue.Of(RadiusAttributes.UserName, "other")));
        Assert.That(_handled, Has.Count.EqualTo(2));
    }

    [TestCase("wrong secret", "it is signed with another secret")]
    [TestCase("foreign source", "it may send nothing")]
    [TestCase("old", "its Event-Timestamp is 301 s old")]
    [TestCase("of the future", "its Event-Timestamp is -301 s old")]
    [TestCase("no timestamp", "its Event-Timestamp is none")]
    [TestCase("no packet", "4 octets are no packet")]
    [TestCase("a reply", "code 41 is no request")]
    [TestCase("unsigned", "it has no Message-Authenticator")]
    [TestCase("forged", "its Message-Authenticator is of another secret")]
    public async Task What_is_not_of_who_may_send_is_not_answered(string what, string complaint)
    {
        await using DynamicAuthorizationServer server =
            Start(isAllowed: what != "foreign source", requiresMessageAuthenticator: true);
        using UdpClient sender = Sender(server);
        await sender.SendAsync(Bad(what));
        Assert.That(await _complained.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.That(_complaints.Single(), Is.EqualTo(complaint));
        RadiusPacket answer = await AskAsync(sender, Request(RadiusCode.CoaRequest), isSure: what != "foreign source");
        Assert.That(answer?.Code, Is.EqualTo(what == "foreign source" ? null : RadiusCode.CoaAck));
        Assert.That(_handled, Has.Count.EqualTo(what == "foreign source" ? 0 : 1));
        Assert.That(server.Counters.BadRequests, Is.EqualTo(what == "foreign source" ? 2 : 1));
    }

    [Test]
    public async Task A_request_within_the_window_or_without_a_time_counts()
    {
        await using DynamicAuthorizationServer server = Start();
        using UdpClient sender = Sender(server);
        Assert.That((await AskAsync(sender, Request(RadiusCode.CoaRequest, Stamp(-299)))).Code, Is.EqualTo(RadiusCode.CoaAck));
        Assert.That((await AskAsync(sender, Request(RadiusCode.CoaRequest))).Code, Is.EqualTo(RadiusCode.CoaAck));
    }

    [Test]
    public async Task Who_wants_a_login_first_is_told_that_there_is_none()
    {
        await using DynamicAuthorizationServer server = Start();
        using UdpClient sender = Sender(server);
        RadiusPacket answer =
            await AskAsync(sender, Request(RadiusCode.CoaRequest, RadiusValue.Of(RadiusAttributes.ServiceType, 17)));
        Assert.That(answer.Find(RadiusAttributes.ErrorCause)!.AsInteger(), Is.EqualTo(405));
        Assert.That(_handled, Is.Empty);
    }

    [Test]
    public async Task A_request_that_leaves_no_room_for_an_answer_does_no_harm()
    {
        await using DynamicAuthorizationServer server = Start();
        using UdpClient sender = Sender(server);
        RadiusValue[] full = [.. Enumerable.Range(0, 16).Select(i => RadiusValue.Of(
            RadiusAttributes.ProxyState, new byte[i < 15 ? 253 : 4096 - 20 - (15 * 255) - 2]))];
        byte[] request = RadiusCodec.WriteRequest(
            new RadiusRequest(RadiusCode.CoaRequest, full), 9, Secret, new byte[16], withMessageAuthenticator: false);
        Assert.That(request, Has.Length.EqualTo(RadiusPacket.MaximumLength));
        await sender.SendAsync(request);
        Assert.That(await _complained.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.That((await AskAsync(sender, Request(RadiusCode.CoaRequest))).Code, Is.EqualTo(RadiusCode.CoaAck));
    }

    [TestCase("0.0.0.0")]
    [TestCase("::")]
    public async Task An_answer_leaves_from_the_address_that_was_asked(string listen)
    {
        await using DynamicAuthorizationServer server = Start(listen: listen);
        using UdpClient one = Sender(server, "127.0.0.2");
        using UdpClient other = Sender(server, "127.0.0.3");
        byte[] request = Request(RadiusCode.CoaRequest);
        // The second time the address has a socket of its own already, and the third is known already.
        await AskAsync(one, request);
        await AskAsync(other, Request(RadiusCode.CoaRequest));
        await AskAsync(one, Request(RadiusCode.CoaRequest, RadiusValue.Of(RadiusAttributes.UserName, "nemo")));
        await AskAsync(one, request);
        Assert.That(_handled, Has.Count.EqualTo(3));
        Assert.That(server.Counters, Is.EqualTo(new DynamicAuthorizationCounters(4, 0, 3, 0)));
    }

    [Test]
    public async Task Nobody_can_share_the_port_after_an_answer_either()
    {
        await using DynamicAuthorizationServer server = Start(listen: "0.0.0.0");
        using UdpClient sender = Sender(server, "127.0.0.2");
        await AskAsync(sender, Request(RadiusCode.CoaRequest));
        foreach (string address in (string[])["127.0.0.1", "127.0.0.2", "0.0.0.0"])
        {
            using Socket thief = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            thief.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            Assert.That(
                () => thief.Bind(new IPEndPoint(IPAddress.Parse(address), server.EndPoint.Port)),
                Throws.InstanceOf<SocketException>(), address);
        }
    }

    private DynamicAuthorizationServer Start(
        bool isAllowed = true, bool requiresMessageAuthenticator = false,
        Func<RadiusPacket, DynamicAuthorizationReply>? handler = null, string listen = "127.0.0.1")
    {
        DynamicAuthorizationServer server = new(
            new DynamicAuthorizationOptions
            {
                Listen = new IPEndPoint(IPAddress.Parse(listen), 0),
                SecretOf = _ => isAllowed ? Secret : null,
                RequiresMessageAuthenticator = requiresMessageAuthenticator,
                Complain = (_, why) =>
                {
                    _complaints.Enqueue(why);
                    _complained.Release();
                },
            },
            (request, _, _) =>
            {
                _handled.Enqueue(request);
                return ValueTask.FromResult(handler?.Invoke(request) ?? DynamicAuthorizationReply.Ack);
            },
            new FakeTimeProvider(Now));
        server.Start();
        return server;
    }

    private static UdpClient Sender(DynamicAuthorizationServer server)
    {
        UdpClient sender = new(AddressFamily.InterNetwork);
        sender.Connect(server.EndPoint);
        return sender;
    }

    /// <summary>Hears what comes from this address alone. Its own is another, which an answer would leave from else.</summary>
    private static UdpClient Sender(DynamicAuthorizationServer server, string address)
    {
        UdpClient sender = new(new IPEndPoint(IPAddress.Loopback, 0));
        sender.Connect(new IPEndPoint(IPAddress.Parse(address), server.EndPoint.Port));
        return sender;
    }

    private static async Task<RadiusPacket> AskAsync(UdpClient sender, byte[] request, bool isSure = true)
    {
        await sender.SendAsync(request);
        using CancellationTokenSource limit = new(isSure ? TimeSpan.FromSeconds(30) : TimeSpan.FromMilliseconds(200));
        try
        {
            UdpReceiveResult answer = await sender.ReceiveAsync(limit.Token);
            Assert.That(RadiusPacket.TryParse(answer.Buffer, out RadiusPacket? packet, out _));
            Assert.That(RadiusCodec.Verify(packet!, request.AsSpan(4, 16), Secret, true), Is.Null);
            return packet!;
        }
        catch (OperationCanceledException) when (!isSure)
        {
            return null!;
        }
    }

    private static RadiusValue Stamp(int seconds) =>
        RadiusValue.Of(RadiusAttributes.EventTimestamp, (uint)(Now.ToUnixTimeSeconds() + seconds));

    private static byte[] Request(RadiusCode code, params RadiusValue[] values) =>
        RadiusCodec.WriteRequest(new RadiusRequest(code, values), 1, Secret, new byte[16]);

    private static byte[] Bad(string what)
    {
        switch (what)
        {
            case "wrong secret":
                return RadiusCodec.WriteRequest(new(RadiusCode.CoaRequest, []), 1, "other"u8, new byte[16]);
            case "old":
                return Request(RadiusCode.CoaRequest, Stamp(-301));
            case "of the future":
                return Request(RadiusCode.CoaRequest, Stamp(301));
            case "no timestamp":
                return Request(RadiusCode.CoaRequest, RadiusValue.Of(RadiusAttributes.EventTimestamp, [1]));
            case "no packet":
                return [1, 2, 3, 4];
            case "a reply":
                return Request(RadiusCode.DisconnectAck);
            case "unsigned":
                return RadiusCodec.WriteRequest(
                    new(RadiusCode.CoaRequest, []), 1, Secret, new byte[16], withMessageAuthenticator: false);
            case "forged":
                byte[] forged = Request(RadiusCode.CoaRequest);
                forged[25] ^= 1;
                RadiusCrypto.Sign(forged, new byte[16], Secret, forged.AsSpan(4, 16));
                return forged;
            default:
                return Request(RadiusCode.CoaRequest);
        }
    }
}
