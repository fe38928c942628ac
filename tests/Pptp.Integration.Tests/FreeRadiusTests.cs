using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pptp.Testing;
using Pptp.Testing.Radius;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>The FreeRADIUS that other tests log in at: what it has to do by itself, without a server of ours.</summary>
[NonParallelizable]
[SuppressMessage("Structure", "NUnit1032", Justification = "FreeRADIUS lives as long as the fixture.")]
internal sealed class FreeRadiusTests
{
    private const string Alice = "User-Name = \"alice\"\nNAS-Identifier = \"tests\"\n";

    // RFC 2759 §9.2.
    private const string MsChapV2 = """
        User-Name = "User"
        MS-CHAP-Challenge = 0x5B5D7C7D7B3F2F3E3C2C602132262628
        MS-CHAP2-Response = 0x010021402324255E262A28295F2B3A337C7E000000000000000082309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("pptpd-test-").FullName;
    private NetworkNamespace _network = null!;
    private TestAuthority _authority = null!;
    private FreeRadius _radius = null!;

    [OneTimeSetUp]
    public void StartRadius()
    {
        if (FreeRadius.WhyUnavailable is { } why)
            Assert.Ignore(why);
        _network = new NetworkNamespace();
        _authority = new TestAuthority(IPAddress.Loopback);
        _radius = FreeRadius.Start(
            new()
            {
                Users = """
                    alice Cleartext-Password := "wonderland"
                        Framed-IP-Address = 10.9.0.7, Class = "gold"

