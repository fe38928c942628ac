using System.Net;
using System.Net.Sockets;
using static Tmds.Linux.LibC;

namespace Pptp.Linux.Tests;

public sealed class GreSocketTests : CableTests
{
    [Test]
    public void A_batch_arrives_whole_in_order_and_the_answer_leaves_from_the_address_that_was_called()
    {
        using GreSocket client = ClientSide.Invoke(() => new GreSocket());
        using GreBatch outgoing = new();
        using GreBatch incoming = new();
        for (uint i = 0; i < GreBatch.Capacity; i++)
        {
            Put(outgoing, IpPackets.Gre(7, i, 16 + (int)(i * 22)), Client, i % 2 == 0 ? Server : SecondServer);
        }

        Assert.That(client.Send(outgoing), Is.EqualTo(64));
        Assert.That(outgoing.Count, Is.Zero, "sent is empty");
        SettleAtServer();
        Assert.That(ServerSocket.Receive(incoming), Is.EqualTo(64));
        using GreBatch answers = new();
        for (uint i = 0; i < GreBatch.Capacity; i++)
        {
            int n = (int)i;
            Assert.That(incoming.Packet(n).ToArray(), Is.EqualTo(IpPackets.Gre(7, i, 16 + (n * 22))));
            Assert.That(incoming.RemoteAddress(n), Is.EqualTo(Client));
            Assert.That(incoming.LocalAddress(n), Is.EqualTo(n % 2 == 0 ? Server : SecondServer));
            Put(answers, IpPackets.Gre(9, i, 40), incoming.LocalAddress(n), incoming.RemoteAddress(n));
        }

        Assert.That(ServerSocket.Send(answers), Is.EqualTo(64));
        SettleAtClient();
        Assert.That(client.Receive(incoming), Is.EqualTo(64));
        for (int n = 0; n < GreBatch.Capacity; n++)
        {
            Assert.That(incoming.RemoteAddress(n), Is.EqualTo(n % 2 == 0 ? Server : SecondServer));
        }

        Assert.That(ServerSocket.Counters, Is.EqualTo(new GreSocketCounters(64, 0, 0, 64, 0, 0, 0, 0, 0)));
        Assert.That(ServerSocket.Receive(incoming), Is.Zero, "nothing more waits");
    }

    [Test]
    public void More_than_a_batch_waits_for_the_next_call()
    {
        using GreSocket client = ClientSide.Invoke(() => new GreSocket());
        using GreBatch batch = new();
        for (uint i = 0; i < 100; i++)
        {
            Put(batch, IpPackets.Gre(1, i, 8), 0, Server);
            if (batch.IsFull)
            {
                client.Send(batch);
            }
        }

        client.Send(batch);
        SettleAtServer();
        Assert.That(ServerSocket.Receive(batch), Is.EqualTo(64));
        Assert.That(ServerSocket.Receive(batch), Is.EqualTo(36));
        Assert.That(batch.Packet(35).ToArray(), Is.EqualTo(IpPackets.Gre(1, 99, 8)));
        Assert.That(ServerSocket.ReadKernelDrops(), Is.Zero);
    }

    [Test]
    public void Address_zero_lets_the_kernel_choose()
    {
        using Socket capture = RawSocket();
        using GreBatch batch = new();
        Put(batch, IpPackets.Gre(1, 0, 8), 0, Client);
        Assert.That(ServerSocket.Send(batch), Is.EqualTo(1));
        Assert.That(new IPAddress(Next(capture).AsSpan(12, 4)), Is.EqualTo(IPAddress.Parse(ServerAddress)));
    }

