using System.Net;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Tests;

/// <summary>The effective configuration as check prints it.</summary>
internal sealed class PrinterTests
{
    [Test]
    public void The_defaults_are_printed_as_RouterOS_documents_them() =>
        Assert.That(ConfigurationPrinter.Print(new PptpConfiguration()), Is.EqualTo("""
            [system]
            identity = "pptpd"
            state-folder = "/var/lib/pptpd"
            resolv-conf = "/etc/resolv.conf"
            log-level = "info"
            apply-to-sessions = false
            hook-privileges = false
            own-namespace = false
            gre-socket = "raw"

            [pptp-server]
            enabled = false
            max-mtu = 1450
            max-mru = 1450
            mrru = "disabled"
            authentication = ["mschap1", "mschap2"]
            keepalive-timeout = 30
            default-profile = "default-encryption"
            listen = ["0.0.0.0:1723"]
            max-sessions = 0
            max-starting = 256
            login-failures = 5
            login-timeout = "1m"
            connection-limit = "none"
            connection-limit-network = "none"

            [[ppp-profile]]
            name = "default"
            remote-ipv6-prefix-pool = "none"
            remote-ipv6-prefix-reuse = false
            use-ipv6 = "default"
            use-encryption = "default"
            only-one = "default"
            change-tcp-mss = "yes"
            proxy-arp = "default"
            session-timeout = "none"
            idle-timeout = "none"

            [[ppp-profile]]
            name = "default-encryption"
            remote-ipv6-prefix-pool = "none"
            remote-ipv6-prefix-reuse = false
            use-ipv6 = "default"
            use-encryption = "yes"
            only-one = "default"
            change-tcp-mss = "yes"
            proxy-arp = "default"
            session-timeout = "none"
            idle-timeout = "none"

            [ppp-aaa]
            use-radius = false
            accounting = true
            interim-update = "0s"
            interim-jitter = 10
            enable-ipv6-accounting = false
            accounting-input = "from-client"
            radius-fallback = "reject"
            radius-fallback-time = "1d"

            [radius-incoming]
            accept = false
            port = 3799
            require-message-auth = false
            event-timestamp-window = "5m"

            """));

    [Test]
    public void A_client_is_printed_in_the_order_of_RouterOS_with_the_defaults_it_documents()
    {
        PptpConfiguration configuration = new()
        {
            Clients =
            [
                new()
                {
                    Name = "pptp-out1",
                    ConnectTo = "192.168.62.2",
                    User = "MT-User",
                    Password = SecretValue.FromPassword("StrongPass"),
                },
            ],
        };

        Assert.That(ConfigurationPrinter.Print(configuration), Does.EndWith("""

            [[pptp-client]]
            name = "pptp-out1"
            max-mtu = 1450
            max-mru = 1450
            mrru = "disabled"
            connect-to = "192.168.62.2"
            user = "MT-User"
            password = "********"
            profile = "default-encryption"
            keepalive-timeout = 60
            add-default-route = false
            default-route-distance = 1
            use-peer-dns = "no"
            dial-on-demand = false
            allow = ["pap", "chap", "mschap1", "mschap2"]
            disabled = true

            """));
    }

    [Test]
    public void What_is_printed_loads_to_the_same_configuration()
    {
        PptpConfiguration configuration = Everything();
        ConfigurationResult again = Toml.Parse(ConfigurationPrinter.Print(configuration));

        Assert.That(again.Errors, Is.Empty);
        Assert.That(again.Configuration, Is.EqualTo(configuration));
    }

