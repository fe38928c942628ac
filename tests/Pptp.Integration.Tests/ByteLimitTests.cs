using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Sessions that may carry ten packets of one kind.</summary>
internal sealed class ByteLimitTests : ServerFixture
{
    private const string Upload = "upload";
    private const string Download = "download";
    private const int Payload = 172;

    /// <summary>Of IP, with its header and UDP's.</summary>
    private const int PacketSize = 200;

    private const int Packets = 10;

    protected override ServerConfiguration Configuration => new()
    {
        // One octet less than an eleventh packet wants.
        Extra = ServerConfiguration.Secret(Upload, "tunnel", $"limit-bytes-in = {(Packets + 1) * PacketSize - 1}")
            + ServerConfiguration.Secret(Download, "tunnel", $"limit-bytes-out = {Packets * PacketSize}"),
    };

    [Test]
    [EffectOf("ppp-secret", "limit-bytes-in")]
    public async Task What_a_client_sends_is_carried_to_the_packet_then_its_session_ends()
    {
        ScriptedCall call = await DialAsync(Upload);
        await using SequencedStream stream = new(call, Echo, Payload);

        stream.Send(Packets);
        await stream.WaitForAsync(Packets);
        Assert.That(call.WasTerminated, Is.False, "the limit is not exceeded yet");
        stream.Send(Packets);
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));

        MustHaveEnded(Upload, $"rx-packets={Packets} rx-bytes={Packets * PacketSize} ");
        Assert.That(stream.Echoed, Has.Count.EqualTo(Packets));
        await MustVanishAsync($"pptp-{Upload}", Soon);
    }

    [Test]
    [EffectOf("ppp-secret", "limit-bytes-out")]
    public async Task What_a_client_is_sent_is_carried_to_the_packet_then_its_session_ends()
    {
        ScriptedCall call = await DialAsync(Download);
        await using SequencedStream stream = new(call, Echo, Payload);

        stream.Send(Packets);
        await stream.WaitForAsync(Packets);
        Assert.That(call.WasTerminated, Is.False, "the limit is reached, not exceeded");
        stream.Send(Packets);
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));

        MustHaveEnded(Download, $"tx-packets={Packets} tx-bytes={Packets * PacketSize} ");
        Assert.That(stream.Received, Has.Count.EqualTo(Packets));
        await MustVanishAsync($"pptp-{Download}", Soon);
    }

    private void MustHaveEnded(string user, string counters)
    {
        Server.Log.WaitFor($"<pptp-{user}>: terminating... - traffic limit reached", Soon, after: Mark);
        string statistics = Server.Log.WaitFor($"<pptp-{user}>: statistics", Soon, after: Mark).Text;
        Assert.That(statistics, Does.Contain(counters));
    }
}
