using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Calls the peer brings as their PAC (RFC 2637 §2.9 to §2.14).</summary>
internal sealed class IncomingCallTests : ServerFixture
{
    protected override ServerConfiguration Configuration => new() { Users = [Alice, Bob], LogLevel = "debug" };

    [Test]
    public async Task An_incoming_call_carries_a_whole_session_to_its_PACs_goodbye()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await BringAsync(caller, Alice);

        await using (SequencedStream stream = new(call, Echo))
        {
            stream.Send(50);
            StreamReport report = await stream.StopAsync();
            Assert.That(report.IsPerfect, Is.True, $"{report}\n{Server.Report(Mark)}");
        }

        await caller.SendAsync(ControlWire.LineErrors(call.PeerCallId!.Value));
        Server.Log.WaitFor($"call {call.PeerCallId} has line errors: crc=1", Soon, after: Mark);
        await caller.SendAsync(ControlWire.Disconnected(call.CallId));
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon, after: Mark);
        await MustVanishAsync("pptp-alice", Soon);
        Assert.That(caller.Closed, Is.Null);
    }

    [Test]
    public async Task The_server_ends_one_by_a_clear_request()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await BringAsync(caller, Alice);

        call.Terminate();

        await call.WaitForEndAsync();
        Assert.That(call.Ended, Is.EqualTo("Call-Clear-Request"));
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon, after: Mark);
    }

    [Test]
    public async Task Calls_of_both_directions_share_a_connection()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall brought = await BringAsync(caller, Alice);
        ScriptedCall made = await caller.CallAsync(SettingsOf(Bob));
        await made.WaitForAsync(CallPhase.Up);

        await caller.SendAsync(ControlWire.Disconnected(brought.CallId));

        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon, after: Mark);
        Assert.That(made.Ended, Is.Null);
    }

    private async Task<ScriptedCall> BringAsync(ScriptedCaller caller, string user)
    {
        ScriptedCall call = await caller.BringCallAsync(SettingsOf(user));
        await call.WaitForAsync(CallPhase.Up);
        WaitUntilConnected(user);
        return call;
    }
}
