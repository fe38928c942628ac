using System.Diagnostics;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>
/// Somebody beside the road sends GRE from the client's address with the right call id, 10,000 packets a second, while
/// a stream runs through the call.
/// </summary>
internal sealed class ForgedPacketTests : ServerFixture
{
    private const int Rate = 10_000;
    private const double AllowedLoss = 0.001;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice],
        Encryption = "yes",
        MppeAllowed = ["mppe128-stateless", "mppe128-stateful"],
    };

    [TestCase("stateless")]
    [TestCase("stateful")]
    [TestCase("in clear")]
    public Task Random_numbers_cost_the_stream_less_than_one_packet_in_a_thousand(string encryption) =>
        MeasureAsync(encryption, pairs: false);

    // Two that follow each other look like a stream that goes on behind an outage.
    [TestCase("stateless")]
    [TestCase("stateful")]
    public Task Random_numbers_in_pairs_cost_the_stream_less_than_one_packet_in_a_thousand(string encryption) =>
        MeasureAsync(encryption, pairs: true);

    private async Task MeasureAsync(string encryption, bool pairs)
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with
        {
            Encrypt = encryption != "in clear",
            Stateless = encryption != "stateful",
            InsistsOnForm = true,
        });
        WaitUntilConnected(Alice);
        await using SequencedStream stream = new(call, Echo, size: 400);
        stream.Send(100);
        await stream.WaitForAsync(100);

        Stopwatch clock = Stopwatch.StartNew();
        using Forger forger = new(ClientNetwork, ClientAddress, ServerAddress, call.PeerCallId!.Value, pairs);
        Task<long> forging = Task.Run(() => forger.Run(Rate, Duration));
        while (!forging.IsCompleted)
        {
            stream.Send(5);
            await Task.Delay(4);
        }

        long forged = await forging;
        double rate = forged / clock.Elapsed.TotalSeconds;
        StreamReport report = await stream.StopAsync();
        Assert.That(call.Ended, Is.Null);

        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        double loss = (double)report.Lost / report.Sent;
        TestContext.Out.WriteLine(
            $"{encryption}: {rate:0} forged packets/s for {Duration.TotalSeconds:0} s; of {report.Sent} real packets "
            + $"{report.Lost} lost on their way there and back ({loss:P3}); "
            + string.Join(' ', statistics.Select(pair => $"{pair.Key}={pair.Value}")));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(forged, Is.GreaterThan(Rate), "hardly anything was forged");
            Assert.That(loss, Is.LessThan(AllowedLoss), $"{report}");
            Assert.That(report.Doubled + report.OutOfOrder, Is.Zero, $"{report}");
        }
    }
}
