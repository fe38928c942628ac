namespace Pptp.Radius;

/// <summary>In the words of RouterOS' <c>/radius incoming monitor</c>.</summary>
/// <param name="Requests">Datagrams that came.</param>
/// <param name="BadRequests">Those of them that were not answered: no packet, not allowed, not signed, too old.</param>
/// <param name="Acks">Requests that were carried out.</param>
/// <param name="Naks">Requests that were refused.</param>
public sealed record DynamicAuthorizationCounters(long Requests, long BadRequests, long Acks, long Naks);
