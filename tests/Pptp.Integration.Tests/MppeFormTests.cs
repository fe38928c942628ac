using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Every form of MPPE with keys of either MS-CHAP: traffic both ways, over good roads and bad.</summary>
internal sealed class MppeFormTests : ServerFixture
{
    /// <summary>The password has 14 characters, all that the LM hash of MS-CHAPv1's weak keys takes.</summary>
    private const string Short = "b";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(2);

    private static readonly TestCaseData[] Forms =
    [
        .. from method in new[] { AuthenticationMethod.MsChapV1, AuthenticationMethod.MsChapV2 }
           from strength in new[] { MppeStrength.Bits40, MppeStrength.Bits56, MppeStrength.Bits128 }
           from stateless in new[] { true, false }
           select new TestCaseData(method, strength, stateless),
    ];

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice, Short],
        Authentication = "mschap1,mschap2",
        MppeAllowed =
        [
            "mppe128-stateless", "mppe128-stateful", "mppe56-stateless", "mppe56-stateful", "mppe40-stateless",
            "mppe40-stateful",
        ],
    };

    // More than 256 packets: a stateful key changes on the way.
    [TestCaseSource(nameof(Forms))]
    [EffectOf("ppp-profile", "mppe-allowed")]
    public async Task A_form_that_is_allowed_carries_traffic_both_ways(
        AuthenticationMethod method, MppeStrength strength, bool stateless)
    {
        ScriptedCall call = await DialAsync(method, strength, stateless);
        await using SequencedStream stream = new(call, Echo);

        for (int burst = 1; burst <= 30; burst++)
        {
            stream.Send(20);
            await stream.WaitForAsync(20 * burst);
        }

        Assert.That(stream.Report.IsPerfect, Is.True, $"{stream.Report}");
        Assert.That(call.Undecipherable + call.ResetsAsked + call.ResetsRequested, Is.Zero);
        Assert.That(
            Server.Log.Expect($"using encoding - MPPE{(int)strength} {(stateless ? "stateless" : "stateful")}", 1, Mark),
            Has.Count.EqualTo(1));
        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        Assert.That(statistics["dropped"], Is.Zero);
    }

    [TestCaseSource(nameof(Forms))]
    public async Task Packets_lost_on_the_way_up_cost_no_more_than_a_reset(
        AuthenticationMethod method, MppeStrength strength, bool stateless)
    {
        ScriptedCall call = await DialAsync(method, strength, stateless);
        await using SequencedStream stream = new(call, Echo);
        stream.Start(Pace);
        await stream.WaitForAsync(20);

        call.Impairment = Impairment.DropOneIn(60);
        await stream.WaitForNumberAsync(stream.Sent + 600);
        call.Impairment = null;

        await AssertThatItGoesOnAsync(stream);
        Assert.That(call.ResetsRequested, stateless ? Is.Zero : Is.GreaterThanOrEqualTo(5));
        Assert.That(call.ResetsAsked, Is.Zero);
        await call.Caller.DisposeAsync();
    }

    [TestCaseSource(nameof(Forms))]
    public async Task Packets_lost_on_the_way_down_cost_no_more_than_a_reset(
        AuthenticationMethod method, MppeStrength strength, bool stateless)
    {
        ScriptedCall call = await DialAsync(method, strength, stateless);
        await using SequencedStream stream = new(call, Echo);
        stream.Start(Pace);
        await stream.WaitForAsync(20);

        call.LosesOneIn = 60;
        await stream.WaitForNumberAsync(stream.Sent + 600);
        call.LosesOneIn = 0;

        await AssertThatItGoesOnAsync(stream);
        Assert.That(call.ResetsAsked, stateless ? Is.Zero : Is.GreaterThanOrEqualTo(5));
        Assert.That(call.ResetsRequested, Is.Zero);
        await call.Caller.DisposeAsync();
    }

    [TestCase(600)]
    [TestCase(6000)]
    public async Task A_stateful_link_survives_an_outage_however_many_packets_it_took(int lost)
    {
        ScriptedCall call = await DialAsync(AuthenticationMethod.MsChapV2, MppeStrength.Bits128, stateless: false);
        await using SequencedStream stream = new(call, Echo);
        stream.Send();
        await stream.WaitForAsync(1);
        call.Impairment = Impairment.DropOneIn(1);
        stream.Send(lost);
        call.Impairment = null;

        stream.Start(Pace);
        // A jump that no packet can prove is believed when the old place was silent for a second.
        await stream.WaitForNumberAsync((uint)lost + 1, Soon);
        await AssertThatItGoesOnAsync(stream);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task An_outage_that_no_walk_makes_up_for_ends_the_link_and_the_log_says_why()
    {
        ScriptedCall call = await DialAsync(AuthenticationMethod.MsChapV2, MppeStrength.Bits128, stateless: true);
        await using SequencedStream stream = new(call, Echo);
        stream.Send();
        await stream.WaitForAsync(1);
        call.Impairment = Impairment.DropOneIn(1);
        stream.Send(70_000);
        call.Impairment = null;
        stream.Start(Pace);

        Server.Log.WaitFor("terminating... - too many encrypted packets were lost in a row", Soon, after: Mark);
        await call.WaitForEndAsync();
        Assert.That(call.WasTerminated, Is.True);
        await call.Caller.DisposeAsync();
    }

    /// <summary>What is sent now comes back, all of it and in order.</summary>
    private static async Task AssertThatItGoesOnAsync(SequencedStream stream)
    {
        uint now = stream.Sent + 100;
        await stream.WaitForNumberAsync(now);
        await stream.WaitForNumberAsync(now + 400);
        StreamReport report = stream.Report;
        Assert.That(report.OutOfOrder + report.Doubled, Is.Zero, $"{report}");
        Assert.That(stream.Received.Where(n => n > now && n <= now + 400).Count(), Is.EqualTo(400), $"{report}");
    }

    private async Task<ScriptedCall> DialAsync(AuthenticationMethod method, MppeStrength strength, bool stateless)
    {
        int mark = Server.Log.Mark;
        ScriptedCall call = await Host.DialAsync(SettingsOf(Short) with
        {
            Methods = [method],
            Strength = strength,
            Stateless = stateless,
            InsistsOnForm = true,
        });
        Server.Log.WaitFor($"<pptp-{Short}>: connected", Soon, after: mark);
        return call;
    }
}
