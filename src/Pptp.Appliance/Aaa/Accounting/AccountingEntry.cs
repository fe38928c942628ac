using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.State;
using Pptp.Model;

namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>A session, or the daemon's start or stop, with what is still to be told of it. Under its owner's lock.</summary>
/// <param name="row">What the disk has of it, or is to have.</param>
/// <param name="query">The way to its server.</param>
/// <param name="marker">Accounting-On or -Off; null: a session.</param>
internal sealed class AccountingEntry(AccountingRow row, RadiusQuery query, AccountingStatusType? marker = null)
{
    public AccountingRow Row { get; set; } = row;

    public RadiusQuery Query => query;

    public AccountingStatusType? Marker => marker;

    /// <summary>Its daemon has ended without a word.</summary>
    public bool IsOfEarlierRun { get; init; }

    /// <summary>Null: it is over, or of an earlier run.</summary>
    public AccountedSession? Live { get; set; }

    /// <summary>When it came up.</summary>
    public TimeSpan Since { get; init; }

    /// <summary>As it was when the session began: all its reports count alike.</summary>
    public AccountingInput Input { get; init; }

    /// <summary>Between two reports; null: none are sent.</summary>
    public TimeSpan? Interval { get; set; }

    public TimeSpan? NextInterim { get; set; }

    public TimeSpan NextCheckpoint { get; set; }

    /// <summary>Where it stands in the agenda; null: nowhere.</summary>
    public TimeSpan? Due { get; set; }

    /// <summary>The last report that no server has taken; a newer one takes its place, and so does the end.</summary>
    public AccountingProgress? Interim { get; set; }

    /// <summary>The disk has the session, so its beginning may be told: its end will be, whatever happens.</summary>
    public bool MayStart { get; set; }

    /// <summary>The disk has what <see cref="Interim"/> tells: the end will not tell of less.</summary>
    public bool MayReport { get; set; }

    /// <summary>The disk has the end: nobody will be told of another.</summary>
    public bool MayStop { get; set; }

    /// <summary>Where it waits its turn; null: it does not.</summary>
    public LinkedListNode<AccountingEntry>? Place { get; set; }

    /// <summary>It is being sent.</summary>
    public bool IsSending { get; set; }

    public bool IsUnderWay => IsSending || Place is not null;

    /// <summary>A server has taken its last report.</summary>
    public bool IsDone { get; set; }

    /// <summary>The next report; null: there is none, or the disk does not have yet what must be there before.</summary>
    public AccountingRecord? Next
    {
        get
        {
            if (IsDone)
                return null;
            if (marker is { } type)
                return new AccountingRecord(type, Row.Progress);
            if (!Row.StartAcknowledged)
            {
                return MayStart
                    ? new AccountingRecord(AccountingStatusType.Start, new AccountingProgress { At = Row.StartedAt })
                    : null;
            }
            if (Row.Cause is { } cause)
                return MayStop ? new AccountingRecord(AccountingStatusType.Stop, Row.Progress, cause) : null;
            return MayReport && Interim is { } figures
                ? new AccountingRecord(AccountingStatusType.InterimUpdate, figures)
                : null;
        }
    }

    /// <summary>Since when something of it waits to be told; null: nothing does.</summary>
    public DateTimeOffset? WaitsSince =>
        IsDone ? null
        : marker is not null ? Row.Progress.At
        : !Row.StartAcknowledged ? Row.StartedAt
        : Row.Cause is not null ? Row.Progress.At
        : Interim?.At;
}
