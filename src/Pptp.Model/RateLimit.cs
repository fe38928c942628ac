using Pptp.Model.Types;

namespace Pptp.Model;

/// <summary>
/// RouterOS' rate-limit: <c>rx[/tx] [burst-rx[/tx] [threshold-rx[/tx] [time-rx[/tx] [priority [min-rx[/tx]]]]]]</c>.
/// Members left out stand as null; their meaning is a rule of traffic shaping, not of the text.
/// </summary>
public sealed record RateLimit(RatePair Rate)
{
    public RatePair? BurstRate { get; init; }

    public RatePair? BurstThreshold { get; init; }

    /// <summary>The time over which the average is taken, received traffic.</summary>
    public TimeSpan? ReceiveBurstTime { get; init; }

    /// <summary>The time over which the average is taken, sent traffic.</summary>
    public TimeSpan? TransmitBurstTime { get; init; }

    /// <summary>1 (best) to 8.</summary>
    public int? Priority { get; init; }

    public RatePair? MinimumRate { get; init; }

    /// <summary>Reads it as RouterOS writes it, in an attribute of RADIUS too.</summary>
    /// <returns>Null: it is none.</returns>
    public static RateLimit? Parse(string text) =>
        new RateLimitType().TryParse(text, out RateLimit limit, out string? problem) && problem is null ? limit : null;

    /// <summary>As RouterOS writes it.</summary>
    public override string ToString() => new RateLimitType().Format(this);
}
