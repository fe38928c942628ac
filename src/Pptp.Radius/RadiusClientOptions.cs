using System.Net;

namespace Pptp.Radius;

/// <summary>A server, and how it is asked.</summary>
public sealed record RadiusClientOptions
{
    /// <summary>Where it listens.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>What both know; never empty.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>The address it is asked from; null: the system's choice.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>How long an answer to each try is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(1100);

    /// <summary>How often a request is sent, at least once.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>A reply without Message-Authenticator is a bad one (CVE-2024-3596).</summary>
    public bool RequiresMessageAuthenticator { get; init; } = true;
}
