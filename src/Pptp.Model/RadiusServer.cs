using System.Net;

namespace Pptp.Model;

/// <summary><c>/radius</c>: a RADIUS server, and whom it is asked about. Rows are asked in their order.</summary>
public sealed record RadiusServer
{
    /// <summary>RFC 2865 §3.</summary>
    public const int DefaultAuthenticationPort = 1812;

    /// <summary>RFC 2866 §3.</summary>
    public const int DefaultAccountingPort = 1813;

    /// <summary>RFC 6614 §2.1, for logins and accounting alike.</summary>
    public const int DefaultRadSecPort = 2083;

    /// <summary>The secret of RadSec, where TLS protects what is sent (RFC 6614 §2.3).</summary>
    public const string RadSecSecret = "radsec";

    private static readonly SecretValue OfRadSec = SecretValue.FromPassword(RadSecSecret);

    public required IPAddress Address { get; init; }

    /// <summary>Who asks this server; without <see cref="RadiusServices.Ppp"/> it is asked nothing.</summary>
    public RadiusServices Service { get; init; }

    /// <summary>The address a client must have called for this server to be asked; null: any.</summary>
    public string? CalledId { get; init; }

    /// <summary>The Windows domain of the users this server is asked about; null: any.</summary>
    public string? Domain { get; init; }

    /// <summary>
    /// The realm of the users this server is asked about, and of those whose names have none; null: any.
    /// </summary>
    public string? Realm { get; init; }

    /// <summary>As configured; what counts is <see cref="SharedSecret"/>.</summary>
    public SecretValue? Secret { get; init; }

    public int AuthenticationPort { get; init; } = DefaultAuthenticationPort;

    public int AccountingPort { get; init; } = DefaultAccountingPort;

    /// <summary>How long a try over UDP waits for the answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(1100);

    /// <summary>How often a request is sent before the next server is asked. Ours.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>
    /// The share of the requests among rows that have one, which come before the others; 0: its place in the order.
    /// Ours.
    /// </summary>
    public int Weight { get; init; }

    /// <summary>Accounting goes here only when no other server takes it.</summary>
    public bool AccountingBackup { get; init; }

    /// <summary>The address requests leave from; null: the one the route to the server has.</summary>
    public IPAddress? SrcAddress { get; init; }

    public RadiusProtocol Protocol { get; init; }

    /// <summary>The file of our certificate for RadSec, PEM or PKCS#12; null: none.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file of the certificate's key, PEM; null: it stands in the certificate's file. Ours.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>The file of those who may have signed the server's certificate; null: the system's. Ours.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>The name the server's certificate must have; null: its address. Ours.</summary>
    public string? ServerName { get; init; }

    /// <summary>How long RadSec waits for the connection and for an answer.</summary>
    public TimeSpan RadSecTimeout { get; init; } = TimeSpan.FromMilliseconds(3300);

    public RequireMessageAuth RequireMessageAuth { get; init; } = RequireMessageAuth.YesForRequestResp;

    public bool Disabled { get; init; }

    public string? Comment { get; init; }

    /// <summary>Whether logins and accounting of ours may go to this server.</summary>
    public bool IsAsked => !Disabled && Service.HasFlag(RadiusServices.Ppp);

    /// <summary>The secret that protects what goes to and comes from the server; null: none is configured.</summary>
    public SecretValue? SharedSecret => Protocol == RadiusProtocol.RadSec ? OfRadSec : Secret;

    /// <summary>RadSec's port: <see cref="AuthenticationPort"/> where that is not the default one of UDP.</summary>
    public int RadSecPort => AuthenticationPort == DefaultAuthenticationPort ? DefaultRadSecPort : AuthenticationPort;
}
