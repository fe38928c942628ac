using System.Net;

namespace Pptp.Radius;

/// <summary>Where requests of RFC 5176 are taken, and whose.</summary>
public sealed record DynamicAuthorizationOptions
{
    /// <summary>Port 3799 by the RFC.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>What a sender and we know; null: it may send nothing. Never empty. From any thread.</summary>
    public required Func<IPAddress, ReadOnlyMemory<byte>?> SecretOf { get; init; }

    /// <summary>A request without Message-Authenticator is not heeded.</summary>
    public bool RequiresMessageAuthenticator { get; init; }

    /// <summary>How far Event-Timestamp may be from our clock (RFC 5176 §6.3); null: as far as it likes.</summary>
    public TimeSpan? EventTimestampWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Is told of each request that is not even answered, and why, in English. From any thread.</summary>
    public Action<IPAddress, string>? Complain { get; init; }
}
