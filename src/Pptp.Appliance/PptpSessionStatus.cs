using System.Net;
using Pptp.Appliance.DataPlane;
using Pptp.Model;

namespace Pptp.Appliance;

/// <summary>What there is to say of a client that has dialled in: the fields of RouterOS' <c>monitor</c>.</summary>
public sealed record PptpSessionStatus
{
    /// <summary>The static interface's, or <c>&lt;pptp-USER&gt;</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What Linux calls the interface.</summary>
    public required string Interface { get; init; }

    /// <summary>RouterOS' flag D: the interface is there for this session alone.</summary>
    public required bool IsDynamic { get; init; }

    /// <summary>The secret's name.</summary>
    public required string User { get; init; }

    /// <summary>Octets.</summary>
    public required int Mtu { get; init; }

    /// <summary>Octets.</summary>
    public required int Mru { get; init; }

    /// <summary>What multilink puts together, in octets; null: the client does not send in fragments.</summary>
    public int? Mrru { get; init; }

    /// <summary>Where the client calls from.</summary>
    public required IPAddress ClientAddress { get; init; }

    /// <summary>Since the tunnel carries IP.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>Such as <c>MPPE128 stateless</c>; empty: none.</summary>
    public required string Encoding { get; init; }

    /// <summary>Ours in the tunnel.</summary>
    public required IPAddress LocalAddress { get; init; }

    /// <summary>The client's in the tunnel.</summary>
    public required IPAddress RemoteAddress { get; init; }

    /// <summary>Our link-local one in the tunnel; null: it carries no IPv6.</summary>
    public IPAddress? LocalIpv6Address { get; init; }

    /// <summary>The other end's link-local one; null: the tunnel carries no IPv6.</summary>
    public IPAddress? RemoteIpv6Address { get; init; }

    /// <summary>What the session may carry; null: as much as it will.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>What the session has carried.</summary>
    public DataPathCounters Counters { get; init; }
}
