namespace Pptp.Appliance;

/// <summary>Times at which something becomes due, by the daemon's clock.</summary>
internal static class Deadline
{
    /// <summary>The earliest of those there are; null: there are none.</summary>
    public static TimeSpan? Earliest(params ReadOnlySpan<TimeSpan?> deadlines)
    {
        TimeSpan? earliest = null;
        foreach (TimeSpan? deadline in deadlines)
        {
            if (deadline is { } due && (earliest is null || due < earliest))
                earliest = due;
        }
        return earliest;
    }
}
