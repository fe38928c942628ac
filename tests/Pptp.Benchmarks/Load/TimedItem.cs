namespace Pptp.Benchmarks.Load;

/// <summary>Something with a deadline of its own, which moves.</summary>
internal abstract class TimedItem
{
    /// <summary>For what time <see cref="LoadTimers"/> has it.</summary>
    public TimeSpan ArmedFor { get; set; } = TimeSpan.MaxValue;

    public abstract TimeSpan? Deadline { get; }

    public abstract void Advance(TimeSpan now);
}
