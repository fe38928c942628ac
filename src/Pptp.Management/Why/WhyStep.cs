namespace Pptp.Management.Why;

/// <summary>One entry of a timeline.</summary>
/// <param name="After">Seconds since the attempt began.</param>
/// <param name="Phase">How far it has got.</param>
/// <param name="Text">What the client asked, or what it was answered.</param>
public sealed record WhyStep(double After, string Phase, string Text);
