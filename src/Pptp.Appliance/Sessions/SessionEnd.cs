using System.Net;
using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Sessions;

/// <summary>What is known of a session when it is over.</summary>
internal sealed record SessionEnd
{
    /// <summary>The secret's name.</summary>
    public required string User { get; init; }

    /// <summary>Address the client called from.</summary>
    public required IPAddress CallerId { get; init; }

    /// <summary>The client's address in the tunnel.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>When the session ended.</summary>
    public required DateTimeOffset At { get; init; }

    public required TimeSpan Uptime { get; init; }

    public required DisconnectReason Reason { get; init; }

    public required DataPathCounters Counters { get; init; }
}
