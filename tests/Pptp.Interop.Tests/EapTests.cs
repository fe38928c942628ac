using System.Diagnostics.CodeAnalysis;
using Pptp.Interop.Tests.Harness;
using Pptp.Testing.Radius;

namespace Pptp.Interop.Tests;

/// <summary>EAP-TLS between Debian's pppd and FreeRADIUS, and we between them.</summary>
[SuppressMessage("Structure", "NUnit1032", Justification = "They are disposed of in End.")]
internal sealed class EapTests : InteropFixture
{
    private const string Carol = "carol";

    private TestAuthority _authority = null!;
    private FreeRadius _radius = null!;
    private string _certificates = "";

    protected override ServerSettings Settings => new()
    {
        Authentication = ["mschap2", "eap"],
        Extra = $"""

            [[radius]]
            service = "ppp"
            address = "127.0.0.1"
            secret = "{FreeRadiusSettings.DefaultSecret}"

            [ppp-aaa]
            use-radius = true
            accounting = false

            """,
    };

    [Test]
    public void A_certificate_lets_in_and_gives_the_keys_of_128_bits()
    {
        Call call = DialWith(_authority);

        call.MustBeUp(Server);
        call.Ping(ServerSettings.Gateway, 20, 1400).MustLoseNone(Server);
        call.HangUp().MustSucceed();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Encrypted, Is.True, call.Log);
            Assert.That(call.Log, Does.Contain("<auth eap>"));
            Assert.That(Server.Log.Expect("using encoding", 1), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void A_certificate_of_another_authority_is_refused()
    {
        using TestAuthority other = new();

        Call call = DialWith(other);

        Assert.That(call.ExitCode, Is.Not.Zero, call.Log);
        Assert.That(call.Log, Does.Contain("EAP: peer reports authentication failure"));
        Server.Log.WaitFor("has trouble - the RADIUS server refuses the user", Soon);
    }

    [Test]
    public void A_client_that_refuses_EAP_gets_in_by_MS_CHAPv2()
    {
        Call call = Dial(ServerSettings.Alice, "refuse-eap");

        call.MustBeUp(Server);
        Assert.That(call.Encrypted, Is.True, call.Log);
        call.HangUp().MustSucceed();
    }

    protected override void Begin()
    {
        if (FreeRadius.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
        _certificates = Directory.CreateTempSubdirectory("pptpd-certificates-").FullName;
        _authority = new TestAuthority();
        _radius = FreeRadius.Start(new() { Authority = _authority, EapMethod = "tls" }, Lab.Namespace);
        base.Begin();
    }

    protected override void End()
    {
        _radius?.Dispose();
        _authority?.Dispose();
        if (Directory.Exists(_certificates))
            Directory.Delete(_certificates, recursive: true);
    }

    /// <summary>Dials with a certificate that this authority has signed.</summary>
    private Call DialWith(TestAuthority authority)
    {
        CertificateFiles own = authority.IssueClient(_certificates, Carol);
        CertificateFiles trusted = _authority.IssueClient(_certificates, "trusted");
        foreach ((string file, string name) in
            new[] { (own.Certificate, "cert"), (own.Key, "key"), (trusted.Authority, "ca") })
        {
            Lab.InVm($"cat >/tmp/eap-{name}.pem <<'END'\n{File.ReadAllText(file)}END\n").MustSucceed();
        }

        return Dial(
            Carol, "cert", "/tmp/eap-cert.pem", "key", "/tmp/eap-key.pem", "ca", "/tmp/eap-ca.pem", "need-peer-eap");
    }
}
