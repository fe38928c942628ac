using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pptp.Testing;

namespace Pptp.Linux.Tests;

/// <summary>The ring and the sender beside the raw socket, on a cable and on loopback.</summary>
public sealed class GrePacketTests : NamespaceTests
{
    private static readonly uint Server = Ipv4.FromAddress(IPAddress.Parse("192.0.2.1"));
    private static readonly uint Client = Ipv4.FromAddress(IPAddress.Parse("192.0.2.2"));
    private static readonly uint Loopback = Ipv4.FromAddress(IPAddress.Loopback);

    private NetworkNamespace _serverSide = null!;
    private NetworkNamespace _clientSide = null!;
    private GreSocket _serverSocket = null!;
    private GreRing _ring = null!;
    private GreSocket _clientSocket = null!;

    [SetUp]
    public void MakeBothEnds()
    {
        _serverSide = new NetworkNamespace();
        _clientSide = new NetworkNamespace();
        NetworkNamespace.Connect(_serverSide, "wire", "192.0.2.1", _clientSide, "wire", "192.0.2.2");
        _serverSocket = _serverSide.Invoke(() => new GreSocket(receives: false));
        _ring = _serverSide.Invoke(() => new GreRing());
        _clientSocket = _clientSide.Invoke(() => new GreSocket());
    }

    [TearDown]
    public void RemoveBothEnds()
    {
        _clientSocket.Dispose();
        _ring.Dispose();
        _serverSocket.Dispose();
        _clientSide.Dispose();
        _serverSide.Dispose();
    }

    [Test]
    public void The_ring_has_what_was_sent_in_order_and_any_number_of_times_round()
    {
        using GreBatch batch = new();
        uint next = 0;
        // More than the ring has frames.
        for (uint sent = 0; sent < 5000;)
        {
            for (; batch.Count < GreBatch.Capacity; sent++)
                Put(batch, IpPackets.Gre(1, sent, 40 + (int)(sent % 1400)), Client, Server);
            Assert.That(_clientSocket.Send(batch), Is.EqualTo(GreBatch.Capacity));
            Wait(_ring);
            while (next < sent && _ring.Receive(batch) is > 0 and int count)
            {
                for (int i = 0; i < count; i++, next++)
                {
                    Assert.That(batch.Packet(i).SequenceEqual(IpPackets.Gre(1, next, 40 + (int)(next % 1400))), Is.True);
                    Assert.That((batch.LocalAddress(i), batch.RemoteAddress(i)), Is.EqualTo((Server, Client)));
                }
            }
            batch.Clear();
            Assert.That(next, Is.EqualTo(sent));
        }
        Assert.That(_ring.ReadDrops(), Is.Zero);
    }

    [Test]
    public void Fragments_come_as_one_packet()
    {
        _clientSide.Invoke(() => SetMtu(600));
        using GreBatch batch = new();
        byte[] gre = IpPackets.Gre(1, 7, 1400);
        Put(batch, gre, Client, Server);
        Assert.That(_clientSocket.Send(batch), Is.EqualTo(1));
        Wait(_ring);
        Assert.That(_ring.Receive(batch), Is.EqualTo(1));
        Assert.That(batch.Packet(0).ToArray(), Is.EqualTo(gre));
    }

    [Test]
    public void What_is_none_of_PPTPs_stays_outside()
    {
        using GreBatch batch = new();
        byte[] version0 = IpPackets.Gre(1, 1, 20);
        version0[1] = 0;
        byte[] noKey = IpPackets.Gre(1, 2, 20);
        noKey[0] = 0x10;
        byte[] otherProtocol = IpPackets.Gre(1, 3, 20);
        otherProtocol[2] = 0x08;
        foreach (byte[] packet in (byte[][])[version0, noKey, otherProtocol, IpPackets.Gre(1, 4, 20)])
            Put(batch, packet, Client, Server);
        _clientSocket.Send(batch);
        Wait(_ring);
        Assert.That(_ring.Receive(batch), Is.EqualTo(1));
        Assert.That(batch.Packet(0)[11], Is.EqualTo(4));
    }

