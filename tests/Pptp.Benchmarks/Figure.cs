namespace Pptp.Benchmarks;

/// <summary>One measured number.</summary>
/// <param name="Group">What was measured with what, such as "MPPE, 1400 octets".</param>
/// <param name="Name">Which of it.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit; "x" is a ratio.</param>
internal sealed record Figure(string Group, string Name, double Value, string Unit);
