using System.Net;

namespace Pptp.Linux;

/// <summary>An address the host answers for on an interface.</summary>
/// <param name="InterfaceIndex">The interface.</param>
/// <param name="Address">IPv4 or IPv6.</param>
/// <param name="Protocol">Who made the entry, a number like a route's.</param>
public sealed record ProxyNeighbour(int InterfaceIndex, IPAddress Address, byte Protocol);
