namespace Pptp.Radius;

/// <summary>What a client has seen so far, in the words of RouterOS' <c>/radius monitor</c>.</summary>
public sealed record RadiusCounters
{
    /// <summary>Requests that wait for their answer now.</summary>
    public int Pending { get; init; }

    /// <summary>Requests, each counted once however often it was sent.</summary>
    public long Requests { get; init; }

    /// <summary>Access-Accepts and Accounting-Responses.</summary>
    public long Accepts { get; init; }

    public long Rejects { get; init; }

    /// <summary>Sent again, for want of an answer.</summary>
    public long Resends { get; init; }

    /// <summary>Requests that nobody has answered in all their tries.</summary>
    public long Timeouts { get; init; }

    /// <summary>Answers that were none: malformed, or not of who shares the secret.</summary>
    public long BadReplies { get; init; }

    /// <summary>What the last answer took; null: there was none yet.</summary>
    public TimeSpan? LastRequestRtt { get; init; }

    /// <summary>Both together; of two times the right one's, unless it has none.</summary>
    public static RadiusCounters operator +(RadiusCounters left, RadiusCounters right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new RadiusCounters
        {
            Pending = left.Pending + right.Pending,
            Requests = left.Requests + right.Requests,
            Accepts = left.Accepts + right.Accepts,
            Rejects = left.Rejects + right.Rejects,
            Resends = left.Resends + right.Resends,
            Timeouts = left.Timeouts + right.Timeouts,
            BadReplies = left.BadReplies + right.BadReplies,
            LastRequestRtt = right.LastRequestRtt ?? left.LastRequestRtt,
        };
    }
}
