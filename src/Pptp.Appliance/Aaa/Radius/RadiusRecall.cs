namespace Pptp.Appliance.Aaa.Radius;

/// <summary>A login that a server let in once.</summary>
/// <param name="IsSame">It had the same password.</param>
/// <param name="Grant">What the server gave.</param>
/// <param name="Age">How long ago that was.</param>
internal sealed record RadiusRecall(bool IsSame, RadiusGrant Grant, TimeSpan Age);
