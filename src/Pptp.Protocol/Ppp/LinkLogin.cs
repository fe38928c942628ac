using System.Net;
using System.Text;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Ppp;

/// <summary>
/// How a link logs in to its peer, and what it wants of it. Not a record: its text must not tell the password.
/// </summary>
public sealed class LinkLogin
{
    private const int LongestText = 255;

    /// <summary>As it is sent, a domain before a backslash included; at most 255 octets of UTF-8.</summary>
    public required string UserName { get; init; }

    /// <summary>At most 255 octets of UTF-8.</summary>
    public required string Password { get; init; }

    public EncryptionPolicy Encryption { get; init; } = EncryptionPolicy.Required;

    public MppeOffer Mppe { get; init; } = MppeOffer.Strongest;

    /// <summary>Our address (IPv4). 0.0.0.0: the one the peer gives us.</summary>
    public IPAddress LocalAddress { get; init; } = IPAddress.Any;

    /// <summary>The peer's address (IPv4). 0.0.0.0: any the peer has.</summary>
    public IPAddress RemoteAddress { get; init; } = IPAddress.Any;

    /// <summary>Ask the peer for name servers (RFC 1877 §1.1, §1.3).</summary>
    public bool AsksForDns { get; init; }

    public Ipv6Policy Ipv6 { get; init; }

    internal bool FitsItsFields =>
        Encoding.UTF8.GetByteCount(UserName) <= LongestText && Encoding.UTF8.GetByteCount(Password) <= LongestText;

    internal AuthenticationPeer CreatePeer(AuthenticationMethod method, IRandomSource random) => method switch
    {
        AuthenticationMethod.MsChapV2 => MsChapV2Peer.FromPassword(UserName, Password, random),
        AuthenticationMethod.MsChapV1 => MsChapV1Peer.FromPassword(UserName, Password),
        AuthenticationMethod.ChapMd5 => new ChapMd5Peer(UserName, Encoding.UTF8.GetBytes(Password)),
        _ => new PapPeer(UserName, Encoding.UTF8.GetBytes(Password)),
    };

    /// <summary>What the network phase goes by once we are in.</summary>
    internal LinkAuthorization Authorize(MppeStartKeys? keys) => new()
    {
        Keys = keys,
        Encryption = Encryption,
        Mppe = Mppe,
        LocalAddress = LocalAddress,
        RemoteAddress = RemoteAddress,
        AsksForDns = AsksForDns,
        Ipv6 = Ipv6,
    };
}
