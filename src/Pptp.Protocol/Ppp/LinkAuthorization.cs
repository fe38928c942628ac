using System.Net;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Ppp;

/// <summary>The verdict that lets a peer in, with all it gets; or what we want of a peer that has let us in.</summary>
public sealed record LinkAuthorization
{
    /// <summary>The text of the method's success packet, "S=..." with MS-CHAPv2.</summary>
    public string? SuccessMessage { get; init; }

    /// <summary>With EAP: the Success of whoever decided; null: ours.</summary>
    public byte[]? EapPacket { get; init; }

    /// <summary>
    /// Null where the login method yields none: then there is no MPPE. The link only asks whether they are there;
    /// they stay the caller's.
    /// </summary>
    public MppeStartKeys? Keys { get; init; }

    public EncryptionPolicy Encryption { get; init; } = EncryptionPolicy.Required;

    public MppeOffer Mppe { get; init; } = MppeOffer.Strongest;

    /// <summary>Our address (IPv4). 0.0.0.0: we take the one the peer gives us.</summary>
    public required IPAddress LocalAddress { get; init; }

    /// <summary>The peer's address (IPv4). 0.0.0.0: any the peer has.</summary>
    public required IPAddress RemoteAddress { get; init; }

    /// <summary>At most two are told to the peer (RFC 1877 §1.1, §1.3).</summary>
    public IReadOnlyList<IPAddress> DnsServers { get; init; } = [];

    /// <summary>At most two are told to the peer (RFC 1877 §1.2, §1.4).</summary>
    public IReadOnlyList<IPAddress> WinsServers { get; init; } = [];

    public Ipv6Policy Ipv6 { get; init; }

    /// <summary>The interface identifier that is suggested to the peer (RFC 5072 §4.1); 0: any the peer has.</summary>
    public ulong RemoteIdentifier { get; init; }

    /// <summary>We ask the peer for name servers of its own.</summary>
    public bool AsksForDns { get; init; }
}
