using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pptp.Testing.Radius;

/// <summary>A server of RADIUS over TLS on loopback, with a certificate of its own making.</summary>
public sealed class TlsResponder : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<byte[], byte[]?> _answer;
    private readonly X509Certificate2 _certificate;
    private readonly bool _wantsCertificate;
    private int _connections;

    /// <param name="answer">What is answered to a packet; null: the connection is closed. Empty: nothing.</param>
    /// <param name="name">Whom the certificate is for; null: the loopback address.</param>
    /// <param name="wantsCertificate">The client must show one.</param>
    public TlsResponder(Func<byte[], byte[]?> answer, string? name = null, bool wantsCertificate = false)
    {
        _answer = answer;
        _wantsCertificate = wantsCertificate;
        _certificate = MakeCertificate(name);
        _listener.Start();
        _ = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Who has signed its certificate: itself.</summary>
    public X509Certificate2Collection Authorities => [X509CertificateLoader.LoadCertificate(_certificate.RawData)];

    /// <summary>TLS connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The name of the last client's certificate.</summary>
    public string? ClientName { get; private set; }

    public static X509Certificate2 MakeCertificate(string? name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name ?? "loopback"}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        if (name is null)
            names.AddIpAddress(IPAddress.Loopback);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made =
            request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient ended = client;
        try
        {
            await using SslStream stream = new(client.GetStream());
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = _wantsCertificate,
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                {
                    ClientName = shown?.Subject;
                    return shown is not null || !_wantsCertificate;
                },
            });
            Interlocked.Increment(ref _connections);
            byte[] head = new byte[4];
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                byte[] packet = new byte[(head[2] << 8) | head[3]];
                head.CopyTo(packet, 0);
                await stream.ReadExactlyAsync(packet.AsMemory(4));
                if (_answer(packet) is not { } answer)
                    return;
                await stream.WriteAsync(answer);
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // The client has gone, or does not like us.
        }
    }
}
