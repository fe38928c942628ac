using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Pptp.Appliance.DataPlane;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Testing;
using Pptp.Testing.Traffic;

namespace Pptp.Appliance.Tests.DataPlane;

/// <summary>
/// Packets that come to the workers many at a time: what a peer sends in one batch, encrypted one by one, must come
/// out of the TUN whole and in order, whatever else is in the batch.
/// </summary>
[TestFixture(GreSocketKind.Raw)]
[TestFixture(GreSocketKind.Packet)]
public sealed class GreDataPlaneTests(GreSocketKind kind)
{
    private static readonly IPAddress Ours = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Theirs = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress Gateway = IPAddress.Parse("10.9.0.1");

    [Test]
    public void A_batch_comes_out_whole_and_in_order([Values(1, 3, 64, 200)] int count, [Values(1, 2, 5)] int calls) =>
        Run(calls, world =>
        {
            for (int i = 0; i < count; i++)
            {
                foreach (Peer peer in world.Peers)
                    peer.Send((ushort)i);
            }
            world.SendAll();
            foreach (Peer peer in world.Peers)
                Assert.That(peer.Receive(count), Is.EqualTo(Enumerable.Range(0, count)));
        });

    [Test]
    public void A_forgery_in_a_batch_costs_the_packet_whose_number_it_took() => Run(1, world =>
    {
        Peer peer = world.Peers[0];
        for (int i = 0; i < 40; i++)
        {
            if (i == 20)
                peer.Forge();
            peer.Send((ushort)i);
        }
        world.SendAll();
        Assert.That(peer.Receive(39), Is.EqualTo(Enumerable.Range(0, 40).Where(i => i != 20)));
    });

    [Test]
    public void Packets_that_are_missing_cost_nothing_but_themselves() => Run(1, world =>
    {
        Peer peer = world.Peers[0];
        for (int i = 0; i < 60; i++)
        {
            peer.Send((ushort)i);
            if (i % 7 == 3)
                world.DropLast();
        }
        world.SendAll();
        int[] expected = [.. Enumerable.Range(0, 60).Where(i => i % 7 != 3)];
        Assert.That(peer.Receive(expected.Length), Is.EqualTo(expected));
    });

    [Test]
    public void Control_frames_keep_their_place_among_packets() => Run(1, world =>
    {
        Peer peer = world.Peers[0];
        for (int i = 0; i < 30; i++)
        {
            if (i % 10 == 5)
                peer.SendControl([0xC0, 0x21, 9, (byte)i, 0, 8, 0, 0, 0, 0]);
            peer.Send((ushort)i);
        }
        world.SendAll();
        Assert.That(peer.Receive(30), Is.EqualTo(Enumerable.Range(0, 30)));
        Assert.That(peer.ControlFrames(3), Is.EqualTo(new byte[] { 5, 15, 25 }));
    });

    [Test]
    public void Keys_go_round_with_the_count() => Run(1, world =>
    {
        Peer peer = world.Peers[0];
        for (int round = 0; round < 70; round++)
        {
            for (int i = 0; i < 64; i++)
                peer.Send((ushort)((round * 64) + i));
            world.SendAll();
            Assert.That(peer.Receive(64), Is.EqualTo(Enumerable.Range(round * 64, 64)), $"round {round}");
        }
    });

    [Test]
    public void What_the_host_sends_is_encrypted_with_the_keys_in_turn([Values(1, 5, 100)] int count) => Run(3, world =>
    {
        for (int i = 0; i < count; i++)
        {
            foreach (Peer peer in world.Peers)
                peer.Answer((ushort)i);
        }
        foreach (Peer peer in world.Peers)
            Assert.That(world.ReceiveOf(peer, count), Is.EqualTo(Enumerable.Range(0, count)));
    });

