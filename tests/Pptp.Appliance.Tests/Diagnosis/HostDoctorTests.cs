using System.Net;
using System.Net.Sockets;
using Pptp.Appliance.Diagnosis;
using Pptp.Linux;
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

    [TestCase(true, false, Verdict.Doubtful, "masquerade has no effect")]
    [TestCase(false, true, Verdict.Doubtful, "proxy-arp has no effect")]
    [TestCase(false, false, Verdict.Doubtful, "nothing behind it")]
    public void Without_forwarding_it_says_what_is_in_vain(bool masquerade, bool proxyArp, Verdict verdict, string said)
    {
        Finding finding = ExamineForwarding(Configuration(masquerade, proxyArp));
        Assert.That(finding.Verdict, Is.EqualTo(verdict));
        Assert.That(finding.Detail, Does.EndWith(said));
        Assert.That(finding.Remedy, Does.Contain("own-namespace = true"));
    }

    [Test]
    public void In_a_namespace_of_its_own_the_server_will_turn_forwarding_on()
    {
        PptpConfiguration own = Configuration(true, false) with { System = new SystemSettings { OwnNamespace = true } };
        Assert.That(ExamineForwarding(own).Verdict, Is.EqualTo(Verdict.Good));
    }

    [Test]
    public void Of_IPv6_it_speaks_where_a_user_may_have_it()
    {
        PptpConfiguration none = new() { PptpServer = Server };
        PptpConfiguration required = none with { Profiles = [new PppProfile { Name = "p", UseIpv6 = Negotiation.Required }] };
        PptpConfiguration pool = none with { Profiles = [new PppProfile { Name = "p", RemoteIpv6PrefixPool = "six" }] };
        PptpConfiguration prefix = none with
        {
            Secrets = [new PppSecret { Name = "u", RemoteIpv6Prefix = Ipv6Prefix.Parse("2001:db8::/64") }],
        };
        NetworkNamespace.Run(() =>
        {
            if (KernelProbes.IsForwardingIpv6() is null)
                Assert.Ignore("not tested here: the kernel has no IPv6");
            Assert.That(HostDoctor.Examine(none).Select(finding => finding.Subject), Has.None.EqualTo("IPv6 forwarding"));
            foreach (PptpConfiguration one in new[] { required, pool, prefix })
                Assert.That(ForwardingIpv6(one).Verdict, Is.EqualTo(Verdict.Doubtful));
            PptpConfiguration own = pool with { System = new SystemSettings { OwnNamespace = true } };
            Assert.That(ForwardingIpv6(own), Has.Property("Verdict").EqualTo(Verdict.Good).And.Property("Detail").Contains("turns it on"));

            KernelSettings.TryForwardIpv6();
            Assert.That(ForwardingIpv6(pool).Verdict, Is.EqualTo(Verdict.Good));
        });

        static Finding ForwardingIpv6(PptpConfiguration configuration) =>
            HostDoctor.Examine(configuration).Single(finding => finding.Subject == "IPv6 forwarding");
    }

    [Test]
    public void Where_packets_pass_it_tells_of_masquerade_and_proxy_arp()
    {
        Finding finding = null!;
        NetworkNamespace.Run(() =>
        {
            KernelSettings.TryForwardIpv4();
            finding = HostDoctor.Examine(Configuration(false, false)).Single(f => f.Subject == "masquerade");
        });
        Assert.That(finding.Detail, Does.Contain("masquerade on [[ip-pool]]").And.Contain("proxy-arp"));
    }

    private static Finding ExamineForwarding(PptpConfiguration configuration)
    {
        Finding finding = null!;
        NetworkNamespace.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "0");
            finding = HostDoctor.Examine(configuration).Single(f => f.Subject == "ip_forward");
        });
        return finding;
    }

    private static PptpConfiguration Configuration(bool masquerade, bool proxyArp) => new()
    {
        PptpServer = Server,
        Pools = [new IpPool { Name = "a", Masquerade = masquerade, Ranges = [new Ipv4Range(1, 2)] }],
        Profiles = [new PppProfile { Name = "p", ProxyArp = proxyArp ? TriState.Yes : TriState.Default }],
    };

    private static IReadOnlyList<Finding> Examine()
    {
        IReadOnlyList<Finding> findings = [];
        NetworkNamespace.Run(() => findings = HostDoctor.Examine(new PptpConfiguration { PptpServer = Server }));
        return findings;
    }
}
