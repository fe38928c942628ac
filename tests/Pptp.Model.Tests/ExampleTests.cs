using System.Net;

namespace Pptp.Model.Tests;

/// <summary>The examples of the configuration's contract.</summary>
internal sealed class ExampleTests
{
    private const string Smallest = """
        [pptp-server]
        enabled = true

        [[ppp-secret]]
        name = "MT-User"
        password = "StrongPass"
        profile = "default-encryption"
        local-address = "10.0.0.1"
        remote-address = "10.0.0.5"
        service = "pptp"
        """;

    private const string Office = """
        [pptp-server]
        enabled = true
        authentication = ["mschap2"]
        keepalive-timeout = 30
        max-mtu = 1450
        max-mru = 1450
        mrru = "disabled"
        default-profile = "office"
        # ours alone
        listen = ["0.0.0.0:1723"]
        max-sessions = 0              # 0: no limit
        max-starting = 256            # tunnels that have not logged in yet
        connection-limit = "10/1m"    # new control connections per source address

        [[ip-pool]]
        name = "dial-in"
        ranges = "10.8.0.10-10.8.0.250"

        [[ppp-profile]]
        name = "office"
        local-address = "10.8.0.1"
        remote-address = "dial-in"
        use-encryption = "required"
        change-tcp-mss = true
        only-one = "replace"          # yes and no as RouterOS; replace is ours
        dns-server = ["10.8.0.1"]
        rate-limit = "2M/10M 4M/20M 1M/5M 10/10"
        on-up = "/etc/pptpd/up.sh"

        [[ppp-secret]]
        name = "till-7"
        password = { file = "till-7" }   # or plain text, or nt-hash = "..." in place of password
        profile = "office"
        caller-id = "198.51.100.7"
        routes = "192.168.7.0/24 10.8.0.77 1"
        """;

    [Test]
    public void The_smallest_file_gives_one_user_and_the_rest_as_RouterOS_has_it()
    {
        PptpConfiguration configuration = Toml.Load(Smallest);

        PppSecret secret = configuration.FindSecret("MT-User", PppService.Pptp)!;
        Assert.Multiple(() =>
        {
            Assert.That(configuration.PptpServer, Is.EqualTo(new PptpServerSettings { Enabled = true }));
            Assert.That(configuration.System, Is.EqualTo(new SystemSettings()));
            Assert.That(configuration.Profiles.Select(profile => profile.Name),
                Is.EqualTo(new[] { "default", "default-encryption" }));
            Assert.That(secret, Is.EqualTo(new PppSecret
            {
                Name = "MT-User",
                Password = SecretValue.FromPassword("StrongPass"),
                Profile = "default-encryption",
                LocalAddress = new AddressSource.Single(IPAddress.Parse("10.0.0.1")),
                RemoteAddress = new AddressSource.Single(IPAddress.Parse("10.0.0.5")),
                Service = PppService.Pptp,
            }));
        });
    }

    [Test]
    public void The_office_loads_and_what_has_no_effect_yet_is_told()
    {
        using TestFolder folder = new();
        folder.Write("till-7", "secret of till 7\n");
        ConfigurationResult result = ConfigurationLoader.Load(folder.Write("pptpd.toml", Office));

        Assert.That(result.Errors, Is.Empty);
        PptpConfiguration configuration = result.Configuration!;
        PppProfile office = configuration.FindProfile("office")!;
        PppSecret till = configuration.FindSecret("till-7", PppService.Pptp)!;
        Assert.Multiple(() =>
        {
            Assert.That(configuration.PptpServer.ConnectionLimit,
                Is.EqualTo(new ConnectionLimit(10, TimeSpan.FromMinutes(1))));
            Assert.That(configuration.FindPool("dial-in")!.Total, Is.EqualTo(241));
            Assert.That(office.RemoteAddress, Is.EqualTo(new AddressSource.Pool("dial-in")));
            Assert.That(office.ChangeTcpMss, Is.EqualTo(TriState.Yes));
            Assert.That(office.OnlyOne, Is.EqualTo(OnlyOne.Replace));
            Assert.That(office.DnsServer, Is.EqualTo(new[] { IPAddress.Parse("10.8.0.1") }));
            Assert.That(office.RateLimit!.Rate, Is.EqualTo(new RatePair(2_000_000, 10_000_000)));
            Assert.That(office.RateLimit.BurstRate, Is.EqualTo(new RatePair(4_000_000, 20_000_000)));
            Assert.That(office.RateLimit.BurstThreshold, Is.EqualTo(new RatePair(1_000_000, 5_000_000)));
            Assert.That(office.RateLimit.TransmitBurstTime, Is.EqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(till.Password!.Password, Is.EqualTo("secret of till 7"));
            Assert.That(till.Password.Path, Is.EqualTo("till-7"));
            Assert.That(till.Routes, Is.EqualTo(new[]
            {
                new PppRoute(IPNetwork.Parse("192.168.7.0/24"), IPAddress.Parse("10.8.0.77"), 1),
            }));
            Assert.That(result.Warnings.Select(finding => finding.Key), Is.EqualTo(new[]
            {
                "ppp-profile.on-up",
            }));
        });
    }
}
