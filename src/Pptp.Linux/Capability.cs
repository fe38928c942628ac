namespace Pptp.Linux;

/// <summary>Capabilities of Linux by their kernel number; the ones the daemon cares about.</summary>
public enum Capability
{
    DacOverride = 1,
    SetGid = 6,
    SetUid = 7,

    /// <summary>To bind ports below 1024 (not needed for 1723).</summary>
    NetBindService = 10,

    /// <summary>To make interfaces, routes, rules and tables.</summary>
    NetAdmin = 12,

    /// <summary>To open the raw GRE socket.</summary>
    NetRaw = 13,
    SysAdmin = 21,
}
