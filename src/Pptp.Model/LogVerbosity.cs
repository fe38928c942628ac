namespace Pptp.Model;

/// <summary>The least severe line that is still logged.</summary>
public enum LogVerbosity
{
    /// <summary>Every packet of the control protocols.</summary>
    Packet,
    Debug,
    Info,
    Warning,
    Error,
}
