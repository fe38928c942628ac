using Pptp.Model.Vocabulary;

namespace Pptp.Model.Tests;

/// <summary>The texts each type takes and refuses, seen through a property that has it.</summary>
internal sealed class TypeTests
{
    // property, RouterOS text, how it is printed
    private static readonly string[][] Accepted =
    [
        ["pptp-server.enabled", "yes", "yes"],
        ["pptp-server.enabled", "no", "no"],
        ["pptp-server.enabled", "true", "yes"],
        ["pptp-server.enabled", "false", "no"],
        ["pptp-server.max-mtu", "512", "512"],
        ["pptp-server.max-mtu", "1500", "1500"],
        ["pptp-server.mrru", "disabled", "disabled"],
        ["pptp-server.mrru", "1600", "1600"],
        ["pptp-server.mrru", "65535", "65535"],
        ["pptp-server.authentication", "mschap2", "mschap2"],
        ["pptp-server.authentication", "mschap2,pap", "pap,mschap2"],
        ["pptp-server.authentication", "pap, chap, mschap1, mschap2", "pap,chap,mschap1,mschap2"],
        ["pptp-server.authentication", "pap,pap", "pap"],
        ["pptp-server.authentication", "eap,mschap2", "mschap2,eap"],
        ["pptp-server.keepalive-timeout", "30", "30"],
        ["pptp-server.keepalive-timeout", "30s", "30"],
        ["pptp-server.keepalive-timeout", "00:00:30", "30"],
        ["pptp-server.keepalive-timeout", "00:01", "60"],
        ["pptp-server.keepalive-timeout", "1m30s", "90"],
        ["pptp-server.keepalive-timeout", "1500ms", "1s500ms"],
        ["pptp-server.keepalive-timeout", "disabled", "disabled"],
        ["pptp-server.listen", "0.0.0.0:1723", "0.0.0.0:1723"],
        ["pptp-server.listen", "192.0.2.1", "192.0.2.1:1723"],
        ["pptp-server.listen", "192.0.2.1:1724,192.0.2.2", "192.0.2.1:1724,192.0.2.2:1723"],
        ["pptp-server.max-sessions", "0", "0"],
        ["pptp-server.connection-limit", "10/1m", "10/1m"],
        ["pptp-server.connection-limit", "10/60", "10/1m"],
        ["pptp-server.connection-limit", "1/1w2d3h4m5s", "1/1w2d3h4m5s"],
        ["pptp-server.connection-limit", "none", "none"],
        ["pptp-server.connection-limit-network", "100/1m", "100/1m"],
        ["pptp-server.login-timeout", "90", "1m30s"],
        ["ppp-profile.use-encryption", "default", "default"],
        ["ppp-profile.use-encryption", "no", "no"],
        ["ppp-profile.use-encryption", "yes", "yes"],
        ["ppp-profile.use-encryption", "required", "required"],
        ["ppp-profile.use-encryption", "require", "required"],
        ["ppp-profile.use-encryption", "true", "yes"],
        ["ppp-profile.mppe-allowed", "mppe128-stateless", "mppe128-stateless"],
        ["ppp-profile.mppe-allowed", "mppe40-stateful, mppe56-stateless", "mppe40-stateful,mppe56-stateless"],
        ["ppp-profile.mppe-allowed", "", ""],
        ["ppp-profile.change-tcp-mss", "default", "default"],
        ["ppp-profile.change-tcp-mss", "false", "no"],
        ["ppp-profile.only-one", "replace", "replace"],
        ["ppp-profile.session-timeout", "1w2d3h4m5s", "1w2d3h4m5s"],
        ["ppp-profile.session-timeout", "1d02:15:30", "1d2h15m30s"],
        ["ppp-profile.session-timeout", "1d 02:15:30", "1d2h15m30s"],
        ["ppp-profile.session-timeout", "36:00:00", "1d12h"],
        ["ppp-profile.session-timeout", "86400", "1d"],
        ["ppp-profile.session-timeout", "1h 30m", "1h30m"],
        ["ppp-profile.session-timeout", "none", "none"],
        ["ppp-profile.dhcpv6-lease-time", "1d", "1d"],
        ["ppp-profile.local-address", "10.0.0.1", "10.0.0.1"],
        ["ppp-profile.local-address", "dial-in", "dial-in"],
        ["ppp-profile.local-address", "pool.4", "pool.4"],
        ["ppp-profile.local-address", "", ""],
        ["ppp-profile.dns-server", "10.0.0.1,10.0.0.2", "10.0.0.1,10.0.0.2"],
        ["ppp-profile.dns-server", "", ""],
        ["ppp-profile.rate-limit", "128k", "128k"],
        ["ppp-profile.rate-limit", "64k/128M", "64k/128M"],
        ["ppp-profile.rate-limit", "64k 256k", "64k 256k"],
        ["ppp-profile.rate-limit", "64k/64k 256k/256k 128k/128k 10/10", "64k 256k 128k 10"],
        ["ppp-profile.rate-limit", "2M/10M 4M/20M 1M/5M 10/20 3 1M/2M", "2M/10M 4M/20M 1M/5M 10/20 3 1M/2M"],
        ["ppp-profile.rate-limit", "1500/0", "1500/0"],
        ["ppp-profile.rate-limit", "1M 2M 1M 1500ms", "1M 2M 1M 1s500ms"],
        ["ppp-profile.rate-limit", "2G", "2G"],
        ["ppp-profile.address-list", "a,b", "a,b"],
        ["ppp-profile.bridge-horizon", "none", "none"],
        ["ppp-profile.bridge-horizon", "7", "7"],
        ["ppp-profile.bridge-port-priority", "", ""],
        ["ppp-profile.comment", "line 1\nline 2\ttab", "line 1\nline 2\ttab"],
        ["ppp-profile.on-up", "/bin/a \"b c\"\n/bin/d", "/bin/a \"b c\"\n/bin/d"],
        ["ppp-profile.name", "名前", "名前"],
        ["ppp-secret.service", "any", "any"],
        ["ppp-secret.service", "pptp", "pptp"],
        ["ppp-secret.routes", "10.1.0.0/24 10.0.0.1 1", "10.1.0.0/24 10.0.0.1 1"],
        ["ppp-secret.routes", "10.1.0.0/24 10.0.0.1 1, 0.0.0.0/0 10.0.0.1 4294967295",
            "10.1.0.0/24 10.0.0.1 1,0.0.0.0/0 10.0.0.1 4294967295"],
        ["ppp-secret.ipv6-routes", "2001:db8:7::/64 :: 1", "2001:db8:7::/64 :: 1"],
        ["ppp-secret.ipv6-routes", "2001:DB8:7::/48 fe80::1 0, ::/0 :: 4294967295",
            "2001:db8:7::/48 fe80::1 0,::/0 :: 4294967295"],
        ["ppp-secret.remote-ipv6-prefix", "2001:0DB8:0:0:0::/64", "2001:db8::/64"],
        ["ppp-secret.remote-ipv6-prefix", "fd00:1:2:300::/56", "fd00:1:2:300::/56"],
        ["ppp-secret.remote-ipv6-prefix", "2001:db8::1:0:0:1/128", "2001:db8::1:0:0:1/128"],
        ["ppp-secret.remote-ipv6-prefix", "", ""],
        ["ipv6-pool.prefix", "2001:db8::/32", "2001:db8::/32"],
        ["ipv6-pool.prefix-length", "64", "64"],
        ["ppp-secret.limit-bytes-in", "9223372036854775807", "9223372036854775807"],
        ["ppp-secret.password", "with \"quotes\" and \\ and ü", "with \"quotes\" and \\ and ü"],
        ["ppp-secret.password", "", ""],
        ["ppp-secret.nt-hash", "0CB6948805f797bf2a82807973b89537", "0cb6948805f797bf2a82807973b89537"],
        ["ip-pool.ranges", "10.0.0.2-10.0.0.9", "10.0.0.2-10.0.0.9"],
        ["ip-pool.ranges", "10.0.0.2 - 10.0.0.9", "10.0.0.2-10.0.0.9"],
        ["ip-pool.ranges", "10.0.0.2-10.0.0.9,10.0.1.2-10.0.1.9", "10.0.0.2-10.0.0.9,10.0.1.2-10.0.1.9"],
        ["ip-pool.ranges", "10.0.0.7", "10.0.0.7"],
        ["ip-pool.ranges", "10.0.0.0/24", "10.0.0.1-10.0.0.254"],
        ["ip-pool.ranges", "10.0.0.0/31", "10.0.0.0-10.0.0.1"],
        ["ip-pool.ranges", "10.0.0.4/32", "10.0.0.4"],
        ["ip-pool.ranges", "10.0.0.4/30", "10.0.0.5-10.0.0.6"],
        ["ip-pool.next-pool", "none", "none"],
        ["ip-pool.next-pool", "other", "other"],
        ["pptp-client.connect-to", "192.168.62.2", "192.168.62.2"],
        ["pptp-client.connect-to", "127.0.0.1", "127.0.0.1"],
        ["pptp-client.connect-to", "vpn", "vpn"],
        ["pptp-client.connect-to", "VPN-1.example.net.", "VPN-1.example.net."],
        ["pptp-client.connect-to", "8.a_b.3com.example", "8.a_b.3com.example"],
        ["pptp-client.user", "DOMAIN\\alice", "DOMAIN\\alice"],
        ["pptp-client.keepalive-timeout", "1m", "60"],
        ["pptp-client.keepalive-timeout", "disabled", "disabled"],
        ["pptp-client.default-route-distance", "0", "0"],
        ["pptp-client.default-route-distance", "255", "255"],
        ["pptp-client.use-peer-dns", "yes", "yes"],
        ["pptp-client.use-peer-dns", "exclusively", "exclusively"],
        ["pptp-client.allow", "mschap2,mschap1,chap,pap", "pap,chap,mschap1,mschap2"],
        ["pptp-client.src-address", "192.0.2.7", "192.0.2.7"],
        ["pptp-client.src-address", "", ""],
        ["ppp-aaa.use-radius", "true", "yes"],
        ["ppp-aaa.interim-update", "0", "0s"],
        ["ppp-aaa.interim-update", "0s", "0s"],
        ["ppp-aaa.interim-update", "00:05:00", "5m"],
        ["ppp-aaa.interim-update", "1w", "1w"],
        ["ppp-aaa.accounting-input", "to-client", "to-client"],
        ["ppp-aaa.radius-fallback", "cached", "cached"],
        ["radius.service", "ppp", "ppp"],
        ["radius.service", "login,ppp", "ppp,login"],
        ["radius.service", "ppp,login,hotspot,wireless,dhcp,ipsec,dot1x", "ppp,login,hotspot,wireless,dhcp,ipsec,dot1x"],
        ["radius.service", "", ""],
        ["radius.address", "192.0.2.10", "192.0.2.10"],
        ["radius.address", "127.0.0.1", "127.0.0.1"],
        ["radius.address", "192.0.2.10@main", "192.0.2.10"],
        ["radius.address", "2001:DB8:0::10", "2001:db8::10"],
        ["radius.address", "::1", "::1"],
        ["radius.called-id", "", ""],
        ["radius.timeout", "1100ms", "1s100ms"],
        ["radius.timeout", "300ms", "300ms"],
        ["radius.timeout", "3", "3s"],
        ["radius.timeout", "00:01:00", "1m"],
        ["radius.src-address", "0.0.0.0", "0.0.0.0"],
        ["radius.src-address", "", "0.0.0.0"],
        ["radius.src-address", "192.0.2.1", "192.0.2.1"],
        ["radius.protocol", "radsec", "radsec"],
        ["radius.certificate", "none", "none"],
        ["radius.certificate", "/etc/pptpd/radsec.pem", "/etc/pptpd/radsec.pem"],
        ["radius.require-message-auth", "yes-for-request-resp", "yes-for-request-resp"],
        ["radius.require-message-auth", "yes", "yes-for-request-resp"],
        ["radius.require-message-auth", "no", "no"],
        ["radius-incoming.sources", "192.0.2.7, 10.0.0.0/8,2001:DB8::/32,::1", "192.0.2.7,10.0.0.0/8,2001:db8::/32,::1"],
        ["radius-incoming.sources", "0.0.0.0/0", "0.0.0.0/0"],
        ["radius-incoming.sources", "", ""],
        ["radius-incoming.event-timestamp-window", "none", "none"],
        ["radius-incoming.event-timestamp-window", "300", "5m"],
        ["system.identity", "router-1", "router-1"],
        ["system.state-folder", "/srv/pptpd", "/srv/pptpd"],
        ["system.log-file", "", ""],
        ["system.log-level", "debug", "debug"],
    ];

