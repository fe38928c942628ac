namespace Pptp.Model;

/// <summary>What nftables has against a part of a configuration.</summary>
/// <param name="Place">The part.</param>
/// <param name="Message">One line.</param>
/// <param name="Severity">Whether the configuration can be used nevertheless.</param>
public sealed record FirewallComplaint(FirewallPlace Place, string Message, ConfigurationSeverity Severity);
