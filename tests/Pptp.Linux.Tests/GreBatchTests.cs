namespace Pptp.Linux.Tests;

public sealed class GreBatchTests
{
    [Test]
    public void It_holds_64_packets_each_in_its_own_slot()
    {
        using GreBatch batch = new();
        for (int i = 0; i < GreBatch.Capacity; i++)
        {
            Assert.That(batch.IsFull, Is.False);
            batch.Slot(batch.Count).Fill((byte)i);
            batch.Add(100 + i, 1u + (uint)i, 1000u + (uint)i);
        }

        Assert.That(batch.IsFull, Is.True);
        for (int i = 0; i < GreBatch.Capacity; i++)
        {
            Assert.That(batch.Length(i), Is.EqualTo(100 + i));
            Assert.That(batch.Packet(i).Length, Is.EqualTo(100 + i));
            Assert.That(batch.Packet(i).IndexOfAnyExcept((byte)i), Is.EqualTo(-1));
            Assert.That(batch.LocalAddress(i), Is.EqualTo(1 + i));
            Assert.That(batch.RemoteAddress(i), Is.EqualTo(1000 + i));
        }

        Assert.That(() => batch.Add(1, 0, 0), Throws.InvalidOperationException);
        batch.Clear();
        Assert.That(batch.Count, Is.Zero);
    }

    [TestCase(63)]
    [TestCase(65536)]
    public void A_slot_has_a_sensible_size(int size) =>
        Assert.That(() => new GreBatch(size), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Indices_and_lengths_out_of_range_are_the_callers_mistake()
    {
        using GreBatch batch = new(128);
        batch.Add(128, 0, 0);
        Assert.That(batch.Slot(0).Length, Is.EqualTo(128));
        Assert.That(() => batch.Slot(64).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => batch.Slot(-1).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => batch.Packet(1).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => batch.Add(129, 0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => batch.Add(0, 0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void After_dispose_its_memory_is_out_of_reach()
    {
        GreBatch batch = new();
        batch.Add(1, 0, 0);
        batch.Dispose();
        batch.Dispose();
        Assert.That(() => batch.Slot(0).Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => batch.Packet(0).Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => batch.Add(1, 0, 0), Throws.TypeOf<ObjectDisposedException>());
    }
}
