using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Model;
using Pptp.Radius;
using Pptp.Testing;
using Pptp.Testing.Radius;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>A row with <c>protocol = "radsec"</c> against a TLS server, with its certificates in files.</summary>
public sealed class RadSecPortTests
{
    private static readonly RadiusRequest Login =
        new(RadiusCode.AccessRequest, [RadiusValue.Of(RadiusAttributes.UserName, "nemo")]);

    private readonly string _folder = Directory.CreateTempSubdirectory("pptpd-radsec-").FullName;

    [TearDown]
    public void RemoveTheFiles() => Directory.Delete(_folder, true);

    [TestCase("own.pem", null)]
    [TestCase("certificate.pem", "key.pem")]
    [TestCase("own.p12", null)]
    [EffectOf("radius", "protocol")]
    [EffectOf("radius", "certificate")]
    [EffectOf("radius", "certificate-key")]
    [EffectOf("radius", "certificate-authority")]
    public async Task Our_certificate_comes_from_its_file_and_the_server_is_verified_by_another(string file, string? key)
    {
        using TlsResponder server = new(Accept, wantsCertificate: true);
        await using RadSecRadiusPort port = Port(Row(server) with
        {
            Certificate = Path.Combine(_folder, file),
            CertificateKey = key is null ? null : Path.Combine(_folder, key),
        });
        Assert.That(await port.SendAsync(Login, 3, CancellationToken.None), Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(server.ClientName, Is.EqualTo("CN=nas.example"));
        Assert.That(port.LocalAddress, Is.EqualTo(IPAddress.Loopback));
        Assert.That(await port.ProbeAsync(CancellationToken.None));
    }

    [TestCase("radius.example", true)]
    [TestCase("other.example", false)]
    [EffectOf("radius", "server-name")]
    public async Task The_server_must_have_the_name_of_the_row(string name, bool isRight)
    {
        using TlsResponder server = new(Accept, "radius.example");
        await using RadSecRadiusPort port = Port(Row(server) with { ServerName = name });
        Assert.That(
            await port.SendAsync(Login, 3, CancellationToken.None),
            isRight ? Is.InstanceOf<RadiusOutcome.Reply>() : Is.InstanceOf<RadiusOutcome.Failed>());
    }

    [Test]
    [EffectOf("radius", "radsec-timeout")]
    public async Task A_silent_server_is_waited_for_as_long_as_the_row_says()
    {
        using TlsResponder server = new(_ => []);
        await using RadSecRadiusPort port = Port(Row(server) with { RadSecTimeout = TimeSpan.FromSeconds(10) });
        Assert.That(await port.SendAsync(Login, 3, CancellationToken.None), Is.EqualTo(new RadiusOutcome.Silent(null)));
        await using RadSecRadiusPort patient = Port(Row(server) with { RadSecTimeout = TimeSpan.FromMinutes(1) });
        Task<RadiusOutcome> waiting = patient.SendAsync(Login, 3, CancellationToken.None);
        await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromSeconds(12)));
        Assert.That(waiting.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_file_that_holds_no_certificate_is_named()
    {
        using TlsResponder server = new(Accept);
        string empty = Path.Combine(_folder, "empty.pem");
        await File.WriteAllTextAsync(empty, "nothing");
        await using RadSecRadiusPort port = Port(Row(server) with { CertificateAuthority = empty });
        Assert.That(
            (await port.SendAsync(Login, 3, CancellationToken.None) as RadiusOutcome.Failed)?.Why,
            Does.StartWith("a certificate cannot be read: ").And.Contains("empty.pem"));
    }

    private static RadSecRadiusPort Port(RadiusServer row) =>
        new(row, RadiusPurpose.Authentication, TimeProvider.System);

    /// <summary>A row for the server; writes the files that rows name.</summary>
    private RadiusServer Row(TlsResponder server)
    {
        using X509Certificate2 own = TlsResponder.MakeCertificate("nas.example");
        using ECDsa key = own.GetECDsaPrivateKey()!;
        Write("certificate.pem", own.ExportCertificatePem());
        Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        Write("own.pem", own.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(Path.Combine(_folder, "own.p12"), own.Export(X509ContentType.Pkcs12));
        Write("ca.pem", server.Authorities[0].ExportCertificatePem());
        return new RadiusServer
        {
            Address = server.EndPoint.Address,
            AuthenticationPort = server.EndPoint.Port,
            Service = RadiusServices.Ppp,
            Protocol = RadiusProtocol.RadSec,
            RadSecTimeout = TimeSpan.FromSeconds(30),
            CertificateAuthority = Path.Combine(_folder, "ca.pem"),
        };
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private static byte[] Accept(byte[] request) =>
        RadiusPacket.TryParse(request, out RadiusPacket? packet, out string? problem)
            ? RadiusCodec.WriteReply(RadiusCode.AccessAccept, packet, [], "radsec"u8)
            : throw new AssertionException(problem);
}
