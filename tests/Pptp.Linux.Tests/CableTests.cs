using System.Net;
using System.Net.Sockets;
using Pptp.Testing;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Pptp.Linux.Tests;

/// <summary>Two hosts on one cable: a server with two addresses and a GRE socket, and a client.</summary>
public abstract class CableTests : NamespaceTests
{
    protected const string ServerAddress = "192.0.2.1";
    protected const string SecondServerAddress = "192.0.2.100";
    protected const string ClientAddress = "192.0.2.2";

    private const int BarrierPort = 9999;

    private Socket _serverBarrier = null!;
    private Socket _clientBarrier = null!;
    private cpu_set_t _processors;

    protected static uint Server { get; } = Ipv4.FromAddress(IPAddress.Parse(ServerAddress));

    protected static uint SecondServer { get; } = Ipv4.FromAddress(IPAddress.Parse(SecondServerAddress));

    protected static uint Client { get; } = Ipv4.FromAddress(IPAddress.Parse(ClientAddress));

    protected NetworkNamespace ServerSide { get; private set; } = null!;

    protected NetworkNamespace ClientSide { get; private set; } = null!;

    protected GreSocket ServerSocket { get; private set; } = null!;

    [SetUp]
    public void Lay_the_cable()
    {
        PinThisThread();
        ServerSide = new NetworkNamespace();
        ClientSide = new NetworkNamespace();
        NetworkNamespace.Connect(ServerSide, "wan", ServerAddress, ClientSide, "eth", ClientAddress);
        ServerSocket = ServerSide.Invoke(() =>
        {
            using RouteNetlink netlink = new();
            netlink.AddAddress(netlink.FindLink("wan")!.Index, IPAddress.Parse(SecondServerAddress), null, 24);
            return new GreSocket();
        });
        _serverBarrier = ServerSide.Invoke(Barrier);
        _clientBarrier = ClientSide.Invoke(Barrier);

        // Who has which hardware address is known from here on.
        Cross(_clientBarrier, _serverBarrier, SecondServerAddress);
        SettleAtServer();
        SettleAtClient();
    }

    [TearDown]
    public unsafe void Take_it_away()
    {
        _serverBarrier?.Dispose();
        _clientBarrier?.Dispose();
        ServerSocket?.Dispose();
        ServerSide?.Dispose();
        ClientSide?.Dispose();
        fixed (cpu_set_t* set = &_processors)
        {
            _ = sched_setaffinity(0, sizeof(cpu_set_t), set);
        }
    }

    /// <summary>
    /// Returns when all that was sent to the server so far has arrived: a cable carries things in order, and so a
    /// datagram sent now comes last.
    /// </summary>
    protected void SettleAtServer() => Cross(_clientBarrier, _serverBarrier, ServerAddress);

    /// <summary>Returns when all that was sent to the client so far has arrived.</summary>
    protected void SettleAtClient() => Cross(_serverBarrier, _clientBarrier, ClientAddress);

    protected static void Put(GreBatch batch, ReadOnlySpan<byte> packet, uint local, uint remote)
    {
        ArgumentNullException.ThrowIfNull(batch);
        packet.CopyTo(batch.Slot(batch.Count));
        batch.Add(packet.Length, local, remote);
    }

    /// <summary>
    /// A plain raw socket at the client: sends any bytes as GRE, and shows the IP header of what it gets.
    /// </summary>
    protected Socket RawSocket() => ClientSide.Invoke(() =>
    {
        // Socket's own constructor does not know protocol 47.
        int descriptor = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_GRE);
        Assert.That(descriptor, Is.Not.Negative);
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)) { ReceiveTimeout = 5000 };
    });

    protected static byte[] Next(Socket from)
    {
        ArgumentNullException.ThrowIfNull(from);
        byte[] buffer = new byte[4096];
        return buffer[..from.Receive(buffer)];
    }

    private static Socket Barrier()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(new IPEndPoint(IPAddress.Any, BarrierPort));
        return socket;
    }

    private static void Cross(Socket from, Socket to, string address)
    {
        from.SendTo([1], new IPEndPoint(IPAddress.Parse(address), BarrierPort));
        Assert.That(to.Receive(new byte[8]), Is.EqualTo(1));
    }

    /// <summary>A veth pair keeps the order of what one processor sends, not of what two send.</summary>
    private unsafe void PinThisThread()
    {
        fixed (cpu_set_t* set = &_processors)
        {
            Assert.That(sched_getaffinity(0, sizeof(cpu_set_t), set), Is.Not.Negative);
        }

        cpu_set_t one = default;
        CPU_SET(sched_getcpu(), &one);
        Assert.That(sched_setaffinity(0, sizeof(cpu_set_t), &one), Is.Zero);
    }
}
