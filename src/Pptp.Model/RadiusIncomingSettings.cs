using System.Net;

namespace Pptp.Model;

/// <summary>
/// <c>/radius incoming</c>: changes and disconnects that RADIUS servers ask for (RFC 5176). A sender's secret is that of
/// the first enabled <see cref="RadiusServer"/> with its address, whatever the row's services.
/// </summary>
public sealed record RadiusIncomingSettings
{
    /// <summary>RFC 5176 §3.</summary>
    public const int DefaultPort = 3799;

    public bool Accept { get; init; }

    public int Port { get; init; } = DefaultPort;

    /// <summary>Of RouterOS; there is one only here.</summary>
    public string Vrf { get; init; } = "main";

    /// <summary>Who may send, instead of the rows' addresses; empty: those. Ours.</summary>
    public ValueList<IPNetwork> Sources { get; init; } = [];

    /// <summary>The secret of allowed senders whose address no row has; null: they are refused. Ours.</summary>
    public SecretValue? Secret { get; init; }

    /// <summary>A request without Message-Authenticator is refused. Ours.</summary>
    public bool RequireMessageAuth { get; init; }

    /// <summary>
    /// How far the Event-Timestamp of a request may be from our clock (RFC 5176 §6.3); null: as far as it likes. Ours.
    /// </summary>
    public TimeSpan? EventTimestampWindow { get; init; } = TimeSpan.FromMinutes(5);
}
