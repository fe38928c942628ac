using System.Net;

namespace Pptp.Model.Tests;

/// <summary>RADIUS servers, what they may ask of us, and what is wrong with them.</summary>
internal sealed class RadiusTests
{
    private const string LongSecret = "sixteen bytes or more";

    private const string Used = "[ppp-aaa]\nuse-radius = true\n";

    private static readonly TestCaseData[] Mistakes =
    [
        Case("a server without a secret", Used + "[[radius]]\naddress = \"192.0.2.10\"\nservice = \"ppp\"\n",
            "pptpd.toml:3:3: error: radius.secret: is missing"),
        Case("a server without an address", Used + "[[radius]]\nservice = \"ppp\"\n",
            "pptpd.toml:3:3: error: radius: lacks address: The server's address, IPv4 or IPv6."),
        Case("an empty secret", Used + Server(secret: ""), "pptpd.toml:5:10: warning: radius.secret: is empty"),
        Case("a short secret", Used + Server(secret: "testing123"),
            "pptpd.toml:5:10: warning: radius.secret: is shorter than 16 bytes: who sees one packet can try secrets "
            + "until one fits"),
        Case("a secret in a file that is not there",
            Used + Server().Replace($"\"{LongSecret}\"", "{ file = \"/nowhere/radius\" }", StringComparison.Ordinal),
            "pptpd.toml:5:10: error: radius.secret: /nowhere/radius there is no such file"),
        Case("the same server twice", Used + Server() + Server(),
            "pptpd.toml:8:11: error: radius.address: 192.0.2.10 stands for the same users at pptpd.toml:3:3"),
        Case("the same server twice, once disabled", Used + Server() + Server() + "disabled = true\n"),
        Case("the same server for two domains",
            Used + Server() + "domain = \"A\"\n" + Server() + "domain = \"B\"\n"),
        Case("answers that may be forged", Used + Server() + "require-message-auth = false\n",
            "pptpd.toml:7:24: warning: radius.require-message-auth: lets whoever is between the server and us forge "
            + "its answers (BlastRADIUS)"),
        Case("a server for others", Used + Server() + Server("192.0.2.11", "login"),
            "pptpd.toml:10:11: warning: radius.service: has no ppp, so the server is asked nothing"),
        Case("a source of the other family", Used + Server() + "src-address = \"2001:db8::1\"\n",
            "pptpd.toml:7:15: error: radius.src-address: 2001:db8::1 cannot send to 192.0.2.10: one is IPv4, "
            + "the other IPv6"),
        Case("RADIUS without servers", Used,
            "pptpd.toml:2:14: warning: ppp-aaa.use-radius: there is no enabled [[radius]] row with service = \"ppp\" "
            + "to ask"),
        Case("servers that nobody asks", Server(),
            "pptpd.toml:1:1: warning: ppp-aaa.use-radius: is no, so the [[radius]] rows are not asked"),
        Case("EAP without RADIUS", "[pptp-server]\nauthentication = \"eap,mschap2\"\n",
            "pptpd.toml:2:18: warning: pptp-server.authentication: eap is for RADIUS to answer; without use-radius "
            + "nobody logs in by it"),
        Case("no time for a second server", Used + Server() + "timeout = \"20s\"\n",
            "pptpd.toml:7:11: warning: radius.timeout: leaves a login no time for another server: with all tries it "
            + "is the login-timeout or longer"),
        Case("RadSec without a certificate",
            Used + "[[radius]]\naddress = \"192.0.2.10\"\nservice = \"ppp\"\nprotocol = \"radsec\"\n",
            "pptpd.toml:3:3: error: radius.certificate: is missing: with radsec each side shows one"),
        Case("RadSec with files that are not there",
            Used + "[[radius]]\naddress = \"192.0.2.10\"\nservice = \"ppp\"\nprotocol = \"radsec\"\n"
            + "certificate = \"/nowhere/a\"\ncertificate-key = \"/nowhere/b\"\ncertificate-authority = \"/nowhere/c\"\n",
            "pptpd.toml:7:15: error: radius.certificate: /nowhere/a: there is no such file",
            "pptpd.toml:8:19: error: radius.certificate-key: /nowhere/b: there is no such file",
            "pptpd.toml:9:25: error: radius.certificate-authority: /nowhere/c: there is no such file"),
        Case("requests from nobody", "[radius-incoming]\naccept = true\n",
            "pptpd.toml:2:10: warning: radius-incoming.accept: has nobody to accept from: there is neither an enabled "
            + "[[radius]] row nor sources with a secret"),
        Case("requests from sources without a secret",
            Used + Server() + "[radius-incoming]\naccept = true\nsources = [\"192.0.2.0/24\", \"198.51.100.7\"]\n",
            "pptpd.toml:9:11: warning: radius-incoming.sources: 198.51.100.7 has neither a [[radius]] row nor a secret, "
            + "so nothing is taken from there"),
        Case("requests from sources with a secret",
            $"[radius-incoming]\naccept = true\nsources = \"198.51.100.7\"\nsecret = \"{LongSecret}\"\n"),
        Case("a server that only sends requests",
            Used + Server() + Server("192.0.2.11", "") + "[radius-incoming]\naccept = true\n"),
        Case("two secrets of one sender",
            Used + Server() + Server(secret: "another long secret") + "authentication-port = 11812\n"
            + "[radius-incoming]\naccept = true\n",
            "pptpd.toml:9:10: warning: radius.secret: is not that of requests from 192.0.2.10: theirs is the secret at "
            + "pptpd.toml:3:3"),
    ];

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place(string text, string[] expected) =>
        Assert.That(Told(text), Is.EqualTo(expected));

