using System.Runtime.InteropServices;
using Pptp.Appliance.DataPlane.Offload;
using Pptp.Linux;

namespace Pptp.Appliance.Tests.DataPlane.Offload;

/// <summary>What is put together must be what segmentation gives back, octet for octet; what cannot be is left alone.</summary>
public sealed class CoalescerTests
{
    private static readonly byte[] Timestamps = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];

    private readonly Wire _wire = new();
    private readonly Coalescer _coalescer = new();

    [Test]
    public void Segments_of_a_connection_are_one_write_and_come_apart_again(
        [Values] bool ipv6, [Values(1, 2, 7, 40)] int full, [Values(0, 1, 999)] int last)
    {
        List<byte[]> packets = [.. Segments(ipv6, full, 1000)];
        if (last > 0)
        {
            packets.Add(Packets.Tcp(
                ipv6, 77 + ((uint)full * 1000), Octets(last), (ushort)(5 + full), Packets.Ack | Packets.Push, Timestamps));
        }
        Add(packets);
        Assert.That(_wire.Writes, Has.Count.EqualTo(1));
        Assert.That(_wire.Packets(), Is.EqualTo(packets));
        Assert.That(_wire.Taken, Is.EqualTo((packets.Count, packets.Sum(packet => packet.Length))));
        Assert.That(_coalescer.Coalesced, Is.EqualTo(packets.Count > 1 ? packets.Count : 0));
    }

    [Test]
    public void Datagrams_of_a_flow_are_one_write_and_come_apart_again([Values] bool ipv6, [Values(0, 13)] int last)
    {
        List<byte[]> packets =
            [.. Enumerable.Range(0, 9).Select(i => Packets.Udp(ipv6, Octets(501, (byte)i), (ushort)(9 + i)))];
        if (last > 0)
            packets.Add(Packets.Udp(ipv6, Octets(last), 18));
        Add(packets);
        Assert.That(_wire.Writes, Has.Count.EqualTo(1));
        Assert.That(_wire.Packets(), Is.EqualTo(packets));
    }

    [Test]
    public void A_super_packet_is_no_longer_than_ip_can_say()
    {
        List<byte[]> packets = [.. Segments(false, 64, 1400)];
        Add(packets);
        Assert.That(_wire.Writes, Has.Count.EqualTo(2));
        Assert.That(_wire.Writes.Max(write => write.Length), Is.LessThanOrEqualTo(VirtioHeader.Length + 65535));
        Assert.That(_wire.Packets(), Is.EqualTo(packets));
    }

    [Test]
    public void What_a_super_packet_could_not_say_is_not_joined()
    {
        static byte[] Second(byte flags = Packets.Ack, byte[]? options = null, uint sequence = 1077, int length = 1000) =>
            Packets.Tcp(false, sequence, Octets(length), 6, flags, options ?? Timestamps);
        static byte[] Changed(Action<byte[]> change, bool isRepaired = true)
        {
            byte[] packet = Second();
            change(packet);
            if (isRepaired)
                Packets.WriteChecksums(packet, 20, 16);
            return packet;
        }

        (string What, byte[] Packet)[] others =
        [
            ("a gap", Second(sequence: 1078)),
            ("a repeat", Second(sequence: 77)),
            ("a longer payload", Second(length: 1001)),
            ("FIN", Second(Packets.Ack | Packets.Fin)),
            ("SYN", Second(Packets.Ack | Packets.Syn)),
            ("CWR", Second(Packets.Ack | Packets.CongestionWindowReduced)),
            ("ECE where the first has none", Second(Packets.Ack | Packets.EcnEcho)),
            ("no ACK", Second(0)),
            ("other options", Second(options: [1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 2])),
            ("fewer options", Second(options: [])),
            ("no payload", Second(length: 0)),
            ("another window", Changed(packet => packet[34]++)),
            ("another acknowledgement", Changed(packet => packet[31]++)),
            ("an urgent pointer", Changed(packet => packet[39]++)),
            ("another ECN field", Changed(packet => packet[1] = 1)),
            ("another TTL", Changed(packet => packet[8]--)),
            ("DF", Changed(packet => packet[6] = 0x40)),
            ("a fragment", Changed(packet => packet[6] = 0x20)),
            ("a later fragment", Changed(packet => packet[7] = 1)),
            ("an identification out of turn", Changed(packet => packet[5]++)),
            ("a wrong checksum", Changed(packet => packet[100]++, isRepaired: false)),
            ("a wrong checksum of IP", Changed(packet => packet[10]++, isRepaired: false)),
            ("octets behind it", [.. Second(), 0]),
            ("another connection", Packets.Tcp(false, 1077, Octets(1000), 6, Packets.Ack, Timestamps, 40001)),
        ];
        foreach ((string what, byte[] packet) in others)
        {
            _wire.Clear();
            byte[] first = Packets.Tcp(false, 77, Octets(1000), 5, Packets.Ack, Timestamps);
            Add([first, packet]);
            Assert.That(_wire.Writes, Has.Count.EqualTo(2), what);
            // The order is kept within a connection; none is promised between two things.
            Assert.That(_wire.Writes.Select(write => write[VirtioHeader.Length..]), Is.EquivalentTo([first, packet]), what);
        }
    }

    [Test]
    public void Nothing_follows_a_push_or_a_short_segment()
    {
        byte[] pushed = Packets.Tcp(false, 1077, Octets(1000), 6, Packets.Ack | Packets.Push, Timestamps);
        byte[] after = Packets.Tcp(false, 2077, Octets(1000), 7, Packets.Ack, Timestamps);
        byte[] first = Packets.Tcp(false, 77, Octets(1000), 5, Packets.Ack, Timestamps);
        Add([first, pushed, after]);
        Assert.That(_wire.Writes, Has.Count.EqualTo(2));
        Assert.That(_wire.Packets(), Is.EqualTo(new[] { first, pushed, after }));

        _wire.Clear();
        byte[] small = Packets.Tcp(false, 1077, Octets(10), 6, Packets.Ack, Timestamps);
        byte[] next = Packets.Tcp(false, 1087, Octets(10), 7, Packets.Ack, Timestamps);
        Add([first, small, next]);
        Assert.That(_wire.Writes, Has.Count.EqualTo(2));
        Assert.That(_wire.Packets(), Is.EqualTo(new[] { first, small, next }));
    }

    [Test]
    public void Congestion_marks_and_ece_stay_on_each_segment()
    {
        List<byte[]> packets = [];
        for (int i = 0; i < 3; i++)
        {
            byte[] packet = Packets.Tcp(
                false, (uint)(i * 100), Octets(100), (ushort)i, Packets.Ack | Packets.EcnEcho, Timestamps);
            packet[1] = 3;
            Packets.WriteChecksums(packet, 20, 16);
            packets.Add(packet);
        }
        Add(packets);
        Assert.That(_wire.Writes, Has.Count.EqualTo(1));
        Assert.That(_wire.Packets(), Is.EqualTo(packets));
    }

    [Test]
    public void Connections_that_take_turns_are_joined_each_by_itself()
    {
        List<byte[]> packets = [];
        for (int i = 0; i < 10; i++)
        {
            for (ushort port = 1; port <= 3; port++)
                packets.Add(Packets.Tcp(false, (uint)(i * 100), Octets(100), (ushort)i, Packets.Ack, null, port));
        }
        Add(packets);
        Assert.That(_wire.Writes, Has.Count.EqualTo(3));
        Assert.That(_wire.Packets(), Is.EquivalentTo(packets));
    }

    [Test]
    public void More_connections_than_there_is_room_for_lose_nothing()
    {
        List<byte[]> packets = [];
        for (int i = 0; i < 3; i++)
        {
            for (ushort port = 1; port <= 100; port++)
                packets.Add(Packets.Tcp(false, (uint)(i * 100), Octets(100), (ushort)i, Packets.Ack, null, port));
        }
        Add(packets);
        Assert.That(_wire.Packets(), Is.EquivalentTo(packets));
    }

    [Test]
    public void Two_owners_with_the_same_addresses_share_nothing()
    {
        Wire other = new();
        List<byte[]> packets = [.. Segments(false, 2, 100)];
        _coalescer.Add(_wire, packets[0]);
        _coalescer.Add(other, packets[1]);
        _coalescer.Flush();
        Assert.That(_wire.Packets(), Is.EqualTo(packets[..1]));
        Assert.That(other.Packets(), Is.EqualTo(packets[1..]));
    }

    [Test]
    public void A_kernel_that_refuses_super_packets_gets_them_one_by_one([Values] bool udp)
    {
        _wire.RefusesSuper = true;
        List<byte[]> packets = udp
            ? [.. Enumerable.Range(0, 5).Select(i => Packets.Udp(false, Octets(100), (ushort)i))]
            : [.. Segments(false, 5, 100)];
        Add(packets);
        Assert.That(_wire.Packets(), Is.EqualTo(packets));
        Assert.That(_wire.Taken, Is.EqualTo((5, packets.Sum(packet => packet.Length))));
        Assert.That(_coalescer.Coalesced, Is.Zero);
        _wire.Refused = 0;
        Add(packets);
        Assert.That(_wire.Refused, Is.EqualTo(udp ? 0 : 1), "of UDP a kernel knows nothing or everything");
    }

    [Test]
    public void What_the_kernel_does_not_take_is_told_as_lost()
    {
        _wire.Result = TunWriteResult.Dropped;
        List<byte[]> packets = [.. Segments(false, 3, 100)];
        Add(packets);
        Assert.That(_wire.Lost, Is.EqualTo((3, packets.Sum(packet => packet.Length))));
        Assert.That(_wire.Taken, Is.EqualTo((0, 0)));
        Assert.That(_coalescer.Written, Is.Zero);
    }

    [Test]
    public void Whatever_comes_goes_on()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = random.Next(3) switch
            {
                0 => Octets(random.Next(1, 200)),
                1 => Packets.Tcp(random.Next(2) == 0, (uint)random.Next(3) * 50, Octets(50), (ushort)random.Next(3)),
                _ => Packets.Udp(random.Next(2) == 0, Octets(random.Next(60))),
            };
            if (random.Next(2) == 0)
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            int length = random.Next(4) == 0 ? random.Next(1, packet.Length + 1) : packet.Length;
            _coalescer.Add(_wire, packet.AsSpan(0, length));
            if (i % 50 == 0)
                _coalescer.Flush();
        }
        _coalescer.Flush();
        Assert.That(_wire.Taken.Packets, Is.EqualTo(20_000));
    }

    private static IEnumerable<byte[]> Segments(bool ipv6, int count, int size)
    {
        for (int i = 0; i < count; i++)
            yield return Packets.Tcp(ipv6, 77 + (uint)(i * size), Octets(size, (byte)i), (ushort)(5 + i), Packets.Ack, Timestamps);
    }

    private static byte[] Octets(int count, byte first = 3)
    {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++)
            octets[i] = (byte)(first + (i * 7));
        return octets;
    }

    private void Add(IEnumerable<byte[]> packets)
    {
        foreach (byte[] packet in packets)
            _coalescer.Add(_wire, packet);
        _coalescer.Flush();
    }

    /// <summary>A TUN that keeps what is written.</summary>
    private sealed class Wire : ICoalescedPackets
    {
        public List<byte[]> Writes { get; } = [];

        public bool RefusesSuper { get; set; }

        public int Refused { get; set; }

        public TunWriteResult Result { get; set; } = TunWriteResult.Written;

        public (int Packets, int Octets) Taken { get; private set; }

        public (int Packets, int Octets) Lost { get; private set; }

        public void Clear() => Writes.Clear();

        /// <summary>Taken apart, as the kernel does it.</summary>
        public List<byte[]> Packets()
        {
            List<byte[]> packets = [];
            foreach (byte[] write in Writes)
            {
                Assert.That(Segmenter.TryRead(write, out Segmenter segmenter), Is.True);
                if (!segmenter.IsSuper)
                    packets.Add(write[VirtioHeader.Length..]);
                while (segmenter.NextLength is > 0 and int length)
                {
                    byte[] packet = new byte[length];
                    segmenter.WriteNext(packet);
                    packets.Add(packet);
                }
            }
            return packets;
        }

        public TunWriteResult Write(ReadOnlySpan<byte> headerAndPacket)
        {
            if (RefusesSuper && MemoryMarshal.Read<VirtioHeader>(headerAndPacket).Segmentation != VirtioHeader.None)
            {
                Refused++;
                return TunWriteResult.Rejected;
            }
            Writes.Add(headerAndPacket.ToArray());
            return Result;
        }

        public void OnWritten(int packets, int octets, bool areIn)
        {
            if (areIn)
                Taken = (Taken.Packets + packets, Taken.Octets + octets);
            else
                Lost = (Lost.Packets + packets, Lost.Octets + octets);
        }
    }
}
