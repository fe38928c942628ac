namespace Pptp.Appliance.Aaa.Radius;

/// <summary>What an Access-Challenge leaves: its answer goes to the same server, with the same State.</summary>
/// <param name="State">RFC 2865 §5.24; empty: the challenge had none.</param>
internal sealed record RadiusContinuation(ReadOnlyMemory<byte> State, RadiusPeer Server) : AccessContinuation;