    [Test]
    public void The_smallest_row_has_the_defaults_of_RouterOS()
    {
        RadiusServer server = Toml.Parse(Server()).Configuration!.Radius.Single();
        Assert.That(server, Is.EqualTo(new RadiusServer
        {
            Address = IPAddress.Parse("192.0.2.10"),
            Service = RadiusServices.Ppp,
            Secret = SecretValue.FromPassword(LongSecret),
            AuthenticationPort = 1812,
            AccountingPort = 1813,
            Timeout = TimeSpan.FromMilliseconds(1100),
            RadSecTimeout = TimeSpan.FromMilliseconds(3300),
            RequireMessageAuth = RequireMessageAuth.YesForRequestResp,
            Tries = 3,
        }));
        Assert.That(server.SharedSecret!.Password, Is.EqualTo(LongSecret));
    }

    [Test]
    public void The_other_menus_have_the_defaults_of_RouterOS()
    {
        PptpConfiguration configuration = new();
        Assert.Multiple(() =>
        {
            Assert.That(configuration.PppAaa.UseRadius, Is.False);
            Assert.That(configuration.PppAaa.Accounting, Is.True);
            Assert.That(configuration.PppAaa.InterimUpdate, Is.EqualTo(TimeSpan.Zero));
            Assert.That(configuration.PppAaa.EnableIpv6Accounting, Is.False);
            Assert.That(configuration.RadiusIncoming.Accept, Is.False);
            Assert.That(configuration.RadiusIncoming.Port, Is.EqualTo(3799));
            Assert.That(configuration.Radius, Is.Empty);
        });
    }

    [TestCase("ppp", false, true)]
    [TestCase("ppp,login", false, true)]
    [TestCase("login", false, false)]
    [TestCase("", false, false)]
    [TestCase("ppp", true, false)]
    public void Only_an_enabled_row_for_ppp_is_asked(string service, bool disabled, bool asked)
    {
        string text = Server(service: service) + (disabled ? "disabled = true\n" : "");
        Assert.That(Toml.Parse(text).Configuration!.Radius.Single().IsAsked, Is.EqualTo(asked));
    }

    [TestCase(null, 2083)]
    [TestCase(2084, 2084)]
    public void RadSec_has_a_port_and_a_secret_of_its_own(int? port, int expected)
    {
        using TestFolder folder = new();
        string certificate = folder.Write("radsec.pem", "");
        string text = $"[ppp-aaa]\nuse-radius = true\n[[radius]]\naddress = \"192.0.2.10\"\nservice = \"ppp\"\n"
            + $"protocol = \"radsec\"\ncertificate = \"{certificate}\"\n"
            + (port is null ? "" : $"authentication-port = {port}\n");
        RadiusServer server = Toml.Parse(text + "secret = \"other\"\n").Configuration!.Radius.Single();

        Assert.Multiple(() =>
        {
            Assert.That(server.RadSecPort, Is.EqualTo(expected));
            Assert.That(server.SharedSecret!.Password, Is.EqualTo("radsec"));
            Assert.That(Told(text), Is.Empty);
            Assert.That(Told(text + "secret = \"other\"\n").Single(),
                Does.EndWith("warning: radius.secret: is not used: the secret of radsec is radsec"));
        });
    }

