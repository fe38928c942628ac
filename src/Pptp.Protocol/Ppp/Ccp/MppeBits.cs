using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Ppp.Ccp;

/// <summary>The supported bits of CCP option 18 (RFC 3078 §2).</summary>
internal static class MppeBits
{
    public const uint Stateless = 0x0100_0000;
    public const uint Bits56 = 0x80;
    public const uint Bits128 = 0x40;
    public const uint Bits40 = 0x20;
    public const uint AllStrengths = Bits56 | Bits128 | Bits40;

    public static uint Encode(MppeParameters parameters) => (parameters.Stateless ? Stateless : 0)
        | parameters.Strength switch
        {
            MppeStrength.Bits128 => Bits128,
            MppeStrength.Bits56 => Bits56,
            _ => Bits40,
        };

    /// <summary>
    /// The best form for a peer that sent these bits: the strongest strength both sides have, else the strongest of
    /// ours; the peer's mode where we allow it.
    /// </summary>
    public static MppeParameters Choose(uint bits, MppeOffer offer)
    {
        MppeStrength strength = Strongest(Strengths(offer) & bits) ?? Strongest(Strengths(offer))
            ?? MppeStrength.Bits128;
        bool wantsStateless = (bits & Stateless) != 0;
        bool isStateless = wantsStateless
            ? offer.HasFlag(MppeOffer.Stateless)
            : !offer.HasFlag(MppeOffer.Stateful);
        return new MppeParameters(strength, isStateless);
    }

    /// <summary>What is left of an offer with the keys a login gave; null: none.</summary>
    public static MppeOffer Possible(MppeOffer offer, MppeStartKeys? keys)
    {
        if (keys is null) return MppeOffer.None;
        return keys.Supports(MppeStrength.Bits40) ? offer : offer & ~(MppeOffer.Bits40 | MppeOffer.Bits56);
    }

    /// <summary>The bits of all strengths of an offer.</summary>
    public static uint Strengths(MppeOffer offer) => (offer.HasFlag(MppeOffer.Bits128) ? Bits128 : 0)
        | (offer.HasFlag(MppeOffer.Bits56) ? Bits56 : 0)
        | (offer.HasFlag(MppeOffer.Bits40) ? Bits40 : 0);

    private static MppeStrength? Strongest(uint strengths) => strengths switch
    {
        _ when (strengths & Bits128) != 0 => MppeStrength.Bits128,
        _ when (strengths & Bits56) != 0 => MppeStrength.Bits56,
        _ when (strengths & Bits40) != 0 => MppeStrength.Bits40,
        _ => null,
    };
}
