using System.Diagnostics;

namespace Pptp.Linux.Tests;

public sealed class EventPollTests
{
    [Test]
    public void A_signal_wakes_the_waiter_with_its_token_until_it_is_cleared()
    {
        using EventPoll poll = new();
        using EventSignal signal = new();
        PollEvent[] events = new PollEvent[4];
        poll.Add(signal.Descriptor, ulong.MaxValue - 1);
        Assert.That(poll.Wait(events, TimeSpan.Zero), Is.Zero);
        Assert.That(signal.Clear(), Is.False, "not set yet");

        signal.Set();
        signal.Set();

        Assert.That(poll.Wait(events, null), Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new PollEvent(ulong.MaxValue - 1, PollEvents.Readable)));
        Assert.That(poll.Wait(events, null), Is.EqualTo(1), "still set");
        Assert.That(signal.Clear(), Is.True);
        Assert.That(poll.Wait(events, TimeSpan.Zero), Is.Zero);
    }

    [Test]
    public void A_signal_wakes_a_thread_that_waits_for_ever()
    {
        using EventPoll poll = new();
        using EventSignal signal = new();
        poll.Add(signal.Descriptor, 5);
        int woken = 0;
        Thread waiter = new(() => woken = poll.Wait(new PollEvent[1], null));
        waiter.Start();
        signal.Set();
        Assert.That(waiter.Join(TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(woken, Is.EqualTo(1));
    }

    [Test]
    public void A_timeout_is_never_short_and_finer_than_a_millisecond()
    {
        using EventPoll poll = new();
        PollEvent[] events = new PollEvent[1];
        TimeSpan timeout = TimeSpan.FromMicroseconds(150);
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int i = 0; i < 100; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Assert.That(poll.Wait(events, timeout), Is.Zero);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            shortest = elapsed < shortest ? elapsed : shortest;
        }

        Assert.That(shortest, Is.GreaterThanOrEqualTo(timeout));
        if (Environment.OSVersion.Version >= new Version(5, 11))
        {
            Assert.That(shortest, Is.LessThan(TimeSpan.FromMilliseconds(1)), "the best of a hundred");
        }
    }

    [Test]
    public void What_is_waited_for_can_be_changed_and_dropped()
    {
        using EventPoll poll = new();
        using EventSignal signal = new();
        PollEvent[] events = new PollEvent[4];
        poll.Add(signal.Descriptor, 1);
        poll.Modify(signal.Descriptor, 2, PollEvents.Writable);
        Assert.That(poll.Wait(events, TimeSpan.Zero), Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new PollEvent(2, PollEvents.Writable)));
        poll.Remove(signal.Descriptor);
        Assert.That(poll.Wait(events, TimeSpan.Zero), Is.Zero);
    }

    [Test]
    public void One_call_gives_no_more_than_asked_for_and_no_more_than_256()
    {
        using EventPoll poll = new();
        EventSignal[] signals = [.. Enumerable.Range(0, 300).Select(_ => new EventSignal())];
        foreach ((int i, EventSignal signal) in signals.Index())
        {
            poll.Add(signal.Descriptor, (ulong)i);
            signal.Set();
        }

        PollEvent[] events = new PollEvent[512];
        Assert.That(poll.Wait(events.AsSpan(0, 3), TimeSpan.Zero), Is.EqualTo(3));
        HashSet<ulong> seen = [];
        for (int call = 0; call < 2; call++)
        {
            int count = poll.Wait(events, TimeSpan.Zero);
            Assert.That(count, Is.EqualTo(256));
            seen.UnionWith(events.Take(count).Select(e => e.Token));
        }

        Assert.That(seen, Has.Count.EqualTo(300), "what one call leaves, the next gives first");
        Array.ForEach(signals, s => s.Dispose());
    }

    [Test]
    public void Mistakes_are_named()
    {
        using EventPoll poll = new();
        using EventSignal signal = new();
        poll.Add(signal.Descriptor, 1);
        Assert.That(
            () => poll.Add(signal.Descriptor, 1),
            Throws.TypeOf<LinuxException>().With.Message.EqualTo(
                $"epoll_ctl(ADD) on descriptor {signal.Descriptor}: EEXIST (File exists)"));
        Assert.That(
            () => poll.Add(-1, 1),
            Throws.TypeOf<LinuxException>().With.Message.EqualTo(
                "epoll_ctl(ADD) on descriptor -1: EBADF (Bad file descriptor)"));
        Assert.That(() => poll.Wait([], null), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void After_dispose_they_say_so()
    {
        EventPoll poll = new();
        EventSignal signal = new();
        poll.Dispose();
        poll.Dispose();
        signal.Dispose();
        signal.Dispose();
        Assert.That(() => poll.Wait(new PollEvent[1], TimeSpan.Zero), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => poll.Add(0, 0), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(signal.Set, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(signal.Clear, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Waiting_allocates_nothing()
    {
        using EventPoll poll = new();
        using EventSignal signal = new();
        poll.Add(signal.Descriptor, 1);
        PollEvent[] events = new PollEvent[4];
        long allocated = 0;
        for (int i = 0; i < 200; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            signal.Set();
            _ = poll.Wait(events, TimeSpan.FromSeconds(1));
            _ = signal.Clear();
            _ = poll.Wait(events, TimeSpan.FromMicroseconds(1));

            // The first rounds may compile.
            allocated += i >= 100 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
        }

        Assert.That(allocated, Is.Zero);
    }
}
