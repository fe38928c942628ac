using System.Net;

namespace Pptp.Linux;

/// <summary>An address on an interface.</summary>
/// <param name="Index">The interface's index.</param>
/// <param name="Local">Our address.</param>
/// <param name="Peer">The other end's address on a point-to-point interface, if one is set.</param>
/// <param name="PrefixLength">In bits; it belongs to the peer's address where there is one.</param>
public sealed record AddressEntry(int Index, IPAddress Local, IPAddress? Peer, int PrefixLength);