    private const string RefusedPrefix =
        "must be an IPv6 prefix such as 2001:db8:8::/64, its host bits zero, not ";

    private const string RefusedIpv6Route = "must be a list of routes such as 2001:db8:7::/64 :: 1, not ";

    // property, RouterOS text, the message
    private static readonly string[][] Refused =
    [
        ["pptp-server.enabled", "", "must be yes or no, not \"\""],
        ["pptp-server.enabled", "Yes", "must be yes or no, not \"Yes\""],
        ["pptp-server.max-mtu", "511", "must be an integer from 512 to 1500, not \"511\""],
        ["pptp-server.max-mtu", "1501", "must be an integer from 512 to 1500, not \"1501\""],
        ["pptp-server.max-mtu", "99999999999", "must be an integer from 512 to 1500, not \"99999999999\""],
        ["pptp-server.max-mtu", "1 450", "must be an integer from 512 to 1500, not \"1 450\""],
        ["ppp-secret.remote-ipv6-prefix", "2001:db8::1/64", RefusedPrefix + "\"2001:db8::1/64\""],
        ["ppp-secret.remote-ipv6-prefix", "2001:db8::", RefusedPrefix + "\"2001:db8::\""],
        ["ppp-secret.remote-ipv6-prefix", "2001:db8::/129", RefusedPrefix + "\"2001:db8::/129\""],
        ["ppp-secret.remote-ipv6-prefix", "2001:db8::/+64", RefusedPrefix + "\"2001:db8::/+64\""],
        ["ppp-secret.remote-ipv6-prefix", "[2001:db8::]/64", RefusedPrefix + "\"[2001:db8::]/64\""],
        ["ppp-secret.remote-ipv6-prefix", "2001:db8::%1/64", RefusedPrefix + "\"2001:db8::%1/64\""],
        ["ppp-secret.remote-ipv6-prefix", "10.0.0.0/8", RefusedPrefix + "\"10.0.0.0/8\""],
        ["ppp-secret.remote-ipv6-prefix", "fe80::/64", "must be a prefix of addresses a host can have, not fe80::/64"],
        ["ppp-secret.remote-ipv6-prefix", "::/0", "must be a prefix of addresses a host can have, not ::/0"],
        ["ppp-secret.ipv6-routes", "2001:db8:7::/64 10.0.0.1 1", RefusedIpv6Route + "\"2001:db8:7::/64 10.0.0.1 1\""],
        ["ppp-secret.ipv6-routes", "2001:db8:7::1/64 :: 1", RefusedIpv6Route + "\"2001:db8:7::1/64 :: 1\""],
        ["ppp-secret.ipv6-routes", "2001:db8:7::/64 ::", RefusedIpv6Route + "\"2001:db8:7::/64 ::\""],
        ["ipv6-pool.prefix", "ff00::/8", "must be a prefix of addresses a host can have, not ff00::/8"],
        ["ipv6-pool.prefix-length", "129", "must be an integer from 1 to 128, not \"129\""],
        ["pptp-server.mrru", "511", "must be an integer from 512 to 65535, or disabled, not \"511\""],
        ["pptp-server.mrru", "no", "must be an integer from 512 to 65535, or disabled, not \"no\""],
        ["pptp-server.authentication", "mschapv2",
            "must be one of pap, chap, mschap1, mschap2, eap, not \"mschapv2\"; did you mean mschap2?"],
        ["pptp-server.authentication", "", "must be a list of pap, chap, mschap1, mschap2, eap, not empty"],
        ["pptp-client.connect-to", "", "must be an IPv4 address or a DNS name, not \"\""],
        ["pptp-client.connect-to", "192.0.2.1:1723", "takes no port: PPTP servers are called on 1723"],
        ["pptp-client.connect-to", "vpn.example.net:1723", "takes no port: PPTP servers are called on 1723"],
        ["pptp-client.connect-to", "2001:db8::1",
            "must be an IPv4 address or a DNS name: PPTP does not go over IPv6"],
        ["pptp-client.connect-to", "[2001:db8::1]:1723",
            "must be an IPv4 address or a DNS name: PPTP does not go over IPv6"],
        ["pptp-client.connect-to", "192.0.2.256", "is not an IPv4 address: \"192.0.2.256\""],
        ["pptp-client.connect-to", "0.0.0.0", "must be an address a host can have, not 0.0.0.0"],
        ["pptp-client.connect-to", "224.0.0.1", "must be an address a host can have, not 224.0.0.1"],
        ["pptp-client.connect-to", "vpn..net", "must be an IPv4 address or a DNS name, not \"vpn..net\""],
        ["pptp-client.connect-to", "-vpn.net", "must be an IPv4 address or a DNS name, not \"-vpn.net\""],
        ["pptp-client.connect-to", "a b", "must be an IPv4 address or a DNS name, not \"a b\""],
        ["pptp-client.connect-to", "vpn.123", "must be an IPv4 address or a DNS name, not \"vpn.123\""],
        ["pptp-client.connect-to", ".", "is not an IPv4 address: \".\""],
        ["pptp-client.connect-to", "büro.example", "must be an IPv4 address or a DNS name, not \"büro.example\""],
        ["pptp-client.default-route-distance", "256", "must be an integer from 0 to 255, not \"256\""],
        ["pptp-client.use-peer-dns", "exclusive",
            "must be one of no, yes, exclusively, not \"exclusive\"; did you mean exclusively?"],
        ["pptp-client.src-address", "vpn", "must be an IPv4 address, not \"vpn\""],
        ["pptp-client.allow", "", "must be a list of pap, chap, mschap1, mschap2, not empty"],
        ["pptp-server.keepalive-timeout", "0",
            "must be a time of at least 1s, such as 30s, 1d12h or 00:00:30, or disabled, not \"0\""],
        ["pptp-server.keepalive-timeout", "none",
            "must be a time of at least 1s, such as 30s, 1d12h or 00:00:30, or disabled, not \"none\""],
        ["pptp-server.listen", "localhost",
            "must be a list of addresses with ports, not \"localhost\""],
        ["pptp-server.listen", "0.0.0.0:0", "must be a list of addresses with ports, not \"0.0.0.0:0\""],
        ["pptp-server.listen", "0.0.0.0:65536", "must be a list of addresses with ports, not \"0.0.0.0:65536\""],
        ["pptp-server.listen", "[::]:1723", "must be a list of addresses with ports, not \"[::]:1723\""],
        ["pptp-server.listen", "", "must be a list of addresses with ports, not empty"],
        ["pptp-server.connection-limit", "10", "must be a number in a time such as 10/1m, or none, not \"10\""],
        ["pptp-server.connection-limit", "0/1m", "must be a number in a time such as 10/1m, or none, not \"0/1m\""],
        ["pptp-server.connection-limit", "5/0s", "must be a number in a time such as 10/1m, or none, not \"5/0s\""],
        ["ppp-profile.use-encryption", "requierd",
            "must be one of default, no, yes, required, not \"requierd\"; did you mean required?"],
        ["ppp-profile.use-encryption", "", "must be one of default, no, yes, required, not \"\""],
        ["ppp-profile.session-timeout", "1h30",
            "must be a time of at least 1s, such as 30s, 1d12h or 00:00:30, or none, not \"1h30\""],
        ["ppp-profile.local-address", "10.0.0.256", "is not an IPv4 address: \"10.0.0.256\""],
        ["ppp-profile.local-address", "10.0.1", "is not an IPv4 address: \"10.0.1\""],
        ["ppp-profile.local-address", "10.0.0.01", "is not an IPv4 address: \"10.0.0.01\""],
        ["ppp-profile.local-address", "0.0.0.0", "must be an address a host can have, not 0.0.0.0"],
        ["ppp-profile.local-address", "224.0.0.1", "must be an address a host can have, not 224.0.0.1"],
        ["ppp-profile.local-address", "127.0.0.1", "must be an address a host can have, not 127.0.0.1"],
        ["ppp-profile.dns-server", "10.0.0.1,dns.example",
            "must be a list of IPv4 addresses, not \"dns.example\""],
        ["ppp-profile.rate-limit", "fast",
            "must be rx[/tx] [burst-rx[/tx] [threshold-rx[/tx] [time-rx[/tx] [priority [min-rx[/tx]]]]]], "
            + "such as 2M/10M, not \"fast\""],
        ["ppp-profile.rate-limit", "1M 2M 1M 10 9", "priority must be 1 to 8, not 9"],
        ["ppp-profile.rate-limit", "1M 2M 1M 10 8 2M", "the minimum rate 2M may not exceed the rate"],
        ["ppp-profile.name", "", "must be a name, not empty"],
        ["ppp-profile.name", "a\nb", "must not hold control characters"],
        ["ppp-profile.name", "\ud800", "must be well-formed Unicode text"],
        ["ppp-profile.on-up", "a\0b", "must not hold control characters"],
        ["ppp-secret.service", "ppptp",
            "must be one of any, async, pptp, pppoe, l2tp, ovpn, sstp, not \"ppptp\"; did you mean pptp?"],
        ["ppp-secret.routes", "10.1.0.0/24 10.0.0.1",
            "must be a list of routes such as 10.1.0.0/24 10.0.0.1 1, not \"10.1.0.0/24 10.0.0.1\""],
        ["ppp-secret.routes", "10.1.0.1/24 10.0.0.1 1",
            "must be a list of routes such as 10.1.0.0/24 10.0.0.1 1, not \"10.1.0.1/24 10.0.0.1 1\""],
        ["ppp-secret.limit-bytes-in", "-1", "must be a number of bytes, not \"-1\""],
        ["ppp-secret.nt-hash", "0cb6948805f797bf2a82807973b8953", "must be 32 hexadecimal digits in quotes"],
        ["ppp-secret.nt-hash", "0cb6948805f797bf2a82807973b8953g", "must be 32 hexadecimal digits in quotes"],
        ["ip-pool.ranges", "10.0.0.9-10.0.0.2", "runs backwards: 10.0.0.9-10.0.0.2"],
        ["ip-pool.ranges", "10.0.0.1/24",
            "must be a list of address ranges, not \"10.0.0.1/24\""],
        ["ip-pool.ranges", "10.0.0.0/33", "must be a list of address ranges, not \"10.0.0.0/33\""],
        ["ip-pool.ranges", "126.0.0.1-128.0.0.1", "must hold addresses a host can have, not 126.0.0.1-128.0.0.1"],
        ["ip-pool.ranges", "0.0.0.0/0", "must hold addresses a host can have, not 0.0.0.0/0"],
        ["ip-pool.ranges", "223.0.0.1-224.0.0.1", "must hold addresses a host can have, not 223.0.0.1-224.0.0.1"],
        ["ip-pool.ranges", "10.0.0.1-", "must be a list of address ranges, not \"10.0.0.1-\""],
        ["ip-pool.ranges", "", "must be a list of address ranges, not empty"],
        ["pptp-client.allow", "eap", "must be one of pap, chap, mschap1, mschap2, not \"eap\"; did you mean pap?"],
        ["ppp-aaa.interim-update", "8d", "must be a time from 0s to 1w, such as 3d12h, not \"8d\""],
        ["ppp-aaa.radius-fallback", "accept", "must be one of reject, cached, not \"accept\""],
        ["radius.service", "pptp", "must be one of ppp, login, hotspot, wireless, dhcp, ipsec, dot1x, "
            + "not \"pptp\"; did you mean ppp?"],
        ["radius.address", "radius.example.net", "must be an IPv4 or IPv6 address, not \"radius.example.net\""],
        ["radius.address", "192.0.2.10:1812", "must be an IPv4 or IPv6 address, not \"192.0.2.10:1812\""],
        ["radius.address", "0.0.0.0", "must be an address a host can have, not 0.0.0.0"],
        ["radius.address", "224.0.0.1", "must be an address a host can have, not 224.0.0.1"],
        ["radius.address", "::", "must be an address a host can have, not ::"],
        ["radius.address", "ff02::1", "must be an address a host can have, not ff02::1"],
        ["radius.address", "::ffff:192.0.2.10", "must be written as the IPv4 address it is"],
        ["radius.address", "192.0.2.10@blue", "names a VRF, \"blue\": there is none here but main"],
        ["radius.authentication-port", "0", "must be an integer from 1 to 65535, not \"0\""],
        ["radius.timeout", "9ms", "must be a time from 10ms to 1m, such as 30s, not \"9ms\""],
        ["radius.timeout", "61", "must be a time from 10ms to 1m, such as 30s, not \"61\""],
        ["radius.tries", "0", "must be an integer from 1 to 10, not \"0\""],
        ["radius.protocol", "tcp", "must be one of udp, radsec, not \"tcp\""],
        ["radius.certificate", "radsec.pem", "must be an absolute path, not \"radsec.pem\""],
        ["radius.require-message-auth", "maybe", "must be one of no, yes-for-request-resp, not \"maybe\""],
        ["radius-incoming.sources", "192.0.2.7/24", "must have zeros behind its first 24 bits, not 192.0.2.7/24"],
        ["radius-incoming.sources", "192.0.2.0/33", "must be a list of addresses or networks, not \"192.0.2.0/33\""],
        ["radius-incoming.sources", "radius", "must be a list of addresses or networks, not \"radius\""],
        ["system.identity", "", "must be a name, not empty"],
        ["system.state-folder", "var/lib", "must be an absolute path, not \"var/lib\""],
        ["system.log-level", "warn",
            "must be one of packet, debug, info, warning, error, not \"warn\""],
    ];

