using Pptp.Model.Vocabulary;

namespace Pptp.Model.Tests;

/// <summary>The declarations as data.</summary>
internal sealed class MenuTests
{
    private static readonly MenuDefinition[] All = [.. Menus.All];

    // What RouterOS 7 has in these menus, and what is ours.
    private static readonly TestCaseData[] Names =
    [
        new(Menus.PptpServer,
            "enabled max-mtu max-mru mrru authentication keepalive-timeout default-profile",
            "listen max-sessions max-starting login-failures login-timeout connection-limit connection-limit-network"),
        new(Menus.PppProfile,
            "name local-address remote-address dns-server wins-server remote-ipv6-prefix-pool "
            + "remote-ipv6-prefix-reuse dhcpv6-pd-pool dhcpv6-use-radius dhcpv6-lease-time bridge "
            + "bridge-port-priority bridge-path-cost bridge-horizon bridge-learning bridge-port-vid "
            + "bridge-port-trusted use-ipv6 use-mpls use-encryption use-compression use-vj-compression only-one "
            + "change-tcp-mss use-upnp session-timeout idle-timeout rate-limit parent-queue queue-type "
            + "insert-queue-before incoming-filter outgoing-filter address-list interface-list on-up on-down comment",
            "mppe-allowed proxy-arp"),
        new(Menus.PppSecret,
            "name password service caller-id profile local-address remote-address routes ipv6-routes "
            + "remote-ipv6-prefix limit-bytes-in limit-bytes-out disabled comment last-logged-out last-caller-id "
            + "last-disconnect-reason",
            "nt-hash password-expired"),
        new(Menus.IpPool, "name ranges next-pool comment total used available", "masquerade"),
        new(Menus.Ipv6Pool,
            "name prefix prefix-length from-pool comment actual-prefix valid-lifetime preferred-lifetime", ""),
        new(Menus.FirewallChain, "", "name rules comment"),
        new(Menus.PppAaa,
            "use-radius accounting interim-update use-circuit-id-in-nas-port-id enable-ipv6-accounting",
            "interim-jitter accounting-input radius-fallback radius-fallback-time"),
        new(Menus.Radius,
            "service called-id domain address secret authentication-port accounting-port timeout accounting-backup "
            + "realm src-address protocol certificate radsec-timeout require-message-auth disabled comment status "
            + "pending requests accepts rejects resends timeouts bad-replies last-request-rtt",
            "tries weight certificate-key certificate-authority server-name"),
        new(Menus.RadiusIncoming,
            "accept port vrf requests bad-requests acks naks",
            "sources secret require-message-auth event-timestamp-window"),
        new(Menus.PptpServerInterface, "name user disabled comment mtu mru client-address uptime encoding", ""),
        new(Menus.PptpClient,
            "name max-mtu max-mru mrru connect-to user password profile keepalive-timeout add-default-route "
            + "default-route-distance use-peer-dns dial-on-demand allow disabled comment running",
            "src-address"),
        new(Menus.System, "identity", "state-folder resolv-conf log-file log-level apply-to-sessions hook-privileges own-namespace gre-socket"),
    ];

