namespace Pptp.Protocol.Ppp;

/// <summary>
/// Which forms of MPPE may be agreed. Stateless: a new key for each packet (RFC 3078 §7.2); stateful: every 256
/// packets (RFC 3078 §7.3).
/// </summary>
[Flags]
public enum MppeOffer
{
    None = 0,
    Stateful40 = 1 << 0,
    Stateless40 = 1 << 1,
    Stateful56 = 1 << 2,
    Stateless56 = 1 << 3,
    Stateful128 = 1 << 4,
    Stateless128 = 1 << 5,

    /// <summary>The only form one should use.</summary>
    Strongest = Stateless128,
}
