using Pptp.Linux;
using Pptp.Model;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Appliance.DataPlane;

/// <summary>What the data worker needs once the link is up.</summary>
public sealed record DataPathParameters
{
    public required TunDevice Tun { get; init; }

    /// <summary>
    /// Packets from the TUN that were read before there was a tunnel: they go before what waits in it. Their memory is
    /// the path's from here on.
    /// </summary>
    public IReadOnlyList<byte[]> Held { get; init; } = [];

    /// <summary>
    /// The source address that packets of the host itself had before there was a tunnel, and the one that is put in its
    /// place, the first octet highest; null: none.
    /// </summary>
    public (uint StandIn, uint Address)? Readdress { get; init; }

    /// <summary>Inner source addresses the peer may use.</summary>
    public required IReadOnlyList<Ipv4Prefix> AllowedSources { get; init; }

    /// <summary>Null: no IPv6, or not yet.</summary>
    public Ipv6PathParameters? Ipv6 { get; init; }

    /// <summary>
    /// Largest MSS a TCP SYN over IPv4 may leave with, in octets; over IPv6 it is less by what its header is longer. 0
    /// leaves them alone.
    /// </summary>
    public int MaximumSegmentSize { get; init; }

    /// <summary>Octets of IP the client may send; 0: any number.</summary>
    public long LimitBytesIn { get; init; }

    /// <summary>Octets of IP the client may be sent; 0: any number.</summary>
    public long LimitBytesOut { get; init; }

    /// <summary>Octets of IP that may go either way, together; 0: any number.</summary>
    public long LimitBytesTotal { get; init; }

    /// <summary>Null: as fast as it can.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>The peer agreed to frames without FF 03 (RFC 1661 §6.6).</summary>
    public bool OmitAddressAndControl { get; init; }

    /// <summary>The peer agreed to protocols of one octet (RFC 1661 §6.5).</summary>
    public bool CompressProtocol { get; init; }

    /// <summary>Null: the peer takes no fragments, and what does not fit one frame is not sent.</summary>
    public MultilinkFragmenter? Fragmenter { get; init; }

    /// <summary>Null: the link runs in clear.</summary>
    public MppeEncryptor? Encryptor { get; init; }

    /// <summary>Null: the link runs in clear.</summary>
    public MppeDecryptor? Decryptor { get; init; }
}
