using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pptp.Testing.Radius;

/// <summary>Signs certificates for RadSec and EAP-TLS that are good for a day.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _root;
    private readonly IPAddress[] _serverAddresses;
    private int _serial;

    /// <param name="serverAddresses">The addresses the certificates of servers are for, beside their name.</param>
    public TestAuthority(params IPAddress[] serverAddresses)
    {
        _serverAddresses = serverAddresses;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(NotBefore, NotAfter);
    }

    private static DateTimeOffset NotBefore => DateTimeOffset.UtcNow.AddHours(-1);

    private static DateTimeOffset NotAfter => DateTimeOffset.UtcNow.AddDays(1);

    /// <summary>Writes a server's certificate, for its name and the addresses, and all that belongs to it.</summary>
    public CertificateFiles IssueServer(string folder, string name) =>
        Issue(folder, name, ServerAuthentication, _serverAddresses);

    /// <summary>Writes a client's certificate and all that belongs to it.</summary>
    public CertificateFiles IssueClient(string folder, string name) => Issue(folder, name, ClientAuthentication, []);

    public void Dispose() => _root.Dispose();

    private CertificateFiles Issue(string folder, string name, string purpose, IPAddress[] addresses)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        foreach (IPAddress address in addresses)
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        byte[] serial = [1, .. BitConverter.GetBytes(Interlocked.Increment(ref _serial))];
        using X509Certificate2 certificate = request.Create(_root, NotBefore.AddMinutes(1), NotAfter.AddMinutes(-1), serial);
        CertificateFiles files = new(
            Path.Combine(folder, $"{name}.pem"),
            Path.Combine(folder, $"{name}.key"),
            Path.Combine(folder, $"{name}.authority.pem"));
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(files.Authority, _root.ExportCertificatePem() + "\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(files.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return files;
    }
}
