using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Sessions that end because their time is over.</summary>
internal sealed class SessionTimeTests : ServerFixture
{
    private const string Timed = "timed";
    private const string Idle = "idle";

    private static readonly TimeSpan SessionTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(4);

    protected override ServerConfiguration Configuration => new()
    {
        Keepalive = 1,
        Extra = ServerConfiguration.Profile("timed", $"session-timeout = {SessionTime.TotalSeconds}")
            + ServerConfiguration.Profile("idle", $"idle-timeout = {IdleTime.TotalSeconds}")
            + ServerConfiguration.Secret(Timed, "timed")
            + ServerConfiguration.Secret(Idle, "idle"),
    };

    [Test]
    [EffectOf("ppp-profile", "session-timeout")]
    public async Task A_session_ends_at_its_session_timeout_in_the_midst_of_its_traffic()
    {
        TimeSpan begin = Host.Now;
        ScriptedCall call = await DialAsync(Timed);
        await using SequencedStream stream = new(call, Echo);
        stream.Start(TimeSpan.FromMilliseconds(50));

        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));

        Assert.That(Host.Now - begin, Is.GreaterThanOrEqualTo(SessionTime));
        Assert.That(stream.Received, Is.Not.Empty);
        Server.Log.WaitFor($"<pptp-{Timed}>: terminating... - session timeout", Soon, after: Mark);
        await MustVanishAsync($"pptp-{Timed}", Soon);
    }

    [Test]
    [EffectOf("ppp-profile", "idle-timeout")]
    public async Task A_session_without_traffic_ends_at_its_idle_timeout_although_its_echoes_are_answered()
    {
        TimeSpan begin = Host.Now;
        ScriptedCall call = await DialAsync(Idle);

        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));

        Assert.That(Host.Now - begin, Is.GreaterThanOrEqualTo(IdleTime));
        Assert.That(call.Frames.Any(frame => frame.IsKeepalive), Is.True, "keepalive asked");
        Server.Log.WaitFor($"<pptp-{Idle}>: terminating... - idle timeout", Soon, after: Mark);
        await MustVanishAsync($"pptp-{Idle}", Soon);
    }

    [Test]
    [EffectOf("ppp-profile", "idle-timeout")]
    public async Task Traffic_keeps_a_session_beyond_its_idle_timeout()
    {
        TimeSpan begin = Host.Now;
        ScriptedCall call = await DialAsync(Idle);
        await using SequencedStream stream = new(call, Echo);
        stream.Start(TimeSpan.FromMilliseconds(200));
        uint number = 0;
        while (Host.Now - begin < IdleTime * 2)
            await stream.WaitForNumberAsync(number++);
        Assert.That(call.Ended, Is.Null);
        Assert.That(Server.Log.With("idle timeout", Mark), Is.Empty);

        _ = await stream.StopAsync();
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));
        Server.Log.WaitFor($"<pptp-{Idle}>: terminating... - idle timeout", Soon, after: Mark);
        await MustVanishAsync($"pptp-{Idle}", Soon);
    }
}
