namespace Pptp.Model;

/// <summary>
/// A chain of <c>/ip firewall filter</c>. One named <c>input</c>, <c>forward</c> or <c>output</c> sees every packet of
/// the host, as in RouterOS; any other those that a profile or another chain sends there.
/// </summary>
public sealed record FirewallChain
{
    public required string Name { get; init; }

    /// <summary>Each in nft's own language, without its table and chain; in order.</summary>
    public ValueList<string> Rules { get; init; } = [];

    public string? Comment { get; init; }

    /// <summary>Whether the chain of this name sees every packet of the host.</summary>
    public static bool IsBuiltIn(string name) => name is "input" or "forward" or "output";
}