    [TestCaseSource(nameof(Names))]
    public void A_menu_has_the_properties_of_RouterOS_and_marks_ours(MenuDefinition menu, string theirs, string ours)
    {
        Assert.Multiple(() =>
        {
            Assert.That(menu.Properties.Where(p => p.Origin == PropertyOrigin.RouterOs).Select(p => p.Name),
                Is.EquivalentTo(theirs.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            Assert.That(menu.Properties.Where(p => p.Origin == PropertyOrigin.Ours).Select(p => p.Name),
                Is.EquivalentTo(ours.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        });
    }

    [TestCaseSource(nameof(All))]
    public void A_menu_says_of_itself_and_of_each_property_what_it_is(MenuDefinition menu)
    {
        Assert.Multiple(() =>
        {
            Assert.That(menu.Path, Does.StartWith("/"));
            Assert.That(menu.Help, Does.EndWith("."));
            foreach (PropertyDefinition property in menu.Properties)
            {
                Assert.That(property.Name, Does.Match("^[a-z0-9]+(-[a-z0-9]+)*$"));
                Assert.That(property.Help, Does.EndWith(".").And.Not.Contains("\n"), property.Name);
                Assert.That(property.Type.Expectation, Is.Not.Empty, property.Name);
            }
        });
    }

    [Test]
    public void A_property_without_effect_is_said_to_be_so_exactly_where_nothing_uses_it_yet()
    {
        string[] now =
        [
            .. Menus.All.SelectMany(menu => menu.Properties
                .Where(p => p.Effect == PropertyEffect.Now && !p.IsReadOnly)
                .Select(p => $"{menu.Table}.{p.Name}")),
        ];

        Assert.That(now, Is.EquivalentTo(new[]
        {
            "ppp-aaa.use-radius", "ppp-aaa.radius-fallback", "ppp-aaa.radius-fallback-time",
            "radius.accounting-port", "radius.accounting-backup",
            "radius.address", "radius.secret", "radius.authentication-port", "radius.timeout", "radius.src-address",
            "radius.require-message-auth",
            "system.identity", "system.state-folder", "system.resolv-conf", "system.log-file",
            "system.log-level", "system.apply-to-sessions", "system.hook-privileges", "system.own-namespace", "system.gre-socket",
            "pptp-server.enabled", "pptp-server.max-mtu", "pptp-server.max-mru", "pptp-server.mrru",
            "pptp-server.authentication", "pptp-server.keepalive-timeout", "pptp-server.default-profile", "pptp-server.listen",
            "pptp-server.max-sessions", "pptp-server.max-starting", "pptp-server.login-failures", "pptp-server.login-timeout",
            "pptp-server.connection-limit", "pptp-server.connection-limit-network",
            "ip-pool.name", "ip-pool.ranges", "ip-pool.next-pool", "ip-pool.masquerade",
            "ipv6-pool.name", "ipv6-pool.prefix", "ipv6-pool.prefix-length",
            "firewall-chain.name", "firewall-chain.rules",
            "ppp-profile.name", "ppp-profile.local-address", "ppp-profile.remote-address", "ppp-profile.dns-server",
            "ppp-profile.wins-server", "ppp-profile.use-encryption", "ppp-profile.mppe-allowed",
            "ppp-profile.change-tcp-mss", "ppp-profile.proxy-arp", "ppp-profile.use-ipv6",
            "ppp-profile.remote-ipv6-prefix-pool", "ppp-profile.remote-ipv6-prefix-reuse",
            "ppp-profile.only-one", "ppp-profile.session-timeout", "ppp-profile.idle-timeout",
            "ppp-profile.rate-limit", "ppp-profile.on-up", "ppp-profile.on-down",
            "ppp-profile.incoming-filter", "ppp-profile.outgoing-filter", "ppp-profile.address-list",
            "ppp-profile.interface-list",
            "ppp-secret.name", "ppp-secret.password", "ppp-secret.nt-hash", "ppp-secret.service",
            "ppp-secret.password-expired", "ppp-secret.caller-id",
            "ppp-secret.profile", "ppp-secret.local-address", "ppp-secret.remote-address", "ppp-secret.disabled",
            "ppp-secret.routes", "ppp-secret.limit-bytes-in", "ppp-secret.limit-bytes-out",
            "ppp-secret.remote-ipv6-prefix", "ppp-secret.ipv6-routes",
            "ppp-aaa.accounting", "ppp-aaa.interim-update", "ppp-aaa.interim-jitter", "ppp-aaa.enable-ipv6-accounting",
            "ppp-aaa.accounting-input",
            "radius.service", "radius.called-id", "radius.domain", "radius.tries", "radius.weight", "radius.realm",
            "radius.protocol", "radius.certificate", "radius.certificate-key", "radius.certificate-authority",
            "radius.server-name", "radius.radsec-timeout", "radius.disabled",
            "radius-incoming.accept", "radius-incoming.port", "radius-incoming.sources", "radius-incoming.secret",
            "radius-incoming.require-message-auth", "radius-incoming.event-timestamp-window",
            "pptp-server-interface.name", "pptp-server-interface.user", "pptp-server-interface.disabled",
            "pptp-client.name", "pptp-client.max-mtu", "pptp-client.max-mru", "pptp-client.mrru",
            "pptp-client.connect-to",
            "pptp-client.user", "pptp-client.password", "pptp-client.profile", "pptp-client.keepalive-timeout",
            "pptp-client.add-default-route", "pptp-client.default-route-distance", "pptp-client.use-peer-dns",
            "pptp-client.dial-on-demand", "pptp-client.allow", "pptp-client.src-address", "pptp-client.disabled",
        }));
    }

    [Test]
    public void A_client_has_its_properties_in_the_order_in_which_RouterOS_prints_them() => Assert.That(
        Menus.PptpClient.Properties.Select(p => p.Name),
        Is.EqualTo(("name max-mtu max-mru mrru connect-to user password profile keepalive-timeout add-default-route "
            + "default-route-distance use-peer-dns dial-on-demand allow src-address disabled comment running")
            .Split(' ')));

    [Test]
    public void Only_the_secrets_are_sensitive() => Assert.That(
        Menus.All.SelectMany(menu => menu.Properties).Where(p => p.IsSensitive).Select(p => p.Name),
        Is.EqualTo(new[] { "password", "nt-hash", "secret", "secret", "password" }));

    [TestCase("mschapv2", "mschap2")]
    [TestCase("MSCHAP2", "mschap2")]
    [TestCase("mshcap2", "mschap2")]
    [TestCase("pa", "pap")]
    [TestCase("eap", "pap")]
    [TestCase("kerberos", null)]
    [TestCase("", null)]
    public void The_nearest_name_is_within_a_third_of_slips(string word, string? nearest) =>
        Assert.That(NearestName.Find(word, ["pap", "chap", "mschap1", "mschap2"]), Is.EqualTo(nearest));

    [Test]
    public void The_nearest_name_of_a_very_long_word_is_not_sought() =>
        Assert.That(NearestName.Find(new string('a', 100_000), [new string('a', 100_001)]), Is.Null);
}
