using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Pptp.Appliance.Interfaces;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Testing;
using InterfaceName = Pptp.Appliance.Interfaces.InterfaceName;

namespace Pptp.Appliance.Tests.Interfaces;

/// <summary>Interfaces that outlive their sessions, in a kernel.</summary>
[CancelAfter(30_000)]
public sealed class StaticInterfacesTests
{
    private static readonly PptpServerInterface Branch = new() { Name = "branch", User = "alice" };

    private static readonly IPAddress Local = IPAddress.Parse("10.8.0.1");

    [Test]
    public void What_waits_in_one_for_its_last_user_is_not_for_the_next() => InNamespace((table, _) =>
    {
        table.Apply([Branch]);
        IPAddress first = IPAddress.Parse("10.8.0.2");
        TunnelInterface before = Connect(table, first);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (int i = 0; i < 10; i++)
            socket.SendTo("for the first"u8, new IPEndPoint(first, 9));
        byte[] packet = new byte[2048];
        Assert.That(before.Tun.Read(packet), Is.GreaterThan(0), "they wait");
        table.Release(before);

        TunnelInterface after = Connect(table, IPAddress.Parse("10.8.0.3"));
        Assert.That(after.Tun.Index, Is.EqualTo(before.Tun.Index));
        Assert.That(after.Tun.Read(packet), Is.EqualTo(TunDevice.NothingToRead));
        table.Release(after);
    });

    [Test]
    public void One_of_a_dynamic_interfaces_name_is_made_when_that_is_gone() => InNamespace((table, netlink) =>
    {
        PptpServerInterface late = Branch with { Name = "pptp-bob" };
        InterfaceName dynamic = table.Reserve("bob");
        table.Apply([late]);
        Assert.That(netlink.FindLink("pptp-bob"), Is.Null);

        table.Release(dynamic);

        Assert.That(netlink.FindLink("pptp-bob"), Is.Not.Null);
        Assert.That(table.Reserve("bob").Linux, Is.EqualTo("pptp-bob-1"));
        Assert.That(table.Reserve("alice").Linux, Is.EqualTo("pptp-bob"));
    });

    [Test]
    public void One_that_was_taken_away_between_a_login_and_its_end_cannot_be_connected() => InNamespace((table, netlink) =>
    {
        table.Apply([Branch]);
        InterfaceName name = table.Reserve("alice");
        Assert.That(table.Apply([]), Is.EqualTo(new[] { "branch" }));
        Assert.That(
            () => table.CreateAsync(new TunnelInterfaceSpecification(name, Local, IPAddress.Parse("10.8.0.2"), 1400))
                .GetAwaiter().GetResult(),
            Throws.InvalidOperationException);
        table.Release(name);
        Assert.That(netlink.FindLink("branch"), Is.Null);
    });

    private static TunnelInterface Connect(InterfaceTable table, IPAddress client)
    {
        InterfaceName name = table.Reserve("alice");
        Assert.That(name, Is.EqualTo(new InterfaceName("branch", "branch")));
        return table.CreateAsync(new TunnelInterfaceSpecification(name, Local, client, 1400)).GetAwaiter().GetResult();
    }

    private static void InNamespace(Action<InterfaceTable, RouteNetlink> test)
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
        NetworkNamespace.Run(() =>
        {
            using RouteNetlink netlink = new();
            using Firewall firewall = new(Nftables.TryOpen, NullLogger.Instance);
            using InterfaceTable table = new(
                netlink, new PeerDns("/nowhere", NullLogger.Instance), firewall, TimeProvider.System,
                NullLogger.Instance, NullLogger.Instance);
            test(table, netlink);
        });
    }
}