    [Test]
    public void On_loopback_nothing_comes_twice_and_the_sender_goes_by_the_raw_socket()
    {
        using GrePacketSender sender = _serverSide.Invoke(() => new GrePacketSender(_serverSocket));
        using GreBatch batch = new();
        Put(batch, IpPackets.Gre(1, 5, 20), Loopback, Loopback);
        Assert.That(sender.Send(batch), Is.EqualTo(1));
        Wait(_ring);
        Assert.That(_ring.Receive(batch), Is.EqualTo(1));
        Assert.That(_ring.Receive(batch), Is.Zero);
    }

    [Test]
    public void The_kernel_does_not_refuse_what_the_ring_takes()
    {
        using Socket icmp = _clientSide.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp) { Blocking = false });
        using GreBatch batch = new();
        Put(batch, IpPackets.Gre(1, 5, 20), Client, Server);
        _clientSocket.Send(batch);
        Wait(_ring);
        // An answer would be sent while the packet is taken in, which is over by now.
        Assert.That(icmp.Available, Is.Zero);
        Assert.That(_ring.Receive(batch), Is.EqualTo(1));
    }

    [Test]
    public void What_the_sender_sends_is_as_the_kernel_would_send_it()
    {
        using GrePacketSender sender = _serverSide.Invoke(() => new GrePacketSender(_serverSocket));
        using GreBatch batch = new();
        // Whoever has spoken with the client has its Ethernet address.
        Put(batch, IpPackets.Gre(1, 0, 8), Server, Client);
        _serverSocket.Send(batch);
        Receive(1);

        long before = _serverSocket.Counters.Sent;
        for (uint i = 0; i < GreBatch.Capacity; i++)
            Put(batch, IpPackets.Gre(1, i, 16 + ((int)i * 21)), Server, Client);
        Assert.That(sender.Send(batch), Is.EqualTo(GreBatch.Capacity));
        Assert.That(batch.Count, Is.Zero);
        Assert.That(_serverSocket.Counters.Sent - before, Is.EqualTo(GreBatch.Capacity));
        List<byte[]> received = Receive(GreBatch.Capacity);
        for (int i = 0; i < received.Count; i++)
            Assert.That(received[i], Is.EqualTo(IpPackets.Gre(1, (uint)i, 16 + (i * 21))));
    }

    [Test]
    public void What_is_too_long_for_the_wire_is_left_to_the_kernel_which_cuts_it()
    {
        using GrePacketSender sender = _serverSide.Invoke(() => new GrePacketSender(_serverSocket));
        using GreBatch batch = new();
        Put(batch, IpPackets.Gre(1, 0, 8), Server, Client);
        _serverSocket.Send(batch);
        Receive(1);
        Put(batch, IpPackets.Gre(1, 1, 1800), Server, Client);
        Put(batch, IpPackets.Gre(1, 2, 100), Server, Client);
        Assert.That(sender.Send(batch), Is.EqualTo(2));
        Assert.That(Receive(2).Select(packet => packet.Length), Is.EquivalentTo(new[] { 1812, 112 }));
    }

    [Test]
    public void A_neighbour_that_is_not_known_yet_is_asked_for_by_the_kernel()
    {
        long time = 0;
        using GrePacketSender sender = _serverSide.Invoke(() => new GrePacketSender(_serverSocket, () => time));
        using GreBatch batch = new();
        Put(batch, IpPackets.Gre(1, 0, 8), Server, Client);
        Assert.That(sender.Send(batch), Is.EqualTo(1));
        Receive(1);
        Assert.That(
            _serverSide.Invoke(() =>
            {
                using RouteNetlink netlink = new();
                return netlink.FindNextHop(Ipv4.ToAddress(Server), Ipv4.ToAddress(Client));
            }),
            Is.Not.Null);
        // What was not there a moment ago is looked for again, a second later.
        time += GrePacketSender.WayLifetime;
        Put(batch, IpPackets.Gre(1, 1, 8), Server, Client);
        Assert.That(sender.Send(batch), Is.EqualTo(1));
        Receive(1);
    }

    [Test]
    public void A_way_that_ends_is_noticed_within_a_second_and_its_packets_are_counted()
    {
        long time = 0;
        using GrePacketSender sender = _serverSide.Invoke(() => new GrePacketSender(_serverSocket, () => time));
        using GreBatch batch = new();
        Put(batch, IpPackets.Gre(1, 0, 8), Server, Client);
        _serverSocket.Send(batch);
        Receive(1);
        Put(batch, IpPackets.Gre(1, 1, 8), Server, Client);
        Assert.That(sender.Send(batch), Is.EqualTo(1));
        Receive(1);
        _serverSide.Invoke(() =>
        {
            using RouteNetlink netlink = new();
            netlink.RemoveAddress(netlink.FindLink("wire")!.Index, Ipv4.ToAddress(Server), null, 24);
        });
        time += GrePacketSender.WayLifetime;
        Put(batch, IpPackets.Gre(1, 2, 8), Server, Client);
        Assert.That(sender.Send(batch), Is.Zero);
        Assert.That(_serverSocket.Counters.DroppedUnreachable, Is.EqualTo(1));
    }

    [Test]
    public void The_header_is_that_of_RFC_791()
    {
        byte[] header = new byte[Ipv4Header.Length];
        Ipv4Header.Write(header, 100, 0x1234, Server, Client);
        Assert.That(
            header[..10], Is.EqualTo(new byte[] { 0x45, 0, 0, 120, 0x12, 0x34, 0, 0, 64, 47 }));
        Assert.That(header[12..], Is.EqualTo(new byte[] { 192, 0, 2, 1, 192, 0, 2, 2 }));
        Assert.That(IpPackets.Checksum(header), Is.Zero);
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(10)), Is.Not.Zero);
    }

    [Test]
    public void A_batch_takes_only_what_is_whole()
    {
        using GreBatch batch = new(256);
        byte[] packet = new byte[20 + 50];
        Ipv4Header.Write(packet, 50, 1, Client, Server);
        byte[] longHeader = [.. packet];
        longHeader[0] = 0x4F;
        byte[] shortHeader = [.. packet];
        shortHeader[0] = 0x44;
        byte[] ipv6 = [.. packet];
        ipv6[0] = 0x65;
        byte[] empty = [.. packet];
        empty[3] = 20;
        byte[] tooLong = new byte[20 + 257];
        Ipv4Header.Write(tooLong, 257, 1, Client, Server);
        Assert.Multiple(() =>
        {
            Assert.That(batch.TryTake(packet), Is.True);
            Assert.That(batch.TryTake([.. packet, 0, 0, 0, 0]), Is.True, "padded");
            Assert.That(batch.TryTake(packet.AsSpan(0, 69)), Is.False, "cut off");
            Assert.That(batch.TryTake(packet.AsSpan(0, 19)), Is.False, "no header");
            Assert.That(batch.TryTake(longHeader), Is.True, "60 octets of header, 10 behind it");
            Assert.That(batch.TryTake(shortHeader), Is.False, "16 octets of header");
            Assert.That(batch.TryTake(ipv6), Is.False);
            Assert.That(batch.TryTake(empty), Is.False, "nothing behind the header");
            Assert.That(batch.TryTake(tooLong), Is.False, "longer than a slot");
        });
        Assert.That(new[] { batch.Length(0), batch.Length(1), batch.Length(2) }, Is.EqualTo(new[] { 50, 50, 10 }));
    }

    private static void Put(GreBatch batch, byte[] packet, uint from, uint to)
    {
        packet.CopyTo(batch.Slot(batch.Count));
        batch.Add(packet.Length, from, to);
    }

    private static void Wait(IGreReceiver receiver)
    {
        using EventPoll poll = new();
        poll.Add(receiver.Descriptor, 0);
        PollEvent[] events = new PollEvent[1];
        Assert.That(poll.Wait(events, TimeSpan.FromSeconds(10)), Is.EqualTo(1));
    }

    /// <summary>What comes to the client, once there is so much.</summary>
    private List<byte[]> Receive(int count)
    {
        using GreBatch batch = new();
        List<byte[]> packets = [];
        while (packets.Count < count)
        {
            Wait(_clientSocket);
            int received = _clientSocket.Receive(batch);
            for (int i = 0; i < received; i++)
                packets.Add(batch.Packet(i).ToArray());
        }
        return packets;
    }

    private static void SetMtu(int mtu)
    {
        using RouteNetlink netlink = new();
        netlink.ChangeLink(netlink.FindLink("wire")!.Index, new LinkChange { Mtu = mtu });
    }
}