    [TestCaseSource(nameof(Accepted))]
    public void A_text_is_taken_and_printed_as_RouterOS_does(string property, string text, string printed) =>
        Assert.That(Read(property, text), Is.EqualTo(printed));

    [TestCaseSource(nameof(Refused))]
    public void A_text_is_refused_with_what_is_expected(string property, string text, string message) =>
        Assert.That(Read(property, text), Is.EqualTo($"refused: {message}"));

    [TestCaseSource(nameof(Accepted))]
    public void What_is_printed_is_read_again(string property, string text, string printed) =>
        Assert.That(Read(property, Read(property, text)), Is.EqualTo(printed), text);

    // Every spelling of the unit's order, and what only looks like a time.
    [TestCase("5s3m")]
    [TestCase("3m3m")]
    [TestCase("1s02:00")]
    [TestCase("1w00:60")]
    [TestCase("00:00:60")]
    [TestCase("00:00:00:01")]
    [TestCase("-5s")]
    [TestCase("5x")]
    [TestCase("s")]
    [TestCase(":30")]
    [TestCase("1:")]
    [TestCase("99999999999")]
    [TestCase("9999999999w")]
    [TestCase("5201w")]
    [TestCase("1.5s")]
    [TestCase("٣s")]
    public void What_is_no_time_is_refused(string text) =>
        Assert.That(Read("ppp-profile.session-timeout", text), Does.StartWith("refused: must be a time"));