    [Test]
    public void Packets_leave_with_dont_fragment_clear_and_from_the_address_told()
    {
        using Socket capture = RawSocket();
        using GreBatch batch = new();
        byte[] gre = IpPackets.Gre(0x1234, 5, 1400);
        Put(batch, gre, SecondServer, Client);
        Assert.That(ServerSocket.Send(batch), Is.EqualTo(1));
        byte[] ip = Next(capture);
        Assert.That(ip[0], Is.EqualTo(0x45));
        Assert.That(ip[6] & 0x40, Is.Zero, "the DF bit");
        Assert.That(ip[9], Is.EqualTo(47));
        Assert.That(new IPAddress(ip.AsSpan(12, 4)), Is.EqualTo(IPAddress.Parse(SecondServerAddress)));
        Assert.That(new IPAddress(ip.AsSpan(16, 4)), Is.EqualTo(IPAddress.Parse(ClientAddress)));
        Assert.That(ip[20..], Is.EqualTo(gre));
    }

    [Test]
    public void A_packet_longer_than_the_line_takes_is_fragmented_and_put_together_again()
    {
        using GreSocket client = ClientSide.Invoke(() => new GreSocket());
        using GreBatch batch = new();
        byte[] gre = IpPackets.Gre(1, 0, 2200);
        Put(batch, gre, Server, Client);
        Assert.That(ServerSocket.Send(batch), Is.EqualTo(1));
        SettleAtClient();
        Assert.That(client.Receive(batch), Is.EqualTo(1));
        Assert.That(batch.Packet(0).ToArray(), Is.EqualTo(gre));
    }

    [TestCase("20 01 88 0B 00 00 00 01", "key, no sequence number: a bare acknowledgement", true)]
    [TestCase("30 81 88 0B 00 01 00 01 00 00 00 00 00 00 00 00 FF", "with acknowledgement", true)]
    [TestCase("20 00 88 0B 00 00 00 01", "version 0", false)]
    [TestCase("20 02 88 0B 00 00 00 01", "version 2", false)]
    [TestCase("20 05 88 0B 00 00 00 01", "version 5, of which 1 is a bit", false)]
    [TestCase("20 01 08 00 00 00 00 01", "protocol IPv4", false)]
    [TestCase("20 01 88 0C 00 00 00 01", "protocol 880C", false)]
    [TestCase("10 01 88 0B 00 00 00 01", "no key", false)]
    [TestCase("00 00 08 00 45 00 00 14", "plain GRE", false)]
    [TestCase("20 01 88", "three octets", false)]
    public void The_filter_passes_only_GRE_of_RFC_2637(string hex, string what, bool passes)
    {
        byte[] packet = Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
        using Socket client = RawSocket();
        using GreBatch batch = new();
        IPEndPoint server = new(IPAddress.Parse(ServerAddress), 0);
        client.SendTo(packet, server);
        client.SendTo(IpPackets.Gre(1, 0, 4), server);

        SettleAtServer();
        Assert.That(ServerSocket.Receive(batch), Is.EqualTo(passes ? 2 : 1), what);
        Assert.That(batch.Packet(batch.Count - 1).ToArray(), Is.EqualTo(IpPackets.Gre(1, 0, 4)), "the one after it");
        if (passes)
        {
            Assert.That(batch.Packet(0).ToArray(), Is.EqualTo(packet));
        }
    }

    [Test]
    public void IP_options_move_the_GRE_header_for_filter_and_reader_alike()
    {
        using Socket client = RawSocket();
        using GreBatch batch = new();
        IPEndPoint server = new(IPAddress.Parse(ServerAddress), 0);

        // RFC 791 §3.1: seven "no operation" and an "end of list" make the header 28 bytes long.
        client.SetSocketOption(
            SocketOptionLevel.IP, SocketOptionName.IPOptions, new byte[] { 1, 1, 1, 1, 1, 1, 1, 0 });
        client.SendTo(IpPackets.Gre(3, 4, 50), server);
        client.SendTo(Convert.FromHexString("2000880B00000001"), server);

        SettleAtServer();
        Assert.That(ServerSocket.Receive(batch), Is.EqualTo(1), "the second is version 0");
        Assert.That(batch.Packet(0).ToArray(), Is.EqualTo(IpPackets.Gre(3, 4, 50)));
        Assert.That(batch.RemoteAddress(0), Is.EqualTo(Client));
        Assert.That(batch.LocalAddress(0), Is.EqualTo(Server));
    }

