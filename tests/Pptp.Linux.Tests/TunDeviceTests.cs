using System.Net;
using System.Net.Sockets;
using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class TunDeviceTests : NamespaceTests
{
    [Test]
    public void The_kernel_answers_a_ping_that_comes_out_of_the_tunnel() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = Up("10.0.0.1", "10.0.0.2");
        byte[] request = IpPackets.EchoRequest("10.0.0.2", "10.0.0.1", "a payload of 24 octets.."u8.ToArray());
        Assert.That(tun.Write(request), Is.EqualTo(TunWriteResult.Written));

        byte[] reply = ReadNext(tun);
        Assert.That(reply, Has.Length.EqualTo(request.Length));
        Assert.That(reply[20], Is.EqualTo(IpPackets.IcmpEchoReply));
        Assert.That(reply[12..16], Is.EqualTo(new byte[] { 10, 0, 0, 1 }), "source");
        Assert.That(reply[16..20], Is.EqualTo(new byte[] { 10, 0, 0, 2 }), "destination");
        Assert.That(reply[24..], Is.EqualTo(request[24..]), "identifier, sequence number and data");
        Assert.That(IpPackets.Checksum(reply.AsSpan(20)), Is.Zero, "ICMP checksum");
    });

    [Test]
    public void What_the_host_sends_to_the_peer_is_read_as_a_bare_IP_packet() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = Up("10.0.0.1", "10.0.0.2");
        using Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.SendTo("hello"u8.ToArray(), new IPEndPoint(IPAddress.Parse("10.0.0.2"), 9));

        byte[] packet = ReadNext(tun);
        Assert.That(packet, Has.Length.EqualTo(20 + 8 + 5));
        Assert.That(packet[0], Is.EqualTo(0x45));
        Assert.That(packet[9], Is.EqualTo(17));
        Assert.That(packet[28..], Is.EqualTo("hello"u8.ToArray()));
    });

    [Test]
    public void Reading_when_nothing_waits_is_a_value() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = Up("10.0.0.1", "10.0.0.2");
        Assert.That(tun.Read(new byte[2000]), Is.EqualTo(TunDevice.NothingToRead));
    });

    [Test]
    public void Writing_while_the_interface_is_down_is_a_value() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = TunDevice.Create("pptp-a");
        byte[] ping = IpPackets.EchoRequest("10.0.0.2", "10.0.0.1", new byte[8]);
        Assert.That(tun.Write(ping), Is.EqualTo(TunWriteResult.InterfaceDown));
        Assert.That(tun.Read(new byte[2000]), Is.EqualTo(TunDevice.NothingToRead));
    });

    [Test]
    public void What_is_no_IP_packet_is_rejected_as_a_value() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = Up("10.0.0.1", "10.0.0.2");
        Assert.That(tun.Write([0x15, 0, 0, 20]), Is.EqualTo(TunWriteResult.Rejected), "version 1");
        Assert.That(tun.Write([]), Is.EqualTo(TunWriteResult.Rejected), "nothing at all");
    });

    [Test]
    public void A_deleted_interface_is_gone_for_reader_writer_and_poll_set() => NetworkNamespace.Run(() =>
    {
        using RouteNetlink netlink = new();
        using TunDevice tun = Up("10.0.0.1", "10.0.0.2");
        using EventPoll poll = new();
        poll.Add(tun.Descriptor, 7);
        PollEvent[] events = new PollEvent[4];
        Assert.That(poll.Wait(events, TimeSpan.Zero), Is.Zero);

        Assert.That(netlink.DeleteLink(tun.Index), Is.True);

        Assert.That(tun.Read(new byte[2000]), Is.EqualTo(TunDevice.Gone));
        Assert.That(
            tun.Write(IpPackets.EchoRequest("10.0.0.2", "10.0.0.1", new byte[8])), Is.EqualTo(TunWriteResult.Gone));
        Assert.That(poll.Wait(events, TimeSpan.Zero), Is.EqualTo(1));
        Assert.That(events[0].Token, Is.EqualTo(7));
        Assert.That(events[0].Events.HasFlag(PollEvents.Error), Is.True);
        Assert.That(
            () => tun.SetCarrier(true),
            Throws.TypeOf<LinuxException>().With.Message.StartsWith("ioctl(TUNSETCARRIER) on pptp-a: EBADFD ("));
    });

    [Test]
    public void A_name_in_use_is_refused_with_the_kernels_reason() => NetworkNamespace.Run(() =>
    {
        using TunDevice first = TunDevice.Create("pptp-alice");
        Assert.That(
            () => TunDevice.Create("pptp-alice"),
            Throws.TypeOf<LinuxException>().With.Message.EqualTo(
                "ioctl(TUNSETIFF) on pptp-alice: EBUSY (Device or resource busy)"));
    });

    [Test]
    public void A_name_of_another_kind_of_interface_is_refused() => NetworkNamespace.Run(() =>
        Assert.That(
            () => TunDevice.Create("lo"),
            Throws.TypeOf<LinuxException>().With.Message.EqualTo(
                "ioctl(TUNSETIFF) on lo: EINVAL (Invalid argument)")));

    [Test]
    public void It_knows_the_index_rtnetlink_gives_it() => NetworkNamespace.Run(() =>
    {
        using RouteNetlink netlink = new();
        using TunDevice other = TunDevice.Create("pptp-a");
        using TunDevice tun = TunDevice.Create("pptp-b");
        LinkEntry? link = netlink.FindLink("pptp-b");
        Assert.That(link?.Index, Is.EqualTo(tun.Index));
        Assert.That(link?.Kind, Is.EqualTo("tun"));
        Assert.That(tun.Index, Is.Not.EqualTo(other.Index));
    });

    [Test]
    public void Carrier_can_be_taken_and_given_back() => NetworkNamespace.Run(() =>
    {
        using RouteNetlink netlink = new();
        using TunDevice tun = Up("10.0.0.1", "10.0.0.2");
        Assert.That(netlink.FindLink(tun.Index)?.HasCarrier, Is.True);
        tun.SetCarrier(false);
        Assert.That(netlink.FindLink(tun.Index)?.HasCarrier, Is.False);
        netlink.ChangeLink(tun.Index, new LinkChange { Carrier = true });
        Assert.That(netlink.FindLink(tun.Index)?.HasCarrier, Is.True);
    });

    [Test]
    public void Closing_takes_the_interface_away_and_the_object_out_of_use() => NetworkNamespace.Run(() =>
    {
        using RouteNetlink netlink = new();
        TunDevice tun = TunDevice.Create("pptp-a");
        tun.Dispose();
        tun.Dispose();
        Assert.That(netlink.FindLink("pptp-a"), Is.Null);
        Assert.That(tun.Descriptor, Is.EqualTo(-1));
        Assert.That(() => tun.Read(new byte[100]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => tun.Write(new byte[100]), Throws.TypeOf<ObjectDisposedException>());
    });

    [Test]
    public void Reading_and_writing_allocate_nothing() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = Up("10.0.0.1", "10.0.0.2");
        byte[] ping = IpPackets.EchoRequest("10.0.0.2", "10.0.0.1", new byte[8]);
        byte[] buffer = new byte[2000];
        int replies = 0;
        for (int i = 0; i < 200; i++)
        {
            // The first rounds may compile.
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ = tun.Write(ping);
            while (tun.Read(buffer) > 0)
            {
                replies++;
            }

            if (i >= 100)
            {
                Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
            }
        }

        Assert.That(replies, Is.GreaterThanOrEqualTo(200));
    });

    private static TunDevice Up(string local, string peer)
    {
        using RouteNetlink netlink = new();
        TunDevice tun = TunDevice.Create("pptp-a");
        netlink.ChangeLink(tun.Index, new LinkChange { AddressGenerationNone = true, Up = true });
        netlink.AddAddress(tun.Index, IPAddress.Parse(local), IPAddress.Parse(peer), 32);
        return tun;
    }

    private static byte[] ReadNext(TunDevice tun)
    {
        using EventPoll poll = new();
        poll.Add(tun.Descriptor, 1);
        PollEvent[] events = new PollEvent[1];
        Assert.That(poll.Wait(events, TimeSpan.FromSeconds(5)), Is.EqualTo(1), "a packet within five seconds");
        byte[] buffer = new byte[2000];
        int length = tun.Read(buffer);
        Assert.That(length, Is.Positive);
        return buffer[..length];
    }
}
