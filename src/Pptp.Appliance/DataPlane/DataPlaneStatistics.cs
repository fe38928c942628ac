namespace Pptp.Appliance.DataPlane;

/// <summary>What all data paths together have done since the start.</summary>
public readonly record struct DataPlaneStatistics
{
    /// <summary>GRE packets handed to the kernel.</summary>
    public long Sent { get; init; }

    /// <summary>In how many system calls.</summary>
    public long SendCalls { get; init; }

    /// <summary>Packets of IP written to TUNs.</summary>
    public long Written { get; init; }

    /// <summary>Of these, packets that shared a write with others of their TCP connection or UDP flow.</summary>
    public long Coalesced { get; init; }

    /// <summary>Octets that the threads of the data plane have allocated on the managed heap.</summary>
    public long Allocated { get; init; }

    /// <summary>Garbage collections of the whole process.</summary>
    public long Collections { get; init; }

    /// <summary>GRE packets that came for no call of ours.</summary>
    public long UnknownCalls { get; init; }

    /// <summary>GRE packets that the kernel dropped because the socket's buffer was full.</summary>
    public long KernelDrops { get; init; }
}
