using System.Net;
using System.Net.Sockets;
using Pptp.Appliance.Diagnosis;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Testing;

namespace Pptp.Appliance.Tests.Diagnosis;

/// <summary>The doctor looks at what our own tunnels need, in a network namespace of the test's own.</summary>
public sealed class ClientDoctorTests
{
    private static readonly PptpClient Client = new()
    {
        Name = "pptp-out1",
        ConnectTo = "127.0.0.1",
        User = "alice",
        Disabled = false,
    };

    [SetUp]
    public void RequireNamespaces()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
    }

    [Test]
    public void A_server_that_answers_is_good_and_no_port_is_taken_for_a_server_that_is_not_enabled()
    {
        IReadOnlyList<Finding> findings = Examine(Client, () =>
        {
            Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            server.Bind(new IPEndPoint(IPAddress.Loopback, 1723));
            server.Listen();
            return server;
        });

        Assert.That(findings.Single(f => f.Subject == "server 127.0.0.1").Verdict, Is.EqualTo(Verdict.Good));
        Assert.That(findings.Where(f => f.Subject.StartsWith("TCP ", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("127.0.0.1", null, "Connection refused", "start a PPTP server there")]
    [TestCase("192.0.2.9", null, "Network is unreachable", "ip route get 192.0.2.9")]
    [TestCase("127.0.0.1", "192.0.2.7", "Cannot assign requested address", "src-address")]
    [TestCase("nobody.invalid", null, "", "getent ahostsv4 nobody.invalid")]
    public void A_server_that_cannot_be_called_is_bad(string server, string? source, string detail, string remedy)
    {
        PptpClient client = Client with
        {
            ConnectTo = server,
            SrcAddress = source is null ? null : IPAddress.Parse(source),
        };
        Finding finding = Examine(client).Single(f => f.Subject == $"server {server}");

        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Bad));
        Assert.That(finding.Detail, Does.Contain(detail));
        Assert.That(finding.Remedy, Does.Contain(remedy));
    }

    [Test]
    public void A_disabled_client_is_not_looked_at() => Assert.That(
        Examine(Client with { Disabled = true, UsePeerDns = UsePeerDns.Yes, AddDefaultRoute = true })
            .Where(f => f.Subject.Contains("server ") || f.Subject.Contains("route") || f.Subject == "use-peer-dns"),
        Is.Empty);

    [TestCase(0u, Verdict.Doubtful)]
    [TestCase(100u, Verdict.Good)]
    public void A_default_route_of_the_host_that_goes_before_is_told(uint metric, Verdict verdict)
    {
        IReadOnlyList<Finding> findings = Examine(Client with { AddDefaultRoute = true }, () =>
        {
            RouteNetlink netlink = new();
            netlink.AddRoute(new RouteEntry
            {
                Destination = new IPNetwork(IPAddress.Any, 0),
                InterfaceIndex = netlink.FindLink("lo")!.Index,
                Metric = metric,
            });
            return netlink;
        });

        Finding finding = findings.Single(f => f.Subject == "default route of pptp-out1");
        Assert.That(finding.Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void A_resolv_conf_that_cannot_be_changed_is_bad_and_one_that_can_is_left_as_it_is()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "nameserver 192.0.2.53\n");
            Assert.That(ExamineResolvConf(file).Verdict, Is.EqualTo(Verdict.Good));
            Assert.That(File.ReadAllText(file), Is.EqualTo("nameserver 192.0.2.53\n"));
        }
        finally
        {
            File.Delete(file);
        }

        Finding missing = ExamineResolvConf(file);
        Assert.That(missing.Verdict, Is.EqualTo(Verdict.Bad));
        Assert.That(missing.Remedy, Does.Contain("resolv-conf in [system]"));
    }

    private static Finding ExamineResolvConf(string file) => Examine(
        Client with { UsePeerDns = UsePeerDns.Exclusively }, () => null, new SystemSettings { ResolvConf = file })
        .Single(f => f.Subject == "use-peer-dns");

    private static IReadOnlyList<Finding> Examine(
        PptpClient client, Func<IDisposable?>? prepare = null, SystemSettings? system = null)
    {
        IReadOnlyList<Finding> findings = [];
        NetworkNamespace.Run(() =>
        {
            using IDisposable? prepared = prepare?.Invoke();
            findings = HostDoctor.Examine(new PptpConfiguration { Clients = [client], System = system ?? new() });
        });
        return findings;
    }
}