    // Every member of every record differs from its default, so that one forgotten in print or load is noticed.
    private static PptpConfiguration Everything() => new()
    {
        System = new()
        {
            Identity = "router \"1\"\\",
            StateFolder = "/srv/state",
            ResolvConf = "/srv/resolv.conf",
            LogFile = "/srv/log",
            LogLevel = LogVerbosity.Packet,
            ApplyToSessions = true,
            HookPrivileges = true,
            OwnNamespace = true,
            GreSocket = GreSocketKind.Packet,
        },
        PptpServer = new()
        {
            Enabled = true,
            MaxMtu = 1400,
            MaxMru = 1300,
            Mrru = 1600,
            Authentication =
                AuthenticationMethods.MsChap2 | AuthenticationMethods.Pap | AuthenticationMethods.Eap,
            KeepaliveTimeout = null,
            DefaultProfile = "p",
            Listen = [new(IPAddress.Parse("192.0.2.1"), 1724)],
            MaxSessions = 7,
            LoginFailures = 7,
            MaxStarting = 8,
            LoginTimeout = TimeSpan.FromSeconds(20),
            ConnectionLimit = new(10, TimeSpan.FromMinutes(1)),
            ConnectionLimitNetwork = new(100, TimeSpan.FromMinutes(1)),
        },
        ServerInterfaces = [new() { Name = "branch-1", User = "u", Disabled = true, Comment = "c" }],
        Pools =
        [
            new() { Name = "a", Ranges = [new(0x0A000002, 0x0A000009), new(0x0A000101, 0x0A000101)], NextPool = "b", Masquerade = true },
            new() { Name = "b", Ranges = [new(0x0A000201, 0x0A0002FE)], Comment = "two\nlines" },
        ],
        Ipv6Pools =
        [
            new() { Name = "6", Prefix = Ipv6Prefix.Parse("2001:db8:1::/48"), PrefixLength = 56, FromPool = "f", Comment = "c" },
        ],
        FirewallChains =
        [
            new() { Name = "in", Rules = ["tcp dport { 80, 443 } accept", "drop comment \"no\""], Comment = "note" },
            new() { Name = "out" },
        ],
        Profiles =
        [
            new()
            {
                Name = "p",
                LocalAddress = new AddressSource.Single(IPAddress.Parse("10.0.0.1")),
                RemoteAddress = new AddressSource.Pool("a"),
                DnsServer = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")],
                WinsServer = [IPAddress.Parse("10.0.0.3")],
                UseEncryption = Negotiation.Required,
                MppeAllowed = [MppeForm.Mppe56Stateful, MppeForm.Mppe128Stateless],
                UseIpv6 = Negotiation.Yes,
                UseMpls = Negotiation.No,
                UseCompression = TriState.No,
                UseVjCompression = TriState.No,
                ProxyArp = TriState.Yes,
                UseUpnp = TriState.Yes,
                OnlyOne = OnlyOne.Replace,
                ChangeTcpMss = TriState.Yes,
                SessionTimeout = TimeSpan.FromHours(8),
                IdleTimeout = TimeSpan.FromSeconds(90),
                RateLimit = new(new RatePair(64_000, 128_000_000)),
                ParentQueue = "q",
                QueueType = "default-small",
                InsertQueueBefore = "first",
                IncomingFilter = "in",
                OutgoingFilter = "out",
                AddressList = ["l1", "l-2"],
                InterfaceList = "il",
                OnUp = Hook("/bin/up"),
                OnDown = Hook("/bin/down"),
                RemoteIpv6PrefixPool = "6",
                RemoteIpv6PrefixReuse = true,
                Dhcpv6PdPool = "pd",
                Dhcpv6UseRadius = true,
                Dhcpv6LeaseTime = TimeSpan.FromHours(36),
                Bridge = "br",
                BridgePortPriority = 128,
                BridgePathCost = 10,
                BridgeHorizon = 1,
                BridgeLearning = TriState.Yes,
                BridgePortVid = 7,
                BridgePortTrusted = true,
                Comment = "c",
            },
        ],
        Secrets =
        [
            new()
            {
                Name = "alice",
                Password = SecretValue.FromPassword(SecretValue.Mask),
                Service = PppService.Pptp,
                CallerId = "198.51.100.7",
                Profile = "p",
                LocalAddress = new AddressSource.Pool("b"),
                RemoteAddress = new AddressSource.Single(IPAddress.Parse("10.0.0.77")),
                Routes = [new(IPNetwork.Parse("192.168.7.0/24"), IPAddress.Parse("10.0.0.77"), 1)],
                Ipv6Routes = [new(Ipv6Prefix.Parse("2001:db8::/64"), IPAddress.IPv6Any, 1)],
                RemoteIpv6Prefix = Ipv6Prefix.Parse("2001:db8:1::/64"),
                LimitBytesIn = 1,
                LimitBytesOut = 2,
                PasswordExpired = true,
                Disabled = true,
                Comment = "c",
            },
        ],
        PppAaa = new()
        {
            UseRadius = true,
            Accounting = false,
            InterimUpdate = TimeSpan.FromMinutes(5),
            InterimJitter = 20,
            UseCircuitIdInNasPortId = true,
            EnableIpv6Accounting = true,
            AccountingInput = AccountingInput.ToClient,
            RadiusFallback = RadiusFallback.Cached,
            RadiusFallbackTime = TimeSpan.FromHours(4),
        },
        Radius =
        [
            new()
            {
                Address = IPAddress.Parse("2001:db8::10"),
                Service = RadiusServices.Ppp | RadiusServices.Dot1x,
                CalledId = "192.0.2.1",
                Domain = "OFFICE",
                Realm = "example.net",
                Secret = SecretValue.FromPassword(SecretValue.Mask),
                AuthenticationPort = 11812,
                AccountingPort = 11813,
                Timeout = TimeSpan.FromMilliseconds(300),
                Tries = 5,
                Weight = 7,
                AccountingBackup = true,
                SrcAddress = IPAddress.Parse("2001:db8::1"),
                Protocol = RadiusProtocol.RadSec,
                Certificate = Repository.File("README.md"),
                CertificateKey = Repository.File("LICENSE"),
                CertificateAuthority = Repository.File("config/pptpd.toml"),
                ServerName = "radius.example.net",
                RadSecTimeout = TimeSpan.FromSeconds(5),
                RequireMessageAuth = RequireMessageAuth.No,
                Disabled = true,
                Comment = "c",
            },
            new() { Address = IPAddress.Loopback, Secret = SecretValue.FromPassword(SecretValue.Mask) },
        ],
        RadiusIncoming = new()
        {
            Accept = true,
            Port = 1700,
            Vrf = "blue",
            Sources = [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("2001:db8::10/128")],
            Secret = SecretValue.FromPassword(SecretValue.Mask),
            RequireMessageAuth = true,
            EventTimestampWindow = null,
        },
        Clients =
        [
            new()
            {
                Name = "out-1",
                ConnectTo = "vpn.example.net",
                User = "DOMAIN\\alice",
                Password = SecretValue.FromPassword(SecretValue.Mask),
                Profile = "default",
                Allow = AuthenticationMethods.MsChap2 | AuthenticationMethods.Chap,
                MaxMtu = 1400,
                MaxMru = 1300,
                Mrru = 1600,
                KeepaliveTimeout = null,
                AddDefaultRoute = true,
                DefaultRouteDistance = 7,
                UsePeerDns = UsePeerDns.Exclusively,
                DialOnDemand = true,
                SrcAddress = IPAddress.Parse("192.0.2.7"),
                Disabled = false,
                Comment = "c",
            },
        ],
    };

