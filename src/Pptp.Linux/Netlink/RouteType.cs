namespace Pptp.Linux;

/// <summary>What a route does with a packet; the values are the kernel's (RTN_*).</summary>
public enum RouteType
{
    /// <summary>Forwards it. 1, as in the kernel.</summary>
    Unicast = 1,

    /// <summary>An address of this host (the kernel's own routes of table 255).</summary>
    Local = 2,

    /// <summary>A broadcast address (the kernel's own routes of table 255).</summary>
    Broadcast = 3,
    Anycast = 4,
    Multicast = 5,

    /// <summary>Drops it silently.</summary>
    Blackhole = 6,

    /// <summary>Drops it with "host unreachable".</summary>
    Unreachable = 7,

    /// <summary>Drops it with "administratively prohibited".</summary>
    Prohibit = 8,

    /// <summary>Goes on with the next rule.</summary>
    Throw = 9,
}
