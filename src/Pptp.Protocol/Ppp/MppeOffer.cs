namespace Pptp.Protocol.Ppp;

/// <summary>Which forms of MPPE may be agreed: at least one strength and one of the two modes.</summary>
[Flags]
public enum MppeOffer
{
    None = 0,
    Bits40 = 1 << 0,
    Bits56 = 1 << 1,
    Bits128 = 1 << 2,

    /// <summary>A new key for each packet (RFC 3078 §7.2).</summary>
    Stateless = 1 << 3,

    /// <summary>A new key every 256 packets (RFC 3078 §7.3).</summary>
    Stateful = 1 << 4,

    /// <summary>The only form one should use.</summary>
    Strongest = Bits128 | Stateless,
}
