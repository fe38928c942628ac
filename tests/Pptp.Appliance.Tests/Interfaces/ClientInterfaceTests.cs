using System.Net;
using Pptp.Appliance.Interfaces;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Testing;
using InterfaceName = Pptp.Appliance.Interfaces.InterfaceName;

namespace Pptp.Appliance.Tests.Interfaces;

/// <summary>The interface of a tunnel that we dial, in a kernel.</summary>
[CancelAfter(60_000)]
public sealed class ClientInterfaceTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly PptpClient Client = new() { Name = "office", ConnectTo = $"{Server}", MaxMtu = 1440 };
    private static readonly PptpClient Everything = Client with { AddDefaultRoute = true };

    private static readonly ClientNetwork Network = new(
        IPAddress.Parse("10.8.0.2"), IPAddress.Parse("10.8.0.1"), 1400, [IPAddress.Parse("10.8.0.53")]);

    private static readonly IPAddress Elsewhere = IPAddress.Parse("198.51.100.9");

    private static IPAddress Server { get; } = IPAddress.Parse("203.0.113.7");

    [Test]
    public void It_has_neither_carrier_nor_address_but_while_it_is_connected() => InNamespace(world =>
    {
        IClientInterface office = world.Create(Client);
        int index = MustBeBare();
        Assert.That(world.Link("office")!.Group, Is.EqualTo(Ownership.LiveGroup));
        Assert.That(world.Link("office")!.AddressGenerationNone, Is.Not.False);
        for (int i = 0; i < 2; i++)
        {
            office.Reach(Server);
            ClientConnection connection = office.Connect(Network);
            LinkEntry link = world.Link("office")!;
            Assert.That(
                link, Has.Property("IsUp").True.And.Property("HasCarrier").True.And.Property("Mtu").EqualTo(1400));
            Assert.That(
                world.Addresses(),
                Is.EqualTo([new AddressEntry(index, Network.LocalAddress, Network.RemoteAddress, 32)]));
            Assert.That(connection, Is.EqualTo(new ClientConnection(connection.Tun, connection.Held, null)));
            Assert.That(connection.Held, Is.Empty);
            Assert.That(world.OurRoutes(), Is.Empty, "none was asked for");
            ClientWorld.Send(Network.RemoteAddress);
            Assert.That(ClientWorld.Read(connection.Tun), Is.Not.Null);
            ClientWorld.Send(Network.RemoteAddress);

            office.Disconnect();
            Assert.That(MustBeBare(), Is.EqualTo(index));
            Assert.That(connection.Tun.Read(new byte[100]), Is.EqualTo(TunDevice.NothingToRead), "what waited is gone");
        }
        office.Dispose();
        Assert.That(world.Link("office"), Is.Null);

        int MustBeBare()
        {
            LinkEntry link = world.Link("office")!;
            Assert.That(link, Has.Property("IsUp").True.And.Property("HasCarrier").False);
            Assert.That(world.Addresses(), Is.Empty);
            Assert.That(world.OurRoutes(), Is.Empty);
            return link.Index;
        }
    });

    [Test]
    public void One_that_somebody_deleted_is_made_again(
        [Values] bool isConnected, [Values] bool standsBy) => InNamespace(world =>
    {
        using IClientInterface office = world.Create(Everything with { DefaultRouteDistance = 0 });
        using ManualResetEventSlim traffic = new();
        if (isConnected)
            office.Connect(Network);
        world.Netlink.DeleteLink(world.Link("office")!.Index);
        office.Disconnect();
        if (standsBy)
            office.StandBy(traffic.Set);

        ClientConnection connection = office.Connect(Network);
        Assert.That(connection.Tun.Index, Is.EqualTo(world.Link("office")!.Index));
        Assert.That(world.WayTo(Elsewhere), Is.EqualTo(connection.Tun.Index));
    });

    [Test]
    public void A_name_is_shared_with_nobody() => InNamespace(world =>
    {
        PptpClient client = Client with { Name = "pptp-bob" };
        InterfaceName login = world.Table.Reserve("bob");
        Assert.That(() => world.Create(client), Throws.InvalidOperationException);
        world.Table.Release(login);

        using (world.Create(client))
        {
            Assert.That(world.Table.Reserve("bob").Linux, Is.EqualTo("pptp-bob-1"));
            world.Table.Apply([new PptpServerInterface { Name = "pptp-bob", User = "alice" }]);
        }
        Assert.That(world.Table.Reserve("alice").Linux, Is.EqualTo("pptp-bob"), "it waited for the name");
    });

    [TestCase(0u, 0, true)]
    [TestCase(100u, 1, true)]
    [TestCase(100u, 100, true)]
    [TestCase(0u, 1, false)]
    public void The_default_route_has_its_distance_and_the_host_is_warned_of_a_lower_one(
        uint hosts, int ours, bool isTaken) => InNamespace(world =>
    {
        world.AddDefaultRoute(hosts);
        using IClientInterface office = world.Create(Everything with { DefaultRouteDistance = ours });
        office.Reach(Server);
        ClientConnection connection = office.Connect(Network);

        Assert.That(world.DefaultRoutes(), Has.Member((connection.Tun.Index, (uint)ours)));
        Assert.That(world.WayTo(Elsewhere), Is.EqualTo(isTaken ? connection.Tun.Index : world.Wire));
        Assert.That(world.WayTo(Server), Is.EqualTo(world.Wire), "GRE must not go into its own tunnel");
        Assert.That(
            world.Log.Lines,
            isTaken ? Is.Empty : Has.One.Contains($"via {ClientWorld.Router} with metric {hosts} goes before"));

        office.Disconnect();
        Assert.That(world.OurRoutes(), Is.Empty);
        Assert.That(world.WayTo(Elsewhere), Is.EqualTo(world.Wire));
    });

    [Test]
    public void Clients_of_one_server_share_the_way_to_it() => InNamespace(world =>
    {
        world.AddDefaultRoute(0);
        RouteEntry way = new()
        {
            Destination = new IPNetwork(Server, 32),
            Gateway = ClientWorld.Router,
            InterfaceIndex = world.Wire,
            Protocol = Ownership.RouteProtocol,
        };
        using IClientInterface office = world.Create(Everything);
        using IClientInterface lab = world.Create(Everything with { Name = "lab", DefaultRouteDistance = 0 });
        office.Reach(Server);
        lab.Reach(Server);
        lab.Reach(Server);
        Assert.That(world.OurRoutes(), Is.EqualTo([way]));

        lab.Disconnect();
        Assert.That(world.OurRoutes(), Is.EqualTo([way]));
        office.Reach(Elsewhere);
        Assert.That(world.OurRoutes(), Is.EqualTo([way with { Destination = new IPNetwork(Elsewhere, 32) }]));
        office.Disconnect();
        Assert.That(world.OurRoutes(), Is.Empty);
    });

    [Test]
    public void A_way_that_the_operator_has_made_stays_his() => InNamespace(world =>
    {
        RouteEntry route = new()
        {
            Destination = new IPNetwork(Server, 32),
            Gateway = ClientWorld.Router,
            InterfaceIndex = world.Wire,
            Protocol = 4,
        };
        world.Netlink.AddRoute(route);
        using IClientInterface office = world.Create(Everything);
        office.Reach(Server);
        Assert.That(world.OurRoutes(), Is.Empty);
        office.Connect(Network);
        office.Disconnect();
        Assert.That(world.Netlink.ListRoutes(4), Is.EqualTo([route]));
    });

    [Test]
    public void A_server_on_the_hosts_own_network_needs_no_gateway_and_one_that_cannot_be_reached_is_logged() =>
        InNamespace(world =>
        {
            IPAddress near = IPAddress.Parse("192.0.2.99");
            using IClientInterface office = world.Create(Everything);
            office.Reach(near);
            RouteEntry way = world.OurRoutes().Single();
            Assert.That(way, Has.Property("Gateway").Null.And.Property("InterfaceIndex").EqualTo(world.Wire));
            Assert.That(way.PreferredSource, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
            Assert.That(world.Log.Lines, Is.Empty);

            office.Reach(Server);
            Assert.That(world.OurRoutes(), Is.Empty);
            Assert.That(world.Log.Lines, Has.One.Contains($"no way to {Server}"));
        });

    [Test]
    public void A_gateway_that_no_network_has_is_followed() => InNamespace(world =>
    {
        world.Netlink.AddRoute(new RouteEntry
        {
            Destination = ClientWorld.Default,
            Gateway = IPAddress.Parse("172.31.1.1"),
            InterfaceIndex = world.Wire,
            IsOnLink = true,
        });
        using IClientInterface office = world.Create(Everything);
        office.Reach(Server);
        Assert.That(world.OurRoutes().Single(), Has.Property("IsOnLink").True);
        Assert.That(world.Log.Lines, Is.Empty);
    });

    [Test]
    public void A_server_that_bears_its_own_address_within_the_tunnel_is_reached_outside_of_it(
        [Values] bool addDefaultRoute) => InNamespace(world =>
    {
        world.AddDefaultRoute(0);
        using IClientInterface office = world.Create(Client with { AddDefaultRoute = addDefaultRoute });
        office.Reach(Server);
        office.Connect(Network with { RemoteAddress = Server });
        Assert.That(world.WayTo(Server), Is.EqualTo(world.Wire));
        office.Disconnect();
        Assert.That(world.OurRoutes(), Is.Empty);
    });

    [Test]
    public void Name_servers_are_there_while_it_is_connected_and_no_longer(
        [Values] bool isDisposed) => InNamespace(world =>
    {
        string before = File.ReadAllText(world.ResolvConf);
        IClientInterface office = world.Create(Client with { UsePeerDns = UsePeerDns.Exclusively });
        office.Connect(Network);
        Assert.That(File.ReadAllText(world.ResolvConf), Does.Contain("\nnameserver 10.8.0.53\n"));
        if (!isDisposed)
            office.Disconnect();
        office.Dispose();
        Assert.That(File.ReadAllText(world.ResolvConf), Is.EqualTo(before));
    });

    [Test]
    public void The_first_packet_is_kept_and_those_behind_it_wait_in_the_interface() => InNamespace(world =>
    {
        world.AddDefaultRoute(100);
        using IClientInterface office = world.Create(Everything);
        for (int round = 0; round < 2; round++)
        {
            using ManualResetEventSlim traffic = new();
            office.StandBy(traffic.Set);
            AddressEntry standIn = world.Addresses().Single();
            Assert.That(standIn.Local, Is.EqualTo(IPAddress.Parse("10.112.112.1")));
            Assert.That(IPNetwork.Parse("10.112.112.0/24").Contains(standIn.Peer!), Is.True);
            Assert.That(world.WayTo(Elsewhere), Is.EqualTo(standIn.Index));
            Assert.That(traffic.IsSet, Is.False);
            for (byte i = 0; i < 20; i++)
                ClientWorld.Send(Elsewhere, i);
            Assert.That(traffic.Wait(Soon), Is.True);
            office.Reach(Server);
            ClientWorld.Send(Elsewhere, 20);

            ClientConnection connection = office.Connect(Network);
            Assert.That(connection.StandIn, Is.EqualTo(standIn.Local));
            Assert.That(
                world.Addresses(),
                Is.EqualTo([standIn with { Local = Network.LocalAddress, Peer = Network.RemoteAddress }]));
            Assert.That(world.WayTo(Elsewhere), Is.EqualTo(standIn.Index));
            Assert.That(world.WayTo(Server), Is.EqualTo(world.Wire));
            ClientWorld.Send(Elsewhere, 21);
            List<byte[]> packets = [.. connection.Held];
            while (ClientWorld.Read(connection.Tun) is { } packet)
                packets.Add(packet);
            Assert.That(packets.Select(packet => packet[^1]), Is.EqualTo(Enumerable.Range(0, 22)));
            Assert.That(packets.Select(packet => new IPAddress(packet.AsSpan(12, 4))), Is.EqualTo(
                Enumerable.Repeat(standIn.Local, 21).Append(Network.LocalAddress)));

            ClientWorld.Send(Elsewhere);
            office.Disconnect();
            Assert.That(world.OurRoutes(), Is.Empty);
            Assert.That(world.Addresses(), Is.Empty);
        }
    });

    [Test]
    public void What_nobody_waits_for_does_not_dial() => InNamespace(world =>
    {
        using IClientInterface office = world.Create(Everything);
        using ManualResetEventSlim traffic = new();
        office.StandBy(traffic.Set);
        ClientWorld.Send(IPAddress.Parse("224.0.0.251"), 1);
        ClientWorld.Send(IPAddress.Broadcast, 2);
        // The watch has looked at them when it has found this one, which came after them.
        ClientWorld.Send(Elsewhere, 3);
        Assert.That(traffic.Wait(Soon), Is.True);
        Assert.That(office.Connect(Network).Held.Single()[^1], Is.EqualTo(3));
    });

    [Test]
    public void A_packet_that_never_got_its_tunnel_is_not_for_the_next() => InNamespace(world =>
    {
        using IClientInterface office = world.Create(Everything);
        using ManualResetEventSlim traffic = new();
        office.StandBy(traffic.Set);
        ClientWorld.Send(Elsewhere, 1);
        ClientWorld.Send(Elsewhere, 2);
        Assert.That(traffic.Wait(Soon), Is.True);
        office.Disconnect();

        ClientConnection connection = office.Connect(Network);
        Assert.That(connection.Held, Is.Empty);
        Assert.That(connection.StandIn, Is.Null);
        Assert.That(ClientWorld.Read(connection.Tun), Is.Null);
    });

    [Test]
    public void Each_that_stands_by_has_a_way_of_its_own_and_wakes_alone() => InNamespace(world =>
    {
        using IClientInterface office = world.Create(Client);
        using IClientInterface lab = world.Create(Client with { Name = "lab" });
        using ManualResetEventSlim atOffice = new(), atLab = new();
        office.StandBy(atOffice.Set);
        lab.StandBy(atLab.Set);
        AddressEntry[] addresses = [.. world.Addresses().OrderBy(address => address.Index)];
        Assert.That(addresses.Select(address => address.Peer).Distinct().Count(), Is.EqualTo(2));

        ClientWorld.Send(addresses[1].Peer!);
        Assert.That(atLab.Wait(Soon), Is.True);
        Assert.That(atOffice.IsSet, Is.False);
        lab.Disconnect();
        ClientWorld.Send(addresses[0].Peer!);
        Assert.That(atOffice.Wait(Soon), Is.True);
    });

    [Test]
    public void One_that_is_deleted_while_it_stands_by_dials() => InNamespace(world =>
    {
        using IClientInterface office = world.Create(Everything);
        using ManualResetEventSlim traffic = new();
        office.StandBy(traffic.Set);
        world.Netlink.DeleteLink(world.Link("office")!.Index);
        Assert.That(traffic.Wait(Soon), Is.True);
        Assert.That(office.Connect(Network).Tun.Index, Is.EqualTo(world.Link("office")!.Index));
    });

    [Test]
    public void The_hosts_name_servers_can_be_asked_for_the_servers_name_while_it_stands_by() => InNamespace(world =>
    {
        world.AddDefaultRoute(100);
        IPAddress nameServer = IPAddress.Parse("198.51.100.53");
        using IClientInterface office = world.Create(Everything with { ConnectTo = "vpn.example.com" });
        office.StandBy(() => { });
        Assert.That(world.WayTo(nameServer), Is.EqualTo(world.Wire));
        office.Reach(Server);
        ClientConnection connection = office.Connect(Network);
        Assert.That(world.WayTo(nameServer), Is.EqualTo(connection.Tun.Index));
        Assert.That(world.WayTo(Server), Is.EqualTo(world.Wire));
    });

    private static void InNamespace(Action<ClientWorld> test)
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
        NetworkNamespace.Run(() =>
        {
            using ClientWorld world = new();
            test(world);
        });
    }
}
