namespace Pptp.Appliance.Diagnosis;

/// <summary>One entry of a timeline.</summary>
/// <param name="After">Since the attempt began.</param>
/// <param name="Phase">A word of ours for how far it has got.</param>
/// <param name="Text">What the peer asked, or what we answered.</param>
public readonly record struct AttemptStep(TimeSpan After, string Phase, string Text);
