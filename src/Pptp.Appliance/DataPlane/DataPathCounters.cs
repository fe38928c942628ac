namespace Pptp.Appliance.DataPlane;

/// <summary>What one call has carried and lost since it began. Octets are those of IP packets inside the tunnel.</summary>
public readonly record struct DataPathCounters
{
    /// <summary>IP packets from the client.</summary>
    public long RxPackets { get; init; }

    /// <summary>Octets of IP from the client.</summary>
    public long RxBytes { get; init; }

    /// <summary>IP packets to the client.</summary>
    public long TxPackets { get; init; }

    /// <summary>Octets of IP to the client.</summary>
    public long TxBytes { get; init; }

    /// <summary>GRE sequence numbers that never came in time.</summary>
    public long GreLost { get; init; }

    /// <summary>GRE packets that came after their turn and were dropped.</summary>
    public long GreLate { get; init; }

    public long GreDuplicate { get; init; }

    /// <summary>GRE packets that came early, waited and were put in order.</summary>
    public long GreReordered { get; init; }

    /// <summary>Encrypted packets skipped, by the coherency count (RFC 3078 §3.1).</summary>
    public long MppeLost { get; init; }

    /// <summary>Times the decryptor had to walk its key forward over a gap.</summary>
    public long MppeResync { get; init; }

    /// <summary>Packets from the client whose inner source address was not its own.</summary>
    public long Spoofed { get; init; }

    /// <summary>Everything else that was dropped: malformed, in clear where encryption is on, before the link was up.</summary>
    public long Dropped { get; init; }
}
