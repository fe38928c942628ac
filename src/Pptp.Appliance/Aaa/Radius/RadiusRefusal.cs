using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>Why a Disconnect- or CoA-Request is not carried out.</summary>
/// <param name="Error">For who has sent it.</param>
/// <param name="Why">For the log, in English.</param>
internal sealed record RadiusRefusal(DynamicAuthorizationError Error, string Why);
