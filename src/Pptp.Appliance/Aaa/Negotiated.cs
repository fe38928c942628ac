using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Aaa;

/// <summary>A profile's values as a link and a session want them.</summary>
internal static class Negotiated
{
    /// <summary>What is left to a default is no.</summary>
    public static EncryptionPolicy Policy(Negotiation useEncryption) => useEncryption switch
    {
        Negotiation.Required => EncryptionPolicy.Required,
        Negotiation.Yes => EncryptionPolicy.Yes,
        _ => EncryptionPolicy.No,
    };

    /// <summary>Where nothing is named the strongest form alone is allowed.</summary>
    public static MppeOffer Offer(ValueList<MppeForm> allowed) => allowed.Count == 0
        ? MppeOffer.Strongest
        : allowed.Aggregate(MppeOffer.None, (offer, form) => offer | form switch
        {
            MppeForm.Mppe128Stateless => MppeOffer.Stateless128,
            MppeForm.Mppe128Stateful => MppeOffer.Stateful128,
            MppeForm.Mppe56Stateless => MppeOffer.Stateless56,
            MppeForm.Mppe56Stateful => MppeOffer.Stateful56,
            MppeForm.Mppe40Stateless => MppeOffer.Stateless40,
            _ => MppeOffer.Stateful40,
        });

    /// <summary>A time of 0 is none, as on RouterOS.</summary>
    public static TimeSpan? Time(TimeSpan? time) => time > TimeSpan.Zero ? time : null;
}
