using System.Diagnostics;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>keepalive-timeout = 2, as the caller sees it.</summary>
internal sealed class KeepaliveTests : ServerFixture
{
    private const int Echoes = 5;

    /// <summary>A busy machine is late now and then.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(0.4);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    protected override ServerConfiguration Configuration =>
        new() { Users = [Alice, Bob], Keepalive = (int)Silence.TotalSeconds, LogLevel = "debug" };

    [Test]
    [EffectOf("pptp-server", "keepalive-timeout")]
    public async Task A_silent_client_gets_five_echoes_a_second_apart_and_is_gone_a_second_later()
    {
        ScriptedCall call = await DialAsync(Alice);
        WaitUntilConnected(Alice);
        // The server counts from the last it has heard: from between this and its answer.
        TimeSpan silent = Host.Now;
        call.SendFrame(PppWire.Lcp, PppWire.Packet(PppWire.EchoRequest, 1, new byte[4]));
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.EchoReply));
        call.Mute();

        await call.WaitForEndAsync();

        TimeSpan ended = Host.Now;
        TimeSpan[] echoes = [.. call.Frames.Where(frame => frame.IsKeepalive).Select(frame => frame.At)];
        TimeSpan[] apart = [.. echoes.Zip(echoes.Skip(1), (one, next) => next - one), ended - echoes[^1]];
        TestContext.Out.WriteLine(
            $"first echo {(echoes[0] - silent).TotalSeconds:0.00} s after the client fell silent; then "
            + string.Join(", ", apart.Select(time => time.TotalSeconds.ToString("0.00")))
            + " s apart, the last to the end");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(echoes, Has.Length.EqualTo(Echoes), Server.Report(Mark));
            Assert.That(echoes[0] - silent, Is.InRange(Silence - Tolerance, Silence + Tolerance));
            Assert.That(apart, Is.All.InRange(Second - Tolerance, Second + Tolerance));
            Assert.That(call.IsDisconnected, Is.True, call.Ended);
            Assert.That(Server.Log.Expect("LCP missed echo reply", Echoes, Mark), Has.Count.EqualTo(Echoes));
            Assert.That(
                Server.Log.Expect("<pptp-alice>: terminating... - peer is not responding", 1, Mark),
                Has.Count.EqualTo(1));
        }

        await MustVanishAsync("pptp-alice", Second);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_client_that_answers_is_kept()
    {
        // What it answers to echoes with data would be signs of life at times of their own.
        ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with { LongestEcho = 8 });

        await call.WaitForFramesAsync(frame => frame.IsKeepalive, 3);

        TimeSpan[] echoes = [.. call.Frames.Where(frame => frame.IsKeepalive).Select(frame => frame.At)];
        Assert.That(
            echoes.Zip(echoes.Skip(1), (one, next) => next - one),
            Is.All.InRange(Silence - Tolerance, Silence + Tolerance));
        Assert.That(Server.Log.With("LCP missed echo reply", Mark), Is.Empty);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_client_that_sends_traffic_is_not_asked()
    {
        ScriptedCall call = await DialAsync(Alice);
        await using Pptp.Testing.Traffic.SequencedStream stream = new(call, Echo);
        stream.Start(TimeSpan.FromMilliseconds(100));

        await stream.WaitForAsync(50);

        Assert.That(call.Frames.Any(frame => frame.IsKeepalive), Is.False);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task Frames_that_do_not_decrypt_and_old_numbers_are_no_sign_of_life()
    {
        ScriptedCall call = await DialAsync(Alice);
        call.Mute();
        Stopwatch clock = Stopwatch.StartNew();
        byte[] old = call.ForgeGre(0, PppWire.Frame(PppWire.Lcp, PppWire.Packet(PppWire.EchoReply, 1, new byte[4])));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));

        while (call.Ended is null && clock.Elapsed < Limits.Step)
        {
            await timer.WaitForNextTickAsync();
            call.SendFrame(PppWire.Compressed, [0x90, 0x00, 0xDE, 0xAD, 0xBE, 0xEF]);
            Host.SendGre(old);
        }

        Assert.That(call.Ended, Is.Not.Null, $"noise keeps it alive\n{Server.Report(Mark)}");
        Assert.That(call.Frames.Count(frame => frame.IsKeepalive), Is.EqualTo(Echoes));
        await call.Caller.DisposeAsync();
    }
}
