namespace Pptp.Appliance.Aaa;

/// <summary>What a challenge leaves for its answer. Whoever made the challenge reads it; for others it is opaque.</summary>
internal abstract record AccessContinuation;
