using Pptp.Model;

namespace Pptp.Appliance;

/// <summary>A row of <c>/radius</c> and what has come of it, logins and accounting together.</summary>
public sealed record RadiusServerStatus
{
    public required RadiusServer Row { get; init; }

    /// <summary>It has answered when it was last asked, or was not asked yet.</summary>
    public required bool IsAlive { get; init; }

    /// <summary>Requests that wait for their answer.</summary>
    public int Pending { get; init; }

    public long Requests { get; init; }

    public long Accepts { get; init; }

    public long Rejects { get; init; }

    public long Resends { get; init; }

    public long Timeouts { get; init; }

    public long BadReplies { get; init; }

    /// <summary>Null: nothing was answered yet.</summary>
    public TimeSpan? LastRequestRtt { get; init; }
}
