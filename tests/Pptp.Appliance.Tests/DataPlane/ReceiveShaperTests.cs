using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Tests.DataPlane;

public sealed class ReceiveShaperTests
{
    private readonly byte[] _taken = new byte[2048];

    [Test]
    public void What_comes_too_fast_waits_its_turn_in_order()
    {
        ReceiveShaper shaper = new(new DirectionRate(100_000), TimeSpan.Zero);
        Assert.That(shaper.MayPass(1000, TimeSpan.Zero), Is.True);
        Assert.That(shaper.MayPass(1000, TimeSpan.Zero), Is.False);
        Assert.That(shaper.NextDeadline, Is.Null, "nothing waits yet");
        for (byte number = 1; number <= 3; number++)
            Assert.That(shaper.TryWait(Packet(number)), Is.True);
        List<byte> order = [];
        while (shaper.NextDeadline is { } due)
        {
            TimeSpan now = due + TimeSpan.FromMicroseconds(1);
            // What comes meanwhile does not overtake what waits.
            Assert.That(shaper.MayPass(1000, now), Is.False);
            Assert.That(shaper.TakeDue(_taken, now), Is.EqualTo(1000));
            order.Add(_taken[0]);
        }
        Assert.That(order, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void No_more_waits_than_there_is_room_for()
    {
        ReceiveShaper shaper = new(new DirectionRate(128_000), TimeSpan.Zero);
        shaper.MayPass(1500, TimeSpan.Zero);
        int waiting = 0;
        while (shaper.TryWait(new byte[1500]))
            waiting++;
        Assert.That(waiting, Is.EqualTo(8));
        Assert.That(shaper.TakeAny(_taken), Is.EqualTo(1500));
        Assert.That(shaper.TryWait(new byte[1500]), Is.True);
    }

    [Test]
    public void A_packet_that_is_longer_than_all_that_may_wait_waits_alone()
    {
        ReceiveShaper shaper = new(new DirectionRate(128_000), TimeSpan.Zero);
        shaper.MayPass(1500, TimeSpan.Zero);
        Assert.That(shaper.TryWait(new byte[1500]), Is.True);
        Assert.That(shaper.TryWait(new byte[65_535]), Is.False);
        shaper.TakeAny(_taken);
        Assert.That(shaper.TryWait(new byte[65_535]), Is.True);
        Assert.That(shaper.TryWait(new byte[1]), Is.False);
        Assert.That(shaper.TakeAny(new byte[65_535]), Is.EqualTo(65_535));
        Assert.That(shaper.TryWait(new byte[1500]), Is.True);
    }

    // Lengths that share no factor with the ring's put its end at every place of a packet.
    [Test]
    public void Packets_come_out_of_the_ring_as_they_went_in_wherever_its_end_is()
    {
        PacketRing ring = new(4096);
        Random random = new(1);
        Queue<byte[]> expected = [];
        for (int i = 0; i < 10_000; i++)
        {
            byte[] packet = new byte[random.Next(1, 1500)];
            random.NextBytes(packet);
            if (ring.TryAdd(packet))
                expected.Enqueue(packet);
            else
                TakeOne(ring, expected);
        }
        while (expected.Count > 0)
            TakeOne(ring, expected);
        Assert.That(ring.IsEmpty, Is.True);
        Assert.That(ring.Take(_taken), Is.Zero);
    }

    private void TakeOne(PacketRing ring, Queue<byte[]> expected)
    {
        int length = ring.Take(_taken);
        Assert.That(_taken.AsSpan(0, length).SequenceEqual(expected.Dequeue()), Is.True);
    }

    private static byte[] Packet(byte number)
    {
        byte[] packet = new byte[1000];
        packet[0] = number;
        return packet;
    }
}
