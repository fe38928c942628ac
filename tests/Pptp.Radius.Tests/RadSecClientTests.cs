using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Pptp.Testing.Radius;

namespace Pptp.Radius.Tests;

public sealed class RadSecClientTests
{
    private static readonly RadiusRequest Login =
        new(RadiusCode.AccessRequest, [RadiusValue.Of(RadiusAttributes.UserName, "nemo")]);

    [Test]
    public async Task Many_requests_share_a_connection()
    {
        using TlsResponder server = new(Accept);
        await using RadSecClient client = Client(server);
        RadiusOutcome[] all = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(_ => client.SendAsync(Login, CancellationToken.None)));
        Assert.That(all, Has.All.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.Connections, Is.EqualTo(1));
        Assert.That((client.Counters.Accepts, client.Counters.Pending), Is.EqualTo((200, 0)));
    }

    [Test]
    public async Task More_requests_than_identifiers_take_more_connections()
    {
        using TlsResponder server = new(_ => []);
        await using RadSecClient client = Client(server, timeout: TimeSpan.FromMinutes(1));
        for (int i = 0; i < 600; i++)
            _ = client.SendAsync(Login, CancellationToken.None);
        Assert.That(SpinWait.SpinUntil(() => server.Connections == 3, TimeSpan.FromSeconds(30)));
        Assert.That(client.Counters.Pending, Is.EqualTo(600));
    }

    [Test]
    public async Task What_a_broken_connection_left_open_is_asked_again_on_the_next()
    {
        int came = 0;
        using TlsResponder server = new(packet => Interlocked.Increment(ref came) == 1 ? null : Accept(packet));
        await using RadSecClient client = Client(server);
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That((server.Connections, client.Counters.Resends), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task A_server_whose_certificate_nobody_trusts_is_told_nothing()
    {
        bool wasAsked = false;
        using TlsResponder server = new(packet =>
        {
            wasAsked = true;
            return Accept(packet);
        });
        using X509Certificate2 other = TlsResponder.MakeCertificate(null);
        await using RadSecClient client = Client(server, authorities: [other]);
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Failed>());
        Assert.That(wasAsked, Is.False);
    }

    [TestCase("radius.example", true)]
    [TestCase("other.example", false)]
    [TestCase(null, false)]
    public async Task A_servers_certificate_must_have_its_name(string? expected, bool isRight)
    {
        using TlsResponder server = new(Accept, "radius.example");
        await using RadSecClient client = Client(server, name: expected);
        Assert.That(
            await client.SendAsync(Login, CancellationToken.None),
            isRight ? Is.InstanceOf<RadiusOutcome.Reply>() : Is.InstanceOf<RadiusOutcome.Failed>());
    }

    [Test]
    public async Task Our_certificate_is_shown_to_who_wants_it()
    {
        using TlsResponder server = new(Accept, wantsCertificate: true);
        using X509Certificate2 own = TlsResponder.MakeCertificate("nas.example");
        await using RadSecClient client = Client(server, own: own);
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.ClientName, Is.EqualTo("CN=nas.example"));
    }

    [Test]
    public async Task A_server_that_says_nothing_is_left_and_called_anew()
    {
        int came = 0;
        using TlsResponder server = new(packet => Interlocked.Increment(ref came) == 1 ? [] : Accept(packet));
        await using RadSecClient client = Client(server, timeout: TimeSpan.FromMilliseconds(500));
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.EqualTo(new RadiusOutcome.Silent(null)));
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.Connections, Is.EqualTo(2));
    }

    [Test]
    public async Task Who_gives_up_disturbs_nobody_else()
    {
        using SemaphoreSlim go = new(0);
        using TlsResponder server = new(packet =>
        {
            go.Wait(TimeSpan.FromSeconds(30));
            return Accept(packet);
        });
        await using RadSecClient client = Client(server, timeout: TimeSpan.FromMinutes(1));
        using CancellationTokenSource impatience = new();
        Task<RadiusOutcome> first = client.SendAsync(Login, impatience.Token);
        Task<RadiusOutcome> second = client.SendAsync(Login, CancellationToken.None);
        Assert.That(SpinWait.SpinUntil(() => server.Connections == 1, TimeSpan.FromSeconds(30)));
        await impatience.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        go.Release(2);
        Assert.That(await second, Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.Connections, Is.EqualTo(1));
    }

    [TestCase("0201000f")]
    [TestCase("02011001")]
    [TestCase("02010000")]
    public async Task A_packet_of_an_impossible_length_ends_the_connection(string head)
    {
        int came = 0;
        using TlsResponder server =
            new(packet => Interlocked.Increment(ref came) == 1 ? Convert.FromHexString(head) : Accept(packet));
        await using RadSecClient client = Client(server, timeout: TimeSpan.FromMinutes(1));
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.Connections, Is.EqualTo(2));
    }

    [Test]
    public async Task Nobody_listening_is_told_and_not_tried_at_once_again()
    {
        IPEndPoint gone;
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start();
            gone = (IPEndPoint)listener.LocalEndpoint;
        }
        await using RadSecClient client = new(new RadSecClientOptions { Server = gone }, TimeProvider.System);
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Failed>());
        Assert.That(await client.SendAsync(Login, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Failed>());
        Assert.That(client.Counters.Requests, Is.EqualTo(2));
    }

    private static byte[] Accept(byte[] request) =>
        RadiusPacket.TryParse(request, out RadiusPacket? packet, out string? problem)
            ? RadiusCodec.WriteReply(RadiusCode.AccessAccept, packet, [], "radsec"u8)
            : throw new AssertionException(problem);

    private static RadSecClient Client(
        TlsResponder server, X509Certificate2Collection? authorities = null, string? name = null,
        X509Certificate2? own = null, TimeSpan? timeout = null) => new(
        new RadSecClientOptions
        {
            Server = server.EndPoint,
            Authorities = authorities ?? server.Authorities,
            ServerName = name,
            Certificate = own,
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
        },
        TimeProvider.System);
}
