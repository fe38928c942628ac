using Pptp.Protocol.Gre;

namespace Pptp.Protocol.Tests.Gre;

/// <summary>A forged sequence number may cost a few packets, never the stream.</summary>
public sealed class GreResynchronizationTests
{
    private static readonly uint[] Forged =
        [10_000, 1_000_000, 0x7FFFFFFF, 0x80000000, 0x80000100, 0xFFFFE000, 0xFFFF0000];

    [TestCaseSource(nameof(Forged))]
    public void One_forged_packet_stops_nothing(uint forged)
    {
        var peer = new GreTestPeer();
        peer.Receive(0, 1, 2);

        peer.Receive(forged);
        peer.Wait(10_000);
        peer.Receive(3, 4);
        peer.Receive(forged + 500_000);
        peer.Receive(5, 7, 6);
        peer.Wait(10_000);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 1, 2, 3, 4, 5, 6, 7 }));
        Assert.That(peer.Call.Counters.Resynchronizations, Is.Zero);
        Assert.That(peer.Call.Counters.Lost, Is.Zero);
    }

    [Test]
    public void The_same_forged_packet_again_and_again_stops_nothing()
    {
        var peer = new GreTestPeer();
        peer.Receive(0);
        for (uint i = 1; i < 100; i++)
        {
            peer.Receive(1_000_000);
            peer.Receive(1_000_000);
            peer.Receive(i);
            peer.Wait(100);
        }

        Assert.That(peer.Delivered, Is.EqualTo(Enumerable.Range(0, 100).Select(i => (uint)i)));
    }

    [Test]
    public void Forged_packets_in_a_row_stop_nothing_while_real_ones_come_between_them()
    {
        var peer = new GreTestPeer();
        peer.Receive(0);
        for (uint i = 1; i < 100; i++)
            peer.Receive(1_000_000 + i, i);

        Assert.That(peer.Delivered, Is.EqualTo(Enumerable.Range(0, 100).Select(i => (uint)i)));
        Assert.That(peer.Call.Counters.Resynchronizations, Is.Zero);
        Assert.That(peer.Call.Counters.Rejected, Is.EqualTo(99));
    }

    [Test]
    public void Forged_packets_that_do_not_agree_stop_nothing()
    {
        var peer = new GreTestPeer();
        peer.Receive(0);
        for (uint i = 1; i < 1000; i++)
            peer.Receive(i * 100_003);
        peer.Wait(2000);

        peer.Receive(1, 2);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 1, 2 }));
    }

    [Test]
    public void A_forged_acknowledgement_moves_nothing()
    {
        var peer = new GreTestPeer();
        peer.Receive(0);
        peer.Send();

        peer.Acknowledge(1_000_000);
        peer.Acknowledge(0x90000000);

        Assert.That(peer.Call.Outstanding, Is.EqualTo(1));
        Assert.That(peer.Receive(1), Is.EqualTo(GreReceiveResult.Deliver));
    }

    // The first of the two was kept: a real jump loses nothing.
    [TestCase(101u, 102u)]
    [TestCase(102u, 101u)]
    [TestCase(0x7000_0000u, 0x7000_0001u)]
    [TestCase(1000u, 1008u)]
    public void Two_packets_that_agree_are_believed(uint one, uint other)
    {
        var peer = new GreTestPeer();
        peer.Receive(0, 1);

        peer.Receive(one);
        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 1 }));
        peer.Receive(other);
        peer.Wait(50);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 1, Math.Min(one, other), Math.Max(one, other) }));
        Assert.That(peer.Call.Counters.Resynchronizations, Is.EqualTo(1));
    }

    [Test]
    public void What_was_held_before_a_jump_comes_out_before_it()
    {
        var peer = new GreTestPeer();
        peer.Receive(0, 2, 3);

        peer.Receive(1000, 1001);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 2, 3, 1000, 1001 }));
    }

    // No frame waits longer than the reorder time, this one neither.
    [Test]
    public void When_the_second_comes_much_later_the_first_is_dropped()
    {
        var peer = new GreTestPeer();
        peer.Receive(0, 1);
        peer.Receive(1000);
        peer.Wait(51);

        peer.Receive(1001, 1002);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 1, 1001, 1002 }));
    }

    [Test]
    public void A_single_packet_after_a_big_loss_asks_for_no_deadline()
    {
        var peer = new GreTestPeer(new GreCallOptions { AcknowledgementThreshold = 100, ReorderLimit = 8 });
        peer.Receive(0, 1);
        peer.Send();
        peer.Receive(1000);

        Assert.That(peer.Call.NextDeadline, Is.Null);
    }

    // Two forged packets win for the moment: to the receiver they look like a loss. The real stream is then far behind,
    // goes on, and is followed again after a second.
    [TestCase(10_000u)]
    [TestCase(0x7FFF0000u)]
    public void A_stream_that_was_hijacked_forward_comes_back(uint forged)
    {
        var peer = new GreTestPeer();
        peer.Receive(0, 1, 2);
        peer.Receive(forged, forged + 1);
        peer.Delivered.Clear();

        for (uint i = 3; i < 60; i++)
        {
            peer.Receive(i);
            peer.Wait(40);
        }

        Assert.That(peer.Delivered, Is.EqualTo(Enumerable.Range(28, 32).Select(i => (uint)i)));
        Assert.That(peer.Call.Counters.Resynchronizations, Is.EqualTo(2));
        Assert.That(peer.Receive(60), Is.EqualTo(GreReceiveResult.Deliver));
        Assert.That(peer.Receive(27), Is.EqualTo(GreReceiveResult.Late), "missed, not seen before");
    }

    [Test]
    public void While_the_old_place_is_alive_nobody_goes_back()
    {
        var peer = new GreTestPeer();
        peer.Receive(100_000, 100_001);
        uint place = 100_002;
        for (uint i = 0; i < 100; i++)
        {
            peer.Receive(i);
            peer.Receive(i + 1);
            peer.Wait(500);
            Assert.That(peer.Receive(place++), Is.EqualTo(GreReceiveResult.Deliver));
        }

        Assert.That(peer.Call.Counters.Resynchronizations, Is.Zero);
    }

    // One packet is nobody's word: a forgery before the peer's first packet must not be the truth.
    [TestCase(100u)]
    [TestCase(4000u)]
    [TestCase(1_000_000u)]
    [TestCase(0xC0000000u)]
    public void A_forged_first_packet_is_outvoted_by_the_first_two_real_ones(uint forged)
    {
        var peer = new GreTestPeer();
        peer.Receive(forged);
        peer.Wait(20);

        peer.Receive(0, 1, 2, 3);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { forged, 0, 1, 2, 3 }));
    }

    [Test]
    public void A_first_packet_overtaken_by_the_second_is_late_and_no_more()
    {
        var peer = new GreTestPeer();

        peer.Receive(1, 0, 2, 3);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 1, 2, 3 }));
        Assert.That(peer.Call.Counters.Late, Is.EqualTo(1));
    }

    [Test]
    public void Jumps_work_across_the_wrap()
    {
        var peer = new GreTestPeer();
        peer.Receive(0xFFFFFFFE, 0xFFFFFFFF);

        peer.Receive(500, 501);
        peer.Receive(502);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0xFFFFFFFE, 0xFFFFFFFF, 500, 501, 502 }));
        Assert.That(peer.Receive(0xFFFFFFFF), Is.EqualTo(GreReceiveResult.Late));
    }

    [TestCase(1)]
    [TestCase(10)]
    [TestCase(100)]
    public void A_flood_of_random_numbers_costs_a_running_stream_nothing(int forgedForEach)
    {
        var peer = new GreTestPeer(new GreCallOptions());
        var random = new Random(2637);
        uint[] stream = [.. Enumerable.Range(0, 5000).Select(i => (uint)i)];
        foreach (uint number in stream)
        {
            for (int i = 0; i < forgedForEach; i++)
            {
                peer.Now += 0.1;
                peer.Receive((uint)random.NextInt64(1L << 32));
            }
            peer.Receive(number);
        }

        Assert.That(peer.Delivered.Where(number => number < 5000), Is.EqualTo(stream));
        Assert.That(peer.Call.Counters.Resynchronizations, Is.Zero);
    }

    // Two real packets seldom follow each other then.
    [TestCase(1000u)]
    [TestCase(70_000u)]
    public void An_outage_in_a_flood_of_random_numbers_is_survived(uint lost)
    {
        var peer = new GreTestPeer(new GreCallOptions());
        var random = new Random(2637);
        for (uint i = 0; i < 200; i++)
        {
            for (int forged = 0; forged < 10; forged++)
            {
                peer.Now += 0.1;
                peer.Receive((uint)random.NextInt64(1L << 32));
            }
            peer.Receive(i < 100 ? i : i + lost);
        }

        Assert.That(peer.Delivered, Does.Contain(103 + lost).And.Contain(199 + lost));
        Assert.That(peer.Call.Counters.Resynchronizations, Is.EqualTo(1));
    }

    [Test]
    public void A_flood_is_forgotten_within_seconds()
    {
        var peer = new GreTestPeer();
        peer.Receive(0, 1);
        for (uint i = 0; i < 10_000; i++)
            peer.Receive(0x10000000 + (i * 1009));
        peer.Wait(5000);
        peer.Receive(2);

        peer.Receive(1000, 1001);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 1, 2, 1000, 1001 }));
    }

    [TestCase(0u)]
    [TestCase(1u)]
    public void A_call_begins_although_a_forged_packet_came_first_and_many_come_between(uint first)
    {
        var peer = new GreTestPeer();
        var random = new Random(2637);
        peer.Receive(0xC0000000);
        peer.Delivered.Clear();
        for (uint i = first; i < 10; i++)
        {
            for (int forged = 0; forged < 100; forged++)
                peer.Receive((uint)random.NextInt64(1L << 32));
            peer.Receive(i);
        }

        Assert.That(peer.Delivered, Is.EqualTo(Enumerable.Range((int)first, 10 - (int)first).Select(i => (uint)i)));
    }

    [Test]
    public void A_flood_of_forged_acknowledgements_moves_nothing_that_matters()
    {
        var peer = new GreTestPeer();
        var random = new Random(2637);
        peer.Receive(0);
        for (uint i = 1; i < 1000; i++)
        {
            peer.Send();
            peer.Acknowledge((uint)random.NextInt64(1L << 32));
            Assert.That(peer.Receive(i), Is.EqualTo(GreReceiveResult.Deliver));
        }

        Assert.That(peer.Call.Outstanding, Is.GreaterThan(990));
    }

    [Test]
    public void Where_frames_can_be_told_apart_pairs_of_forged_ones_stop_nothing_while_the_order_is_alive()
    {
        var peer = new GreTestPeer();
        peer.Call.Vouch = (_, sequence, _) => sequence < 1000;
        peer.Receive(0);
        for (uint i = 1; i < 100; i++)
        {
            peer.Receive(1_000_000 * i, 1_000_000 * i + 1, 1_000_000 * i + 2, i);
            peer.Wait(10);
        }

        Assert.That(peer.Delivered, Is.EqualTo(Enumerable.Range(0, 100).Select(i => (uint)i)));
    }

    // Nothing came at the old place for a second: two that agree are believed again.
    [Test]
    public void Where_frames_can_be_told_apart_a_forgery_is_undone_at_once()
    {
        var peer = new GreTestPeer();
        peer.Call.Vouch = (_, sequence, _) => sequence < 1000;
        peer.Receive(0, 1);
        peer.Wait(1001);
        peer.Receive(1_000_000, 1_000_001);
        Assert.That(peer.Delivered, Does.Contain(1_000_001));

        peer.Receive(2, 3, 4);

        Assert.That(peer.Delivered, Does.Contain(3).And.Contain(4));
    }
}
