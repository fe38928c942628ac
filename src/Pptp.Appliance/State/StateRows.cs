namespace Pptp.Appliance.State;

/// <summary>An address of a pool, who had it last, and a number that is greater the later that was.</summary>
internal readonly record struct LeaseRow(string Pool, string Address, string Owner, long Ordinal);

/// <summary>A user and what is remembered of him.</summary>
internal readonly record struct HistoryRow(string User, SecretHistory History);

/// <summary>Rows to be written, or that were read.</summary>
internal sealed record StateRows(IReadOnlyList<HistoryRow> Histories, IReadOnlyList<LeaseRow> Leases)
{
    public bool IsEmpty => Histories.Count == 0 && Leases.Count == 0;
}
