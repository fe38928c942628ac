namespace Pptp.Linux;

/// <summary>Which packets leave with the host's own address.</summary>
/// <param name="Sources">
/// IPv4 source addresses, first to last, as numbers in host order; sorted, and with a gap between any two.
/// </param>
/// <param name="ExceptGroup">The group of the interfaces behind which the sources keep their addresses.</param>
public sealed record MasqueradeRule(IReadOnlyList<(uint First, uint Last)> Sources, uint ExceptGroup);
