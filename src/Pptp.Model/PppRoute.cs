using System.Net;

namespace Pptp.Model;

/// <summary>A route that stands while a secret's session is up; written <c>10.1.0.0/24 10.0.0.1 1</c>.</summary>
/// <param name="Destination">The network, its host bits zero.</param>
/// <param name="Gateway">The address it is reached through, usually the client's.</param>
/// <param name="Metric">0 to 2^32 - 1; the smallest of equal routes wins.</param>
public sealed record PppRoute(IPNetwork Destination, IPAddress Gateway, uint Metric);
