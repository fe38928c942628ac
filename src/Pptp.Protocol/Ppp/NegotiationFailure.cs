namespace Pptp.Protocol.Ppp;

/// <summary>Why a negotiation cannot succeed any more.</summary>
internal sealed record NegotiationFailure(LinkCloseCause Cause, string Detail);
