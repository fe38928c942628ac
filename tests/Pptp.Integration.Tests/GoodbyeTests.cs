using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>SIGTERM.</summary>
internal sealed class GoodbyeTests : ServerFixture
{
    private const int Sessions = 20;

    /// <summary>Result code Admin Shutdown of a Call-Disconnect-Notify (RFC 2637 §2.13).</summary>
    private const int AdminShutdown = 3;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private static readonly string[] Users = ServerConfiguration.Numbered("u", Sessions);

    protected override ServerConfiguration Configuration => new() { Users = [Alice, .. Users] };

    [Test]
    public async Task Every_session_gets_a_Terminate_Request_and_a_Call_Disconnect_Notify_and_nothing_stays()
    {
        List<ScriptedCall> calls = [.. await DialAllAsync(Users)];
        ScriptedCaller shared = await Host.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            ScriptedCall call = await shared.CallAsync(SettingsOf(Alice));
            await call.WaitForAsync(CallPhase.Up);
            calls.Add(call);
        }

        Server.Log.WaitFor(": connected", Soon, calls.Count, Mark);
        ServerMayBeGone = true;

        int? status = Server.Stop(StopLimit);

        foreach (ScriptedCall call in calls)
            await call.Caller.WaitForCloseAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.Zero, Server.Report(Mark));
            Assert.That(calls.Select(call => call.WasTerminated), Is.All.True, "Terminate-Request");
            Assert.That(calls.Select(call => call.DisconnectResult), Is.All.EqualTo(AdminShutdown));
            Assert.That(
                calls.Select(call => call.Caller.Received.Any(message => message[9] == ControlWire.StopRequest)),
                Is.All.True,
                "Stop-Control-Connection-Request");
            Assert.That(AllInterfaces(), Is.Empty);
            Assert.That(Server.Log.Expect(": disconnected", calls.Count, Mark), Has.Count.EqualTo(calls.Count));
        }

        foreach (ScriptedCall call in calls)
            await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_client_that_answers_nothing_does_not_keep_it_from_ending()
    {
        ScriptedCall silent = await DialAsync(Users[0]);
        WaitUntilConnected(Users[0]);
        silent.Mute();
        ServerMayBeGone = true;

        int? status = Server.Stop(StopLimit);

        await silent.Caller.WaitForCloseAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.Zero, Server.Report(Mark));
            Assert.That(silent.Frames.Any(frame => frame.IsLcp(PppWire.TerminateRequest)), Is.True);
            Assert.That(AllInterfaces(), Is.Empty);
        }

        await silent.Caller.DisposeAsync();
    }

    [Test]
    public async Task Calls_that_are_only_half_up_do_not_keep_it_from_ending()
    {
        CallPhase[] phases =
            [CallPhase.Dialled, CallPhase.LinkUp, CallPhase.Responded, CallPhase.Authenticated, CallPhase.Encrypted];
        List<ScriptedCall> calls = [];
        foreach (CallPhase phase in phases)
            calls.Add(await Host.DialAsync(SettingsOf(Alice) with { MuteAfter = phase }));
        await using ScriptedCaller nothingSaid = await Host.ConnectAsync();
        ServerMayBeGone = true;

        int? status = Server.Stop(StopLimit);

        Assert.That(status, Is.Zero, Server.Report(Mark));
        Assert.That(AllInterfaces(), Is.Empty);
        foreach (ScriptedCall call in calls)
            await call.Caller.DisposeAsync();
    }
}
