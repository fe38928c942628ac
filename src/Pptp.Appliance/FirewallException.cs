namespace Pptp.Appliance;

/// <summary>nftables did not take what was asked of it, or cannot be asked; nothing was changed.</summary>
public sealed class FirewallException(string message) : InvalidOperationException(message);
