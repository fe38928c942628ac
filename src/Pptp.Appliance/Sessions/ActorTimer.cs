namespace Pptp.Appliance.Sessions;

/// <summary>Ticks when an actor's earliest deadline has come.</summary>
/// <param name="clock">What the deadlines are counted by.</param>
/// <param name="tick">Posts a tick to the actor's mailbox; from any thread.</param>
internal sealed class ActorTimer(MonotonicClock clock, Action tick) : IDisposable
{
    private readonly ITimer _timer = clock.Time.CreateTimer(
        static tick => ((Action)tick!)(), tick, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <param name="deadline">Null: there is none.</param>
    public void Set(TimeSpan? deadline)
    {
        if (deadline is not { } due)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        // Timers count whole milliseconds: rounded up, a tick never comes before its deadline.
        double wait = Math.Ceiling((due - clock.Now).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(wait, 0)), Timeout.InfiniteTimeSpan);
        // The timer counts from when it was set, the wait from a little before: the deadline may lie in between.
        if (clock.Now >= due)
            tick();
    }

    public void Dispose() => _timer.Dispose();
}
