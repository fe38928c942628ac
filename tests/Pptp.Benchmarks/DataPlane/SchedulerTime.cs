using System.Globalization;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>Processor time of a process to the nanosecond, as the scheduler counts it.</summary>
internal static class SchedulerTime
{
    public static TimeSpan Of(int process)
    {
        long nanoseconds = 0;
        foreach (string task in Directory.GetDirectories($"/proc/{process}/task"))
        {
            try
            {
                string text = File.ReadAllText(Path.Combine(task, "schedstat"));
                nanoseconds += long.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException)
            {
                // A thread that has ended in the meantime.
            }
        }
        return TimeSpan.FromTicks(nanoseconds / 100);
    }
}
