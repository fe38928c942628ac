using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Radius;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>FreeRADIUS' radclient ends and changes sessions that are up.</summary>
[SuppressMessage("Structure", "NUnit1032", Justification = "The server lives as long as the fixture.")]
internal sealed class RadiusIncomingTests : FirewallFixture
{
    private const string Secret = "a secret of the tests";
    private const string Incoming = "\n[radius-incoming]\naccept = true\n";
    private const int Payload = 1372;

    /// <summary>With the headers of IP and UDP.</summary>
    private const int PacketBits = (Payload + 28) * 8;

    protected override ServerConfiguration Configuration => With(Incoming);

    [OneTimeSetUp]
    public void RequireRadClient()
    {
        if (FreeRadius.WhyUnavailable is { } why)
            Assert.Ignore(why);
    }

    [TearDown]
    public void PutTheConfigurationBack()
    {
        Configure(Configuration);
        Reload();
    }

    [Test]
    [EffectOf("radius-incoming", "accept")]
    public async Task A_disconnect_ends_the_session_and_nobody_listens_unless_it_is_accepted()
    {
        ScriptedCall call = await DialAsync(Alice);

        await MustBeAsync("Disconnect-ACK", "disconnect", "User-Name = \"alice\"");

        Assert.That(call.WasTerminated, Is.True);
        await MustVanishAsync("pptp-alice", Soon);
        Server.Log.WaitFor("192.0.2.2 disconnects alice", Soon, after: Mark);
        await MustBeAsync("Disconnect-NAK", "disconnect", "User-Name = \"alice\"", 503);

        Configure(With(""));
        Reload();
        Assert.That(IsTaken(3799), Is.False);
        RadClientReply reply = await AskAsync("disconnect", "User-Name = \"bob\"", tries: 1);
        Assert.That(reply.Code, Is.Null, reply.Output);
    }

    [Test]
    [EffectOf("radius-incoming", "port")]
    public async Task Another_port_is_listened_on_after_a_reload()
    {
        ScriptedCall call = await DialAsync(Alice);
        Configure(With(Incoming + "port = 1700\n"));
        Reload();
        Assert.That(IsTaken(3799), Is.False);
        RadClientReply reply = await RadClient.SendAsync(
            ClientNetwork, $"{ServerAddress}:1700", "disconnect", Secret, "User-Name = \"alice\"");
        Assert.That(reply.Code, Is.EqualTo("Disconnect-ACK"), reply.Output);
        Assert.That(call.WasTerminated, Is.True);
    }

