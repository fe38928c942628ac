using System.Net;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.DataPlane.Offload;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.Tests.DataPlane;

public sealed class HandOverTests
{
    private readonly HandOver _handOver = new();

    [TearDown]
    public void Dispose() => _handOver.Dispose();

    [Test]
    public void Packets_come_out_as_they_went_in_any_number_of_times_round()
    {
        DataPath path = Path(1);
        for (int round = 0; round < 3 * HandOver.Capacity; round += 100)
        {
            for (int i = 0; i < 100; i++)
                Assert.That(_handOver.TryAdd(path, [(byte)round, (byte)i]), Is.True);
            Assert.That(_handOver.Count, Is.EqualTo(100));
            Assert.That(path.HandedOver, Is.EqualTo(100));
            for (int i = 0; i < 100; i++)
            {
                Assert.That(_handOver.PathOf(i), Is.SameAs(path));
                Assert.That(_handOver.Packet(i).SequenceEqual(new[] { (byte)round, (byte)i }), Is.True);
            }
            _handOver.Remove(100);
            Assert.That(_handOver.IsEmpty, Is.True);
            Assert.That(path.HandedOver, Is.Zero);
        }
    }

    [Test]
    public void One_that_floods_leaves_room_for_its_neighbour()
    {
        DataPath flood = Path(1), neighbour = Path(2);
        int taken = 0;
        while (_handOver.TryAdd(flood, [1]))
            taken++;
        Assert.That(taken, Is.LessThan(HandOver.Capacity));
        for (int i = 0; i < 100; i++)
            Assert.That(_handOver.TryAdd(neighbour, [2]), Is.True);
    }

    [Test]
    public void There_is_an_end_to_what_all_together_may_leave()
    {
        DataPath[] paths = [.. Enumerable.Range(0, 100).Select(i => Path((ushort)i))];
        int taken = 0;
        for (int i = 0; i < 2 * HandOver.Capacity; i++)
            taken += _handOver.TryAdd(paths[i % paths.Length], [1]) ? 1 : 0;
        Assert.That(taken, Is.EqualTo(HandOver.Capacity));
    }

    private static DataPath Path(ushort callId) => new(
        null!, CallAddress.Of(IPAddress.Loopback, IPAddress.Loopback, callId), new GreCallOptions(), null!,
        new WorkerTools(new WorkerBuffers(), null!, null!, new Coalescer()));
}
