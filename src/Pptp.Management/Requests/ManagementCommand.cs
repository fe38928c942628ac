namespace Pptp.Management.Requests;

/// <summary>What the daemon can be asked.</summary>
public static class ManagementCommand
{
    /// <summary>Its tunnels.</summary>
    public const string Status = "status";

    /// <summary>What became of the last attempts of a user or an address to get in.</summary>
    public const string Why = "why";

    /// <summary>To end the sessions of a user or an interface.</summary>
    public const string Disconnect = "disconnect";
}
