using System.Diagnostics;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Sessions of 128 kbit/s one way. How exactly a rate is held is told by the tests with real clients.</summary>
internal sealed class RateLimitTests : ServerFixture
{
    private const string Upload = "upload";
    private const string Download = "download";
    private const int Payload = 1372;

    /// <summary>With the headers of IP and UDP.</summary>
    private const int PacketBits = (Payload + 28) * 8;

    private const double Rate = 128_000;

    /// <summary>So many wait.</summary>
    private const int Carried = 8;

    private const int Many = 60;

    /// <summary>The least that they take: the first goes at once, and 50 ms may be saved up.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(((Carried - 1) * PacketBits / Rate) - 0.05);

    protected override ServerConfiguration Configuration => new()
    {
        Extra = ServerConfiguration.Profile("upload", "rate-limit = \"128k/0\"")
            + ServerConfiguration.Profile("download", "rate-limit = \"0/128k\"")
            + ServerConfiguration.Secret(Upload, "upload")
            + ServerConfiguration.Secret(Download, "download"),
    };

    [TearDown]
    public void PutTheConfigurationBack()
    {
        Configure(Configuration);
        Reload("settings changed");
    }

    [TestCase(Upload)]
    [TestCase(Download)]
    [EffectOf("ppp-profile", "rate-limit")]
    public async Task What_comes_too_fast_waits_its_turn_and_what_finds_no_room_is_lost(string user)
    {
        ScriptedCall call = await DialAsync(user);
        await using SequencedStream stream = new(call, Echo, Payload);
        Stopwatch clock = Stopwatch.StartNew();

        stream.Send(Many);
        await stream.WaitForAsync(Carried);

        Assert.That(clock.Elapsed, Is.GreaterThan(Least), Server.Report(Mark));
        Assert.That(stream.Received.Take(Carried), Is.Ordered, "in order");
        Assert.That(stream.Received, Has.Count.LessThan(Many));
        Assert.That(FindInterface($"pptp-{user}")!.TxQueueLength, Is.EqualTo(user == Download ? 8 : 500));
        await call.Caller.DisposeAsync();
    }

    [TestCase(Upload)]
    [TestCase(Download)]
    [EffectOf("system", "apply-to-sessions")]
    public async Task Another_rate_reaches_a_session_that_is_up_when_that_applies_to_sessions(string user)
    {
        ScriptedCall call = await DialAsync(user);
        await using SequencedStream stream = new(call, Echo, Payload);

        Configure(Configuration with { Extra = Configuration.Extra.Replace("128k", "1G", StringComparison.Ordinal) });
        Reload("settings changed");
        Assert.That(Server.Log.With("rate-limit is", Mark), Is.Empty, "it does not apply to sessions yet");
        Configure(Configuration with
        {
            SystemExtra = "apply-to-sessions = true",
            Extra = Configuration.Extra.Replace("128k", "0", StringComparison.Ordinal),
        });
        Reload($"<pptp-{user}>: rate-limit is 0 from now on");

        // What comes in the moment in which the kernel makes the queue anew is lost.
        await Poll.UntilAsync(() => FindInterface($"pptp-{user}")?.TxQueueLength == 500, Soon);
        Assert.That(FindInterface($"pptp-{user}")!.TxQueueLength, Is.EqualTo(500));
        stream.Send(Many);
        await stream.WaitForAsync(Many);
        await call.Caller.DisposeAsync();
    }

    private void Reload(string says)
    {
        int mark = Server.Log.Mark;
        Server.Signal("HUP");
        Server.Log.WaitFor(says, Soon, after: mark);
    }
}
