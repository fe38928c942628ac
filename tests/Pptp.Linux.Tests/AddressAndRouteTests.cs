using System.Net;
using System.Net.Sockets;
using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class AddressAndRouteTests : NamespaceTests
{
    private const byte Ours = 176;
    private const byte Others = 177;

    [TestCase("10.0.0.1", null, 24)]
    [TestCase("10.0.0.1", "10.9.9.9", 32)]
    [TestCase("2001:db8::1", null, 64)]
    [TestCase("2001:db8::1", "2001:db8::2", 128)]
    public void An_address_is_added_listed_and_removed(string local, string? peer, int length) =>
        InNamespace((netlink, index) =>
        {
            AddressEntry entry = new(
                index, IPAddress.Parse(local), peer is null ? null : IPAddress.Parse(peer), length);
            netlink.AddAddress(index, entry.Local, entry.Peer, length);
            Assert.That(netlink.ListAddresses().Where(a => a.Index == index), Is.EqualTo(new[] { entry }));
            Assert.That(
                () => netlink.AddAddress(index, entry.Local, entry.Peer, length),
                Throws.TypeOf<LinuxException>().With.Property("Errno").EqualTo(Errno.EEXIST)
                    .And.Message.Contains(local));
            Assert.That(netlink.RemoveAddress(index, entry.Local, entry.Peer, length), Is.True);
            Assert.That(netlink.ListAddresses().Where(a => a.Index == index), Is.Empty);
            Assert.That(netlink.RemoveAddress(index, entry.Local, entry.Peer, length), Is.False);
        });

    [Test]
    public void An_address_for_a_missing_interface_is_an_error() => InNamespace((netlink, _) =>
        Assert.That(
            () => netlink.AddAddress(4711, IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"), 32),
            Throws.TypeOf<LinuxException>().With.Message.StartsWith(
                "RTM_NEWADDR on interface 4711, 10.0.0.1 peer 10.0.0.2/32: ENODEV (No such device)")));

    [Test]
    public void A_peer_of_another_family_is_the_callers_mistake() => InNamespace((netlink, index) =>
        Assert.That(
            () => netlink.AddAddress(index, IPAddress.Loopback, IPAddress.IPv6Loopback, 32),
            Throws.ArgumentException));

    [Test]
    public void A_route_has_every_property_it_was_given() => InNamespace((netlink, index) =>
    {
        netlink.AddAddress(index, IPAddress.Parse("10.0.0.1"), null, 24);
        netlink.AddAddress(index, IPAddress.Parse("2001:db8::1"), null, 64);
        RouteEntry[] routes =
        [
            new() { Destination = IPNetwork.Parse("10.7.0.2/32"), InterfaceIndex = index, Protocol = Ours },
            new()
            {
                Destination = IPNetwork.Parse("172.16.0.0/12"),
                Gateway = IPAddress.Parse("10.0.0.254"),
                InterfaceIndex = index,
                Metric = 7,
                Protocol = Ours,
                Table = 100000,
                PreferredSource = IPAddress.Parse("10.0.0.1"),
            },
            new()
            {
                Destination = IPNetwork.Parse("0.0.0.0/0"),
                Gateway = IPAddress.Parse("10.0.0.254"),
                InterfaceIndex = index,
                Metric = 4000000000,
                Protocol = Ours,
                Table = 77,
            },
            new()
            {
                Destination = IPNetwork.Parse("192.168.0.0/16"),
                Metric = 1,
                Protocol = Ours,
                Type = RouteType.Unreachable,
            },
            new()
            {
                Destination = IPNetwork.Parse("2001:db8:1::/48"),
                Gateway = IPAddress.Parse("2001:db8::2"),
                InterfaceIndex = index,
                Metric = 9,
                Protocol = Ours,
                Table = 500,
            },
            new()
            {
                Destination = IPNetwork.Parse("::/0"),
                InterfaceIndex = index,
                Metric = 1024,
                Protocol = Ours,
            },
        ];
        Array.ForEach(routes, r => netlink.AddRoute(r));
        Assert.That(netlink.ListRoutes(Ours), Is.EquivalentTo(routes));
        Assert.That(netlink.ListRoutes(Others), Is.Empty);
        Assert.That(netlink.ListRoutes(), Is.SupersetOf(routes));
        Assert.That(netlink.ListRoutes().Count, Is.GreaterThan(routes.Length), "the kernel's own are there as well");
        foreach (RouteEntry route in routes)
        {
            Assert.That(netlink.RemoveRoute(route), Is.True, route.ToString());
            Assert.That(netlink.RemoveRoute(route), Is.False, route.ToString());
        }

        Assert.That(netlink.ListRoutes(Ours), Is.Empty);
    });

    [Test]
    public void Routes_go_by_who_made_them_and_the_others_stay() => InNamespace((netlink, index) =>
    {
        RouteEntry other = new()
        {
            Destination = IPNetwork.Parse("10.1.0.0/16"),
            InterfaceIndex = index,
            Protocol = Others,
        };
        netlink.AddRoute(other);
        for (byte i = 0; i < 20; i++)
        {
            netlink.AddRoute(new RouteEntry
            {
                Destination = new IPNetwork(new IPAddress([10, 2, i, 0]), 24),
                InterfaceIndex = index,
                Protocol = Ours,
                Table = 200u + i,
            });
        }

        Assert.That(netlink.RemoveRoutes(Ours), Is.EqualTo(20));
        Assert.That(netlink.ListRoutes(Ours), Is.Empty);
        Assert.That(netlink.ListRoutes(Others), Is.EqualTo(new[] { other }));
        Assert.That(() => netlink.RemoveRoutes(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    });

    [Test]
    public void A_route_is_replaced_only_when_asked() => InNamespace((netlink, index) =>
    {
        using TunDevice second = Tun(netlink, "pptp-b");
        RouteEntry route = new()
        {
            Destination = IPNetwork.Parse("10.3.0.1/32"),
            InterfaceIndex = index,
            Protocol = Ours,
        };
        RouteEntry moved = route with { InterfaceIndex = second.Index };
        netlink.AddRoute(route);
        Assert.That(
            () => netlink.AddRoute(moved),
            Throws.TypeOf<LinuxException>().With.Message.StartsWith(
                $"RTM_NEWROUTE on route 10.3.0.1/32 on interface {second.Index}: EEXIST (File exists)"));
        netlink.AddRoute(moved, replace: true);
        Assert.That(netlink.ListRoutes(Ours), Is.EqualTo(new[] { moved }));
    });

    [Test]
    public void An_appended_route_stands_behind_the_first_and_takes_its_place() => InNamespace((netlink, index) =>
    {
        using TunDevice second = Tun(netlink, "pptp-b");
        RouteEntry first = new()
        {
            Destination = IPNetwork.Parse("10.3.0.0/24"),
            InterfaceIndex = index,
            Metric = 1,
            Protocol = Ours,
        };
        RouteEntry next = first with { InterfaceIndex = second.Index };
        netlink.AddRoute(first);
        netlink.AppendRoute(next);
        Assert.That(netlink.ListRoutes(Ours), Is.EqualTo(new[] { first, next }));
        Assert.That(
            () => netlink.AppendRoute(next),
            Throws.TypeOf<LinuxException>().With.Property("Errno").EqualTo(Errno.EEXIST));
        netlink.ChangeLink(index, new LinkChange { Up = false });
        Assert.That(netlink.ListRoutes(Ours), Is.EqualTo(new[] { next }));
    });

    [Test]
    public void A_prepended_route_stands_before_the_first_until_it_is_gone() => InNamespace((netlink, index) =>
    {
        using TunDevice second = Tun(netlink, "pptp-b");
        RouteEntry first = new()
        {
            Destination = IPNetwork.Parse("0.0.0.0/0"),
            InterfaceIndex = index,
            Protocol = Ours,
        };
        RouteEntry next = first with { InterfaceIndex = second.Index };
        netlink.AddRoute(first);
        netlink.PrependRoute(next);
        Assert.That(netlink.ListRoutes(Ours), Is.EqualTo(new[] { next, first }));
        Assert.That(
            () => netlink.PrependRoute(next),
            Throws.TypeOf<LinuxException>().With.Property("Errno").EqualTo(Errno.EEXIST));
        netlink.ChangeLink(second.Index, new LinkChange { Up = false });
        Assert.That(netlink.ListRoutes(Ours), Is.EqualTo(new[] { first }));
    });

    [Test]
    public void A_gateway_out_of_reach_is_taken_where_the_route_says_that_it_is_on_the_link() =>
        InNamespace((netlink, index) =>
        {
            RouteEntry route = new()
            {
                Destination = IPNetwork.Parse("10.4.0.0/16"),
                Gateway = IPAddress.Parse("203.0.113.1"),
                InterfaceIndex = index,
                IsOnLink = true,
                Protocol = Ours,
            };
            netlink.AddRoute(route);
            Assert.That(netlink.ListRoutes(Ours), Is.EqualTo(new[] { route }));
            Assert.That(netlink.RemoveRoute(route), Is.True);
        });

    [Test]
    public void A_gateway_out_of_reach_is_an_error_in_the_kernels_words() => InNamespace((netlink, _) =>
        Assert.That(
            () => netlink.AddRoute(new RouteEntry
            {
                Destination = IPNetwork.Parse("10.4.0.0/16"),
                Gateway = IPAddress.Parse("203.0.113.1"),
                Protocol = Ours,
            }),
            Throws.TypeOf<LinuxException>()
                .With.Property("Errno").EqualTo(Errno.ENETUNREACH)
                .And.Property("Explanation").Contains("gateway")));

    [Test]
    public void A_routes_packets_take_its_interface() => InNamespace((netlink, index) =>
    {
        // An unnumbered tunnel: no address of its own, the route names the source.
        using TunDevice tun = Tun(netlink, "pptp-b");
        netlink.AddAddress(1, IPAddress.Parse("10.255.0.1"), null, 32);
        netlink.AddRoute(new RouteEntry
        {
            Destination = IPNetwork.Parse("10.5.0.9/32"),
            InterfaceIndex = tun.Index,
            PreferredSource = IPAddress.Parse("10.255.0.1"),
            Protocol = Ours,
        });
        using Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.SendTo([1, 2, 3], new IPEndPoint(IPAddress.Parse("10.5.0.9"), 9));
        byte[] packet = new byte[100];
        Assert.That(tun.Read(packet), Is.EqualTo(31));
        Assert.That(packet[12..16], Is.EqualTo(new byte[] { 10, 255, 0, 1 }));
        Assert.That(index, Is.Not.EqualTo(tun.Index));
    });

    [Test]
    public void A_rule_has_every_property_it_was_given() => InNamespace((netlink, _) =>
    {
        RuleEntry[] rules =
        [
            new() { Priority = 100, Table = 1000, Protocol = Ours, Source = IPNetwork.Parse("10.0.0.0/24") },
            new()
            {
                Priority = 101,
                Table = 7,
                Protocol = Ours,
                Destination = IPNetwork.Parse("10.9.0.0/16"),
                InputInterface = "pptp-a",
                Mark = 0xCAFE,
            },
            new() { Priority = 102, Table = 8, Protocol = Ours, OutputInterface = "not-there-yet" },
            new()
            {
                Family = AddressFamily.InterNetworkV6,
                Priority = 100,
                Table = 9,
                Protocol = Ours,
                Source = IPNetwork.Parse("2001:db8::/32"),
            },
        ];
        Array.ForEach(rules, netlink.AddRule);
        Assert.That(netlink.ListRules(Ours), Is.EquivalentTo(rules));
        Assert.That(netlink.ListRules(), Is.SupersetOf(rules));
        Assert.That(
            () => netlink.AddRule(rules[0]),
            Throws.TypeOf<LinuxException>().With.Message.StartsWith(
                "RTM_NEWRULE on rule 100 from 10.0.0.0/24 to all table 1000: EEXIST (File exists)"));
        foreach (RuleEntry rule in rules)
        {
            Assert.That(netlink.RemoveRule(rule), Is.True, rule.ToString());
            Assert.That(netlink.RemoveRule(rule), Is.False, rule.ToString());
        }
    });

    [Test]
    public void Rules_go_by_who_made_them_and_the_others_stay() => InNamespace((netlink, _) =>
    {
        IReadOnlyList<RuleEntry> before = netlink.ListRules();
        RuleEntry twin = new() { Priority = 100, Table = 9, Protocol = Others, Mark = 1 };
        netlink.AddRule(twin);
        netlink.AddRule(twin with { Protocol = Ours });
        netlink.AddRule(twin with { Protocol = Ours, Family = AddressFamily.InterNetworkV6 });
        netlink.AddRule(twin with { Protocol = Ours, Priority = 200 });

        Assert.That(netlink.RemoveRules(Ours), Is.EqualTo(3));
        Assert.That(netlink.ListRules(), Is.EquivalentTo(before.Append(twin)));
        Assert.That(() => netlink.RemoveRules(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    });

    private static TunDevice Tun(RouteNetlink netlink, string name)
    {
        TunDevice tun = TunDevice.Create(name);
        netlink.ChangeLink(tun.Index, new LinkChange { AddressGenerationNone = true, Up = true });
        return tun;
    }

    private static void InNamespace(Action<RouteNetlink, int> test) => NetworkNamespace.Run(() =>
    {
        using RouteNetlink netlink = new();
        using TunDevice tun = Tun(netlink, "pptp-a");
        test(netlink, tun.Index);
    });
}
