namespace Pptp.Appliance;

/// <summary>The daemon's one monotonic time: what every protocol machine is given as <c>now</c>.</summary>
public sealed class MonotonicClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    public TimeProvider Time { get; } = time;

    /// <summary>Time since the clock was made; never goes back.</summary>
    public TimeSpan Now => Time.GetElapsedTime(_origin);
}
