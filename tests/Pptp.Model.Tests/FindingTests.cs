namespace Pptp.Model.Tests;

/// <summary>Each mistake with its exact place and words.</summary>
internal sealed class FindingTests
{
    private const string AliceWithAddresses =
        "\n[[ppp-secret]]\nname = \"alice\"\npassword = \"wonderland\"\nlocal-address = \"10.0.0.1\"\n"
        + "remote-address = \"10.0.0.5\"\n";

    // the text, then each finding
    private static readonly TestCaseData[] Mistakes =
    [
        Case("an unknown table", "[pptp-sever]\nenabled = true\n",
            "pptpd.toml:1:2: error: pptp-sever: unknown table \"pptp-sever\"; did you mean pptp-server?"),
        Case("a table like no other", "[wireguard]\n",
            "pptpd.toml:1:2: error: wireguard: unknown table \"wireguard\""),
        Case("a table of a later version", "[[user]]\nname = \"admin\"\n",
            "pptpd.toml:1:3: error: user: this version does not have this table yet"),
        Case("a table of rows with one bracket", "[ip-pool]\nname = \"a\"\nranges = \"10.0.0.2-10.0.0.9\"\n",
            "pptpd.toml:1:2: error: ip-pool: is written [[ip-pool]], not [ip-pool]"),
        Case("a single table with two brackets", "[[pptp-server]]\n",
            "pptpd.toml:1:3: error: pptp-server: is written [pptp-server], not [[pptp-server]]"),
        Case("a single table twice", "[system]\n\n[system]\n",
            "pptpd.toml:3:2: error: system: stands twice in the file, first on line 1"),
        Case("an unknown key", "[pptp-server]\nmax-mtuu = 1400\n",
            "pptpd.toml:2:1: error: pptp-server.max-mtuu: unknown property \"max-mtuu\"; did you mean max-mtu?"),
        Case("a key with an underscore", "[pptp-server]\n  default_profile = \"default\"\n",
            "pptpd.toml:2:3: error: pptp-server.default_profile: unknown property \"default_profile\"; "
            + "did you mean default-profile?"),
        Case("a key like no other", "[pptp-server]\nzzz = 1\n",
            "pptpd.toml:2:1: error: pptp-server.zzz: unknown property \"zzz\""),
        Case("a key twice", "[pptp-server]\nmax-mtu = 1400\nmax-mtu = 1300\n",
            "pptpd.toml:3:1: error: pptp-server.max-mtu: is set twice, first on line 2"),
        Case("a key before the first table", "enabled = true\n",
            "pptpd.toml:1:1: error: enabled: unknown key before the first table \"enabled\""),
        Case("a misspelled include", "includes = []\n",
            "pptpd.toml:1:1: error: includes: unknown key before the first table \"includes\"; did you mean include?"),
        Case("a table as a dotted key", "pptp-server.enabled = true\n",
            "pptpd.toml:1:1: error: pptp-server.enabled: is written as a table of its own: [pptp-server]"),
        Case("a read-only property", "[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.2-10.0.0.9\"\nused = 3\n",
            "pptpd.toml:4:8: error: ip-pool.used: is told by the server and cannot be set"),
        Case("a wrong value", "[pptp-server]\nmax-mtu = 99999\n",
            "pptpd.toml:2:11: error: pptp-server.max-mtu: must be an integer from 512 to 1500, not 99999"),
        Case("a wrong type", "[pptp-server]\nmax-mtu = true\n",
            "pptpd.toml:2:11: error: pptp-server.max-mtu: must be an integer from 512 to 1500, not true"),
        Case("a number with a fraction", "[pptp-server]\nmax-mtu = 1450.5\n",
            "pptpd.toml:2:11: error: pptp-server.max-mtu: must be an integer from 512 to 1500, not 1450.5"),
        Case("a date", "[pptp-server]\nmax-mtu = 2026-01-01\n",
            "pptpd.toml:2:11: error: pptp-server.max-mtu: must be an integer from 512 to 1500, not a date"),
        Case("a list where one is meant", "[pptp-server]\nenabled = [true]\n",
            "pptpd.toml:2:11: error: pptp-server.enabled: must be yes or no, not a list of 1"),
        Case("a number as a name", "[system]\nidentity = 7\n",
            "pptpd.toml:2:12: error: system.identity: must be a name in quotes, not 7"),
        Case("a name PPTP has no letters for", "[system]\nidentity = \"b\u00fcro\"\n",
            "pptpd.toml:2:12: warning: system.identity: is not all ASCII, as PPTP has it: clients may show something else"),
        Case("every wrong member of a list", "[pptp-server]\nauthentication = [\"pap2\",\n  7, \"mschap2\"]\n",
            "pptpd.toml:2:19: error: pptp-server.authentication: must be one of pap, chap, mschap1, mschap2, eap, "
            + "not \"pap2\"; did you mean pap?",
            "pptpd.toml:3:3: error: pptp-server.authentication: must be one of pap, chap, mschap1, mschap2, eap, not 7"),
        Case("a row without a name", "[[ip-pool]]\nranges = \"10.0.0.2-10.0.0.9\"\n",
            "pptpd.toml:1:3: error: ip-pool: lacks name: What profiles and secrets call the pool."),
        Case("a pool twice",
            "[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.2\"\n[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.3\"\n",
            "pptpd.toml:5:8: error: ip-pool.name: \"a\" is there already, at pptpd.toml:1:3"),
        Case("a profile twice", "[[ppp-profile]]\nname = \"default\"\n[[ppp-profile]]\nname = \"default\"\n",
            "pptpd.toml:4:8: error: ppp-profile.name: \"default\" is there already, at pptpd.toml:1:3"),
        Case("an unknown default profile", "[pptp-server]\ndefault-profile = \"defualt\"\n",
            "pptpd.toml:2:19: error: pptp-server.default-profile: unknown profile \"defualt\"; did you mean default?"),
        Case("an unknown pool", "[[ppp-profile]]\nname = \"p\"\nremote-address = \"clients\"\n",
            "pptpd.toml:3:18: error: ppp-profile.remote-address: unknown pool \"clients\""),
        Case("an unknown next pool", "[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.2\"\nnext-pool = \"b\"\n",
            "pptpd.toml:4:13: error: ip-pool.next-pool: unknown pool \"b\"; did you mean a?"),
        Case("a pool that leads to itself", "[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.2\"\nnext-pool = \"a\"\n",
            "pptpd.toml:4:13: error: ip-pool.next-pool: leads back to \"a\""),
        Case("a range that overlaps another of its pool",
            "[[ip-pool]]\nname = \"a\"\nranges = [\"10.0.0.2-10.0.0.9\", \"10.0.0.9-10.0.0.12\"]\n",
            "pptpd.toml:3:10: error: ip-pool.ranges: 10.0.0.9-10.0.0.12 overlaps 10.0.0.2-10.0.0.9"),
        Case("a range that overlaps another pool's",
            "[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.0/24\"\n[[ip-pool]]\nname = \"b\"\nranges = \"10.0.0.7\"\n",
            "pptpd.toml:6:10: error: ip-pool.ranges: 10.0.0.7 overlaps 10.0.0.1-10.0.0.254 of pool \"a\""),
        Case("a range inside one that began long before",
            "[[ip-pool]]\nname = \"a\"\nranges = [\"10.0.0.1-10.0.0.99\", \"10.0.0.3\", \"10.0.0.50\"]\n",
            "pptpd.toml:3:10: error: ip-pool.ranges: 10.0.0.3 overlaps 10.0.0.1-10.0.0.99",
            "pptpd.toml:3:10: error: ip-pool.ranges: 10.0.0.50 overlaps 10.0.0.1-10.0.0.99"),
        Case("an unknown pool of prefixes",
            Ipv6Pool("six", "2001:db8::/48", 64) + "[[ppp-profile]]\nname = \"p\"\nremote-ipv6-prefix-pool = \"sox\"\n",
            "pptpd.toml:7:27: error: ppp-profile.remote-ipv6-prefix-pool: unknown IPv6 pool \"sox\"; did you mean six?"),
        Case("a pool of prefixes twice",
            Ipv6Pool("six", "2001:db8::/48", 64) + Ipv6Pool("six", "2001:db8:1::/48", 64),
            "pptpd.toml:6:8: error: ipv6-pool.name: \"six\" is there already, at pptpd.toml:1:3"),
        Case("prefixes wider than what they are taken from", Ipv6Pool("six", "2001:db8::/48", 47),
            "pptpd.toml:4:17: error: ipv6-pool.prefix-length: is less than that of 2001:db8::/48, "
            + "which the prefixes are taken from"),
        Case("prefixes nobody makes an address in", Ipv6Pool("six", "2001:db8::/48", 56),
            "pptpd.toml:4:17: warning: ipv6-pool.prefix-length: clients make themselves an address in a prefix of "
            + "64 bits only, not of 56"),
        Case("a pool of prefixes within another",
            Ipv6Pool("a", "2001:db8:1::/48", 64) + Ipv6Pool("b", "2001:db8::/32", 64) + Ipv6Pool("c", "2001:db9::/32", 64),
            "pptpd.toml:3:10: error: ipv6-pool.prefix: 2001:db8:1::/48 overlaps 2001:db8::/32 of pool \"b\""),
        Case("an address to listen on twice", "[pptp-server]\nlisten = [\"192.0.2.1\", \"192.0.2.1:1723\"]\n",
            "pptpd.toml:2:10: error: pptp-server.listen: takes port 1723 twice"),
        Case("an address to listen on beside all of them", "[pptp-server]\nlisten = \"0.0.0.0,192.0.2.1\"\n",
            "pptpd.toml:2:10: error: pptp-server.listen: takes port 1723 twice"),
        Case("more name servers than are told",
            "[[ppp-profile]]\nname = \"p\"\ndns-server = \"10.0.0.1,10.0.0.2,10.0.0.3\"\n",
            "pptpd.toml:3:14: warning: ppp-profile.dns-server: only the first 2 of 3 are told to clients"),
        Case("the server's address in the clients' pool",
            "[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.0/24\"\n[[ppp-profile]]\nname = \"p\"\n"
            + "local-address = \"10.0.0.1\"\nremote-address = \"a\"\n",
            "pptpd.toml:6:17: warning: ppp-profile.local-address: 10.0.0.1 is also in the pool a"),
        Case("an interface name that Linux does not take",
            "[[pptp-server-interface]]\nname = \"a name with spaces\"\nuser = \"u\"\n",
            "pptpd.toml:2:8: error: pptp-server-interface.name: must be an interface name: "
            + "at most 15 of the characters a-z A-Z 0-9 _ . -, not \"a name with spaces\""),
        Case("two interfaces of one name",
            "[[pptp-server-interface]]\nname = \"a\"\nuser = \"u\"\n[[pptp-server-interface]]\nname = \"a\"\nuser = \"v\"\n",
            "pptpd.toml:5:8: error: pptp-server-interface.name: \"a\" is there already, at pptpd.toml:1:3"),
        Case("a property without effect", "[[ppp-profile]]\nname = \"p\"\nbridge = \"b\"\nparent-queue = \"l\"\n",
            "pptpd.toml:3:1: warning: ppp-profile.bridge: is accepted, but has no effect: "
            + "this server does not need it",
            "pptpd.toml:4:1: warning: ppp-profile.parent-queue: is accepted, but has no effect: "
            + "this server does not need it"),
        Case("a property without effect in several rows",
            "[[ppp-profile]]\nname = \"p\"\nuse-mpls = true\n[[ppp-profile]]\nname = \"q\"\nuse-mpls = \"required\"\n",
            "pptpd.toml:3:1: warning: ppp-profile.use-mpls: is accepted, but has no effect: "
            + "this server does not need it (in 2 tables)"),
        Case("text that is not TOML", "[pptp-server]\nenabled = yes\nmax-mtu = 1400\n",
            "pptpd.toml:2:11: error: is not TOML: Unexpected token `yes` for a value"),
        Case("a key without a value", "[pptp-server]\nenabled\n",
            "pptpd.toml:2:8: error: is not TOML: Expecting `=` after a key instead of end of line"),
        Case("a control character in a key", "[\"a\\u001b[31m\"]\n",
            "pptpd.toml:1:2: error: a\\u001B[31m: unknown table \"a\\u001B[31m\""),
    ];

