using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Ppp;

/// <summary>The form of MPPE that CCP agreed on, the same in both directions.</summary>
public sealed record MppeParameters(MppeStrength Strength, bool Stateless);
