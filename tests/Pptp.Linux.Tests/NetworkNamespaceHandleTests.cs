using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pptp.Linux.Tests;

public sealed class NetworkNamespaceHandleTests : NamespaceTests
{
    [Test]
    public void A_new_one_has_a_loopback_that_is_up_and_nothing_else()
    {
        using NetworkNamespaceHandle inside = NetworkNamespaceHandle.Create();

        LinkEntry link = Links(inside).Single();

        Assert.That(link.Name, Is.EqualTo("lo"));
        Assert.That(link.IsUp, Is.True);
    }

    [Test]
    public void What_is_made_inside_is_not_seen_outside_nor_by_the_thread_that_asked()
    {
        using NetworkNamespaceHandle inside = NetworkNamespaceHandle.Create();
        using NetworkNamespaceHandle beside = NetworkNamespaceHandle.Create();

        using TunDevice tun = inside.Run(() => TunDevice.Create("pptp-inside"));

        using RouteNetlink outside = new();
        Assert.That(outside.FindLink("pptp-inside"), Is.Null);
        Assert.That(Links(beside).Select(link => link.Name), Is.EqualTo(new[] { "lo" }));
        Assert.That(Links(inside).Select(link => link.Name), Is.EquivalentTo(new[] { "lo", "pptp-inside" }));
    }

    [Test]
    public void What_is_thrown_inside_is_thrown_outside()
    {
        using NetworkNamespaceHandle inside = NetworkNamespaceHandle.Create();

        Assert.That(
            () => inside.Run(() => throw new InvalidOperationException("in there")),
            Throws.InvalidOperationException.With.Message.EqualTo("in there"));
        Assert.That(inside.Run(() => 42), Is.EqualTo(42), "it can still be used");
    }

    [Test]
    public void A_process_started_inside_lives_there_after_the_handle_is_closed()
    {
        string own = File.ResolveLinkTarget("/proc/thread-self/ns/net", returnFinalTarget: false)!.Name;
        using Process process = new()
        {
            // Ends with its input.
            StartInfo = new ProcessStartInfo("cat") { RedirectStandardInput = true },
        };
        string space;
        using (NetworkNamespaceHandle inside = NetworkNamespaceHandle.Create())
        {
            inside.Run(process.Start);
            space = inside.Run(
                () => File.ResolveLinkTarget("/proc/thread-self/ns/net", returnFinalTarget: false)!.Name);
        }

        string theirs = File.ResolveLinkTarget($"/proc/{process.Id}/ns/net", returnFinalTarget: false)!.Name;
        process.StandardInput.Close();
        process.WaitForExit();

        Assert.That(theirs, Is.EqualTo(space).And.Not.EqualTo(own));
    }

    [Test]
    public void A_cable_carries_packets_between_two()
    {
        using NetworkNamespaceHandle left = NetworkNamespaceHandle.Create();
        using NetworkNamespaceHandle right = NetworkNamespaceHandle.Create();
        left.Run(() =>
        {
            using RouteNetlink netlink = new();
            netlink.AddCable("to-right", "to-left", right.Descriptor);
        });
        Assert.That(Links(left).Single(link => link.Name == "to-right").Kind, Is.EqualTo("veth"));
        Raise(left, "to-right", "10.1.1.1");
        Raise(right, "to-left", "10.1.1.2");
        using Socket receiver = right.Run(() => Datagrams(new IPEndPoint(IPAddress.Parse("10.1.1.2"), 9999)));
        using Socket sender = left.Run(() => Datagrams(new IPEndPoint(IPAddress.Any, 0)));

        sender.SendTo([7], receiver.LocalEndPoint!);

        byte[] received = new byte[8];
        receiver.ReceiveTimeout = 30_000;
        Assert.That(receiver.Receive(received), Is.EqualTo(1));
        Assert.That(received[0], Is.EqualTo(7));
    }

    [Test]
    public void A_cable_whose_name_is_taken_is_refused()
    {
        using NetworkNamespaceHandle left = NetworkNamespaceHandle.Create();
        using NetworkNamespaceHandle right = NetworkNamespaceHandle.Create();

        Assert.That(
            () => left.Run(() =>
            {
                using RouteNetlink netlink = new();
                netlink.AddCable("twice", "there", right.Descriptor);
                netlink.AddCable("twice", "elsewhere", right.Descriptor);
            }),
            Throws.TypeOf<LinuxException>().With.Property(nameof(LinuxException.Errno)).EqualTo(Errno.EEXIST));
    }

    [Test]
    public void One_that_is_closed_lets_nobody_in()
    {
        NetworkNamespaceHandle inside = NetworkNamespaceHandle.Create();
        inside.Dispose();
        inside.Dispose();

        Assert.That(() => inside.Run(() => { }), Throws.TypeOf<ObjectDisposedException>());
    }

    private static IReadOnlyList<LinkEntry> Links(NetworkNamespaceHandle where) => where.Run(() =>
    {
        using RouteNetlink netlink = new();
        return netlink.ListLinks();
    });

    private static void Raise(NetworkNamespaceHandle where, string name, string address) => where.Run(() =>
    {
        using RouteNetlink netlink = new();
        int index = netlink.FindLink(name)!.Index;
        netlink.ChangeLink(index, new LinkChange { Up = true });
        netlink.AddAddress(index, IPAddress.Parse(address), null, 30);
    });

    private static Socket Datagrams(IPEndPoint endPoint)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(endPoint);
        return socket;
    }
}
