using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>A row's server over TLS. Its files are read when it is first asked, and again while they cannot be.</summary>
internal sealed class RadSecRadiusPort(RadiusServer row, RadiusPurpose purpose, TimeProvider time) : IRadiusPort
{
    private readonly IPEndPoint _server = new(row.Address, row.RadSecPort);
    private readonly Lock _lock = new();
    private RadSecClient? _client;
    private bool _isClosed;

    public RadiusCounters Counters => _client?.Counters ?? new RadiusCounters();

    public IPAddress? LocalAddress => RadiusClient.FindLocalAddress(_server, row.SrcAddress);

    /// <inheritdoc cref="RadSecClient.ServerCertificateUntil"/>
    public DateTime? ServerCertificateUntil => _client?.ServerCertificateUntil;

    /// <summary>TLS loses nothing: one try is enough.</summary>
    public async Task<RadiusOutcome> SendAsync(RadiusRequest request, int tries, CancellationToken cancellation) =>
        TryOpen(out string? why) is { } client
            ? await client.SendAsync(request, cancellation).ConfigureAwait(false)
            : new RadiusOutcome.Failed(why!);

    public async Task<bool> ProbeAsync(CancellationToken cancellation) =>
        TryOpen(out _) is { } client && await client.ProbeAsync(cancellation).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _isClosed = true;
        if (_client is { } client)
            await client.DisposeAsync().ConfigureAwait(false);
    }

    private RadSecClient? TryOpen(out string? why)
    {
        why = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            try
            {
                return _client ??= new RadSecClient(Options(), time);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                why = $"a certificate cannot be read: {e.Message}";
                return null;
            }
        }
    }

    private RadSecClientOptions Options() => new()
    {
        Server = _server,
        ServerName = row.ServerName,
        Source = row.SrcAddress,
        Timeout = row.RadSecTimeout,
        Certificate = row.Certificate is { } certificate ? Read(certificate, row.CertificateKey) : null,
        Authorities = row.CertificateAuthority is { } authority ? ReadAuthorities(authority) : null,
        // RFC 2866 knows of none in an Accounting-Response, and nothing is let in by one.
        RequiresMessageAuthenticator =
            purpose == RadiusPurpose.Authentication && row.RequireMessageAuth == RequireMessageAuth.YesForRequestResp,
    };

    private static X509Certificate2 Read(string certificate, string? key) =>
        Path.GetExtension(certificate) is ".p12" or ".pfx"
            ? X509CertificateLoader.LoadPkcs12FromFile(certificate, null)
            : X509Certificate2.CreateFromPemFile(certificate, key);

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0
            ? authorities
            : throw new CryptographicException($"{file} holds no certificate in PEM");
    }
}