    [Test]
    public void A_packet_too_long_for_a_slot_is_counted_and_left_out_and_the_next_is_whole()
    {
        using Socket client = RawSocket();
        using GreBatch batch = new(256);
        IPEndPoint server = new(IPAddress.Parse(ServerAddress), 0);
        client.SendTo(IpPackets.Gre(1, 0, 256 - 12), server);
        client.SendTo(IpPackets.Gre(1, 1, 257 - 12), server);
        client.SendTo(IpPackets.Gre(1, 2, 1000), server);
        client.SendTo(IpPackets.Gre(1, 3, 20), server);

        SettleAtServer();
        Assert.That(ServerSocket.Receive(batch), Is.EqualTo(2));
        Assert.That(batch.Packet(0).ToArray(), Is.EqualTo(IpPackets.Gre(1, 0, 256 - 12)), "just fits");
        Assert.That(batch.Packet(1).ToArray(), Is.EqualTo(IpPackets.Gre(1, 3, 20)));
        Assert.That(ServerSocket.Counters.Truncated, Is.EqualTo(2));
        Assert.That(ServerSocket.Counters.Received, Is.EqualTo(2));
    }

    [Test]
    public void A_packet_that_cannot_go_costs_only_itself()
    {
        using GreSocket client = ClientSide.Invoke(() => new GreSocket());
        using GreBatch batch = new(ushort.MaxValue);
        uint elsewhere = Ipv4.FromAddress(IPAddress.Parse("203.0.113.1"));
        uint notOurs = Ipv4.FromAddress(IPAddress.Parse("192.0.2.77"));
        Put(batch, IpPackets.Gre(1, 0, 8), Server, elsewhere);
        Put(batch, IpPackets.Gre(1, 1, 8), Server, Client);
        Put(batch, IpPackets.Gre(1, 2, 8), notOurs, Client);
        Put(batch, IpPackets.Gre(1, 3, 8), Server, Client);
        Put(batch, IpPackets.Gre(1, 4, ushort.MaxValue - 12), Server, Client);
        Put(batch, IpPackets.Gre(1, 5, 8), Server, Client);
        Put(batch, IpPackets.Gre(1, 6, 8), Server, elsewhere);

        Assert.That(ServerSocket.Send(batch), Is.EqualTo(3));

        Assert.That(batch.Count, Is.Zero);
        SettleAtClient();
        Assert.That(client.Receive(batch), Is.EqualTo(3));
        Assert.That(
            new[] { batch.Packet(0)[11], batch.Packet(1)[11], batch.Packet(2)[11] }, Is.EqualTo(new[] { 1, 3, 5 }));
        Assert.That(ServerSocket.Counters, Is.EqualTo(new GreSocketCounters(0, 0, 0, 3, 0, 0, 3, 1, 0)));
        Assert.That(ServerSocket.LastSendError, Is.EqualTo(Errno.ENETUNREACH));
    }

    [Test]
    public unsafe void When_the_buffer_is_full_packets_are_dropped_and_the_call_returns()
    {
        // Nobody answers ARP for this address, so packets wait in the kernel and fill the smallest send buffer.
        uint silent = Ipv4.FromAddress(IPAddress.Parse("192.0.2.200"));
        int smallest = 1;
        Assert.That(
            setsockopt(ServerSocket.Descriptor, SOL_SOCKET, SO_SNDBUF, &smallest, sizeof(int)), Is.Zero);
        using GreBatch batch = new();
        for (uint i = 0; i < GreBatch.Capacity; i++)
        {
            Put(batch, IpPackets.Gre(1, i, 1000), Server, silent);
        }

        int sent = ServerSocket.Send(batch);

        Assert.That(sent, Is.InRange(1, 63));
        Assert.That(ServerSocket.Counters.DroppedNoRoom, Is.EqualTo(64 - sent));
        Assert.That(ServerSocket.LastSendError, Is.EqualTo(Errno.EAGAIN).Or.EqualTo(Errno.ENOBUFS));
    }