    [Test]
    public void The_example_for_all_members_leaves_none_at_its_default()
    {
        PptpConfiguration everything = Everything();
        string[] same =
        [
            .. Unchanged(Menus.System, everything.System),
            .. Unchanged(Menus.PptpServer, everything.PptpServer),
            .. Unchanged(Menus.Ipv6Pool, everything.Ipv6Pools[0]),
            .. Unchanged(Menus.PppProfile, everything.FindProfile("p")!),
            .. Unchanged(Menus.PppSecret, everything.Secrets[0]),
            .. Unchanged(Menus.PppAaa, everything.PppAaa),
            .. Unchanged(Menus.Radius, everything.Radius[0]),
            .. Unchanged(Menus.RadiusIncoming, everything.RadiusIncoming),
            .. Unchanged(Menus.PptpClient, everything.Clients[0]),
        ];

        // The other way to give a secret is the one default that must stay.
        Assert.That(same, Is.EqualTo(new[] { "nt-hash" }));
    }

    private static IEnumerable<string> Unchanged<TRow>(MenuDefinition<TRow> menu, TRow row) => menu.Properties
        .Where(property => !property.IsReadOnly && property.IsDefault(row))
        .Select(property => property.Name);

    private static HookScript Hook(string text) =>
        HookScript.TryParse(text, out HookScript? script, out string? problem)
            ? script!
            : throw new ArgumentException(problem, nameof(text));
}
