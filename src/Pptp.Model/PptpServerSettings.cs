using System.Net;

namespace Pptp.Model;

/// <summary><c>/interface pptp-server server</c>.</summary>
public sealed record PptpServerSettings
{
    /// <summary>The TCP port of the control connection, RFC 2637 §1.</summary>
    public const int DefaultPort = 1723;

    public bool Enabled { get; init; }

    /// <summary>The largest IP packet sent into a tunnel, in octets: 512 to 1500.</summary>
    public int MaxMtu { get; init; } = 1450;

    /// <summary>The largest packet asked for from the peer, in octets: 512 to 1500.</summary>
    public int MaxMru { get; init; } = 1450;

    /// <summary>Multilink's MRRU in octets, 512 to 65535; null: disabled.</summary>
    public int? Mrru { get; init; }

    public AuthenticationMethods Authentication { get; init; } =
        AuthenticationMethods.MsChap1 | AuthenticationMethods.MsChap2;

    /// <summary>The silence after which the peer is asked whether it lives; null: never.</summary>
    public TimeSpan? KeepaliveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The profile whose values stand where a secret and its own profile say nothing.</summary>
    public string DefaultProfile { get; init; } = PppProfile.DefaultEncryptionName;

    /// <summary>The addresses and ports of the control connection. Ours.</summary>
    public ValueList<IPEndPoint> Listen { get; init; } = [new IPEndPoint(IPAddress.Any, DefaultPort)];

    /// <summary>The largest number of sessions; 0: no limit. Ours.</summary>
    public int MaxSessions { get; init; }

    /// <summary>The largest number of tunnels that have not logged in yet; 0: no limit. Ours.</summary>
    public int MaxStarting { get; init; } = 256;

    /// <summary>
    /// Wrong logins that lock a user out for the address they came from; ten times as many, with any names, lock the
    /// address. 0: never. Ours.
    /// </summary>
    public int LoginFailures { get; init; } = 5;

    /// <summary>New control connections per source address; null: no limit. Ours.</summary>
    public ConnectionLimit? ConnectionLimit { get; init; }

    /// <summary>New control connections per IPv4 /24 or IPv6 /64; null: no limit. Ours.</summary>
    public ConnectionLimit? ConnectionLimitNetwork { get; init; }

    /// <summary>
    /// The time from a call's begin to its user's first packet, and that a connection may be without a call. Ours.
    /// </summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