    [Test]
    public async Task Another_rate_holds_in_a_running_stream()
    {
        const int Kept = 6;
        ScriptedCall call = await DialAsync(Alice);
        await using SequencedStream stream = new(call, Echo, Payload);
        stream.Send(20);
        await stream.WaitForAsync(20);

        await MustBeAsync("CoA-ACK", "coa", "User-Name = \"alice\"\nMikrotik-Rate-Limit = \"64k/0\"");
        Server.Log.WaitFor("<pptp-alice>: rate-limit is 64k/0 from now on", Soon, after: Mark);
        Stopwatch clock = Stopwatch.StartNew();
        stream.Send(60);
        await stream.WaitForAsync(20 + Kept);

        // The first goes at once, and 50 ms may be saved up.
        Assert.That(
            clock.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(((Kept - 1) * PacketBits / 64_000.0) - 0.05)));
        await MustBeAsync("CoA-ACK", "coa", "User-Name = \"alice\"\nMikrotik-Rate-Limit = \"0/0\"");
        int before = stream.Received.Count;
        stream.Send(60);
        await stream.WaitForAsync(before + 60);
    }

    [Test]
    public async Task Limits_and_times_change_while_the_session_is_up()
    {
        ScriptedCall call = await DialAsync(Alice);
        await using SequencedStream stream = new(call, Echo, Payload);
        stream.Send(10);
        await stream.WaitForAsync(10);
        await MustBeAsync("CoA-ACK", "coa", "User-Name = \"alice\"\nMikrotik-Recv-Limit = 1000");
        Server.Log.WaitFor("<pptp-alice>: terminating... - traffic limit reached", Soon, after: Mark);

        await DialAsync(Bob);
        await MustBeAsync("CoA-ACK", "coa", "User-Name = \"bob\"\nSession-Timeout = 1");
        Server.Log.WaitFor("<pptp-bob>: terminating... - session timeout", Soon, after: Mark);
    }

    [Test]
    public async Task Filters_change_from_one_packet_to_the_next()
    {
        ScriptedCall alice = await DialAsync(Alice);
        ScriptedCall bob = await DialAsync(Bob);
        Assert.That(await PassesAsync(alice, bob, 23), Is.True);
        await MustBeAsync("CoA-ACK", "coa", "User-Name = \"alice\"\nFilter-Id = \"no-telnet.in\"");
        Assert.That(await PassesAsync(alice, bob, 23), Is.False);
        await MustBeAsync("CoA-ACK", "coa", "User-Name = \"alice\"\nFilter-Id = \"anything.in\"");
        Assert.That(await PassesAsync(alice, bob, 23), Is.True);
        await MustBeAsync("CoA-ACK", "coa", "User-Name = \"alice\"\nMikrotik-Group = \"careful\"");
        Assert.That(await PassesAsync(alice, bob, 23), Is.False);
    }

    [TestCase("User-Name = \"alice\"\nFramed-Pool = \"pool\"", 401)]
    [TestCase("User-Name = \"alice\"\nFramed-Route = \"10.1.0.0/24\"\nMikrotik-Rate-Limit = \"64k\"", 401)]
    [TestCase("Mikrotik-Rate-Limit = \"64k\"", 402)]
    [TestCase("User-Name = \"alice\"\nNAS-Identifier = \"another\"\nSession-Timeout = 1", 403)]
    [TestCase("User-Name = \"alice\"\nMikrotik-Rate-Limit = \"fast\"\nSession-Timeout = 1", 407)]
    [TestCase("User-Name = \"alice\"\nMikrotik-Group = \"nowhere\"\nSession-Timeout = 1", 407)]
    [TestCase("User-Name = \"alice\"\nFramed-IP-Address = 10.9.0.250\nSession-Timeout = 1", 503)]
    [TestCase("User-Name = \"nobody\"\nSession-Timeout = 1", 503)]
    public async Task What_cannot_be_done_changes_nothing(string attributes, int cause)
    {
        ScriptedCall call = await DialAsync(Alice);
        await MustBeAsync("CoA-NAK", "coa", attributes, cause);
        Assert.That(Server.Log.With(" from now on", Mark), Is.Empty);
        Assert.That(call.WasTerminated, Is.False);
    }

    [Test]
    [EffectOf("radius-incoming", "sources")]
    [EffectOf("radius-incoming", "secret")]
    public async Task Only_those_who_may_send_are_heeded()
    {
        ScriptedCall call = await DialAsync(Alice);
        await MustBeIgnoredAsync("wrong secret", "it is signed with another secret");
        Configure(With(Incoming + "sources = [\"192.0.2.3\"]\n"));
        Reload();
        await MustBeIgnoredAsync(Secret, "it may send nothing");
        Assert.That(call.WasTerminated, Is.False);

        Configure(With(Incoming + "sources = [\"192.0.2.0/28\"]\nsecret = \"another of the tests\"\n", row: "192.0.2.9"));
        Reload();
        RadClientReply reply = await RadClient.SendAsync(
            ClientNetwork, $"{ServerAddress}:3799", "disconnect", "another of the tests", "User-Name = \"alice\"");
        Assert.That(reply.Code, Is.EqualTo("Disconnect-ACK"), reply.Output);
    }

    [Test]
    [EffectOf("radius-incoming", "require-message-auth")]
    public async Task A_request_without_Message_Authenticator_is_dropped_where_it_is_required()
    {
        ScriptedCall call = await DialAsync(Alice);
        Configure(With(Incoming + "require-message-auth = true\n"));
        Reload();
        await MustBeIgnoredAsync(Secret, "it has no Message-Authenticator");
        Assert.That(call.WasTerminated, Is.False);
        await MustBeAsync("Disconnect-ACK", "disconnect", "User-Name = \"alice\"\nMessage-Authenticator = 0x00");
    }

    [Test]
    [EffectOf("radius-incoming", "event-timestamp-window")]
    public async Task An_old_request_is_dropped_unless_age_does_not_matter()
    {
        ScriptedCall call = await DialAsync(Alice);
        long old = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1000;
        string attributes = string.Create(CultureInfo.InvariantCulture, $"User-Name = \"alice\"\nEvent-Timestamp = {old}");
        await MustBeIgnoredAsync(Secret, "its Event-Timestamp is 1", attributes);
        Assert.That(call.WasTerminated, Is.False);
        Configure(With(Incoming + "event-timestamp-window = \"none\"\n"));
        Reload();
        await MustBeAsync("Disconnect-ACK", "disconnect", attributes);
    }

    [Test]
    public async Task A_request_that_comes_twice_is_carried_out_once_and_answered_twice()
    {
        await DialAsync(Alice);
        byte[] request = Convert.FromHexString("2B01002A00000000000000000000000000000000" + "0107616C696365"
            + "1A0F00003A8C" + "0809" + Convert.ToHexString("64k/64k"u8));
#pragma warning disable CA5351 // RFC 5176 §2.3 has MD5.
        System.Security.Cryptography.MD5.HashData([.. request, .. System.Text.Encoding.UTF8.GetBytes(Secret)])
            .CopyTo(request, 4);
#pragma warning restore CA5351
        using UdpClient sender = ClientNetwork.Invoke(() => new UdpClient($"{ServerAddress}", 3799));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        List<string> answers = [];
        for (int i = 0; i < 2; i++)
        {
            await sender.SendAsync(request, patience.Token);
            answers.Add(Convert.ToHexString((await sender.ReceiveAsync(patience.Token)).Buffer));
        }
        Assert.That(answers[0], Does.StartWith("2C01"), "CoA-ACK");
        Assert.That(answers[1], Is.EqualTo(answers[0]));
        Assert.That(Server.Log.With("192.0.2.2 changes alice", Mark), Has.Count.EqualTo(1));
    }

    private static ServerConfiguration With(string incoming, string row = "192.0.2.2") => new()
    {
        Users = [Alice, Bob],
        // It forwards from tunnel to tunnel then.
        SystemExtra = "own-namespace = true",
        Extra = $"\n[[radius]]\naddress = \"{row}\"\nservice = [\"ppp\"]\nsecret = \"{Secret}\"\n"
            + Chain("no-telnet", "udp dport 23 drop")
            + Chain("anything")
            + ServerConfiguration.Profile("careful", "incoming-filter = \"no-telnet\"")
            + incoming,
    };

    private bool IsTaken(int port) => ServerNetwork.Invoke(
        () => File.ReadAllText("/proc/thread-self/net/udp") + File.ReadAllText("/proc/thread-self/net/udp6"))
        .Contains($":{port:X4} ", StringComparison.Ordinal);

    private Task<RadClientReply> AskAsync(string command, string attributes, int tries = 3) =>
        RadClient.SendAsync(ClientNetwork, $"{ServerAddress}:3799", command, Secret, attributes, tries);

    private async Task MustBeAsync(string code, string command, string attributes, int? cause = null)
    {
        RadClientReply reply = await AskAsync(command, attributes);
        Assert.That(reply.Code, Is.EqualTo(code), $"{reply.Output}\n{Server.Report(Mark)}");
        if (cause is { } number)
            Server.Log.WaitFor($"is refused with {number}: ", Soon, after: Mark);
        Assert.That(reply.Attributes.ContainsKey("Error-Cause"), Is.EqualTo(cause is not null), reply.Output);
    }

    private async Task MustBeIgnoredAsync(string secret, string why, string attributes = "User-Name = \"alice\"")
    {
        RadClientReply reply = await RadClient.SendAsync(
            ClientNetwork, $"{ServerAddress}:3799", "disconnect", secret, attributes, tries: 1);
        Assert.That(reply.Code, Is.Null, reply.Output);
        Server.Log.WaitFor($"a Disconnect- or CoA-Request of 192.0.2.2 is not heeded: {why}", Soon, after: Mark);
    }
}
