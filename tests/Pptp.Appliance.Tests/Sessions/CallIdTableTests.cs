using System.Buffers.Binary;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Sessions;
using Pptp.Protocol;

namespace Pptp.Appliance.Tests.Sessions;

public sealed class CallIdTableTests
{
    private const uint Local = 0x0A000001;
    private const uint Remote = 0x0A000002;

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Every_id_of_a_pair_of_addresses_is_given_once_and_never_0()
    {
        CallIdTable table = CreateTable(new CountingRandom());
        HashSet<ushort> given = [];
        while (table.TryAllocate(Local, Remote, out ushort id))
            Assert.That(given.Add(id), Is.True, $"{id} was given twice");
        Assert.That(given, Has.Count.EqualTo(65535));
        Assert.That(given, Does.Not.Contain((ushort)0));
    }

    [Test]
    public void Other_addresses_have_ids_of_their_own()
    {
        CallIdTable table = CreateTable(new FixedRandom(7));
        table.TryAllocate(Local, Remote, out ushort first);
        table.TryAllocate(Local, Remote + 1, out ushort second);
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void An_id_rests_for_a_minute()
    {
        CallIdTable table = CreateTable(new FixedRandom(7));
        table.TryAllocate(Local, Remote, out ushort first);
        table.Release(Local, Remote, first);
        table.TryAllocate(Local, Remote, out ushort second);
        Assert.That(second, Is.Not.EqualTo(first));
        _time.Advance(CallIdTable.Quarantine);
        table.TryAllocate(Local, Remote, out ushort third);
        Assert.That(third, Is.EqualTo(first));
    }

    [Test]
    public void The_quarantine_refuses_no_call()
    {
        CallIdTable table = CreateTable(new CountingRandom());
        while (table.TryAllocate(Local, Remote, out _))
        {
        }
        table.Release(Local, Remote, 100);
        table.Release(Local, Remote, 200);
        Assert.That(table.TryAllocate(Local, Remote, out ushort id), Is.True);
        Assert.That(id, Is.EqualTo(100), "the one that has rested longest");
    }

    private CallIdTable CreateTable(IRandomSource random) => new(random, new MonotonicClock(_time));

    /// <summary>Every value in turn, so that filling the table takes no search.</summary>
    private sealed class CountingRandom : IRandomSource
    {
        private ushort _next;

        public void Fill(Span<byte> destination) => BinaryPrimitives.WriteUInt16BigEndian(destination, ++_next);
    }

    private sealed class FixedRandom(ushort value) : IRandomSource
    {
        public void Fill(Span<byte> destination)
        {
            for (int i = 0; i < destination.Length; i++)
                destination[i] = (byte)(value >> (8 * (1 - i % 2)));
        }
    }
}
