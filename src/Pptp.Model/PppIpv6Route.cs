using System.Net;

namespace Pptp.Model;

/// <summary>
/// An IPv6 route that stands while a secret's session is up; written <c>2001:db8:7::/64 :: 1</c>.
/// </summary>
/// <param name="Destination">The network.</param>
/// <param name="Gateway">The address it is reached through; the unspecified one stands for the client.</param>
/// <param name="Metric">0 to 2^32 - 1; the smallest of equal routes wins. 0 is what Linux takes of itself, 1024.</param>
public sealed record PppIpv6Route(Ipv6Prefix Destination, IPAddress Gateway, uint Metric);