    private static readonly TestCaseData[] SecretMistakes =
    [
        Case("the same user for the same service",
            AliceWithAddresses + AliceWithAddresses.Replace("10.0.0.5", "10.0.0.6", StringComparison.Ordinal),
            "pptpd.toml:9:8: error: ppp-secret.name: \"alice\" is there already, at pptpd.toml:2:3"),
        Case("a user without a password", "[[ppp-secret]]\nname = \"bob\"\n" + Addresses(9),
            "pptpd.toml:1:3: error: ppp-secret.password: is missing, and there is no nt-hash either"),
        Case("a user with both",
            "[[ppp-secret]]\nname = \"bob\"\npassword = \"x\"\nnt-hash = \"0cb6948805f797bf2a82807973b89537\"\n"
            + Addresses(9),
            "pptpd.toml:4:11: error: ppp-secret.nt-hash: stands beside a password; one of them is enough"),
        Case("an empty password", "[[ppp-secret]]\nname = \"bob\"\npassword = \"\"\n" + Addresses(9),
            "pptpd.toml:3:12: warning: ppp-secret.password: is empty"),
        Case("a password that is a number", "[[ppp-secret]]\nname = \"bob\"\npassword = 12345\n",
            "pptpd.toml:3:12: error: ppp-secret.password: must be a text in quotes or { file = \"path\" }"),
        Case("a password from nowhere", "[[ppp-secret]]\nname = \"bob\"\npassword = { fiel = \"x\" }\n",
            "pptpd.toml:3:12: error: ppp-secret.password: must be a text in quotes or { file = \"path\" }"),
        Case("a password file that is not there",
            "[[ppp-secret]]\nname = \"bob\"\npassword = { file = \"/nowhere/bob\" }\n" + Addresses(9),
            "pptpd.toml:3:12: error: ppp-secret.password: /nowhere/bob there is no such file"),
        Case("an NT hash of the wrong length", "[[ppp-secret]]\nname = \"bob\"\nnt-hash = \"00\"\n",
            "pptpd.toml:3:11: error: ppp-secret.nt-hash: must be 32 hexadecimal digits in quotes"),
        Case("an NT hash where CHAP needs the password",
            "[pptp-server]\nauthentication = \"chap,mschap2\"\n[[ppp-secret]]\nname = \"bob\"\n"
            + "nt-hash = \"0cb6948805f797bf2a82807973b89537\"\n" + Addresses(9),
            "pptpd.toml:5:11: warning: ppp-secret.nt-hash: chap needs the password itself, "
            + "so the user cannot log in by chap"),
        Case("an NT hash where MS-CHAPv1 needs the password for weak keys",
            "[pptp-server]\nauthentication = \"mschap1\"\n[[ppp-secret]]\nname = \"bob\"\n"
            + "nt-hash = \"0cb6948805f797bf2a82807973b89537\"\n" + Addresses(9)
            + "[[ppp-profile]]\nname = \"default\"\nmppe-allowed = [\"mppe128-stateless\", \"mppe40-stateless\"]\n",
            "pptpd.toml:5:11: warning: ppp-secret.nt-hash: mschap1 needs the password itself for MPPE with 40 or "
            + "56 bits, so the user has 128 bits only"),
        Case("a caller-id that is no address",
            "[[ppp-secret]]\nname = \"bob\"\npassword = \"x\"\ncaller-id = \"home\"\n" + Addresses(9),
            "pptpd.toml:4:13: warning: ppp-secret.caller-id: is no IPv4 address or network, "
            + "so the user cannot log in"),
        Case("a user of another service",
            "[[ppp-secret]]\nname = \"bob\"\npassword = \"x\"\nservice = \"l2tp\"\n" + Addresses(9),
            "pptpd.toml:4:11: warning: ppp-secret.service: this server serves pptp only, so the user cannot log in"),
        Case("an unknown profile",
            "[[ppp-secret]]\nname = \"bob\"\npassword = \"x\"\nprofile = \"default-encription\"\n" + Addresses(9),
            "pptpd.toml:4:11: error: ppp-secret.profile: unknown profile \"default-encription\"; "
            + "did you mean default-encryption?"),
        Case("a prefix given to two",
            AliceWithAddresses + "remote-ipv6-prefix = \"2001:db8:8::/56\"\n"
            + "[[ppp-secret]]\nname = \"bob\"\npassword = \"x\"\nremote-ipv6-prefix = \"2001:db8:8:1::/64\"\n" + Addresses(9),
            "pptpd.toml:7:22: warning: ppp-secret.remote-ipv6-prefix: clients make themselves an address in a prefix "
            + "of 64 bits only, not of 56",
            "pptpd.toml:11:22: warning: ppp-secret.remote-ipv6-prefix: 2001:db8:8:1::/64 overlaps 2001:db8:8::/56 of "
            + "the user at pptpd.toml:2:3"),
        Case("a prefix and routes where the profile has no IPv6",
            AliceWithAddresses + "remote-ipv6-prefix = \"2001:db8:8::/64\"\nipv6-routes = \"2001:db8:7::/64 :: 1\"\n"
            + "[[ppp-profile]]\nname = \"default-encryption\"\nuse-ipv6 = \"no\"\n",
            "pptpd.toml:7:22: warning: ppp-secret.remote-ipv6-prefix: has no effect: use-ipv6 is no in the user's profile",
            "pptpd.toml:8:15: warning: ppp-secret.ipv6-routes: has no effect: use-ipv6 is no in the user's profile"),
        Case("an address given to two",
            AliceWithAddresses + "[[ppp-secret]]\nname = \"bob\"\npassword = \"x\"\nlocal-address = \"10.0.0.1\"\n"
            + "remote-address = \"10.0.0.5\"\n",
            "pptpd.toml:11:18: warning: ppp-secret.remote-address: 10.0.0.5 is also given to the user at "
            + "pptpd.toml:2:3"),
        Case("a user no one gives an address", "[[ppp-secret]]\nname = \"bob\"\npassword = \"x\"\n",
            "pptpd.toml:1:3: warning: ppp-secret.local-address: is given neither here, nor by the profile, "
            + "nor by the server's default profile, so the user cannot log in",
            "pptpd.toml:1:3: warning: ppp-secret.remote-address: is given neither here, nor by the profile, "
            + "nor by the server's default profile, so the user cannot log in"),
    ];

