namespace Pptp.Model;

/// <summary><c>/ip pool</c>: addresses that are lent to clients.</summary>
public sealed record IpPool
{
    public required string Name { get; init; }

    /// <summary>In the order they are used; they do not overlap.</summary>
    public ValueList<Ipv4Range> Ranges { get; init; } = [];

    /// <summary>The pool to go on with when this one is exhausted; null: none.</summary>
    public string? NextPool { get; init; }

    /// <summary>Clients with an address of the pool reach the world through the host's address. Ours.</summary>
    public bool Masquerade { get; init; }

    public string? Comment { get; init; }

    /// <summary>How many addresses it has.</summary>
    public long Total => Ranges.Sum(range => range.Count);
}
