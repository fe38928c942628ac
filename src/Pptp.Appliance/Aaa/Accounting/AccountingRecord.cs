using Pptp.Appliance.State;

namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>Acct-Status-Type (RFC 2866 §5.1).</summary>
internal enum AccountingStatusType
{
    Start = 1,
    Stop = 2,
    InterimUpdate = 3,
    AccountingOn = 7,
    AccountingOff = 8,
}

/// <summary>One report: what is the same in each of its repeats.</summary>
/// <param name="StatusType">What it reports.</param>
/// <param name="Figures">When it happened, and for Interim-Update and Stop what was counted.</param>
/// <param name="Cause">Of a Stop.</param>
internal sealed record AccountingRecord(AccountingStatusType StatusType, AccountingProgress Figures, uint? Cause = null);
