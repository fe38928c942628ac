namespace Pptp.Benchmarks.Load;

/// <summary>What the tunnels carry.</summary>
internal enum TrafficKind
{
    None,

    /// <summary>ICMP echo requests to the server's end of each tunnel; the replies are counted.</summary>
    Echo,

    /// <summary>UDP from each tunnel to the address of its neighbour; what comes out there is counted.</summary>
    Pairs,
}
