using System.Net;
using System.Net.Sockets;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;
using Pptp.Testing;

namespace Pptp.Appliance.Tests.Diagnosis;

/// <summary>The doctor in a network namespace of its own, where the test knows what is wrong.</summary>
public sealed class HostDoctorTests
{
    private static readonly PptpServerSettings Server = new() { Listen = [new IPEndPoint(IPAddress.Loopback, 1723)] };

    [SetUp]
    public void RequireNamespaces()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
    }

    [Test]
    public void A_fit_host_has_nothing_bad()
    {
        IReadOnlyList<Finding> findings = Examine();
        Assert.That(findings.Where(finding => finding.Verdict == Verdict.Bad), Is.Empty);
        Assert.That(findings.Select(finding => finding.Subject),
            Is.SupersetOf(new[] { "/dev/net/tun", "CAP_NET_ADMIN", "raw GRE socket", "ip_forward", "TCP 127.0.0.1:1723", "firewall", "conntrack" }));
    }

    [Test]
    public void Everything_that_is_not_good_comes_with_what_mends_it_or_says_why_it_cannot_tell()
    {
        foreach (Finding finding in Examine().Where(finding => finding.Verdict != Verdict.Good && finding.Remedy is null))
            Assert.That(finding.Detail, Does.Contain("cannot be"), finding.Subject);
    }

    [Test]
    public void A_port_in_use_is_bad()
    {
        Finding finding = null!;
        NetworkNamespace.Run(() =>
        {
            using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            other.Bind(Server.Listen[0]);
            other.Listen();
            finding = HostDoctor.Examine(new PptpConfiguration { PptpServer = Server }).Single(f => f.Subject == "TCP 127.0.0.1:1723");
        });
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Bad));
        Assert.That(finding.Remedy, Does.Contain("ss -ltnp"));
    }

    [Test]
    public void An_address_that_is_not_the_hosts_is_bad()
    {
        PptpServerSettings foreign = new() { Listen = [new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1723)] };
        Finding finding = null!;
        NetworkNamespace.Run(() => finding = HostDoctor.Examine(new PptpConfiguration { PptpServer = foreign }).Single(f => f.Subject == "TCP 192.0.2.1:1723"));
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Bad));
    }

    private static IReadOnlyList<Finding> Examine()
    {
        IReadOnlyList<Finding> findings = [];
        NetworkNamespace.Run(() => findings = HostDoctor.Examine(new PptpConfiguration { PptpServer = Server }));
        return findings;
    }
}
