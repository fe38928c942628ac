using Pptp.Protocol.Gre;
using Pptp.Protocol.Tests.Control;

namespace Pptp.Protocol.Tests.Gre;

/// <summary>RFC 2637 §4.3: what arrives in any order leaves in order, or not at all.</summary>
public sealed class GreReorderTests
{
    private static readonly uint[] Starts = [0, 1, 2, 4711, 0x7FFFFFFE, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF];

    [TestCaseSource(nameof(Starts))]
    public void The_first_packet_may_have_any_number(uint first)
    {
        var peer = new GreTestPeer();

        Assert.That(peer.Receive(first), Is.EqualTo(GreReceiveResult.Deliver));
        Assert.That(peer.Receive(unchecked(first + 1)), Is.EqualTo(GreReceiveResult.Deliver));

        Assert.That(peer.Call.LastDelivered, Is.EqualTo(unchecked(first + 1)));
        Assert.That(peer.Call.HeldMemory, Is.Zero);
    }

    [TestCaseSource(nameof(Starts))]
    public void Every_order_of_seven_packets_comes_out_in_order(uint first)
    {
        foreach (int[] order in Permutations.Of(7))
        {
            var peer = new GreTestPeer();
            peer.Receive(first);
            foreach (int i in order)
                peer.Receive(unchecked(first + 1 + (uint)i));

            // Plain comparisons: this runs 40,000 times.
            if (!peer.Delivered.SequenceEqual(Enumerable.Range(0, 8).Select(i => unchecked(first + (uint)i))))
                Assert.Fail($"{string.Join(' ', order)} came out as {string.Join(' ', peer.Delivered)}");
            if (peer.Call.NextDeadline != peer.Time)
                Assert.Fail("more than an acknowledgement is due");
        }
    }

    [Test]
    public void Every_order_of_every_part_of_six_packets_comes_out_in_order_when_the_time_is_up()
    {
        foreach (int[] order in Permutations.Of(6))
        {
            for (int arrived = 1; arrived < 6; arrived++)
            {
                var peer = new GreTestPeer();
                peer.Receive(100);
                foreach (int i in order[..arrived])
                    peer.Receive(101 + (uint)i);
                peer.Wait(50);

                uint[] expected = [100, .. order[..arrived].Order().Select(i => 101 + (uint)i)];
                if (!peer.Delivered.SequenceEqual(expected))
                    Assert.Fail($"{string.Join(' ', order[..arrived])} came out as {string.Join(' ', peer.Delivered)}");
                Assert.That(peer.Call.Counters.Lost, Is.EqualTo(expected[^1] - 100 - arrived));

                // What is missing still is late now, even the one just before.
                foreach (int i in order[arrived..])
                    peer.Receive(101 + (uint)i);
                peer.Wait(50);
                uint[] later = [.. order[arrived..].Select(i => 101 + (uint)i).Where(s => s > expected[^1]).Order()];
                if (!peer.Delivered.SequenceEqual(expected.Concat(later)))
                    Assert.Fail($"{string.Join(' ', order)} came out as {string.Join(' ', peer.Delivered)}");
                Assert.That(peer.Call.Counters.Late, Is.EqualTo(6 - arrived - later.Length));
            }
        }
    }

    [Test]
    public void Every_order_of_five_packets_each_sent_twice_comes_out_once_and_in_order()
    {
        foreach (int[] order in Permutations.Of(5))
        {
            foreach (int[] second in Permutations.Of(5))
            {
                var peer = new GreTestPeer();
                peer.Receive(0);
                foreach (int i in order.Concat(second))
                    peer.Receive(1 + (uint)i);

                if (!peer.Delivered.SequenceEqual(new uint[] { 0, 1, 2, 3, 4, 5 }))
                    Assert.Fail($"{string.Join(' ', order)} then {string.Join(' ', second)}");
                Assert.That(peer.Call.Counters.Duplicate, Is.EqualTo(5));
            }
        }
    }

