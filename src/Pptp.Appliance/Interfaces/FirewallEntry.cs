using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>An interface that the firewall knows, from <see cref="Firewall.Enter"/> to <see cref="Firewall.Leave"/>.</summary>
/// <param name="interfaceName">Its Linux name, at most 15 characters of <c>[A-Za-z0-9_.-]</c>.</param>
/// <param name="address">The address for the address lists; null: none.</param>
/// <param name="membership">What is wanted for it.</param>
internal sealed class FirewallEntry(string interfaceName, IPAddress? address, FirewallMembership membership)
{
    public string InterfaceName { get; } = interfaceName;

    public IPAddress? Address { get; } = address;

    public FirewallMembership Membership { get; } = membership;

    /// <summary>The IPv6 prefix for the address lists; null: none.</summary>
    public Ipv6Prefix? Prefix { get; init; }

    /// <summary>What came later and leaves with it: its prefix.</summary>
    public FirewallEntry? Later { get; set; }
}
