namespace Pptp.Appliance;

/// <summary>What <c>/radius incoming monitor</c> tells.</summary>
/// <param name="Requests">That came.</param>
/// <param name="BadRequests">Not answered: malformed, too old, not signed, or from nobody who may send them.</param>
/// <param name="Acks">Carried out.</param>
/// <param name="Naks">Refused.</param>
public sealed record RadiusIncomingStatus(long Requests, long BadRequests, long Acks, long Naks);
