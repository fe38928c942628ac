namespace Pptp.Protocol.Ppp.Multilink;

/// <summary>What LCP has agreed of multilink (RFC 1990), on a bundle of this one link.</summary>
/// <param name="Mrru">The longest packet we put together, in octets: the peer may send fragments from now on.</param>
/// <param name="PeerMrru">The longest packet the peer puts together, in octets; null: it takes no fragments.</param>
/// <param name="SendShortNumbers">The peer wants sequence numbers of 12 bits.</param>
public sealed record MultilinkParameters(int Mrru, int? PeerMrru, bool SendShortNumbers);
