using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>rate-limit at 200 Mbit/s between our server and our client, by the octets the server's interface counts.</summary>
internal sealed class ClientRateTests : ClientFixture
{
    private const string Interface = "pptp-alice";
    private const double Rate = 200e6;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    protected override ServerConfiguration Configuration =>
        new() { Users = [Alice], ProfileExtra = "rate-limit = \"200M\"" };

    [Test]
    public async Task Two_hundred_megabits_are_held([Values] bool isTcp, [Values] bool toClient)
    {
        Connect(Entry());
        using CancellationTokenSource end = new();
        Task traffic = isTcp ? StreamAsync(toClient, end.Token) : FloodAsync(toClient, end.Token);
        // Past the slow start.
        long begun = Octets(toClient) + 10_000_000;
        await Poll.UntilAsync(() => Octets(toClient) > begun, Soon);

        List<double> measured = [];
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            long before = Octets(toClient);
            Stopwatch clock = Stopwatch.StartNew();
            await Task.Delay(Window);
            double rate = (Octets(toClient) - before) * 8 / clock.Elapsed.TotalSeconds;
            measured.Add(rate);
            Assert.That(rate, Is.LessThan(Rate * 1.03));
            if (rate > Rate * 0.97)
                break;
        }

        await end.CancelAsync();
        await traffic;
        string figures = string.Join(", ", measured.Select(
            rate => string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:0.0}")));
        await TestContext.Out.WriteLineAsync(
            $"{(isTcp ? "TCP" : "UDP")} {(toClient ? "to" : "from")} the client at 200M: {figures} Mbit/s");
        if (measured[^1] <= Rate * 0.97)
            Assert.Ignore($"this machine does not bring 200 Mbit/s now, so nothing is told of the rate: {figures} Mbit/s");
    }

    private long Octets(bool toClient)
    {
        string[] fields = ServerNetwork.Invoke(() => File.ReadAllLines("/proc/thread-self/net/dev"))
            .Select(line => line.Split(':', 2))
            .First(line => line[0].Trim() == Interface)[1]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[toClient ? 8 : 0], CultureInfo.InvariantCulture);
    }

    private async Task StreamAsync(bool toClient, CancellationToken end)
    {
        using Socket listener = ServerNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(Gateway, 0));
        listener.Listen();
        using Socket client = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await client.ConnectAsync(listener.LocalEndPoint!, CancellationToken.None);
        using Socket server = await listener.AcceptAsync(CancellationToken.None);
        await Task.WhenAll(
            UntilTheEndAsync(octets => (toClient ? server : client).SendAsync(octets, end), end),
            UntilTheEndAsync(octets => (toClient ? client : server).ReceiveAsync(octets, end), end));
    }

    private async Task FloodAsync(bool toClient, CancellationToken end)
    {
        using Socket server = ServerNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using Socket client = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        server.Bind(new IPEndPoint(Gateway, 0));
        client.Bind(new IPEndPoint(AddressesOf().Single().Local, 0));
        Socket from = toClient ? server : client;
        EndPoint to = (toClient ? client : server).LocalEndPoint!;
        byte[] datagram = new byte[1400];
        // A quarter more than is carried; what is not taken is lost.
        const double PerSecond = Rate * 1.25 / (1428 * 8);
        await Task.Run(async () =>
        {
            Stopwatch clock = Stopwatch.StartNew();
            for (long sent = 0; !end.IsCancellationRequested;)
            {
                for (; sent < clock.Elapsed.TotalSeconds * PerSecond; sent++)
                    from.SendTo(datagram, to);
                await Task.Delay(1, CancellationToken.None);
            }
        }, CancellationToken.None);
    }

    private static async Task UntilTheEndAsync(Func<Memory<byte>, ValueTask<int>> act, CancellationToken end)
    {
        byte[] octets = new byte[256 * 1024];
        try
        {
            while (await act(octets) > 0)
            {
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end of the stream.
        }
    }
}
