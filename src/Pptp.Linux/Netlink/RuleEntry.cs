using System.Net;
using System.Net.Sockets;

namespace Pptp.Linux;

/// <summary>A rule of policy routing that sends packets to a table (FR_ACT_TO_TBL), or one of another action.</summary>
public sealed record RuleEntry
{
    /// <summary>IPv4 or IPv6. Follows the prefixes where they are given.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.InterNetwork;

    /// <summary>The place in the list; the lower is asked first.</summary>
    public required uint Priority { get; init; }

    /// <summary>From where; null: from anywhere.</summary>
    public IPNetwork? Source { get; init; }

    /// <summary>Where to; null: to anywhere.</summary>
    public IPNetwork? Destination { get; init; }

    /// <summary>The name of the interface packets come in on; it may not exist yet.</summary>
    public string? InputInterface { get; init; }

    /// <summary>The name of the interface a local socket is bound to.</summary>
    public string? OutputInterface { get; init; }

    /// <summary>The firewall mark, all 32 bits; null: any.</summary>
    public uint? Mark { get; init; }

    /// <summary>The table that is asked.</summary>
    public required uint Table { get; init; }

    /// <summary>Who made the rule (FRA_PROTOCOL, kernel 4.17 and later); ours has a number of its own.</summary>
    public byte Protocol { get; init; }

    /// <summary>What the rule does (FR_ACT_*): 1 asks the table; others are listed, never made here.</summary>
    public byte Action { get; init; } = 1;
}
