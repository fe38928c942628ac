namespace Pptp.Linux;

/// <summary>A network interface as the kernel describes it.</summary>
public sealed record LinkEntry
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    /// <summary>Its neighbours have Ethernet addresses (ARPHRD_ETHER).</summary>
    public bool IsEthernet { get; init; }

    /// <summary>Set up by the administrator (IFF_UP).</summary>
    public bool IsUp { get; init; }

    /// <summary>The line is there (IFLA_CARRIER). A TUN has carrier while its descriptor is open.</summary>
    public bool HasCarrier { get; init; }

    /// <summary>In bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>In packets.</summary>
    public int TxQueueLength { get; init; }

    /// <summary>The free text of IFLA_IFALIAS; null when there is none.</summary>
    public string? Alias { get; init; }

    /// <summary>The interface's group; 0 is the default group.</summary>
    public uint Group { get; init; }

    /// <summary>The driver's kind: <c>tun</c>, <c>veth</c>, ...; null for a physical interface.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether IPv6 makes no address of its own (IN6_ADDR_GEN_MODE_NONE); null without IPv6.</summary>
    public bool? AddressGenerationNone { get; init; }

    /// <summary>IFLA_GSO_MAX_SIZE in bytes; 0 when the kernel does not say.</summary>
    public uint GsoMaxSize { get; init; }
}
