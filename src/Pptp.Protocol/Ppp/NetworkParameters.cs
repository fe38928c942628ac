using System.Net;
using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Protocol.Ppp;

/// <summary>What a data path needs to know of a link that carries IP.</summary>
public sealed record NetworkParameters
{
    /// <summary>Our address on the link.</summary>
    public required IPAddress LocalAddress { get; init; }

    /// <summary>The peer's address.</summary>
    public required IPAddress RemoteAddress { get; init; }

    /// <summary>The name servers the peer took.</summary>
    public required IReadOnlyList<IPAddress> DnsServers { get; init; }

    /// <summary>The NetBIOS name servers the peer took.</summary>
    public required IReadOnlyList<IPAddress> WinsServers { get; init; }

    /// <summary>The name servers the peer gave us; none where we did not ask for any.</summary>
    public IReadOnlyList<IPAddress> GivenDnsServers { get; init; } = [];

    /// <summary>The longest information field the peer takes, in octets.</summary>
    public required int PeerMru { get; init; }

    /// <summary>The longest information field we told the peer it may send, in octets: RouterOS' mru.</summary>
    public required int Mru { get; init; }

    /// <summary>The longest information field that is sent in one frame: the smaller of max-mtu and <see cref="PeerMru"/>.</summary>
    public required int LinkMtu { get; init; }

    /// <summary>
    /// The interface's MTU: <see cref="LinkMtu"/>, or with a peer that takes fragments the smaller of mrru and what
    /// fits the peer's; encrypted, 1500 at most.
    /// </summary>
    public required int Mtu { get; init; }

    /// <summary>Null: no multilink either way.</summary>
    public MultilinkParameters? Multilink { get; init; }

    /// <summary>Protocol numbers below 0x100 may be sent in one octet (PFC).</summary>
    public required bool SendProtocolCompressed { get; init; }

    /// <summary>FF 03 may be left out (ACFC).</summary>
    public required bool SendAddressCompressed { get; init; }

    /// <summary>Null: IP travels in the clear.</summary>
    public required MppeParameters? Mppe { get; init; }
}
