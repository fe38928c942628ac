namespace Pptp.Model;

/// <summary>Two rates in bits per second, as the server sees them.</summary>
/// <param name="Receive">What the server receives: the client's upload.</param>
/// <param name="Transmit">What the server sends: the client's download.</param>
public readonly record struct RatePair(long Receive, long Transmit);