    private void Run(int calls, Action<World> test)
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
        using NetworkNamespace here = new();
        using NetworkNamespace there = new();
        NetworkNamespace.Connect(here, "wire", $"{Ours}", there, "wire", $"{Theirs}");
        World world = here.Invoke(() => new World(kind, there, calls));
        try
        {
            test(world);
        }
        finally
        {
            world.Dispose();
        }
    }

    /// <summary>A data plane, and peers that share one GRE socket.</summary>
    private sealed class World : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        private readonly GreDataPlane _dataPlane;
        private readonly GreSocket _peersSocket;
        private readonly List<byte[]> _queue = [];
        private readonly GreBatch _incoming = new();

        public World(GreSocketKind kind, NetworkNamespace there, int calls)
        {
            _dataPlane = new GreDataPlane(kind, new MonotonicClock(TimeProvider.System), NullLogger.Instance);
            _peersSocket = there.Invoke(() => new GreSocket());
            using RouteNetlink netlink = new();
            for (ushort i = 1; i <= calls; i++)
                Peers.Add(new Peer(_dataPlane, netlink, i, _queue.Add));
        }

        public List<Peer> Peers { get; } = [];

        public void DropLast() => _queue.RemoveAt(_queue.Count - 1);

        /// <summary>Hands all that was queued to the kernel in as few calls as can be.</summary>
        public void SendAll()
        {
            using GreBatch batch = new();
            foreach (byte[] packet in _queue)
            {
                packet.CopyTo(batch.Slot(batch.Count));
                batch.Add(packet.Length, Ipv4.FromAddress(Theirs), Ipv4.FromAddress(Ours));
                if (batch.IsFull)
                    _peersSocket.Send(batch);
            }
            _peersSocket.Send(batch);
            _queue.Clear();
        }

        /// <summary>The numbers in what comes to a peer, as soon as there are so many.</summary>
        public List<int> ReceiveOf(Peer peer, int count)
        {
            using EventPoll poll = new();
            poll.Add(_peersSocket.Descriptor, 0);
            Span<PollEvent> events = stackalloc PollEvent[1];
            while (peer.Answers.Count < count && poll.Wait(events, Patience) > 0)
            {
                int received = _peersSocket.Receive(_incoming);
                for (int i = 0; i < received; i++)
                {
                    // Our ids of the calls count on from 1, and are the peers' too.
                    if (GrePacket.TryParse(_incoming.Packet(i), out GrePacket packet) && packet.HasSequence)
                        Peers[packet.CallId - 1].Take(packet.Payload);
                }
            }
            return peer.Answers;
        }

        public void Dispose()
        {
            foreach (Peer peer in Peers)
                peer.Dispose();
            _dataPlane.Dispose();
            _peersSocket.Dispose();
            _incoming.Dispose();
        }
    }

    private sealed class Peer : IDataPathOwner, IDisposable
    {
        private const int PayloadLength = 200;

        private readonly TunDevice _tun;
        private readonly Socket _socket;
        private readonly MppeEncryptor _encryptor;
        private readonly MppeDecryptor _decryptor;
        private readonly IPAddress _address;
        private readonly Action<byte[]> _send;
        private readonly BlockingCollection<byte[]> _control = [];
        private uint _sequence;

        public Peer(GreDataPlane dataPlane, RouteNetlink netlink, ushort callId, Action<byte[]> send)
        {
            CallId = callId;
            _send = send;
            _address = new IPAddress([10, 9, 1, (byte)callId]);
            _tun = TunDevice.CreateOffloading($"t{callId}");
            netlink.ChangeLink(_tun.Index, new LinkChange { Mtu = 1400, AddressGenerationNone = true });
            netlink.AddAddress(_tun.Index, Gateway, _address, 32);
            netlink.ChangeLink(_tun.Index, new LinkChange { Up = true });
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            {
                ReceiveBufferSize = 4 << 20,
                ReceiveTimeout = 20_000,
            };
            _socket.Bind(new IPEndPoint(Gateway, 1000 + callId));
            _socket.Connect(new IPEndPoint(_address, 9));

            byte[] up = RandomNumberGenerator.GetBytes(16);
            byte[] down = RandomNumberGenerator.GetBytes(16);
            _encryptor = new MppeEncryptor(up, MppeStrength.Bits128, stateless: true);
            _decryptor = new MppeDecryptor(down, MppeStrength.Bits128, stateless: true);
            IDataPathPort port = dataPlane.Attach(
                CallAddress.Of(Ours, Theirs, callId), new GreCallOptions { PeerCallId = callId }, this);
            port.Open(new DataPathParameters
            {
                Tun = _tun,
                AllowedSources = [new Ipv4Prefix(_address, 32)],
                Encryptor = new MppeEncryptor(down, MppeStrength.Bits128, stateless: true),
                Decryptor = new MppeDecryptor(up, MppeStrength.Bits128, stateless: true),
            });
        }

        public ushort CallId { get; }

        /// <summary>Numbers in what the host has sent.</summary>
        public List<int> Answers { get; } = [];

        /// <summary>Queues a datagram that carries a number.</summary>
        public void Send(ushort number)
        {
            byte[] payload = new byte[PayloadLength];
            BinaryPrimitives.WriteUInt16BigEndian(payload, number);
            byte[] packet = Ipv4Packet.CreateUdp(_address, Gateway, 9, (ushort)(1000 + CallId), payload);
            byte[] mppe = new byte[2 + packet.Length + MppeEncryptor.Overhead];
            _encryptor.Encrypt([0x00, 0x21, .. packet], mppe);
            Queue([0x00, 0xFD, .. mppe]);
        }

        /// <summary>Queues noise with the number, and the count, of the packet that comes next.</summary>
        public void Forge()
        {
            byte[] noise = RandomNumberGenerator.GetBytes(PayloadLength);
            uint sequence = _sequence;
            Queue([0x00, 0xFD, (byte)(0x90 | ((sequence >> 8) & 0x0F)), (byte)sequence, .. noise]);
            _sequence = sequence;
        }

        public void SendControl(byte[] frame) => Queue(frame);

        /// <summary>The numbers in what came out of the TUN, once there are so many.</summary>
        public List<int> Receive(int count)
        {
            List<int> numbers = [];
            byte[] datagram = new byte[2048];
            while (numbers.Count < count)
            {
                Assert.That(_socket.Receive(datagram), Is.EqualTo(PayloadLength));
                numbers.Add(BinaryPrimitives.ReadUInt16BigEndian(datagram));
            }
            return numbers;
        }

        public IReadOnlyList<byte> ControlFrames(int count) =>
        [
            .. Enumerable.Range(0, count).Select(_ =>
                _control.TryTake(out byte[]? frame, 20_000) ? frame[3] : throw new TimeoutException("no control frame")),
        ];

        /// <summary>The host sends a datagram into the tunnel.</summary>
        public void Answer(ushort number)
        {
            byte[] payload = new byte[PayloadLength];
            BinaryPrimitives.WriteUInt16BigEndian(payload, number);
            _socket.Send(payload);
        }

        /// <summary>Takes a frame that came out of the host.</summary>
        public void Take(ReadOnlySpan<byte> frame)
        {
            byte[] plain = new byte[frame.Length];
            int at = frame[0] == 0xFF ? 4 : 2;
            Assert.That(_decryptor.Decrypt(frame[at..], plain, out int length, 0), Is.EqualTo(MppeDecryptResult.Ok));
            Assert.That(
                Ipv4Packet.TryReadUdp(plain.AsSpan(2, length - 2), out _, out _, out ReadOnlySpan<byte> payload), Is.True);
            Answers.Add(BinaryPrimitives.ReadUInt16BigEndian(payload));
        }

        public void OnControlFrame(byte[] frame) => _control.Add(frame);

        public void OnRouterSolicitation()
        {
        }

        public void OnLimitReached()
        {
        }

        public void OnDecryptLost()
        {
        }

        public void OnDecryptHopeless(string why)
        {
        }

        public void OnClosed(DataPathCounters counters, string? failure)
        {
        }

        public void Dispose()
        {
            _socket.Dispose();
            _tun.Dispose();
            _encryptor.Dispose();
            _decryptor.Dispose();
            _control.Dispose();
        }

        private void Queue(byte[] frame)
        {
            byte[] packet = new byte[12 + frame.Length];
            packet[0] = 0x30;
            packet[1] = 0x01;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), GrePacket.PppProtocol);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)frame.Length);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), CallId);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), _sequence++);
            frame.CopyTo(packet, 12);
            _send(packet);
        }
    }
}
