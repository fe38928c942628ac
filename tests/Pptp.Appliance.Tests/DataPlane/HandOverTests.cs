using System.Net;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.DataPlane.Offload;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.Tests.DataPlane;

public sealed class HandOverTests
{
    private const int Capacity = 2048;

    private readonly HandOver _handOver = new(Capacity, path => path.Bulk);

    [TearDown]
    public void Dispose() => _handOver.Dispose();

    [Test]
    public void Packets_come_out_as_they_went_in_any_number_of_times_round()
    {
        DataPath path = Path(1);
        for (int round = 0; round < 3 * Capacity; round += 100)
        {
            for (int i = 0; i < 100; i++)
                Assert.That(_handOver.TryAdd(path, [(byte)round, (byte)i]), Is.True);
            Assert.That(_handOver.Count, Is.EqualTo(100));
            Assert.That(path.Bulk.Count, Is.EqualTo(100));
            for (int i = 0; i < 100; i++)
            {
                Assert.That(_handOver.PathOf(i), Is.SameAs(path));
                Assert.That(_handOver.Packet(i).SequenceEqual(new[] { (byte)round, (byte)i }), Is.True);
            }
            _handOver.Remove(100);
            Assert.That(_handOver.IsEmpty, Is.True);
            Assert.That(path.Bulk.Count, Is.Zero);
        }
    }

    [Test]
    public void One_that_floods_leaves_room_for_its_neighbour()
    {
        DataPath flood = Path(1), neighbour = Path(2);
        int taken = 0;
        while (_handOver.TryAdd(flood, [1]))
            taken++;
        Assert.That(taken, Is.LessThan(Capacity));
        for (int i = 0; i < 100; i++)
            Assert.That(_handOver.TryAdd(neighbour, [2]), Is.True);
    }

    [Test]
    public void There_is_an_end_to_what_all_together_may_leave()
    {
        DataPath[] paths = [.. Enumerable.Range(0, 100).Select(i => Path((ushort)i))];
        int taken = 0;
        for (int i = 0; i < 2 * Capacity; i++)
            taken += _handOver.TryAdd(paths[i % paths.Length], [1]) ? 1 : 0;
        Assert.That(taken, Is.EqualTo(Capacity));
    }

    [Test]
    public void What_waits_stays_as_it_is_while_more_comes_and_goes()
    {
        DataPath path = Path(1);
        Random random = new(5);
        Queue<byte[]> expected = new();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = [(byte)i, (byte)(i >> 8), 7];
            if (random.Next(2) == 0 && _handOver.TryAdd(path, packet))
                expected.Enqueue(packet);
            int count = random.Next(3);
            if (count > expected.Count)
                continue;
            for (int n = 0; n < count; n++)
                Assert.That(_handOver.Packet(n).SequenceEqual(expected.Dequeue()), Is.True);
            _handOver.Remove(count);
        }
    }

    private static DataPath Path(ushort callId) => new(
        null!, CallAddress.Of(IPAddress.Loopback, IPAddress.Loopback, callId), new GreCallOptions(), null!,
        new WorkerTools(new WorkerBuffers(), null!, null!, new Coalescer()));
}
