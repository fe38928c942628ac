using System.Net;
using System.Net.Sockets;
using Pptp.Testing;
using Pptp.Testing.Calling;

namespace Pptp.Integration.Tests;

/// <summary>What the server lets one caller take, and where it listens.</summary>
internal sealed class LimitTests : ServerFixture
{
    [TearDown]
    public void PutTheConfigurationBack() => Reload("");

    [Test]
    [EffectOf("pptp-server", "max-sessions")]
    public async Task Beyond_max_sessions_a_call_is_refused_for_want_of_resources_until_one_has_ended()
    {
        Reload("max-sessions = 1");
        ScriptedCall call = await DialAsync(Alice);

        Assert.That(
            () => Host.DialAsync(SettingsOf(Bob)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("result 2, error 4"));

        await call.Caller.DisposeAsync();
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon, after: Mark);
        await (await DialAsync(Bob)).Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("pptp-server", "max-starting")]
    public async Task Calls_that_do_not_log_in_take_their_sources_quarter_of_max_starting_and_no_more()
    {
        Reload("max-starting = 8");
        await using ScriptedCaller idler = await StartFromAsync(ClientAddress);
        await CallAsync(idler, 60_001);
        await CallAsync(idler, 60_002);

        Assert.That(await CallAsync(idler, 60_003), Is.EqualTo((2, 4)));

        await using ScriptedCaller other = await StartFromAsync(OtherAddress);
        Assert.That(await CallAsync(other, 60_004), Is.EqualTo((1, 0)), "another source");
    }

    [Test]
    [EffectOf("pptp-server", "login-timeout")]
    public async Task Who_does_not_log_in_in_time_loses_the_call_and_then_the_connection()
    {
        Reload("login-timeout = \"1s\"");
        await using ScriptedCaller idler = await StartFromAsync(ClientAddress);
        await CallAsync(idler, 60_001);

        await idler.WaitForAsync(ControlWire.CallDisconnectNotify);
        await idler.WaitForAsync(ControlWire.StopRequest);
        await idler.WaitForCloseAsync();
    }

    [Test]
    [EffectOf("pptp-server", "connection-limit")]
    public async Task Beyond_connection_limit_a_source_is_hung_up_on_and_no_other()
    {
        Reload("connection-limit = \"3/1h\"");
        for (int i = 0; i < 3; i++)
            Assert.That(await IsLetInAsync(OtherAddress), Is.True, $"connection {i}");

        Assert.That(await IsLetInAsync(OtherAddress), Is.False);
        Assert.That(await IsLetInAsync(ClientAddress), Is.True);
    }

    [Test]
    [EffectOf("pptp-server", "connection-limit-network")]
    public async Task Beyond_connection_limit_network_all_sources_of_a_24_are_hung_up_on()
    {
        Reload("connection-limit-network = \"3/1h\"");
        Assert.That(await IsLetInAsync(OtherAddress), Is.True);
        Assert.That(await IsLetInAsync(OtherAddress), Is.True);
        Assert.That(await IsLetInAsync(ClientAddress), Is.True);

        Assert.That(await IsLetInAsync(ClientAddress), Is.False);
    }

    [Test]
    [EffectOf("pptp-server", "listen")]
    public async Task Listen_adds_a_port_and_takes_it_away_again()
    {
        IPEndPoint other = new(ServerAddress, 1724);
        Assert.That(() => Host.ConnectAsync(to: other), Throws.TypeOf<SocketException>());

        Reload("listen = [\"0.0.0.0:1723\", \"192.0.2.1:1724\"]");
        await using (ScriptedCaller caller = await Host.ConnectAsync(to: other))
            await caller.StartAsync();

        Reload("");
        Assert.That(() => Host.ConnectAsync(to: other), Throws.TypeOf<SocketException>());
    }

    [Test]
    public async Task A_burst_of_echo_requests_is_answered_whole_when_the_peer_reads_at_last()
    {
        const int Count = 100_000;
        await using ScriptedCaller deaf = await Host.ConnectAsync(read: false, receiveBuffer: 4096);
        byte[] burst = [.. ControlWire.Start(), .. Enumerable.Range(0, Count).SelectMany(i => ControlWire.Echo((uint)i))];

        Task sending = deaf.SendAsync(burst);
        await Task.WhenAny(sending, Task.Delay(1000));
        deaf.StartReading();
        await sending;

        await deaf.WaitForAsync(ControlWire.EchoReply, reply => reply[12..16] is [0, 0x01, 0x86, 0x9F]);
        Assert.That(deaf.Received.Count(message => message[9] == ControlWire.EchoReply), Is.EqualTo(Count));
    }

    private async Task<bool> IsLetInAsync(IPAddress from)
    {
        try
        {
            await using ScriptedCaller caller = await StartFromAsync(from);
            return true;
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            return false;
        }
    }

    private async Task<ScriptedCaller> StartFromAsync(IPAddress from)
    {
        ScriptedCaller caller = await Host.ConnectAsync(from: from);
        try
        {
            await caller.StartAsync();
            return caller;
        }
        catch
        {
            await caller.DisposeAsync();
            throw;
        }
    }

    /// <summary>Result and error of the reply.</summary>
    private static async Task<(int Result, int Error)> CallAsync(ScriptedCaller caller, ushort callId)
    {
        await caller.SendAsync(ControlWire.Call(callId));
        byte[] reply = await caller.WaitForAsync(
            ControlWire.OutgoingCallReply, m => m[14] == callId >> 8 && m[15] == (byte)callId);
        return (reply[16], reply[17]);
    }

    private void Reload(string server)
    {
        Configure(Configuration with { ServerExtra = server });
        int mark = Server.Log.Mark;
        Server.Signal("HUP");
        Server.Log.WaitFor("settings changed", Soon, after: mark);
    }
}