    [Test]
    public void What_the_firewall_forbids_is_counted_as_forbidden_until_its_table_is_deleted()
    {
        using GreBatch batch = new();
        using NetfilterTables tables = ServerSide.Invoke(() => new NetfilterTables());
        if (NetfilterTablesTests.Plant(tables, "pptpd", NetfilterHook.Output, drop: true) != NetfilterResult.Done)
        {
            Assert.Ignore("not tested here: the kernel has no nf_tables");
        }

        Put(batch, IpPackets.Gre(1, 0, 8), Server, Client);
        Put(batch, IpPackets.Gre(1, 1, 8), Server, Client);
        Assert.That(ServerSocket.Send(batch), Is.Zero);
        Assert.That(ServerSocket.Counters.DroppedForbidden, Is.EqualTo(2));
        Assert.That(ServerSocket.LastSendError, Is.EqualTo(Errno.EPERM));

        Assert.That(tables.DeleteTable(NetfilterFamily.Inet, "pptpd"), Is.EqualTo(NetfilterResult.Done));
        Put(batch, IpPackets.Gre(1, 2, 8), Server, Client);
        Assert.That(ServerSocket.Send(batch), Is.EqualTo(1));
    }

    [Test]
    public void The_poll_set_sees_a_packet()
    {
        using Socket client = RawSocket();
        using EventPoll poll = new();
        poll.Add(ServerSocket.Descriptor, 47);
        PollEvent[] events = new PollEvent[1];
        Assert.That(poll.Wait(events, TimeSpan.Zero), Is.Zero);
        client.SendTo(IpPackets.Gre(1, 0, 4), new IPEndPoint(IPAddress.Parse(ServerAddress), 0));
        Assert.That(poll.Wait(events, TimeSpan.FromSeconds(5)), Is.EqualTo(1));
        Assert.That(events[0], Is.EqualTo(new PollEvent(47, PollEvents.Readable)));
    }

    [Test]
    public void Its_buffers_are_as_large_as_root_may_ask()
    {
        Assert.That(ServerSocket.ReceiveBufferSize, Is.EqualTo(16 << 20));
        Assert.That(ServerSocket.SendBufferSize, Is.EqualTo(8 << 20));
    }

    [Test]
    public void Receiving_and_sending_allocate_nothing()
    {
        using GreSocket client = ClientSide.Invoke(() => new GreSocket());
        using GreBatch batch = new();
        byte[] gre = IpPackets.Gre(1, 0, 100);
        long allocated = 0;
        long received = 0;
        for (int round = 0; round < 200; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 8; i++)
            {
                Put(batch, gre, Client, Server);
            }

            _ = client.Send(batch);
            long between = GC.GetAllocatedBytesForCurrentThread();
            SettleAtServer();
            long settled = GC.GetAllocatedBytesForCurrentThread() - between;
            received += ServerSocket.Receive(batch);
            batch.Clear();

            // The first rounds may compile.
            allocated += round >= 100 ? GC.GetAllocatedBytesForCurrentThread() - before - settled : 0;
        }

        Assert.That(received, Is.EqualTo(1600));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void After_dispose_it_says_so()
    {
        using GreBatch batch = new();
        ServerSocket.Dispose();
        Assert.That(() => ServerSocket.Receive(batch), Throws.TypeOf<ObjectDisposedException>());
        Put(batch, IpPackets.Gre(1, 0, 4), Server, Client);
        Assert.That(() => ServerSocket.Send(batch), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(ServerSocket.Descriptor, Is.EqualTo(-1));
    }
}