    [Test]
    public void Requests_of_a_server_that_has_no_secret_but_that_of_RadSec_are_told_to_be_none()
    {
        const string Incoming = "[radius-incoming]\naccept = true\n";
        using TestFolder folder = new();
        string certificate = folder.Write("radsec.pem", "");
        string text = $"{Used}[[radius]]\naddress = \"192.0.2.10\"\nservice = \"ppp\"\nprotocol = \"radsec\"\n"
            + $"certificate = \"{certificate}\"\n";
        string[] warning =
        [
            "pptpd.toml:6:12: warning: radius.protocol: radsec has no secret for requests from 192.0.2.10, which come "
                + "by UDP: without one in [radius-incoming] they are not heeded",
        ];

        Assert.Multiple(() =>
        {
            Assert.That(Told(text), Is.Empty);
            Assert.That(Told(text + Incoming), Is.EqualTo(warning));
            Assert.That(Told(text + Incoming + $"secret = \"{LongSecret}\"\n"), Is.Empty);
            Assert.That(Told(text + Server() + Incoming), Is.Empty, "another row has one");
            Assert.That(
                Told(text + Server("192.0.2.11") + Incoming + "sources = \"192.0.2.11\"\n"),
                Is.Empty, "it may send none");
        });
    }

    [Test]
    public void A_key_that_everyone_can_read_is_told()
    {
        using TestFolder folder = new();
        string key = folder.Write("radsec.key", "");
        TestFolder.SetMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        string text = $"{Used}[[radius]]\naddress = \"192.0.2.10\"\nservice = \"ppp\"\nprotocol = \"radsec\"\n"
            + $"certificate = \"{key}\"\ncertificate-key = \"{key}\"\n";

        Assert.That(Told(text), Is.EqualTo(new[]
        {
            $"pptpd.toml:8:19: warning: radius.certificate-key: {key} holds a key and can be read by everyone; "
                + "chmod o-r mends it",
        }));
    }

    [Test]
    public void A_secret_may_stand_in_a_file_of_its_own()
    {
        using TestFolder folder = new();
        string secret = folder.Write("radius.secret", LongSecret + "\n");
        TestFolder.SetMode(secret, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        string file = $"{{ file = \"{secret}\" }}";
        string text = Used + Server().Replace($"\"{LongSecret}\"", file, StringComparison.Ordinal)
            + $"[radius-incoming]\nsecret = {file}\n";
        ConfigurationResult result = Toml.Parse(text);

        Assert.That(result.Configuration!.Radius.Single().SharedSecret!.Password, Is.EqualTo(LongSecret));
        Assert.That(result.Configuration.RadiusIncoming.Secret!.Password, Is.EqualTo(LongSecret));
        Assert.That(Told(text), Is.EqualTo(new[]
        {
            $"pptpd.toml:5:10: warning: radius.secret: {secret} can be read by everyone; chmod o-r mends it",
        }));
    }

    [Test]
    public void With_RADIUS_nobody_needs_a_secret_here() =>
        Assert.That(Told(Used + Server() + "[pptp-server]\nenabled = true\n"), Is.Empty);

    // What has no effect yet is told of apart.
    private static string[] Told(string text) =>
        [.. Toml.Findings(text).Where(finding => !finding.Contains("has no effect yet", StringComparison.Ordinal))];

    // Four lines.
    private static string Server(
        string address = "192.0.2.10", string service = "ppp", string secret = LongSecret) =>
        $"[[radius]]\naddress = \"{address}\"\nsecret = \"{secret}\"\nservice = \"{service}\"\n";

    private static TestCaseData Case(string name, string text, params string[] findings) =>
        new TestCaseData(text, findings).SetArgDisplayNames(name);
}