    [Test]
    public void A_packet_waits_for_the_missing_one_no_longer_than_the_time_out()
    {
        var peer = new GreTestPeer();
        peer.Receive(10);
        Assert.That(peer.Receive(12), Is.EqualTo(GreReceiveResult.Held));

        Assert.That(peer.Call.NextDeadline, Is.EqualTo(peer.Time + TimeSpan.FromMilliseconds(50)));
        peer.Wait(49.999);
        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 10 }));
        peer.Wait(0.001);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 10, 12 }));
        Assert.That(peer.Call.Counters.Lost, Is.EqualTo(1));
        Assert.That(peer.Call.LastDelivered, Is.EqualTo(12));
    }

    [Test]
    public void Each_packet_has_its_own_time()
    {
        var peer = new GreTestPeer();
        peer.Receive(10, 14);
        peer.Wait(30);
        peer.Receive(12, 16);
        peer.Wait(20);
        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 10, 12, 14 }), "14 is up and takes 12 along");

        Assert.That(peer.Call.NextDeadline, Is.EqualTo(peer.Time + TimeSpan.FromMilliseconds(30)));
        peer.Wait(30);
        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 10, 12, 14, 16 }));
    }

    // RFC 2637 §4.3: it MUST NOT be passed up.
    [Test]
    public void A_packet_after_its_time_is_never_delivered()
    {
        var peer = new GreTestPeer();
        peer.Receive(10, 12);
        peer.Wait(50);

        Assert.That(peer.Receive(11), Is.EqualTo(GreReceiveResult.Late));
        Assert.That(peer.Receive(11), Is.EqualTo(GreReceiveResult.Late));
        peer.Wait(10_000);
        Assert.That(peer.Receive(11), Is.EqualTo(GreReceiveResult.Late), "not after a long silence either");

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 10, 12 }));
        Assert.That(peer.Call.Counters.Late, Is.EqualTo(3));
    }

    [Test]
    public void A_burst_of_late_packets_in_a_row_is_not_taken_for_a_restart()
    {
        var peer = new GreTestPeer();
        for (uint i = 0; i < 100; i++)
            peer.Receive(i);
        peer.Receive(Enumerable.Range(105, 4000).Select(i => (uint)i).ToArray());
        peer.Wait(60_000);
        int delivered = peer.Delivered.Count;

        peer.Receive(100, 101, 102, 103, 104);

        Assert.That(peer.Delivered, Has.Count.EqualTo(delivered));
        Assert.That(peer.Call.Counters.Late, Is.EqualTo(5));
        Assert.That(peer.Receive(4105), Is.EqualTo(GreReceiveResult.Deliver));
    }

    [Test]
    public void A_duplicate_is_told_from_a_late_one()
    {
        var peer = new GreTestPeer();
        peer.Receive(10, 11, 13);
        Assert.That(peer.Receive(11), Is.EqualTo(GreReceiveResult.Duplicate));
        Assert.That(peer.Receive(13), Is.EqualTo(GreReceiveResult.Duplicate), "held");
        peer.Wait(50);
        Assert.That(peer.Receive(13), Is.EqualTo(GreReceiveResult.Duplicate), "delivered from the buffer");
        Assert.That(peer.Receive(12), Is.EqualTo(GreReceiveResult.Late));
        Assert.That(peer.Receive(10), Is.EqualTo(GreReceiveResult.Duplicate));
        Assert.That(peer.Receive(9), Is.EqualTo(GreReceiveResult.Late));
        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 10, 11, 13 }));
    }

    [Test]
    public void A_stream_does_not_wait_when_more_than_the_limit_is_behind_the_gap()
    {
        var peer = new GreTestPeer();
        peer.Receive(0);
        for (uint i = 2; i <= 9; i++)
            peer.Receive(i);
        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0 }), "8 wait for 1");

        peer.Receive(10);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 2, 3, 4, 5, 6, 7, 8, 9, 10 }));
        Assert.That(peer.Call.Counters.Lost, Is.EqualTo(1));
        Assert.That(peer.Receive(1), Is.EqualTo(GreReceiveResult.Late));
    }

    [Test]
    public void The_window_slides_over_several_gaps()
    {
        var peer = new GreTestPeer();
        peer.Receive(0, 2, 4, 6, 8, 10, 12);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 2, 4 }), "1 and 3 are more than 8 behind 12, 5 is not");
        Assert.That(peer.Receive(3), Is.EqualTo(GreReceiveResult.Late));
        Assert.That(peer.Receive(5), Is.EqualTo(GreReceiveResult.Deliver));
        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 2, 4, 5, 6 }));
    }

    [Test]
    public void A_loss_of_many_in_a_row_costs_a_fast_stream_nothing_else()
    {
        foreach (uint gap in new uint[] { 1, 7, 8, 9, 10, 100, 5000, 1_000_000 })
        {
            var peer = new GreTestPeer();
            peer.Receive(0, 1, 2);
            uint next = 3 + gap;
            for (uint i = 0; i < 20; i++)
                peer.Receive(next + i);
            peer.Wait(50);

            uint[] expected = [0, 1, 2, .. Enumerable.Range(0, 20).Select(i => next + (uint)i)];
            Assert.That(peer.Delivered, Is.EqualTo(expected), $"gap of {gap}");
        }
    }

    [Test]
    public void Without_a_time_to_wait_nothing_waits()
    {
        var peer = new GreTestPeer(new GreCallOptions { ReorderTimeout = TimeSpan.Zero });

        peer.Receive(0, 2, 1, 3);

        Assert.That(peer.Delivered, Is.EqualTo(new uint[] { 0, 2, 3 }));
    }

    [Test]
    public void A_frame_too_long_to_keep_is_delivered_in_order_but_not_held()
    {
        var peer = new GreTestPeer(new GreCallOptions { MaximumHeldLength = 3 });

        Assert.That(peer.Receive(0), Is.EqualTo(GreReceiveResult.Deliver));
        Assert.That(peer.Receive(2), Is.EqualTo(GreReceiveResult.Rejected));
        Assert.That(peer.Receive(1_000_000), Is.EqualTo(GreReceiveResult.Rejected));
        Assert.That(peer.Receive(1), Is.EqualTo(GreReceiveResult.Deliver));
        Assert.That(peer.Call.Counters.Rejected, Is.EqualTo(2));
    }

    [Test]
    public void Memory_is_taken_when_needed_kept_and_bounded()
    {
        var options = new GreCallOptions { ReorderLimit = 16, MaximumHeldLength = 2048 };
        var peer = new GreTestPeer(options);
        peer.Receive(0, 1, 2);
        Assert.That(peer.Call.HeldMemory, Is.Zero);

        peer.Receive(4, 3);
        Assert.That(peer.Call.HeldMemory, Is.EqualTo(2048));
        peer.Receive(6, 5, 8, 7);
        Assert.That(peer.Call.HeldMemory, Is.EqualTo(2048));

        var random = new Xorshift(1);
        for (int i = 0; i < 100_000; i++)
            peer.Receive((uint)(i + random.Next(40)) + (random.Next(50) == 0 ? (uint)random.Next() : 0));
        Assert.That(peer.Call.HeldMemory, Is.LessThanOrEqualTo(20 * 2048));
    }

    [Test]
    public void An_owner_that_does_not_drain_gets_no_wrong_order_and_no_endless_memory()
    {
        var call = new GreCall(new GreCallOptions { ReorderLimit = 4, ReorderTimeout = TimeSpan.Zero });
        var delivered = new List<uint>();
        byte[] bytes = ControlBytes.Parse("3001 880b 0001 0000 00000000 aa");
        uint[] order = [0, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 10];
        foreach (uint sequence in order)
        {
            bytes[11] = (byte)sequence;
            Assert.That(GrePacket.TryParse(bytes, out GrePacket packet), Is.True);
            if (call.Receive(packet, TimeSpan.Zero) == GreReceiveResult.Deliver)
                delivered.Add(sequence);
        }

        while (call.TryTakeHeld(TimeSpan.Zero, out _, out uint sequence))
            delivered.Add(sequence);

        Assert.That(delivered, Is.Ordered.And.Unique);
        Assert.That(call.HeldMemory, Is.LessThanOrEqualTo(8 * 2048));
    }

    [Test]
    public void Nothing_is_allocated_per_packet_even_out_of_order()
    {
        var call = new GreCall(new GreCallOptions());
        byte[] bytes = ControlBytes.Parse("3081 880b 0004 0000 00000000 00000000 aabbccdd");
        byte[] header = new byte[16];
        Run(call, bytes, header, 0, 10_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        long taken = Run(call, bytes, header, 10_000, 100_000);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(taken, Is.EqualTo(90_000));

        static long Run(GreCall call, byte[] bytes, byte[] header, uint from, uint to)
        {
            long taken = 0;
            for (uint i = from; i < to; i++)
            {
                // Each pair swapped: 1 0 3 2 5 4 ..., after a first packet in order.
                uint sequence = i == 0 ? 0 : i % 2 == 1 ? i + 1 : i - 1;
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), sequence);
                if (!GrePacket.TryParse(bytes, out GrePacket packet))
                    return -1;
                TimeSpan now = TimeSpan.FromMicroseconds(i);
                if (call.Receive(packet, now) == GreReceiveResult.Deliver)
                    taken++;
                while (call.TryTakeHeld(now, out _, out _))
                    taken++;
                call.WriteHeader(header, 1, now);
                call.TryWriteAcknowledgement(header, now, out _);
                _ = call.NextDeadline;
            }

            return taken;
        }
    }

    /// <summary>
    /// A network that delays each packet by a random time, loses and doubles some. If no delay is longer than what the
    /// buffer mends, everything that was not lost comes out, in order and once.
    /// </summary>
    [Test]
    public void A_random_network_within_the_limits_loses_nothing_more([Range(1, 40)] int seed)
    {
        var random = new Xorshift((ulong)seed);
        uint first = (uint)random.Next() - (seed % 2 == 0 ? 0u : 0x80000000u);
        if (seed % 5 == 0)
            first = 0xFFFFFF00;
        var arrivals = new List<(double Time, uint Sequence)>();
        var sent = new List<uint>();
        for (uint i = 0; i < 2000; i++)
        {
            uint sequence = unchecked(first + i);
            if (i > 0 && random.Next(20) == 0)
                continue;
            sent.Add(sequence);
            for (int copies = random.Next(10) == 0 ? 2 : 1; copies > 0; copies--)
                arrivals.Add((i == 0 ? 0 : i + (random.Next(400) / 10.0), sequence));
        }

        var peer = new GreTestPeer(new GreCallOptions { ReorderTimeout = TimeSpan.FromMilliseconds(45) });
        double start = peer.Now;
        foreach ((double time, uint sequence) in arrivals.OrderBy(a => a.Time))
        {
            peer.Now = start + time;
            peer.Drain();
            peer.Receive(sequence);
        }

        peer.Wait(50);
        Assert.That(peer.Delivered, Is.EqualTo(sent));
        Assert.That(peer.Call.Counters.Late, Is.Zero);
        Assert.That(peer.Call.Counters.Delivered, Is.EqualTo(sent.Count));
        Assert.That(peer.Call.Counters.Lost, Is.EqualTo(unchecked(sent[^1] - first + 1) - (uint)sent.Count));
    }

    /// <summary>Any network at all: the numbers that come out only ever go up, whatever else happens.</summary>
    [Test]
    public void A_random_network_beyond_all_limits_never_breaks_the_order([Range(1, 40)] int seed)
    {
        var random = new Xorshift((ulong)seed + 99);
        var peer = new GreTestPeer();
        uint place = 5000;
        peer.Receive(4998, 4999);
        for (int i = 0; i < 3000; i++)
        {
            place += (uint)random.Next(3);
            peer.Receive(random.Next(30) switch
            {
                0 => place - (uint)random.Next(4000),
                < 20 => place + (uint)random.Next(12),
                _ => place,
            });
            peer.Wait(random.Next(20));
        }

        Assert.That(peer.Delivered, Is.Ordered.And.Unique);
        Assert.That(peer.Delivered, Has.Count.GreaterThan(1000));
    }
}
