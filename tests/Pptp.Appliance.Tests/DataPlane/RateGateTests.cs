using Pptp.Appliance.DataPlane;
using Pptp.Model;

namespace Pptp.Appliance.Tests.DataPlane;

public sealed class RateGateTests
{
    private const int Packet = 1400;

    [TestCase(128_000L)]
    [TestCase(2_000_000L)]
    [TestCase(10_000_000L)]
    [TestCase(200_000_000L)]
    public void What_always_waits_goes_on_at_the_rate(long rate)
    {
        RateGate gate = new(new DirectionRate(rate), TimeSpan.Zero);
        long octets = Carry(gate, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.That(octets * 8 / 10.0, Is.EqualTo(rate).Within(1).Percent);
    }

    [Test]
    public void A_gate_that_is_looked_at_late_makes_up_for_it_and_for_no_more_than_that()
    {
        RateGate gate = new(new DirectionRate(1_000_000), TimeSpan.Zero);
        Drain(gate, TimeSpan.Zero);
        // 10 ms of 1 Mbit/s are 1250 octets; a second of it would be a hundred times as much.
        Assert.That(Drain(gate, TimeSpan.FromMilliseconds(12)), Is.EqualTo(Packet));
        Assert.That(Drain(gate, TimeSpan.FromSeconds(1)), Is.InRange(6250 - Packet, 6250 + Packet));
    }

    [Test]
    public void It_says_when_it_opens_and_opens_then()
    {
        RateGate gate = new(new DirectionRate(1_000_000), TimeSpan.Zero);
        TimeSpan now = TimeSpan.FromSeconds(3);
        Drain(gate, now);
        TimeSpan opens = gate.OpensAt;
        Assert.That(opens, Is.GreaterThan(now));
        Assert.That(gate.IsOpen(opens - TimeSpan.FromMicroseconds(10)), Is.False);
        Assert.That(gate.IsOpen(opens + TimeSpan.FromMicroseconds(1)), Is.True);
    }

    // RouterOS: from idle a burst lasts about threshold x burst time / burst rate: 128k x 10 s / 256k = 5 s.
    [Test]
    public void A_burst_is_as_high_and_as_long_as_RouterOS_has_it()
    {
        RateLimit limit = new(new RatePair(64_000, 64_000))
        {
            BurstRate = new RatePair(256_000, 256_000),
            BurstThreshold = new RatePair(128_000, 128_000),
            ReceiveBurstTime = TimeSpan.FromSeconds(10),
            TransmitBurstTime = TimeSpan.FromSeconds(10),
        };
        RateGate gate = new(DirectionRate.OfSent(limit)!, TimeSpan.Zero);
        List<double> perSecond = [];
        for (int second = 0; second < 10; second++)
            perSecond.Add(Carry(gate, TimeSpan.FromSeconds(second), TimeSpan.FromSeconds(second + 1)) * 8);
        Assert.Multiple(() =>
        {
            Assert.That(perSecond[..4], Has.All.EqualTo(256_000).Within(10).Percent);
            Assert.That(perSecond[6..], Has.All.EqualTo(64_000).Within(20).Percent);
            // The burst ends at the sixteenth in which the average has come to the threshold.
            Assert.That(perSecond[..6].Sum(), Is.EqualTo((5 * 256_000) + 64_000).Within(12).Percent);
        });
    }

    [Test]
    public void A_burst_comes_again_when_the_average_has_fallen_below_the_threshold()
    {
        DirectionRate rate = new(64_000)
        {
            BurstRate = 256_000,
            BurstThreshold = 128_000,
            BurstTime = TimeSpan.FromSeconds(10),
        };
        RateGate gate = new(rate, TimeSpan.Zero);
        Carry(gate, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        TimeSpan later = TimeSpan.FromSeconds(60);
        Assert.That(
            Carry(gate, later, later + TimeSpan.FromSeconds(4)) * 8 / 4.0, Is.EqualTo(256_000).Within(10).Percent);
    }

    [Test]
    public void A_direction_without_a_rate_has_no_gate()
    {
        RateLimit limit = new(new RatePair(0, 1_000));
        Assert.That(DirectionRate.OfReceived(limit), Is.Null);
        Assert.That(DirectionRate.OfSent(limit), Is.EqualTo(new DirectionRate(1_000)));
        Assert.That(DirectionRate.OfSent(null), Is.Null);
    }

    [Test]
    public void A_burst_without_a_threshold_has_the_rate_for_it_and_without_a_time_a_second()
    {
        RateLimit limit = new(new RatePair(64_000, 64_000)) { BurstRate = new RatePair(256_000, 32_000) };
        Assert.That(DirectionRate.OfReceived(limit), Is.EqualTo(new DirectionRate(64_000)
        {
            BurstRate = 256_000,
            BurstThreshold = 64_000,
            BurstTime = TimeSpan.FromSeconds(1),
        }));
        Assert.That(DirectionRate.OfSent(limit), Is.EqualTo(new DirectionRate(64_000)), "a burst below the rate is none");
    }

    [TestCase(128_000L, 8)]
    [TestCase(10_000_000L, 33)]
    [TestCase(1_000_000_000L, 500)]
    public void The_queue_before_a_rate_holds_what_it_carries_in_40_ms(long rate, int packets) =>
        Assert.That(DirectionRate.QueueLengthFor(new RateLimit(new RatePair(0, rate))), Is.EqualTo(packets));

    private static long Carry(RateGate gate, TimeSpan from, TimeSpan until)
    {
        long octets = 0;
        for (TimeSpan now = from; now < until; now += TimeSpan.FromMilliseconds(1))
            octets += Drain(gate, now);
        return octets;
    }

    private static long Drain(RateGate gate, TimeSpan now)
    {
        long octets = 0;
        while (gate.IsOpen(now))
        {
            gate.Take(Packet);
            octets += Packet;
        }
        return octets;
    }
}
