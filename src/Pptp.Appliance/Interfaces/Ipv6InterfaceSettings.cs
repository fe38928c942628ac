using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>The IPv6 of a tunnel's interface.</summary>
/// <param name="LocalIdentifier">The lower half of our link-local address (RFC 5072 §5); not 0.</param>
/// <param name="RemoteIdentifier">The same of the other end.</param>
internal sealed record Ipv6InterfaceSettings(ulong LocalIdentifier, ulong RemoteIdentifier)
{
    /// <summary>What is reached through the interface; null: the other end's link-local address alone.</summary>
    public Ipv6Prefix? Prefix { get; init; }

    /// <summary>Routes that lead into the interface as long as it is up.</summary>
    public IReadOnlyList<PppIpv6Route> Routes { get; init; } = [];

    public IPAddress LocalAddress => LinkLocal(LocalIdentifier);

    public IPAddress RemoteAddress => LinkLocal(RemoteIdentifier);

    /// <summary>The address of fe80::/64 with this lower half.</summary>
    public static IPAddress LinkLocal(ulong identifier) => Ipv6Prefix.ToAddress(new UInt128(0xFE80UL << 48, identifier));
}