    [Test]
    public void A_name_counts_the_octets_of_its_UTF8_form()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Read("ppp-secret.name", new string('a', 255)), Has.Length.EqualTo(255));
            Assert.That(Read("ppp-secret.name", new string('a', 256)),
                Is.EqualTo("refused: is too long: at most 255 bytes are taken"));
            Assert.That(Read("ppp-secret.name", new string('ü', 128)),
                Is.EqualTo("refused: is too long: at most 255 bytes are taken"));
        });
    }

    [Test]
    public void A_password_has_at_most_256_characters_as_RFC_2759_says()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Read("ppp-secret.password", new string('ü', 256)), Has.Length.EqualTo(256));
            Assert.That(Read("ppp-secret.password", new string('x', 257)),
                Is.EqualTo("refused: is too long: a password has at most 256 characters"));
        });
    }

    [Test]
    public void A_long_value_is_not_repeated_whole()
    {
        string message = Read("pptp-server.max-mtu", new string('9', 10_000));
        Assert.That(message, Has.Length.LessThan(150).And.EndWith("999..."));
    }

    private static string Read(string property, string text)
    {
        string[] names = property.Split('.');
        return names[0] switch
        {
            "system" => Read(Menus.System, names[1], text),
            "pptp-server" => Read(Menus.PptpServer, names[1], text),
            "ppp-profile" => Read(Menus.PppProfile, names[1], text),
            "ppp-secret" => Read(Menus.PppSecret, names[1], text),
            "pptp-client" => Read(Menus.PptpClient, names[1], text),
            "ppp-aaa" => Read(Menus.PppAaa, names[1], text),
            "radius" => Read(Menus.Radius, names[1], text),
            "radius-incoming" => Read(Menus.RadiusIncoming, names[1], text),
            "ipv6-pool" => Read(Menus.Ipv6Pool, names[1], text),
            _ => Read(Menus.IpPool, names[1], text),
        };
    }

    private static string Read<TRow>(MenuDefinition<TRow> menu, string name, string text)
    {
        PropertyDefinition<TRow> property = menu.Find(name)!;
        List<ValueComplaint> complaints = [];
        return property.TryRead(
            menu.EmptyRow, new ConfigurationValue.Text(text, SourcePosition.Start), complaints, out TRow row)
            ? property.Format(row)
            : $"refused: {complaints.Single().Message}";
    }
}
