using System.Net;
using Pptp.Appliance.DataPlane;
using Pptp.Model;

namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>What is known of a session when it comes up.</summary>
internal sealed record AccountedSession
{
    public required SessionIdentity Identity { get; init; }

    /// <summary>What servers are to call him.</summary>
    public required string User { get; init; }

    /// <summary>As the client sent it.</summary>
    public required string LoginName { get; init; }

    /// <summary>Address the client calls from.</summary>
    public required IPAddress CallerId { get; init; }

    /// <summary>Address of ours that it called.</summary>
    public required IPAddress CalledId { get; init; }

    /// <summary>The client's in the tunnel.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Null: it was given none.</summary>
    public Ipv6Prefix? Ipv6Prefix { get; init; }

    /// <summary>A server has let the user in.</summary>
    public bool IsOfRadius { get; init; }

    /// <summary>What that server wants to have back.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Classes { get; init; } = [];

    /// <summary>How often it wants a report; null or zero: it does not say.</summary>
    public TimeSpan? InterimInterval { get; init; }

    /// <summary>From any thread.</summary>
    public required Func<DataPathCounters> Counters { get; init; }
}
