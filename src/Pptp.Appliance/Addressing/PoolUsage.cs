using System.Net;

namespace Pptp.Appliance.Addressing;

/// <summary>The read-only properties of a row of <c>/ip pool</c>.</summary>
/// <param name="Total">How many addresses its ranges have.</param>
/// <param name="Used">How many it has lent, those that a reload put outside its ranges included.</param>
/// <param name="Available">How many addresses of its ranges nobody has, by whatever way he came to it.</param>
internal readonly record struct PoolUsage(long Total, long Used, long Available);

/// <summary>A row of <c>/ip pool used</c>.</summary>
/// <param name="Owner">The service that took the address.</param>
/// <param name="Info">The user; empty for our own end of a tunnel.</param>
internal sealed record UsedAddress(string Pool, IPAddress Address, string Owner, string Info);
