using System.Diagnostics;

namespace Pptp.Testing.Serving;

/// <summary>Waits for what nothing announces, such as an interface that goes.</summary>
public static class Poll
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Looks again and again until it is so.</summary>
    /// <returns>How long it took; null: it did not become so in time.</returns>
    public static async Task<TimeSpan?> UntilAsync(Func<bool> isSo, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(Step);
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(start) > timeout)
                return null;
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