                    User Cleartext-Password := "clientPass"
                    """,
                Authority = _authority,
                RadSecPort = 2083,
            },
            _network);
    }

    [OneTimeTearDown]
    public void EndRadius()
    {
        _radius?.Dispose();
        _authority?.Dispose();
        _network?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("User-Password = \"wonderland\"", TestName = "A_login_by_PAP_is_accepted_with_its_attributes")]
    [TestCase("CHAP-Password = \"wonderland\"", TestName = "A_login_by_CHAP_is_accepted_with_its_attributes")]
    [TestCase("MS-CHAP-Password = \"wonderland\"", TestName = "A_login_by_MS_CHAPv1_is_accepted_with_its_attributes")]
    public async Task A_login_is_accepted_with_its_attributes(string credentials)
    {
        RadClientReply reply = await AskAsync("auth", Alice + credentials);
        Assert.That(reply.Code, Is.EqualTo("Access-Accept"), reply.Output);
        Assert.That(reply.Attributes["Framed-IP-Address"], Is.EqualTo("10.9.0.7"));
        Assert.That(reply.Attributes, Does.ContainKey("Message-Authenticator"));
    }

    [Test]
    public async Task A_login_by_MS_CHAPv2_is_accepted_with_keys_and_the_proof_of_RFC_2759()
    {
        RadClientReply reply = await AskAsync("auth", MsChapV2);
        Assert.That(reply.Code, Is.EqualTo("Access-Accept"), reply.Output);
        // The identifier before it is the response's.
        Assert.That(reply.Attributes["MS-CHAP2-Success"],
            Is.EqualTo("0x01" + Convert.ToHexStringLower("S=407A5589115FD0D6209F510FE9C04566932CDA56"u8)));
        Assert.That(reply.Attributes, Does.ContainKey("MS-MPPE-Send-Key").And.ContainKey("MS-MPPE-Recv-Key"));
    }

    [Test]
    public async Task A_wrong_password_is_rejected_with_a_Message_Authenticator()
    {
        RadClientReply reply = await AskAsync("auth", Alice + "User-Password = \"looking glass\"");
        Assert.That(reply.Code, Is.EqualTo("Access-Reject"), reply.Output);
        Assert.That(reply.Attributes, Does.ContainKey("Message-Authenticator"));
    }

    [TestCase("wonderland", "Access-Accept")]
    [TestCase("looking glass", "Access-Reject")]
    public async Task A_reply_has_a_Message_Authenticator_with_the_three_lines_of_the_manual_and_not_without(
        string password, string code)
    {
        FreeRadiusSettings plain = _radius.Settings with
        {
            AuthenticationPort = 11812,
            AccountingPort = 11813,
            MessageAuthenticator = false,
            Authority = null,
            RadSecPort = null,
        };
        string manual = DaemonQuery.Manual();
        string lines = manual[manual.IndexOf("update reply {", StringComparison.Ordinal)..];
        lines = lines[..lines.IndexOf("```", StringComparison.Ordinal)];
        foreach ((string added, bool isThere) in new[] { ("", false), (lines, true) })
        {
            using FreeRadius radius = FreeRadius.Start(plain with { PostAuth = added, PostReject = added }, _network);
            RadClientReply reply = await RadClient.SendAsync(
                _network, "127.0.0.1:11812", "auth", plain.Secret, $"{Alice}User-Password = \"{password}\"");
            Assert.That(reply.Code, Is.EqualTo(code), reply.Output);
            Assert.That(reply.Attributes.ContainsKey("Message-Authenticator"), Is.EqualTo(isThere), reply.Output);
        }
    }

    [Test]
    public async Task Accounting_is_written_down_over_a_stop_a_hold_and_a_kill()
    {
        await AccountAsync("80000001", "Start");
        _radius.Stop();
        Assert.That(_radius.Running, Is.False);
        RadClientReply nobody = await RadClient.SendAsync(
            _network, "127.0.0.1:1813", "acct", _radius.Settings.Secret, Record("80000001", "Alive"), tries: 1);
        Assert.That(nobody.Code, Is.Null, nobody.Output);

        _radius.Start();
        _radius.Hold();
        nobody = await RadClient.SendAsync(
            _network, "127.0.0.1:1813", "status", _radius.Settings.Secret, "Message-Authenticator = 0x00", tries: 1);
        Assert.That(nobody.Code, Is.Null, nobody.Output);
        _radius.Continue();
        await AccountAsync("80000001", "Stop");

        _radius.Kill();
        _radius.Start();
        IReadOnlyList<AccountingRecord> records = await _radius.WaitForRecordsAsync(all => all.Count >= 2, Soon);
        Assert.That(records.Select(record => record.StatusType), Is.EqualTo(new[] { "Start", "Stop" }));
        Assert.That(records.Select(record => record.SessionId), Has.All.EqualTo("80000001"));
        Assert.That(records[0]["User-Name"], Is.EqualTo("al \"ice\""));
    }

    [TestCase("MD5", "password=\"wonderland\"")]
    [TestCase("PEAP", "password=\"wonderland\"\nphase2=\"auth=MSCHAPV2\"\nca_cert=\"{0}\"")]
    [TestCase("TLS", "ca_cert=\"{0}\"\nclient_cert=\"{1}\"\nprivate_key=\"{2}\"")]
    public async Task A_login_by_EAP_is_accepted(string method, string lines)
    {
        CertificateFiles own = _authority.IssueClient(_folder, "alice");
        string file = Path.Combine(_folder, $"{method}.conf");
        await File.WriteAllTextAsync(
            file,
            $"network={{\nkey_mgmt=WPA-EAP\neap={method}\nidentity=\"alice\"\n"
                + string.Format(null, lines, own.Authority, own.Certificate, own.Key) + "\n}\n");
        List<string> arguments = ["-c", file, "-a", "127.0.0.1", "-s", _radius.Settings.Secret, "-r", "0"];
        // MD5 gives no keys.
        if (method == "MD5")
            arguments.Add("-n");
        using Process process = new() { StartInfo = new("eapol_test", arguments) { RedirectStandardOutput = true } };
        _network.Invoke(() => process.Start());
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(output.TrimEnd(), Does.EndWith("SUCCESS"), _radius.Log.Tail());
    }

    [Test]
    public async Task RadSec_answers_whoever_has_a_certificate()
    {
        CertificateFiles own = _authority.IssueClient(_folder, "nas");
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(own.Certificate, own.Key);
        byte[] reply = await AskBySecureStreamAsync([certificate]);
        Assert.That(reply[0], Is.EqualTo(2), "Access-Accept");
    }

    [Test]
    public void RadSec_lets_nobody_in_without_a_certificate() =>
        Assert.That(async () => await AskBySecureStreamAsync([]),
            Throws.InstanceOf<IOException>().Or.InstanceOf<AuthenticationException>());

    private static string Record(string session, string status) =>
        $"User-Name = \"al \\\"ice\\\"\"\nAcct-Session-Id = \"{session}\"\nAcct-Status-Type = {status}\n";

    private async Task AccountAsync(string session, string status)
    {
        RadClientReply reply = await RadClient.SendAsync(
            _network, "127.0.0.1:1813", "acct", _radius.Settings.Secret, Record(session, status));
        Assert.That(reply.Code, Is.EqualTo("Accounting-Response"), reply.Output);
    }

    private Task<RadClientReply> AskAsync(string command, string attributes) =>
        RadClient.SendAsync(_network, "127.0.0.1:1812", command, _radius.Settings.Secret, attributes);

    // A Status-Server (RFC 5997) with its Message-Authenticator, under RadSec's secret.
    private async Task<byte[]> AskBySecureStreamAsync(X509Certificate2Collection certificates)
    {
        byte[] request =
        [
            12, 1, 0, 38, .. RandomNumberGenerator.GetBytes(16), 80, 18, .. new byte[16],
        ];
#pragma warning disable CA5351 // RFC 3579 §3.2 has MD5.
        HMACMD5.HashData("radsec"u8, request).CopyTo(request, 22);
#pragma warning restore CA5351
        using TcpClient client = _network.Invoke(() =>
        {
            TcpClient made = new(AddressFamily.InterNetwork);
            made.Connect(IPAddress.Loopback, 2083);
            return made;
        });
        await using SslStream stream = new(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "radius",
            ClientCertificates = certificates,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.Issuer == "CN=Authority of the tests",
        });
        await stream.WriteAsync(request);
        byte[] reply = new byte[20];
        using CancellationTokenSource patience = new(Soon);
        await stream.ReadExactlyAsync(reply, patience.Token);
        return reply;
    }
}
