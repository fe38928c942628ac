using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Pptp.Radius.Tests;

public sealed class RadiusClientTests
{
    private static readonly byte[] Secret = "testing123"u8.ToArray();
    private static readonly RadiusRequest Login =
        new(RadiusCode.AccessRequest, [RadiusValue.Of(RadiusAttributes.UserName, "nemo")]);

    [Test]
    public async Task An_answered_request_is_sent_once()
    {
        using UdpResponder server = new(request => [Reply(request, RadiusCode.AccessAccept)]);
        await using RadiusClient client = Client(server);
        RadiusOutcome outcome = await client.SendAsync(Login, CancellationToken.None);
        Assert.That(outcome, Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.Received, Has.Count.EqualTo(1));
        RadiusCounters counters = client.Counters;
        Assert.That(
            (counters.Pending, counters.Requests, counters.Accepts, counters.Resends, counters.Timeouts, counters.BadReplies),
            Is.EqualTo((0, 1, 1, 0, 0, 0)));
        Assert.That(counters.LastRequestRtt, Is.Not.Null);
    }

    [Test]
    public async Task Each_try_is_the_same_to_the_octet_and_from_the_same_port()
    {
        FakeTimeProvider time = new();
        using UdpResponder server = new(_ => []);
        await using RadiusClient client = Client(server, time);
        Task<RadiusOutcome> sending = client.SendAsync(Login, CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            await server.NextAsync();
            await AdvanceAsync(time, TimeSpan.FromMilliseconds(1100), sending, server, i + 2);
        }
        Assert.That(await sending, Is.EqualTo(new RadiusOutcome.Silent(null)));
        (byte[] Packet, IPEndPoint From)[] received = [.. server.Received];
        Assert.That(received, Has.Length.EqualTo(3));
        Assert.That(received.Select(one => Convert.ToHexString(one.Packet)).Distinct().Count(), Is.EqualTo(1));
        Assert.That(received.Select(one => one.From).Distinct().Count(), Is.EqualTo(1));
        Assert.That((client.Counters.Resends, client.Counters.Timeouts), Is.EqualTo((2, 1)));
    }

    [TestCase("malformed", BadReply.Malformed)]
    [TestCase("wrong code", BadReply.Malformed)]
    [TestCase("wrong secret", BadReply.WrongSecret)]
    [TestCase("unsigned", BadReply.NoMessageAuthenticator)]
    [TestCase("forged", BadReply.WrongMessageAuthenticator)]
    public async Task A_bad_answer_is_counted_and_a_good_one_after_it_still_counts(string kind, BadReply expected)
    {
        using UdpResponder server = new(request => [Bad(kind, request)]);
        await using RadiusClient client = Client(server, timeout: TimeSpan.FromMilliseconds(50));
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.EqualTo(new RadiusOutcome.Silent(expected)));
        Assert.That(client.Counters.BadReplies, Is.GreaterThan(0));

