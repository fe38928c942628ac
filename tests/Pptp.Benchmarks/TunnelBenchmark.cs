using System.Diagnostics;
using System.Globalization;
using System.Net;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Benchmarks;

/// <summary>
/// Tunnels against a running pptpd, over a cable between two network namespaces: how fast they come up and go, and
/// what an idle one costs the server in memory. Server and callers share the machine's processors.
/// </summary>
internal static class TunnelBenchmark
{
    private const int WarmUp = 100;
    private const int OneByOne = 100;

    /// <summary>Callers that dial at the same time.</summary>
    private const int AtATime = 16;

    private static readonly IPAddress ServerAddress = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress ClientAddress = IPAddress.Parse("192.0.2.2");

    public static async Task RunAsync(Report report, int count)
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
        {
            report.AddAbsence($"tunnels: {reason}");
            return;
        }

        string file = Path.Combine(Path.GetTempPath(), $"pptpd-benchmark-{Guid.NewGuid():N}.toml");
        string[] users = ServerConfiguration.Numbered("b", Math.Max(count, Math.Max(WarmUp, OneByOne)));
        new ServerConfiguration { Users = users, Keepalive = 3600 }.WriteTo(file);
        try
        {
            using NetworkNamespace serverSide = new();
            using NetworkNamespace clientSide = new();
            NetworkNamespace.Connect(serverSide, "wire", $"{ServerAddress}", clientSide, "wire", $"{ClientAddress}");
            using ServerProcess server = ServerProcess.Start(file, serverSide);
            using RouteNetlink netlink = serverSide.Invoke(() => new RouteNetlink());
            using CallerHost host = new(clientSide, ClientAddress, ServerAddress);
            report.AddCondition("pptpd", string.Join(' ', Repository.DaemonCommand()));
            await MeasureAsync(report, new TunnelBench(server, netlink, host), users, count);
            if (server.Stop(TimeSpan.FromSeconds(30)) != 0)
                throw new InvalidOperationException($"the server did not end well; {server.Report()}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task MeasureAsync(Report report, TunnelBench bench, string[] users, int count)
    {
        long cold = bench.Server.ResidentKilobytes;
        Console.Error.WriteLine("warming up ...");
        (List<ScriptedCall> calls, _) = await bench.DialAsync(users[..WarmUp], AtATime);
        await bench.HangUpAsync(calls);
        long resident = bench.Server.ResidentKilobytes;
        long anonymous = bench.Server.AnonymousKilobytes;

        Console.Error.WriteLine("one tunnel after the other ...");
        List<double> alone = [];
        for (int i = 0; i < OneByOne; i++)
        {
            (calls, List<double> one) = await bench.DialAsync(users[..1], 1);
            alone.AddRange(one);
            await bench.HangUpAsync(calls);
        }

        Console.Error.WriteLine($"{count} tunnels ...");
        long start = Stopwatch.GetTimestamp();
        TimeSpan processor = bench.Server.ProcessorTime;
        (calls, List<double> many) = await bench.DialAsync(users[..count], AtATime);
        double up = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processor = bench.Server.ProcessorTime - processor;
        long residentThen = bench.Server.ResidentKilobytes;
        long anonymousThen = bench.Server.AnonymousKilobytes;
        start = Stopwatch.GetTimestamp();
        await bench.HangUpAsync(calls);
        double down = Stopwatch.GetElapsedTime(start).TotalSeconds;

        AddPercentiles("one after the other", alone);
        AddPercentiles(string.Create(CultureInfo.InvariantCulture, $"{AtATime} at a time"), many);
        string load = string.Create(
            CultureInfo.InvariantCulture, $"{count} tunnels, {AtATime} dialling at a time");
        report.Add(load, "set up (interface there)", count / up, "a second");
        report.Add(load, "server's processor time for each", processor.TotalMilliseconds / count, "ms");
        report.Add(load, "hung up (interface gone)", count / down, "a second");
        string memory = string.Create(
            CultureInfo.InvariantCulture, $"Memory of the server with 0 and {count} idle tunnels");
        report.Add(memory, "resident after the start", cold, "KiB");
        report.Add(memory, "resident with 0, after a warm-up", resident, "KiB");
        report.Add(memory, "resident with all", residentThen, "KiB");
        report.Add(memory, "resident for each tunnel", (double)(residentThen - resident) / count, "KiB");
        report.Add(
            memory, "of it heap and stack (anonymous)", (double)(anonymousThen - anonymous) / count, "KiB");

        void AddPercentiles(string name, List<double> milliseconds)
        {
            foreach (int percent in (int[])[50, 95, 99])
            {
                report.Add(
                    "Tunnel set-up, from TCP's SYN to the last Ack of IPCP",
                    string.Create(CultureInfo.InvariantCulture, $"{name}, {percent}th percentile"),
                    Samples.Percentile(milliseconds, percent),
                    "ms");
            }
        }
    }
}
