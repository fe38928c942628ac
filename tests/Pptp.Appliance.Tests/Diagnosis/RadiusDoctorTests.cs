using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;
using Pptp.Radius;
using Pptp.Testing;
using Pptp.Testing.Radius;

namespace Pptp.Appliance.Tests.Diagnosis;

/// <summary>The doctor asks RADIUS servers: FreeRADIUS, and some that do what no good one does.</summary>
[SupportedOSPlatform("linux")]
public sealed class RadiusDoctorTests
{
    private const string Logins = "RADIUS logins at 127.0.0.1:";
    private const string Accounting = "RADIUS accounting at 127.0.0.1:";

    private static readonly RadiusServer Row = new()
    {
        Address = IPAddress.Loopback,
        Service = RadiusServices.Ppp,
        Secret = SecretValue.FromPassword(FreeRadiusSettings.DefaultSecret),
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>What comes, has come by then, and what does not come is waited for as long.</summary>
    private static readonly TimeSpan Awhile = TimeSpan.FromSeconds(10);

    /// <summary>It is not to be waited for long.</summary>
    private static readonly RadiusServer Hopeless = Row with { Timeout = TimeSpan.FromMilliseconds(300), Tries = 1 };

    [Test]
    public void A_server_that_answers_both_ports_as_it_should_is_good() => Assert.That(
        ExamineFreeRadius(Row, new FreeRadiusSettings()).Select(finding => (finding.Verdict, finding.Subject)),
        Is.EqualTo(new[]
        {
            (Verdict.Good, "use-radius"), (Verdict.Good, Logins + "1812"), (Verdict.Good, Accounting + "1813"),
        }));

    [Test]
    public void A_server_that_knows_us_by_another_secret_says_nothing_and_that_is_told()
    {
        List<Finding> findings = ExamineFreeRadius(Hopeless, new() { Secret = "another one of the tests" });
        foreach (string subject in (string[])[Logins, Accounting])
        {
            Finding finding = Of(findings, subject);
            Assert.That((finding.Verdict, finding.Detail), Is.EqualTo((Verdict.Bad, "it does not answer")));
            Assert.That(finding.Remedy, Does.Contain("by another secret"));
        }
    }

    [Test]
    public void A_server_whose_answers_have_no_Message_Authenticator_is_bad_and_the_cure_is_named()
    {
        RadiusServer row = Row with { Timeout = Awhile, Tries = 1 };
        FreeRadiusSettings old = new() { MessageAuthenticator = false };
        List<Finding> findings = ExamineFreeRadius(row, old);
        Finding finding = Of(findings, Logins);
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Bad));
        Assert.That(finding.Detail, Does.Contain("no Message-Authenticator"));
        Assert.That(finding.Remedy, Does.Contain("three lines").And.Contains("pptpd manual"));
        Assert.That(Of(findings, Accounting).Verdict, Is.EqualTo(Verdict.Good));
    }

    [Test]
    public void Answers_that_are_signed_with_another_secret_are_bad()
    {
        using Socket server = Serve(request => RadiusCodec.WriteReply(RadiusCode.AccessReject, request, [], "other"u8));
        Finding finding = Of(Examine(AskedAt(server, Hopeless with { Timeout = Awhile })), Logins);
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Bad));
        Assert.That(finding.Detail, Does.Contain("another secret"));
    }

    [Test]
    public void A_server_that_is_not_there_is_bad()
    {
        using Socket silent = Serve(_ => null);
        Finding finding = Of(Examine(AskedAt(silent, Hopeless)), Logins);
        Assert.That((finding.Verdict, finding.Detail), Is.EqualTo((Verdict.Bad, "it does not answer")));
        Assert.That(finding.Remedy, Does.Contain("see that the server runs"));
    }

    [Test]
    public void A_server_that_answers_logins_and_not_Status_Server_is_looked_at_no_further()
    {
        using Socket server = Serve(
            request => request.Code == RadiusCode.AccessRequest ? Answer(RadiusCode.AccessReject, request) : null);
        RadiusServer row = AskedAt(server, Row with { Timeout = Awhile, Tries = 1 });
        List<Finding> findings = Examine(row);
        Assert.That(Of(findings, Logins).Verdict, Is.EqualTo(Verdict.Doubtful));
        Assert.That(Of(findings, Logins).Remedy, Does.Contain("status_server = yes"));
        Assert.That(Of(findings, Accounting).Verdict, Is.EqualTo(Verdict.Doubtful));
    }

    [Test]
    public void A_server_that_answers_Status_Server_and_no_login_is_bad()
    {
        using Socket server = Serve(
            request => request.Code == RadiusCode.StatusServer ? Answer(RadiusCode.AccessAccept, request) : null);
        Finding finding = Of(Examine(AskedAt(server, Row with { Timeout = Awhile, Tries = 1 })), Logins);
        Assert.That(
            (finding.Verdict, finding.Detail),
            Is.EqualTo((Verdict.Bad, "are not answered, though Status-Server is")));
    }

    [Test]
    public void A_server_that_lets_everybody_in_is_doubtful()
    {
        using Socket server = Serve(request => Answer(RadiusCode.AccessAccept, request));
        Finding finding = Of(Examine(AskedAt(server, Row)), Logins);
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Doubtful));
        Assert.That(finding.Detail, Does.Contain("pptpd-doctor"));
    }

    [TestCase("127.0.0.1", "192.0.2.7", "src-address in [[radius]]")]
    [TestCase("192.0.2.9", null, "ip route get 192.0.2.9")]
    public void A_server_there_is_no_way_to_is_bad(string server, string? source, string remedy)
    {
        RequireNamespaces();
        RadiusServer row = Row with
        {
            Address = IPAddress.Parse(server),
            SrcAddress = source is null ? null : IPAddress.Parse(source),
        };
        List<Finding> findings = [];
        NetworkNamespace.Run(() => findings = Examine(row));
        Finding finding = Of(findings, "RADIUS ");

        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Bad));
        Assert.That(finding.Remedy, Does.Contain(remedy));
    }

    [TestCase(null, Verdict.Good)]
    [TestCase("other.example", Verdict.Bad)]
    public void The_certificate_of_RadSec_is_verified_and_its_end_is_told(string? name, Verdict verdict)
    {
        using TlsResponder server = new(octets => Answer(RadiusCode.AccessReject, Parse(octets), "radsec"u8));
        string authority = Path.GetTempFileName();
        try
        {
            File.WriteAllText(authority, server.Authorities[0].ExportCertificatePem());
            List<Finding> findings = Examine(Row with
            {
                AuthenticationPort = server.EndPoint.Port,
                Protocol = RadiusProtocol.RadSec,
                RadSecTimeout = TimeSpan.FromSeconds(30),
                CertificateAuthority = authority,
                ServerName = name,
            });
            if (verdict == Verdict.Bad)
            {
                Assert.That(Of(findings, Logins).Verdict, Is.EqualTo(Verdict.Bad));
                Assert.That(Of(findings, Logins).Remedy, Does.Contain("server-name"));
                return;
            }
            Assert.That(Of(findings, Logins).Detail, Does.StartWith("are answered"));
            Finding certificate = Of(findings, "certificate of ");
            Assert.That(certificate.Verdict, Is.EqualTo(Verdict.Doubtful), "it ends tomorrow");
            Assert.That(certificate.Detail, Does.Contain(
                server.Authorities[0].NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        }
        finally
        {
            File.Delete(authority);
        }
    }

    [Test]
    public void Rows_that_are_not_used_are_told()
    {
        using Socket silent = Serve(_ => null);
        Finding finding = Of(Examine(AskedAt(silent, Hopeless), new PptpConfiguration()), "use-radius");
        Assert.That(
            (finding.Verdict, finding.Remedy), Is.EqualTo((Verdict.Doubtful, "use-radius = true in [ppp-aaa]")));
        Assert.That(RadiusDoctor.Examine(new PptpConfiguration()), Is.Empty);
    }

    [Test]
    public void Requests_of_servers_are_taken_from_those_that_have_a_secret()
    {
        PptpConfiguration configuration = new()
        {
            Radius = [Row with { Service = 0 }, Row with { Address = IPAddress.IPv6Loopback, Disabled = true }],
            RadiusIncoming = new() { Accept = true, Port = 13799 },
        };
        List<Finding> findings = [];
        RequireNamespaces();
        NetworkNamespace.Run(() => findings = [.. RadiusDoctor.Examine(configuration)]);
        Assert.That(findings.Single(), Is.EqualTo(
            new Finding(Verdict.Good, "radius-incoming, UDP 13799", "is free; requests are taken from 127.0.0.1")));

        Finding nobody = RadiusDoctor.Examine(configuration with { Radius = [] }).Single();
        Assert.That(nobody.Verdict, Is.EqualTo(Verdict.Doubtful));
        Assert.That(nobody.Remedy, Does.Contain("sources and secret"));
    }

    private static void RequireNamespaces()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
    }

    private static Finding Of(List<Finding> findings, string subject) =>
        findings.Single(finding => finding.Subject.StartsWith(subject, StringComparison.Ordinal));

    private static List<Finding> ExamineFreeRadius(RadiusServer row, FreeRadiusSettings settings)
    {
        if (FreeRadius.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
        using NetworkNamespace network = new();
        using FreeRadius radius = FreeRadius.Start(settings, network);
        return network.Invoke(() => Examine(row));
    }

    private static List<Finding> Examine(RadiusServer row, PptpConfiguration? others = null) =>
    [
        .. RadiusDoctor.Examine(
            (others ?? new() { PppAaa = new() { UseRadius = true } }) with { Radius = [row] }),
    ];

    /// <summary>Both ports are the one.</summary>
    private static RadiusServer AskedAt(Socket server, RadiusServer row)
    {
        int port = ((IPEndPoint)server.LocalEndPoint!).Port;
        return row with { AuthenticationPort = port, AccountingPort = port };
    }

    private static byte[] Answer(RadiusCode code, RadiusPacket request) =>
        Answer(code, request, Encoding.UTF8.GetBytes(FreeRadiusSettings.DefaultSecret));

    private static byte[] Answer(RadiusCode code, RadiusPacket request, ReadOnlySpan<byte> secret) =>
        RadiusCodec.WriteReply(
            request.Code == RadiusCode.StatusServer ? RadiusCode.AccessAccept : code, request, [], secret);

    private static RadiusPacket Parse(byte[] octets) =>
        RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem)
            ? packet
            : throw new AssertionException(problem);

    /// <summary>Answers on a port of loopback until it is disposed.</summary>
    private static Socket Serve(Func<RadiusPacket, byte[]?> answer)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = ServeAsync();
        return socket;

        async Task ServeAsync()
        {
            byte[] buffer = new byte[RadiusPacket.MaximumLength];
            try
            {
                while (true)
                {
                    SocketReceiveFromResult came =
                        await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                    if (answer(Parse(buffer[..came.ReceivedBytes])) is { } reply)
                        await socket.SendToAsync(reply, came.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Disposed.
            }
        }
    }
}