        using UdpResponder both = new(request => [Bad(kind, request), Reply(request, RadiusCode.AccessReject)]);
        await using RadiusClient patient = Client(both);
        Assert.That(await patient.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That((patient.Counters.BadReplies, patient.Counters.Rejects), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task More_requests_than_there_are_identifiers_wait_at_the_same_time()
    {
        const int Count = 1000;
        using SemaphoreSlim all = new(0);
        List<byte[]> held = [];
        using UdpResponder server = new(request =>
        {
            held.Add(Reply(request, RadiusCode.AccessAccept));
            return [];
        });
        await using RadiusClient client = Client(server, timeout: TimeSpan.FromSeconds(30));
        Task<RadiusOutcome>[] sent = [.. Enumerable.Range(0, Count).Select(_ => client.SendAsync(Login, CancellationToken.None))];
        for (int i = 0; i < Count; i++)
            await server.NextAsync();
        Assert.That(client.Counters.Pending, Is.EqualTo(Count));
        Assert.That(
            server.Received.Select(one => (one.From.Port, one.Packet[1])).Distinct().Count(), Is.EqualTo(Count),
            "two requests are the same to the server");
        Assert.That(server.Received.Select(one => Convert.ToHexString(one.Packet.AsSpan(4, 16))).Distinct().Count(), Is.EqualTo(Count));
    }

    [Test]
    public async Task An_identifier_is_not_used_again_while_a_late_answer_can_come()
    {
        HashSet<byte> seen = [];
        using UdpResponder server =
            new(request => seen.Add(request[1]) ? [] : [Reply(request, RadiusCode.AccessAccept)]);
        await using RadiusClient client = Client(server);
        RadiusOutcome[] all = await Task.WhenAll(
            Enumerable.Range(0, 256).Select(_ => client.SendAsync(Login, tries: 30, CancellationToken.None)));
        Assert.That(all, Has.All.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.Received.Select(one => one.From.Port).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.Received.Select(one => one.From.Port).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_probe_is_a_status_server_sent_once()
    {
        using UdpResponder server = new(request => [Reply(request, RadiusCode.AccessAccept)]);
        await using RadiusClient client = Client(server);
        Assert.That(await client.ProbeAsync(CancellationToken.None));
        Assert.That(server.Received.Single().Packet[0], Is.EqualTo((byte)RadiusCode.StatusServer));
    }

    [Test]
    public async Task Nobody_listening_is_silence()
    {
        IPEndPoint gone;
        using (UdpResponder server = new(_ => []))
            gone = server.EndPoint;
        await using RadiusClient client = new(
            new RadiusClientOptions { Server = gone, Secret = Secret, Timeout = TimeSpan.FromMilliseconds(20) },
            TimeProvider.System);
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.EqualTo(new RadiusOutcome.Silent(null)));
    }

    [Test]
    public async Task A_source_that_is_not_ours_is_told()
    {
        await using RadiusClient client = new(
            new RadiusClientOptions
            {
                Server = new IPEndPoint(IPAddress.Loopback, 1812),
                Secret = Secret,
                Source = IPAddress.Parse("192.0.2.77"),
            },
            TimeProvider.System);
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Failed>());
    }

    [Test]
    public async Task Keys_of_an_accept_are_read_with_what_the_request_had()
    {
        byte[] key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        using UdpResponder server = new(request =>
            [Reply(request, RadiusCode.AccessAccept, RadiusValue.Of(RadiusAttributes.MsMppeSendKey, key))]);
        await using RadiusClient client = Client(server);
        var reply = (RadiusOutcome.Reply)await client.SendAsync(Login, CancellationToken.None);
        Assert.That(reply.ReadKey(RadiusAttributes.MsMppeSendKey), Is.EqualTo(key));
        Assert.That(reply.ReadKey(RadiusAttributes.MsMppeReceiveKey), Is.Null);
        Assert.That(reply.ReadChapKeys(), Is.Null);
    }

    [Test]
    public async Task Who_waits_when_it_is_closed_is_told()
    {
        using UdpResponder server = new(_ => []);
        RadiusClient client = Client(server, timeout: TimeSpan.FromMinutes(1));
        Task<RadiusOutcome> sending = client.SendAsync(Login, CancellationToken.None);
        await server.NextAsync();
        await client.DisposeAsync();
        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
    }

    private static RadiusClient Client(UdpResponder server, TimeProvider? time = null, TimeSpan? timeout = null) => new(
        new RadiusClientOptions
        {
            Server = server.EndPoint,
            Secret = Secret,
            Timeout = timeout ?? TimeSpan.FromMilliseconds(1100),
        },
        time ?? TimeProvider.System);

    /// <summary>Lets the time of one try pass, as often as it takes for its timer to have been set.</summary>
    private static async Task AdvanceAsync(
        FakeTimeProvider time, TimeSpan timeout, Task sending, UdpResponder server, int upTo)
    {
        for (int i = 0; i < 300 && !sending.IsCompleted && server.Received.Count < upTo; i++)
        {
            time.Advance(timeout / 10);
            await Task.Delay(1);
        }
    }

    private static byte[] Bad(string kind, byte[] request)
    {
        byte[] good = Reply(request, RadiusCode.AccessAccept);
        switch (kind)
        {
            case "malformed":
                return [.. good.AsSpan(0, 10)];
            case "wrong code":
                return Reply(request, RadiusCode.AccountingResponse);
            case "wrong secret":
                return RadiusCodec.WriteReply(RadiusCode.AccessAccept, Parse(request), [], "other"u8);
            case "unsigned":
                byte[] unsigned = [2, request[1], 0, 20, .. new byte[16]];
                RadiusCrypto.Sign(unsigned, request.AsSpan(4, 16), Secret, unsigned.AsSpan(4, 16));
                return unsigned;
            default:
                good[25] ^= 1;
                RadiusCrypto.Sign(good, request.AsSpan(4, 16), Secret, good.AsSpan(4, 16));
                return good;
        }
    }

    private static byte[] Reply(byte[] request, RadiusCode code, params RadiusValue[] values) =>
        RadiusCodec.WriteReply(code, Parse(request), values, Secret);

    private static RadiusPacket Parse(byte[] octets) =>
        RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem)
            ? packet
            : throw new AssertionException(problem);
}
