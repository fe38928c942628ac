using System.Diagnostics;

namespace Pptp.Interop.Tests.Harness;

/// <summary>Waits for what no log line tells.</summary>
internal static class Wait
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Looks again and again until it is so.</summary>
    /// <returns>How long it took, or null when it did not become so in time.</returns>
    public static TimeSpan? Until(Func<bool> condition, TimeSpan timeout)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > timeout)
            {
                return null;
            }

            Thread.Sleep(Step);
        }

        return clock.Elapsed;
    }
}
