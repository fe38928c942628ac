using System.Net;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>The interface a session gets.</summary>
[TestFixture(1450)]
[TestFixture(1400)]
internal sealed class InterfaceTests(int maxMtu) : ServerFixture
{
    private const string Strange = "o'neil@example.com";

    protected override ServerConfiguration Configuration =>
        new() { Users = [Alice, Bob, Strange], MaxMtu = maxMtu, MaxMru = maxMtu };

    [TestCase(1300)]
    [TestCase(1400)]
    [TestCase(1500)]
    [TestCase(null)]
    [EffectOf("pptp-server", "max-mtu")]
    [EffectOf("pptp-server", "max-mru")]
    public async Task Its_MTU_is_the_smaller_of_max_mtu_and_the_peers_MRU(int? mru)
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with { Mru = (ushort?)mru });
        WaitUntilConnected(Alice);

        // A peer that names no MRU takes 1500 (RFC 1661 §6.1).
        Assert.That(FindInterface("pptp-alice")?.Mtu, Is.EqualTo(Math.Min(maxMtu, mru ?? 1500)));
        Assert.That(call.PeerMru, Is.EqualTo(maxMtu), "max-mru");
        await call.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("ppp-secret", "name")]
    public async Task It_is_up_and_has_both_addresses_and_the_name_of_RouterOS()
    {
        ScriptedCall call = await DialAsync(Alice);
        WaitUntilConnected(Alice);

        IPAddress gateway = IPAddress.Parse(ServerConfiguration.Gateway);
        LinkEntry? link = FindInterface("pptp-alice");
        Assert.That(link, Is.Not.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(link!.IsUp, Is.True);
            Assert.That(link.Alias, Is.EqualTo("<pptp-alice>"));
            Assert.That(
                AddressesOf(link.Index), Is.EqualTo([new AddressEntry(link.Index, gateway, call.Address, 32)]));
            Assert.That(call.PeerAddress, Is.EqualTo(gateway));
        }

        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task Further_logins_of_a_user_are_numbered_and_a_number_is_free_again_after_the_hangup()
    {
        ScriptedCall first = await DialAsync(Alice);
        ScriptedCall second = await DialAsync(Alice);
        ScriptedCall third = await DialAsync(Alice);
        Server.Log.WaitFor(": connected", Soon, 3, Mark);
        Assert.That(TunnelInterfaces(), Is.EqualTo(["pptp-alice", "pptp-alice-1", "pptp-alice-2"]));
        Assert.That(FindInterface("pptp-alice-1")?.Alias, Is.EqualTo("<pptp-alice-1>"));

        await second.Caller.DisposeAsync();
        await MustVanishAsync("pptp-alice-1", Soon);
        Server.Log.WaitFor("<pptp-alice-1>: disconnected", Soon, after: Mark);
        ScriptedCall fourth = await DialAsync(Alice);
        Server.Log.WaitFor("<pptp-alice-1>: connected", Soon, 2, Mark);

        Assert.That(TunnelInterfaces(), Is.EqualTo(["pptp-alice", "pptp-alice-1", "pptp-alice-2"]));
        foreach (ScriptedCall call in (ScriptedCall[])[first, third, fourth])
            await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_user_whose_name_is_none_for_Linux_gets_one_that_is_and_keeps_the_other_as_alias()
    {
        ScriptedCall call = await DialAsync(Strange);
        Server.Log.WaitFor(": connected", Soon, after: Mark);

        Assert.That(TunnelInterfaces(), Is.EqualTo(["pptp-o_neil_exa"]));
        Assert.That(FindInterface("pptp-o_neil_exa")?.Alias, Is.EqualTo($"<pptp-{Strange}>"));
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task It_is_gone_within_a_second_of_the_hangup_however_the_client_leaves([Values(0, 1, 2, 3)] int way)
    {
        ScriptedCall call = await DialAsync(Alice);
        WaitUntilConnected(Alice);

        switch (way)
        {
            case 0:
                call.Terminate();
                break;
            case 1:
                await call.Caller.SendAsync(ControlWire.Clear(call.CallId));
                break;
            case 2:
                await call.Caller.SendAsync(ControlWire.Stop());
                break;
            default:
                call.Caller.Abort();
                break;
        }

        await MustVanishAsync("pptp-alice", TimeSpan.FromSeconds(1));
        Server.Log.WaitFor("<pptp-alice>: terminating... - hungup", Soon, after: Mark);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task Calls_on_one_connection_live_and_end_each_for_itself()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        List<ScriptedCall> calls = [];
        for (int i = 0; i < 5; i++)
        {
            ScriptedCall call = await caller.CallAsync(SettingsOf(i % 2 == 0 ? Alice : Bob));
            await call.WaitForAsync(CallPhase.Up);
            calls.Add(call);
        }

        Server.Log.WaitFor(": connected", Soon, 5, Mark);
        Assert.That(
            TunnelInterfaces(),
            Is.EqualTo(["pptp-alice", "pptp-alice-1", "pptp-alice-2", "pptp-bob", "pptp-bob-1"]));
        await MustCarryAsync(calls);

        await caller.ClearAsync(calls[1]);
        calls[3].Terminate();
        await calls[3].WaitForEndAsync();
        await MustVanishAsync("pptp-bob", Soon);
        await MustVanishAsync("pptp-bob-1", Soon);

        await MustCarryAsync([calls[0], calls[2], calls[4]]);
        Assert.That(caller.Closed, Is.Null);
    }

    private async Task MustCarryAsync(IReadOnlyList<ScriptedCall> calls)
    {
        List<SequencedStream> streams = [.. calls.Select(call => new SequencedStream(call, Echo))];
        foreach (SequencedStream stream in streams)
            stream.Send(50);
        foreach (SequencedStream stream in streams)
        {
            StreamReport report = await stream.StopAsync();
            Assert.That(report.IsPerfect, Is.True, $"{report}\n{Server.Report(Mark)}");
        }
    }
}
