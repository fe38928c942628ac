using System.Net;
using Pptp.Interop.Tests.Harness;
using Pptp.Testing;
using Pptp.Testing.Radius;

namespace Pptp.Interop.Tests;

/// <summary>A real pppd logs in at a FreeRADIUS that is asked by TLS.</summary>
internal sealed class RadSecTests : RadiusFixture
{
    private const string Carol = "carol";

    private readonly string _certificates = Directory.CreateTempSubdirectory("pptpd-certificates-").FullName;
    private readonly TestAuthority _authority = new(IPAddress.Loopback);
    private CertificateFiles? _nas;

    protected override string Users => User(Carol);

    protected override FreeRadiusSettings RadiusSettings =>
        new() { Users = Users, Authority = _authority, RadSecPort = 2083 };

    protected override string Row
    {
        get
        {
            CertificateFiles nas = _nas ??= _authority.IssueClient(_certificates, "nas");
            return $"""

                [[radius]]
                address = "127.0.0.1"
                service = ["ppp"]
                protocol = "radsec"
                certificate = "{nas.Certificate}"
                certificate-key = "{nas.Key}"
                certificate-authority = "{nas.Authority}"

                """;
        }
    }

    [OneTimeTearDown]
    public void ForgetCertificates()
    {
        _authority.Dispose();
        Directory.Delete(_certificates, recursive: true);
    }

    [Test]
    [EffectOf("radius", "protocol"), EffectOf("radius", "certificate"), EffectOf("radius", "certificate-key")]
    [EffectOf("radius", "certificate-authority")]
    public void A_user_logs_in_by_TLS_with_keys()
    {
        Call call = Dial(Carol).MustBeUp(Server);

        call.Ping(ServerSettings.Gateway, 50, 1400).MustLoseNone(Server);
        Assert.That(call.Encrypted, Is.True, call.Log);
        Assert.That(Radius.Log.With("Login OK"), Has.Count.EqualTo(1), Radius.Log.Tail());
    }
}
