using Pptp.Appliance.DataPlane;
using Pptp.Linux;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Appliance.Sessions;

/// <summary>What follows from a PPP link that is up, whoever has called.</summary>
internal static class LinkData
{
    /// <summary>RouterOS' name of an encoding.</summary>
    public static string EncodingName(MppeStrength strength, bool stateless) =>
        $"MPPE{strength switch { MppeStrength.Bits40 => 40, MppeStrength.Bits56 => 56, _ => 128 }} {(stateless ? "stateless" : "stateful")}";

    /// <summary>RouterOS' name of a link's encoding; empty: it is in clear.</summary>
    public static string EncodingName(NetworkParameters network) =>
        network.Mppe is { } mppe ? EncodingName(mppe.Strength, mppe.Stateless) : "";

    /// <summary>What the link has agreed on, for its data path. The keys are used up.</summary>
    /// <param name="tun">Of the interface that is up.</param>
    /// <param name="network">What was agreed.</param>
    /// <param name="keys">Not null where encryption was agreed.</param>
    /// <param name="allowedSources">Inner source addresses the peer may use.</param>
    /// <param name="changeTcpMss">Whether TCP segments are made to fit.</param>
    public static DataPathParameters Of(
        TunDevice tun, NetworkParameters network, MppeStartKeys? keys, IReadOnlyList<Ipv4Prefix> allowedSources,
        bool changeTcpMss)
    {
        MppeParameters? mppe = network.Mppe;
        DataPathParameters parameters = new()
        {
            Tun = tun,
            AllowedSources = allowedSources,
            // IP and TCP headers without options take 40 octets (RFC 9293 §3.7.1).
            MaximumSegmentSize = changeTcpMss ? network.Mtu - 40 : 0,
            OmitAddressAndControl = network.SendAddressCompressed,
            CompressProtocol = network.SendProtocolCompressed,
            Fragmenter = network.Multilink is { PeerMrru: not null } multilink
                ? new MultilinkFragmenter(multilink.SendShortNumbers, network.LinkMtu)
                : null,
            Encryptor = mppe is null ? null : new MppeEncryptor(keys!.SendFor(mppe.Strength), mppe.Strength, mppe.Stateless),
            Decryptor = mppe is null ? null : new MppeDecryptor(keys!.ReceiveFor(mppe.Strength), mppe.Strength, mppe.Stateless),
        };
        keys?.Dispose();
        return parameters;
    }
}
