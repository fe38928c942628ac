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

    private const MppeOffer Weak =
        MppeOffer.Stateful40 | MppeOffer.Stateless40 | MppeOffer.Stateful56 | MppeOffer.Stateless56;

    private static readonly MppeStrength[] StrongestFirst =
        [MppeStrength.Bits128, MppeStrength.Bits56, MppeStrength.Bits40];

    public static uint Encode(MppeParameters parameters) =>
        (parameters.Stateless ? Stateless : 0) | BitOf(parameters.Strength);

    /// <summary>
    /// The best form for a peer that sent these bits: the strongest strength both sides have, else the strongest of
    /// ours; the peer's mode where we allow it with that strength.
    /// </summary>
    /// <param name="offer">At least one form.</param>
    public static MppeParameters Choose(uint bits, MppeOffer offer)
    {
        uint common = Strengths(offer) & bits;
        uint candidates = common != 0 ? common : Strengths(offer);
        MppeStrength strength = StrongestFirst.First(one => (candidates & BitOf(one)) != 0);
        bool wantsStateless = (bits & Stateless) != 0;
        bool isAllowed = offer.HasFlag(FormOf(strength, wantsStateless));
        return new MppeParameters(strength, isAllowed ? wantsStateless : !wantsStateless);
    }

    /// <summary>What is left of an offer with the keys a login gave; null: none.</summary>
    public static MppeOffer Possible(MppeOffer offer, MppeStartKeys? keys)
    {
        if (keys is null) return MppeOffer.None;
        return keys.Supports(MppeStrength.Bits40) ? offer : offer & ~Weak;
    }

    /// <summary>The bits of all strengths of an offer.</summary>
    public static uint Strengths(MppeOffer offer)
    {
        uint bits = 0;
        foreach (MppeStrength strength in StrongestFirst)
        {
            if ((offer & (FormOf(strength, true) | FormOf(strength, false))) != 0) bits |= BitOf(strength);
        }
        return bits;
    }

    private static uint BitOf(MppeStrength strength) => strength switch
    {
        MppeStrength.Bits128 => Bits128,
        MppeStrength.Bits56 => Bits56,
        _ => Bits40,
    };

    private static MppeOffer FormOf(MppeStrength strength, bool stateless) => (strength, stateless) switch
    {
        (MppeStrength.Bits128, true) => MppeOffer.Stateless128,
        (MppeStrength.Bits128, false) => MppeOffer.Stateful128,
        (MppeStrength.Bits56, true) => MppeOffer.Stateless56,
        (MppeStrength.Bits56, false) => MppeOffer.Stateful56,
        (_, true) => MppeOffer.Stateless40,
        (_, false) => MppeOffer.Stateful40,
    };
}
