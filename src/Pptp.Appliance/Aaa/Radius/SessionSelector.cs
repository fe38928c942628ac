using System.Net;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>The sessions a server means: those that have all it names (RFC 5176 §3). Null: not named.</summary>
internal sealed record SessionSelector
{
    public string? AcctSessionId { get; init; }

    public uint? NasPort { get; init; }

    public string? User { get; init; }

    /// <summary>The client's in the tunnel.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The address the client calls from.</summary>
    public string? CallerId { get; init; }

    /// <summary>The address of ours that the client has called.</summary>
    public string? CalledId { get; init; }
}