    private const string Enabled = "disabled = false\n";

    private static string Ipv6Pool(string name, string prefix, int length) =>
        $"[[ipv6-pool]]\nname = \"{name}\"\nprefix = \"{prefix}\"\nprefix-length = {length}\n";

    private static readonly TestCaseData[] ClientMistakes =
    [
        Case("a client of the name only", "[[pptp-client]]\nname = \"out\"\n" + Enabled,
            "pptpd.toml:1:3: error: pptp-client: lacks connect-to: The server's address, or its DNS name, "
            + "which is asked for anew at each attempt.",
            "pptpd.toml:1:3: error: pptp-client: lacks user: The user name we log in with.",
            "pptpd.toml:1:3: error: pptp-client.password: is missing"),
        Case("a client that nobody has enabled", Client("out"),
            "pptpd.toml:1:3: warning: pptp-client.disabled: is not set, so the client is disabled, as in RouterOS; "
            + "disabled = false lets it dial"),
        Case("an empty password",
            Client("out").Replace("StrongPass", "", StringComparison.Ordinal) + Enabled,
            "pptpd.toml:5:12: warning: pptp-client.password: is empty"),
        Case("an NT hash", Client("out") + "nt-hash = \"0cb6948805f797bf2a82807973b89537\"\n" + Enabled,
            "pptpd.toml:6:1: error: pptp-client.nt-hash: is for secrets alone: who dials must know the password itself"),
        Case("a property that is told", Client("out") + Enabled + "running = true\n",
            "pptpd.toml:7:11: error: pptp-client.running: is told by the server and cannot be set"),
        Case("a password file that is not there",
            Client("out").Replace("\"StrongPass\"", "{ file = \"/nowhere/out\" }", StringComparison.Ordinal)
            + Enabled,
            "pptpd.toml:5:12: error: pptp-client.password: /nowhere/out there is no such file"),
        Case("a server with a port",
            Client("out").Replace("192.0.2.1", "192.0.2.1:1723", StringComparison.Ordinal) + Enabled,
            "pptpd.toml:3:14: error: pptp-client.connect-to: takes no port: PPTP servers are called on 1723"),
        Case("a server of IPv6",
            Client("out").Replace("192.0.2.1", "2001:db8::1", StringComparison.Ordinal) + Enabled,
            "pptpd.toml:3:14: error: pptp-client.connect-to: must be an IPv4 address or a DNS name: "
            + "PPTP does not go over IPv6"),
        Case("a name that Linux does not take", Client("out/1") + Enabled,
            "pptpd.toml:2:8: error: pptp-client.name: must be an interface name: "
            + "at most 15 of the characters a-z A-Z 0-9 _ . -, not \"out/1\""),
        Case("two clients of one name", Client("out") + Enabled + Client("out") + Enabled,
            "pptpd.toml:8:8: error: pptp-client.name: \"out\" is there already, at pptpd.toml:1:3"),
        Case("a client named like an interface of the server",
            "[[pptp-server-interface]]\nname = \"out\"\nuser = \"u\"\n" + Client("out") + Enabled,
            "pptpd.toml:5:8: error: pptp-client.name: \"out\" is the [[pptp-server-interface]] at pptpd.toml:1:3"),
        Case("an unknown profile", Client("out") + Enabled + "profile = \"defautl\"\n",
            "pptpd.toml:7:11: error: pptp-client.profile: unknown profile \"defautl\"; did you mean default?"),
        Case("a profile with pools",
            "[[ip-pool]]\nname = \"a\"\nranges = \"10.0.0.2-10.0.0.9\"\n"
            + "[[ppp-profile]]\nname = \"p\"\nlocal-address = \"a\"\nremote-address = \"a\"\n"
            + Client("out") + Enabled + "profile = \"p\"\n",
            "pptpd.toml:14:11: warning: pptp-client.profile: local-address of \"p\" is the pool \"a\": "
            + "a client takes no address from a pool",
            "pptpd.toml:14:11: warning: pptp-client.profile: remote-address of \"p\" is the pool \"a\": "
            + "a client takes no address from a pool"),
        Case("encryption required and no method that gives keys",
            "[[ppp-profile]]\nname = \"p\"\nuse-encryption = \"required\"\n"
            + Client("out") + Enabled + "profile = \"p\"\nallow = \"pap,chap\"\n",
            "pptpd.toml:11:9: warning: pptp-client.allow: has neither mschap1 nor mschap2, which give the keys that "
            + "\"p\" requires (use-encryption), so the tunnel cannot come up"),
        Case("two default routes of one distance",
            Client("out1") + Enabled + "add-default-route = true\n"
            + Client("out2") + Enabled + "add-default-route = true\n",
            "pptpd.toml:14:21: warning: pptp-client.add-default-route: has the same default-route-distance as the "
            + "client at pptpd.toml:1:3, so only one of the two gets the route"),
        Case("two default routes of two distances",
            Client("out1") + Enabled + "add-default-route = true\n"
            + Client("out2") + Enabled + "add-default-route = true\ndefault-route-distance = 2\n"),
        Case("two default routes, one of them disabled",
            Client("out1") + Enabled + "add-default-route = true\n"
            + Client("out2") + "disabled = true\nadd-default-route = true\n"),
        Case("a client and no server", Client("out") + Enabled),
    ];

