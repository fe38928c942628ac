namespace Pptp.Appliance;

/// <summary>What the servers have not been told yet.</summary>
/// <param name="Waiting">Sessions of which a report waits.</param>
/// <param name="Oldest">How long the first has waited; zero: nothing waits.</param>
/// <param name="Trouble">Why what waits is not on the disk; null: it is.</param>
public sealed record AccountingStatus(int Waiting, TimeSpan Oldest, string? Trouble = null);
