namespace Pptp.Appliance;

/// <summary>What the servers have not been told yet.</summary>
/// <param name="Waiting">Sessions of which a report waits.</param>
/// <param name="Oldest">How long the first has waited; zero: nothing waits.</param>
public sealed record AccountingStatus(int Waiting, TimeSpan Oldest);
