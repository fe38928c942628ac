namespace Pptp.Linux;

/// <summary>What to change about an interface; null leaves a property as it is.</summary>
public sealed record LinkChange
{
    /// <summary>True is applied after everything else, false before.</summary>
    public bool? Up { get; init; }

    /// <summary>In bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>In packets.</summary>
    public int? TxQueueLength { get; init; }

    /// <summary>Free text of at most 255 bytes of UTF-8; empty removes it.</summary>
    public string? Alias { get; init; }

    /// <summary>The interface's group; see <see cref="RouteNetlink.DeleteLinkGroup"/>.</summary>
    public uint? Group { get; init; }

    /// <summary>
    /// Keeps IPv6 from making addresses of its own when the interface comes up. Ignored by a kernel without IPv6.
    /// </summary>
    public bool AddressGenerationNone { get; init; }

    /// <summary>
    /// Another name; see <see cref="InterfaceName.IsValid"/>. Kernels before 6.2 want the interface down.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>The longest super-packet the kernel hands over, in bytes (IFLA_GSO_MAX_SIZE).</summary>
    public uint? GsoMaxSize { get; init; }

    /// <summary>The state of the line; a TUN allows to set it.</summary>
    public bool? Carrier { get; init; }
}
