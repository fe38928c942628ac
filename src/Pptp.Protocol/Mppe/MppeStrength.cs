namespace Pptp.Protocol.Mppe;

/// <summary>Secret bits in an MPPE session key (RFC 3078 §2.1: the L, M and S bits).</summary>
public enum MppeStrength
{
    Bits40 = 40,
    Bits56 = 56,
    Bits128 = 128,
}
