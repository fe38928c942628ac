namespace Pptp.Appliance.Interfaces;

/// <summary>The marks by which we know again what we put into the kernel, also after a crash.</summary>
internal static class Ownership
{
    /// <summary>Group of the interfaces in use: "PP".</summary>
    public const uint LiveGroup = 0x5050;

    /// <summary>Group of the interfaces that wait for deletion: "PQ".</summary>
    public const uint DyingGroup = 0x5051;

    /// <summary>
    /// Routing protocol number of our routes, rules and proxy-arp entries (rtm_protocol; 0 to 186 have owners in
    /// rt_protos).
    /// </summary>
    public const byte RouteProtocol = 217;

    /// <summary>Name of our nftables table, family inet.</summary>
    public const string NetfilterTable = "pptpd";

    /// <summary>Name of the one that filters sessions: it comes and goes by libnftables, the other one without.</summary>
    public const string FirewallTable = "pptpd-filter";
}