    [TestCaseSource(nameof(ClientMistakes))]
    public void A_mistake_about_a_client_is_told_with_its_place(string text, string[] expected) =>
        Assert.That(Toml.Findings(text), Is.EqualTo(expected));

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place(string text, string[] expected) =>
        Assert.That(Toml.Findings(text + AliceWithAddresses), Is.EqualTo(expected));

    [TestCaseSource(nameof(SecretMistakes))]
    public void A_mistake_about_a_user_is_told_with_its_place(string text, string[] expected) =>
        Assert.That(Toml.Findings(text), Is.EqualTo(expected));

    [Test]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        ConfigurationResult result = Toml.Parse("""
            [system]
            log-level = "loud"
            [pptp-server]
            enabled = "maybe"
            default-profile = "nobody"
            [nonsense]
            [[ip-pool]]
            name = "a"
            ranges = "10.0.0.9-10.0.0.2"
            [[ppp-secret]]
            name = ""
            """);

        Assert.That(result.Configuration, Is.Null);
        Assert.That(result.Errors.Select(error => (error.Line, error.Key)), Is.EqualTo(new[]
        {
            (2, "system.log-level"),
            (4, "pptp-server.enabled"),
            (5, "pptp-server.default-profile"),
            (6, "nonsense"),
            (9, "ip-pool.ranges"),
            (10, "ppp-secret.password"),
            (11, "ppp-secret.name"),
        }));
    }

    [Test]
    public void A_file_that_is_not_all_TOML_is_not_blamed_for_what_was_not_understood()
    {
        // The profile's name is lost with its line; whoever refers to it is not at fault.
        string[] findings = Toml.Findings(
            "[pptp-server]\ndefault-profile = \"office\"\n[[ppp-profile]]\nname = \"office\n" + AliceWithAddresses);

        Assert.That(findings, Has.None.Contains("unknown profile"));
        Assert.That(findings, Has.Some.Contains("is not TOML"));
    }

    [Test]
    public void Without_a_secret_the_operator_is_told_that_nobody_can_log_in() =>
        Assert.That(Toml.Findings("[pptp-server]\nenabled = true\n"),
            Is.EqualTo(new[] { "pptpd.toml: warning: there is no [[ppp-secret]], so nobody can log in" }));

    [Test]
    public void The_same_user_may_have_a_secret_for_each_service()
    {
        PptpConfiguration configuration = Toml.Parse("""
            [[ppp-secret]]
            name = "alice"
            password = "any"
            [[ppp-secret]]
            name = "alice"
            service = "pptp"
            password = "pptp"
            """).Configuration!;

        Assert.Multiple(() =>
        {
            Assert.That(configuration.FindSecret("alice", PppService.Pptp)!.Password!.Password, Is.EqualTo("pptp"));
            Assert.That(configuration.FindSecret("alice", PppService.L2tp)!.Password!.Password, Is.EqualTo("any"));
            Assert.That(configuration.FindSecret("Alice", PppService.Pptp), Is.Null);
        });
    }

    [Test]
    public void One_mistake_ten_thousand_times_over_does_not_fill_the_screen()
    {
        string text = "[pptp-server]\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"key{i} = 1\n"));
        ConfigurationResult result = Toml.Parse(text + AliceWithAddresses);

        Assert.That(result.Findings, Has.Count.EqualTo(1001));
        Assert.That(result.Findings[^1].ToString(), Is.EqualTo("pptpd.toml: error: and 9000 more errors"));
    }

    // Five lines.
    private static string Client(string name) =>
        $"[[pptp-client]]\nname = \"{name}\"\nconnect-to = \"192.0.2.1\"\nuser = \"MT-User\"\n"
        + "password = \"StrongPass\"\n";

    private static string Addresses(int host) =>
        $"local-address = \"10.0.0.1\"\nremote-address = \"10.0.0.{host}\"\n";

    private static TestCaseData Case(string name, string text, params string[] findings) =>
        new TestCaseData(text, findings).SetArgDisplayNames(name);
}
