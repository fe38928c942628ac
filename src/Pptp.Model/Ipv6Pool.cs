namespace Pptp.Model;

/// <summary><c>/ipv6 pool</c>: prefixes that are lent to clients.</summary>
public sealed record Ipv6Pool
{
    public required string Name { get; init; }

    /// <summary>What the prefixes are taken from.</summary>
    public Ipv6Prefix Prefix { get; init; }

    /// <summary>The length of a prefix that is lent, in bits; not less than that of <see cref="Prefix"/>.</summary>
    public int PrefixLength { get; init; } = Ipv6Prefix.SubnetLength;

    /// <summary>The pool RouterOS would take the prefix from; without effect here.</summary>
    public string? FromPool { get; init; }

    public string? Comment { get; init; }
}
