using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>dial-on-demand: a tunnel that is there while somebody uses it.</summary>
internal sealed class ClientOnDemandTests : ClientFixture
{
    private const string Waiting = $"{Out}: waiting for packets...";

    private static readonly IPNetwork StandIns = IPNetwork.Parse("10.112.112.0/24");

    [Test]
    [EffectOf("pptp-client", "dial-on-demand")]
    public void The_first_ping_dials_and_is_answered_and_when_nobody_sends_it_hangs_up_again()
    {
        int serverMark = Server.Log.Mark;
        StartClient(
            Entry("dial-on-demand = true", "add-default-route = true", "profile = \"short\"")
            + ServerConfiguration.Profile("short", "idle-timeout = 2", "use-encryption = \"required\""),
            Waiting);
        int index = FindInterface()!.Index;
        int mark = 0;
        for (int round = 0; round < 2; round++)
        {
            AddressEntry standIn = AddressesOf().Single();
            Assert.That(StandIns.Contains(standIn.Local) && StandIns.Contains(standIn.Peer!), Is.True, $"{standIn}");
            Assert.That(Server.Log.Expect(" logged in", round, serverMark), Has.Count.EqualTo(round));

            IPAddress answered = Ping(Gateway);

            WaitForLog($"{Out}: connected", mark);
            AddressEntry address = AddressesOf().Single();
            Assert.That(address, Is.EqualTo(standIn with { Local = answered, Peer = Gateway }));
            WaitForLog($"{Out}: terminating... - idle timeout", mark);
            mark = Client!.Log.Mark;
            WaitForLog(Waiting, mark);
        }
        Assert.That(FindInterface()!.Index, Is.EqualTo(index));
    }

    [Test]
    public async Task What_is_sent_while_it_dials_is_not_lost_and_stays_in_order()
    {
        StartClient(Entry("dial-on-demand = true", "add-default-route = true"), Waiting);
        const int Count = 40;
        using Socket socket = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        for (byte i = 0; i < Count; i++)
            await socket.SendToAsync(new[] { i }, new IPEndPoint(Gateway, Echo.Port));

        byte[] answer = new byte[64];
        List<int> answered = [];
        using CancellationTokenSource patience = new(Soon);
        while (answered.Count < Count)
        {
            await socket.ReceiveAsync(answer, patience.Token);
            answered.Add(answer[0]);
        }
        Assert.That(answered, Is.EqualTo(Enumerable.Range(0, Count)));
    }

    [Test]
    public async Task A_TCP_connection_begun_meanwhile_comes_up_where_the_kernel_gives_it_the_new_address()
    {
        ClientNetwork.Invoke(() => File.WriteAllText("/proc/sys/net/ipv4/ip_dynaddr", "1"));
        StartClient(Entry("dial-on-demand = true", "add-default-route = true"), Waiting);
        using Socket listener = ServerNetwork.Invoke(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            socket.Listen();
            return socket;
        });
        using Socket connection = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        using CancellationTokenSource patience = new(Soon);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        await connection.ConnectAsync(new IPEndPoint(Gateway, port), patience.Token);
        Assert.That(AddressesOf().Single().Local, Is.EqualTo(((IPEndPoint)connection.LocalEndPoint!).Address));
    }

    [Test]
    public void A_server_that_is_not_there_is_dialled_at_the_next_packet_again()
    {
        StartClient(
            Entry("dial-on-demand = true", "add-default-route = true")
                .Replace($"{ServerAddress}", $"{OtherAddress}", StringComparison.Ordinal),
            Waiting);
        for (int i = 0; i < 2; i++)
        {
            int mark = Client!.Log.Mark;
            SendTo(Gateway);
            WaitForLog("could not connect (Connection refused)", mark);
            WaitForLog(Waiting, mark);
        }
    }

    private void SendTo(IPAddress destination) => ClientNetwork.Invoke(() =>
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo([0], new IPEndPoint(destination, 9));
    });

    /// <summary>One echo request (RFC 792) and no other.</summary>
    /// <returns>The address to which its answer came.</returns>
    private IPAddress Ping(IPAddress destination)
    {
        const ushort Identifier = 0x4711;
        byte[] request = [8, 0, 0, 0, 0x47, 0x11, 0, 1];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(2), unchecked((ushort)~(0x0800 + Identifier + 1)));
        using Socket socket = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp));
        socket.ReceiveTimeout = (int)Soon.TotalMilliseconds;
        socket.SendTo(request, new IPEndPoint(destination, 0));
        byte[] packet = new byte[256];
        while (true)
        {
            int length = socket.Receive(packet);
            ReadOnlySpan<byte> message = packet.AsSpan((packet[0] & 0x0F) * 4, length - ((packet[0] & 0x0F) * 4));
            if (message[0] == 0 && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == Identifier)
                return new IPAddress(packet.AsSpan(16, 4));
        }
    }
}
