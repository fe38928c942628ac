using System.Net;
using System.Net.Sockets;
using Pptp.Appliance.Interfaces;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Testing;
using InterfaceName = Pptp.Appliance.Interfaces.InterfaceName;

namespace Pptp.Appliance.Tests.Interfaces;

/// <summary>The IPv6 of tunnels, in a kernel.</summary>
[CancelAfter(60_000)]
public sealed class Ipv6InterfaceTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly IPAddress Local = IPAddress.Parse("10.8.0.1");
    private static readonly IPAddress Remote = IPAddress.Parse("10.8.0.2");
    private static readonly Ipv6Prefix Prefix = Ipv6Prefix.Parse("2001:db8:8::/64");
    private static readonly IPNetwork Everywhere = IPNetwork.Parse("::/0");

    private static readonly Ipv6InterfaceSettings Settings = new(0x1111, 0x2222)
    {
        Prefix = Prefix,
        Routes =
        [
            new(Ipv6Prefix.Parse("2001:db8:70::/48"), IPAddress.IPv6Any, 7),
            new(Ipv6Prefix.Parse("2001:db8:71::/48"), IPAddress.Parse("2001:db8:8::9"), 1),
            new(Ipv6Prefix.Parse("2001:db8:72::/48"), IPAddress.Parse("fe80::2222"), 0),
        ],
    };

    [Test]
    public void A_session_with_IPv6_has_its_link_local_address_and_its_routes_until_it_ends(
        [Values] bool isStatic, [Values] bool comesLater, [Values] bool isOffByDefault) => InNamespace(world =>
    {
        if (isOffByDefault)
            KernelSettings.TrySetIpv6("default", "disable_ipv6", 1);
        if (isStatic)
            world.Table.Apply([new PptpServerInterface { Name = "branch", User = "alice" }]);
        for (int i = 0; i < 2; i++)
        {
            TunnelInterface tunnel = Create(world, "alice", comesLater ? null : Settings);
            if (comesLater)
            {
                Assert.That(Ipv6Addresses(world), Is.Empty);
                world.Table.AddIpv6(tunnel, Settings);
            }
            int index = tunnel.Tun.Index;
            Assert.That(Ipv6Addresses(world), Is.EqualTo(new[]
            {
                new AddressEntry(index, IPAddress.Parse("fe80::1111"), IPAddress.Parse("fe80::2222"), 128),
            }));
            Assert.That(world.OurRoutes().Select(Describe), Is.EquivalentTo(new[]
            {
                $"2001:db8:8::/64 via  on {index} metric 1024",
                $"2001:db8:70::/48 via  on {index} metric 7",
                $"2001:db8:71::/48 via 2001:db8:8::9 on {index} metric 1",
                $"2001:db8:72::/48 via fe80::2222 on {index} metric 1024",
            }));

            world.Table.Release(tunnel);
            Assert.That(Ipv6Addresses(world), Is.Empty);
            Assert.That(world.OurRoutes(), Is.Empty);
        }
        Assert.That(string.Join('\n', world.Log.Lines), Is.Empty);
    });

    [Test]
    public void What_is_agreed_on_once_more_is_there_once() => InNamespace(world =>
    {
        TunnelInterface tunnel = Create(world, "alice", Settings);
        world.Table.AddIpv6(tunnel, Settings);
        Assert.That(Ipv6Addresses(world), Has.Count.EqualTo(1));
        Assert.That(world.OurRoutes(), Has.Count.EqualTo(4));
        Assert.That(world.Log.Lines, Is.Empty);
    });

    [Test]
    public void Packets_for_the_prefix_go_to_the_client() => InNamespace(world =>
    {
        world.Netlink.AddAddress(world.Wire, IPAddress.Parse("2001:db8::1"), null, 64);
        TunnelInterface tunnel = Create(world, "alice", Settings);
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo([1], new IPEndPoint(IPAddress.Parse("2001:db8:8::77"), 9));
        Assert.That(ReadTo(tunnel.Tun, IPAddress.Parse("2001:db8:8::77")), Is.True);
    });

    [Test]
    public void What_a_client_advertises_is_no_way_of_this_host([Values] bool isOffByDefault) => InNamespace(world =>
    {
        if (isOffByDefault)
            KernelSettings.TrySetIpv6("default", "disable_ipv6", 1);
        TunnelInterface tunnel = Create(world, "alice", Settings);
        byte[] advertisement = RouterAdvertisement.Of(Settings.RemoteAddress, Ipv6Prefix.Parse("2001:db8:bad::/64"));
        Assert.That(tunnel.Tun.Write([.. new byte[VirtioHeader.Length], .. advertisement]), Is.EqualTo(TunWriteResult.Written));
        Assert.That(world.Netlink.ListRoutes().Select(route => route.Destination), Has.None.EqualTo(Everywhere));
        Assert.That(Ipv6Addresses(world), Has.Count.EqualTo(1));
        // The same to a tunnel that we have dialled is heard, so that its silence above is the interface's.
        KernelSettings.TrySetIpv6(tunnel.Name.Linux, "accept_ra", 2);
        Assert.That(
            () => AddressesAfter(world, tunnel.Tun, advertisement),
            Has.Count.EqualTo(2).After((int)Soon.TotalMilliseconds, 20));
    });

    [Test]
    public void The_way_out_that_the_host_was_told_stays() => InNamespace(world =>
    {
        KernelSettings.TrySetIpv6("wire", "accept_ra", 1);
        IPAddress router = IPAddress.Parse("fe80::7");
        world.Netlink.AddAddress(world.Wire, IPAddress.Parse("fe80::1"), null, 64);
        Assert.That(
            () =>
            {
                world.Hear(RouterAdvertisement.Of(router, Ipv6Prefix.Parse("2001:db8::/64")));
                return WaysOut();
            },
            Is.EqualTo(new[] { router }).After((int)Soon.TotalMilliseconds, 20));

        Create(world, "alice", Settings);
        Assert.That(WaysOut(), Is.EqualTo(new[] { router }));

        IEnumerable<IPAddress?> WaysOut() =>
            world.Netlink.ListRoutes().Where(route => route.Destination == Everywhere && route.Gateway is not null).Select(route => route.Gateway);
    });

    [Test]
    public void A_session_without_IPv6_has_none([Values] bool isOffByDefault) => InNamespace(world =>
    {
        if (isOffByDefault)
            KernelSettings.TrySetIpv6("default", "disable_ipv6", 1);
        Create(world, "alice", null);
        Assert.That(Ipv6Addresses(world), Is.Empty);
        Assert.That(world.OurRoutes(), Is.Empty);
    });

    [Test]
    public void Two_sessions_that_want_the_same_route_do_not_share_it() => InNamespace(world =>
    {
        TunnelInterface first = Create(world, "alice", Settings);
        Create(world, "bob", Settings with { LocalIdentifier = 0x3333, RemoteIdentifier = 0x4444 });
        Assert.That(world.OurRoutes().Select(route => route.InterfaceIndex), Is.All.EqualTo(first.Tun.Index));
        Assert.That(string.Join('\n', world.Log.Lines), Does.Contain("no route to 2001:db8:70::/48: ").And.Contain("EEXIST"));
    });

    [Test]
    public void A_tunnel_too_narrow_for_IPv6_goes_on_without() => InNamespace(world =>
    {
        TunnelInterface tunnel = Create(world, "alice", null, mtu: 1279);
        Assert.That(() => world.Table.AddIpv6(tunnel, Settings), Throws.TypeOf<LinuxException>());
        Assert.That(world.Link(tunnel.Name.Linux)!.IsUp, Is.True);
        world.Table.Release(tunnel);

        Assert.That(() => Create(world, "bob", Settings, mtu: 1279), Throws.TypeOf<LinuxException>());
        Assert.That(world.Link("pptp-bob"), Is.Null);
    });

    [Test]
    public void A_tunnel_we_dial_takes_its_address_from_what_the_server_advertises(
        [Values] bool isDefault, [Values] bool isOffByDefault) => InNamespace(world =>
    {
        if (isOffByDefault)
            KernelSettings.TrySetIpv6("default", "disable_ipv6", 1);
        PptpClient client = new() { Name = "office", ConnectTo = "203.0.113.7", AddDefaultRoute = isDefault, DefaultRouteDistance = 5 };
        using IClientInterface office = world.Create(client);
        int index = world.Link("office")!.Index;
        Ipv6InterfaceSettings settings = new(0x2222, 0x1111);
        for (int i = 0; i < 2; i++)
        {
            ClientConnection connection = office.Connect(new ClientNetwork(Remote, Local, 1400, []));
            office.AddIpv6(settings);
            byte[] advertisement = RouterAdvertisement.Of(settings.RemoteAddress, Prefix);
            Assert.That(
                () => AddressesAfter(world, connection.Tun, advertisement).Select(address => address.Local.ToString()),
                Is.EquivalentTo(new[] { "fe80::2222", "2001:db8:8::2222" }).After((int)Soon.TotalMilliseconds, 20));
            Assert.That(
                world.Netlink.ListRoutes().Where(route => route.Destination == Everywhere && route.Type == RouteType.Unicast)
                    .Select(route => (route.InterfaceIndex, route.Metric)),
                Is.EqualTo(isDefault ? [(index, 5u)] : Array.Empty<(int?, uint)>()));

            office.Disconnect();
            Assert.That(Ipv6Addresses(world), Is.Empty);
            Assert.That(world.Netlink.ListRoutes().Where(route => route.InterfaceIndex == index && route.Type == RouteType.Unicast
                && !route.Destination.BaseAddress.IsIPv6Multicast), Is.Empty);
            Assert.That(world.Link("office")!.Index, Is.EqualTo(index));
        }
    });

    private static TunnelInterface Create(ClientWorld world, string user, Ipv6InterfaceSettings? settings, int mtu = 1400)
    {
        InterfaceName name = world.Table.Reserve(user);
        return world.Table.CreateAsync(new TunnelInterfaceSpecification(name, Local, Remote, mtu) { Ipv6 = settings })
            .GetAwaiter().GetResult();
    }

    private static List<AddressEntry> Ipv6Addresses(ClientWorld world) =>
        [.. world.Addresses().Where(address => address.Local.AddressFamily == AddressFamily.InterNetworkV6)];

    // One that comes before the kernel has done with the link-local address makes none; it would ask for another.
    private static List<AddressEntry> AddressesAfter(ClientWorld world, TunDevice tun, byte[] advertisement)
    {
        Assert.That(tun.Write([.. new byte[tun.HeaderLength], .. advertisement]), Is.EqualTo(TunWriteResult.Written));
        return Ipv6Addresses(world);
    }

    private static string Describe(RouteEntry route) =>
        $"{route.Destination} via {route.Gateway} on {route.InterfaceIndex} metric {route.Metric}";

    /// <summary>Reads past what the kernel says of itself (MLD).</summary>
    private static bool ReadTo(TunDevice tun, IPAddress destination)
    {
        byte[] packet = new byte[2048];
        int length;
        while ((length = tun.Read(packet)) >= 0)
        {
            if (length >= tun.HeaderLength + 40
                && new IPAddress(packet.AsSpan(tun.HeaderLength + 24, 16)).Equals(destination))
                return true;
        }
        return false;
    }

    private static void InNamespace(Action<ClientWorld> test)
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
        NetworkNamespace.Run(() =>
        {
            using ClientWorld world = new();
            if (world.Link("wire")!.AddressGenerationNone is null)
                Assert.Ignore("not tested here: the kernel has no IPv6");
            test(world);
        });
    }
}
