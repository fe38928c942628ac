using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Pptp.Radius;

/// <summary>A server of RADIUS over TLS (RFC 6614), and how it is asked.</summary>
public sealed record RadSecClientOptions
{
    /// <summary>Where it listens; port 2083 by the RFC, for logins and accounting alike.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>The name its certificate must have; null: its address.</summary>
    public string? ServerName { get; init; }

    /// <summary>Who may have signed its certificate; null: whom the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>What we show of ourselves, with its key; null: nothing.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The address it is asked from; null: the system's choice.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>How long the connection may take, and then an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(3300);

    /// <summary>A reply without Message-Authenticator is a bad one.</summary>
    public bool RequiresMessageAuthenticator { get; init; } = true;
}
