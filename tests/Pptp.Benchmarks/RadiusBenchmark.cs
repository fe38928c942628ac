using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pptp.Linux;
using Pptp.Protocol.Ppp;
using Pptp.Radius;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Benchmarks;

/// <summary>
/// What RADIUS costs: requests of the library beside a bare echo over UDP, and whole logins beside those of users of our
/// own. The server that is asked answers at once, on the same machine.
/// </summary>
internal static class RadiusBenchmark
{
    private const int Rounds = 5;
    private const int Requests = 5000;

    /// <summary>Requests that wait at the same time, and tunnels that are dialled.</summary>
    private const int AtATime = 16;

    private static readonly IPAddress ServerAddress = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress ClientAddress = IPAddress.Parse("192.0.2.2");

    public static async Task RunAsync(Report report, int count)
    {
        await MeasureLibraryAsync(report);
        await AccountingBenchmark.RunAsync(report);
        if (NetworkNamespace.WhyUnavailable is { } reason)
            report.AddAbsence($"logins through RADIUS: {reason}");
        else
            await MeasureLoginsAsync(report, count);
    }

    private static async Task MeasureLibraryAsync(Report report)
    {
        Console.Error.WriteLine("requests of the library ...");
        using RadiusResponder server = new(IPAddress.Loopback);
        using RadiusResponder echo = new(IPAddress.Loopback, echoes: true);
        await using RadiusClient client = new(
            new RadiusClientOptions { Server = server.EndPoint, Secret = Encoding.UTF8.GetBytes(RadiusResponder.Secret) },
            TimeProvider.System);
        RadiusRequest login = new(RadiusCode.AccessRequest,
        [
            RadiusValue.Of(RadiusAttributes.UserName, "nemo"),
            RadiusValue.Of(RadiusAttributes.UserPassword, "arctangent"),
            RadiusValue.Of(RadiusAttributes.AcctSessionId, "81000001"),
        ]);
        byte[] same = RadiusCodec.WriteRequest(login, 1, "secret"u8, new byte[RadiusPacket.AuthenticatorLength]);
        List<double> asked = [];
        List<double> echoed = [];
        for (int round = 0; round <= Rounds; round++)
        {
            double one = await RateAsync(async () =>
            {
                if (await client.SendAsync(login, CancellationToken.None) is not RadiusOutcome.Reply)
                    throw new InvalidOperationException("a request was not answered");
            });
            double other = await EchoRateAsync(echo.EndPoint, same);
            if (round == 0)
                continue;
            asked.Add(one);
            echoed.Add(other);
        }
        string group = string.Create(CultureInfo.InvariantCulture, $"RADIUS on loopback, {AtATime} requests at a time");
        report.Add(group, "Access-Requests answered and verified", Samples.Median(asked), "a second");
        report.Add(group, "bare echoes of as many octets", Samples.Median(echoed), "a second");
        report.Add(group, "a request for each echo", Samples.Median(asked) / Samples.Median(echoed), "x");
    }

    private static async Task<double> EchoRateAsync(IPEndPoint server, byte[] packet)
    {
        Stack<Socket> sockets = new();
        for (int i = 0; i < AtATime; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(server);
            sockets.Push(socket);
        }
        double rate = await RateAsync(async () =>
        {
            Socket socket;
            lock (sockets)
                socket = sockets.Pop();
            await socket.SendAsync(packet);
            await socket.ReceiveAsync(new byte[packet.Length]);
            lock (sockets)
                sockets.Push(socket);
        });
        foreach (Socket socket in sockets)
            socket.Dispose();
        return rate;
    }

    private static async Task<double> RateAsync(Func<Task> once)
    {
        long start = Stopwatch.GetTimestamp();
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtATime };
        await Parallel.ForAsync(0, Requests, options, async (_, _) => await once());
        return Requests / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task MeasureLoginsAsync(Report report, int count)
    {
        string folder = Directory.CreateTempSubdirectory("pptpd-radius-").FullName;
        try
        {
            using NetworkNamespace serverSide = new();
            using NetworkNamespace clientSide = new();
            NetworkNamespace.Connect(serverSide, "wire", $"{ServerAddress}", clientSide, "wire", $"{ClientAddress}");
            using RadiusResponder radius = serverSide.Invoke(() => new RadiusResponder(IPAddress.Loopback));
            string file = Path.Combine(folder, "pptpd.toml");
            string[] ours = ServerConfiguration.Numbered("ours", count);
            new ServerConfiguration
            {
                Users = ours,
                Keepalive = 3600,
                Authentication = "pap",
                Encryption = "no",
                Extra = string.Create(CultureInfo.InvariantCulture, $"""

                    [ppp-aaa]
                    use-radius = true
                    accounting = false

                    [[radius]]
                    service = "ppp"
                    address = "127.0.0.1"
                    authentication-port = {radius.EndPoint.Port}
                    secret = "{RadiusResponder.Secret}"

                    """),
            }.WriteTo(file);
            using ServerProcess server = ServerProcess.Start(file, serverSide);
            using RouteNetlink netlink = serverSide.Invoke(() => new RouteNetlink());
            using CallerHost host = new(clientSide, ClientAddress, ServerAddress);
            report.AddCondition("pptpd", string.Join(' ', Repository.DaemonCommand()));
            TunnelBench bench = new(server, netlink, host)
            {
                Settings = user => new CallSettings(user, ServerConfiguration.PasswordOf(user))
                {
                    Methods = [AuthenticationMethod.Pap],
                    Encrypt = false,
                },
            };
            await MeasureLoginsAsync(report, bench, ours, ServerConfiguration.Numbered("theirs", count));
            if (server.Stop(TimeSpan.FromSeconds(30)) != 0)
                throw new InvalidOperationException($"the server did not end well; {server.Report()}");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static async Task MeasureLoginsAsync(Report report, TunnelBench bench, string[] ours, string[] theirs)
    {
        Dictionary<string[], (List<double> Rates, List<double> Cost)> measured = new()
        {
            [ours] = ([], []),
            [theirs] = ([], []),
        };
        for (int round = 0; round <= Rounds; round++)
        {
            foreach (string[] users in (string[][])[ours, theirs])
            {
                Console.Error.WriteLine($"round {round} of {Rounds}: {users.Length} logins like {users[0]} ...");
                TimeSpan processor = bench.Server.ProcessorTime;
                long start = Stopwatch.GetTimestamp();
                (List<ScriptedCall> calls, _) = await bench.DialAsync(users, AtATime);
                double rate = users.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
                double cost = (bench.Server.ProcessorTime - processor).TotalMilliseconds / users.Length;
                await bench.HangUpAsync(calls);
                if (round == 0)
                    continue;
                measured[users].Rates.Add(rate);
                measured[users].Cost.Add(cost);
            }
        }
        string group = string.Create(
            CultureInfo.InvariantCulture, $"Logins by PAP, {ours.Length} tunnels, {AtATime} dialling at a time");
        double here = Samples.Median(measured[ours].Rates);
        double there = Samples.Median(measured[theirs].Rates);
        report.Add(group, "users of our own", here, "a second");
        report.Add(group, "users of RADIUS", there, "a second");
        report.Add(group, "users of RADIUS for each of our own", there / here, "x");
        report.Add(group, "processor time for one of our own", Samples.Median(measured[ours].Cost), "ms");
        report.Add(group, "processor time for one of RADIUS", Samples.Median(measured[theirs].Cost), "ms");
    }
}
