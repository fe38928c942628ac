namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>What goes to the same servers. Under its owner's lock.</summary>
internal sealed class AccountingLane
{
    /// <summary>Reports of what has just happened.</summary>
    public LinkedList<AccountingEntry> Fresh { get; } = new();

    /// <summary>Reports that could not be sent before, and those of an earlier run.</summary>
    public LinkedList<AccountingEntry> Late { get; } = new();

    public int Sending { get; set; }

    public int SendingLate { get; set; }

    /// <summary>When it is to be tried again; null: a server takes what is sent.</summary>
    public TimeSpan? RetryAt { get; set; }

    public bool IsEmpty => Fresh.Count + Late.Count + Sending == 0;
}
