using Pptp.Testing.Calling;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>A bad road between client and server: GRE comes twice, in another order, or not at all.</summary>
internal sealed class GreDisorderTests : ServerFixture
{
    protected override bool HasBystander => true;

    [TestCase(2)]
    [TestCase(5)]
    [TestCase(16)]
    public async Task Packets_out_of_order_are_delivered_in_order_and_none_is_lost(int group)
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        const uint Count = 240;

        call.Impairment = Impairment.ReverseGroupsOf(group);
        stream.Send((int)Count);
        await stream.WaitForAsync((int)Count);
        call.Impairment = null;

        Assert.That(stream.Echoed, Is.EqualTo(Numbers(Count)));
        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(statistics["gre-reordered"], Is.GreaterThanOrEqualTo(Count / group * (group - 1)));
            Assert.That(statistics["gre-lost"], Is.Zero);
            Assert.That(statistics["gre-late"], Is.Zero);
            Assert.That(statistics["mppe-resync"], Is.Zero);
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(10)]
    public async Task Packets_that_come_twice_are_delivered_once(int distance)
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);

        call.Impairment = distance == 0 ? Impairment.DuplicateEach() : Impairment.RepeatLater(distance);
        stream.Send(300);
        await stream.WaitForAsync(300);
        call.Impairment = null;

        // One more, that all copies have been looked at before it.
        stream.Send();
        await stream.WaitForAsync(301);
        Assert.That(stream.Echoed, Is.EqualTo(Numbers(301)));
        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        Assert.That(statistics["gre-duplicate"] + statistics["gre-late"], Is.EqualTo(300 - distance));
        Assert.That(statistics["mppe-resync"], Is.Zero);
    }

    [TestCase(2)]
    [TestCase(10)]
    public async Task Lost_packets_cost_themselves_and_no_other(int oneIn)
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        stream.Send();
        await stream.WaitForAsync(1);
        uint[] arriving = [0, .. Numbers(201).Skip(1).Where(number => (number - 1) % oneIn != 0)];

        call.Impairment = Impairment.DropOneIn(oneIn);
        stream.Send(200);
        await stream.WaitForAsync(arriving.Length);
        call.Impairment = null;

        stream.Send(20);
        await stream.WaitForAsync(arriving.Length + 20);
        Assert.That(stream.Echoed, Is.EqualTo(arriving.Concat(Numbers(221).Skip(201))));
        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(statistics["gre-lost"], Is.EqualTo(200 / oneIn));
            Assert.That(statistics["mppe-lost"], Is.EqualTo(200 / oneIn));
            Assert.That(statistics["dropped"], Is.Zero);
        }
    }

    [TestCase(100)]
    [TestCase(3000)]
    [TestCase(5000)]
    [TestCase(20_000)]
    public async Task An_outage_is_survived_however_many_packets_it_took(int lost)
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        stream.Send();
        await stream.WaitForAsync(1);

        call.Impairment = Impairment.DropOneIn(1);
        stream.Send(lost);
        call.Impairment = null;
        // The first after so large a jump may not be believed before a second one comes.
        stream.Send(20);

        await stream.WaitForNumberAsync((uint)lost + 20, Soon);
        StreamReport report = stream.Report;
        Assert.That(report.OutOfOrder, Is.Zero);
        Assert.That(report.Received, Is.GreaterThanOrEqualTo(20), "the link came back late");
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_packet_that_comes_too_late_is_dropped_and_never_delivered_after_its_followers()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        stream.Send();
        await stream.WaitForAsync(1);

        call.Impairment = Impairment.HoldTheFirst();
        stream.Send(10);
        await stream.WaitForNumberAsync(10);
        call.Impairment = null;
        stream.Send();
        await stream.WaitForNumberAsync(11);

        uint[] expected = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        Assert.That(stream.Echoed, Is.EqualTo(expected));
        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        Assert.That(statistics["gre-late"], Is.EqualTo(1));
    }

    [Test]
    public async Task A_forged_number_far_ahead_does_not_deafen_the_call()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        stream.Send(10);
        await stream.WaitForAsync(10);

        byte[] forged = PppWire.Frame(PppWire.Compressed, [0x90, 0x10, 1, 2, 3, 4]);
        Host.SendGre(call.ForgeGre(call.NextSequence + 1_000_000, forged));
        stream.Send(100);

        await stream.WaitForAsync(110);
        Assert.That(stream.Echoed, Is.EqualTo(Numbers(110)));
        await call.Caller.DisposeAsync();
    }

    private static IEnumerable<uint> Numbers(uint count) => Enumerable.Range(0, (int)count).Select(n => (uint)n);
}
