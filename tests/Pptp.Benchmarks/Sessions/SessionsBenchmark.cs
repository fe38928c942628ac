using System.Diagnostics;
using System.Globalization;
using System.Net;
using Pptp.Benchmarks.Load;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Benchmarks.Sessions;

/// <summary>
/// Rows 9 to 11 and 14: ten thousand sessions come, are idle, and go at once, by a cut cable and by the server's end.
/// </summary>
internal sealed class SessionsBenchmark(Report report, int count)
{
    private const int PerConnection = 10;

    /// <summary>Sessions begun a second: fewer than the server could take, so that none waits for another.</summary>
    private const int Rate = 200;

    private const int Starts = 20;

    /// <summary>The first sessions pay for what is made once.</summary>
    private const int WarmUp = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly IPAddress ServerAddress = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress ClientAddress = IPAddress.Parse("192.0.2.2");

    private readonly NetworkNamespace _serverSide = new();
    private readonly NetworkNamespace _clientSide = new();

    public static void Run(Report report, int count)
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
        {
            report.AddAbsence($"rows 9 to 11 and 14: {reason}");
            return;
        }
        string folder = Directory.CreateTempSubdirectory("pptpd-sessions-").FullName;
        try
        {
            new SessionsBenchmark(report, count).Measure(Path.Combine(folder, "pptpd.toml"));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private void Measure(string file)
    {
        using NetworkNamespace serverSide = _serverSide;
        using NetworkNamespace clientSide = _clientSide;
        NetworkNamespace.Connect(serverSide, "wire", $"{ServerAddress}", clientSide, "wire", $"{ClientAddress}");
        new ServerConfiguration { Users = ["one"], SystemExtra = "own-namespace = true" }.WriteTo(file);
        MeasureStart(file);
        new ServerConfiguration
        {
            Users = ServerConfiguration.Numbered("load", count),
            Keepalive = 3600,
            SystemExtra = "own-namespace = true",
            ServerExtra = "max-starting = 0\nconnection-limit = \"none\"\nconnection-limit-network = \"none\"",
        }.WriteTo(file);
        using RouteNetlink netlink = serverSide.Invoke(() => new RouteNetlink());
        Cut(file, netlink);
        Stop(file, netlink);
    }

    private void MeasureStart(string file)
    {
        List<double> milliseconds = [];
        for (int i = 0; i < Starts; i++)
        {
            using ServerProcess server = ServerProcess.Start(file, _serverSide);
            milliseconds.Add(server.TimeToListen.TotalMilliseconds);
            server.Stop(TimeSpan.FromSeconds(30));
        }
        report.AddRow(14, milliseconds, $"{(Repository.IsNative ? "native" : "JIT")}, from the program's start to its line in the log");
    }

    private void Cut(string file, RouteNetlink netlink)
    {
        using ServerProcess server = ServerProcess.Start(file, _serverSide);
        // What is made once is there before memory is measured.
        using (LoadGenerator few = Dial(WarmUp))
            Console.Error.WriteLine($"{few.UpAtBest} sessions for a start ...");
        WaitForNone(netlink);
        long before = server.AnonymousKilobytes;
        LoadGenerator all = Dial(count);
        Console.Error.WriteLine($"{all.UpAtBest} sessions are up; {string.Join(", ", all.Figures.Failures)}");
        List<double> times = all.Figures.SetUps;
        int window = Math.Min(500, times.Count / 4);
        double first = Samples.Median(times.Skip(WarmUp).Take(window));
        double last = Samples.Median(times.TakeLast(window));
        report.AddRow(9, [last / first], string.Create(
            CultureInfo.InvariantCulture,
            $"{last:0.00} ms / {first:0.00} ms, medians of {window}, {Rate} begun a second, {PerConnection} on each control connection; one local address for all, a /32 route each, own-namespace"));
        Thread.Sleep(3000);
        report.AddRow(11, [(server.AnonymousKilobytes - before) / (double)all.UpAtBest], string.Create(
            CultureInfo.InvariantCulture, $"anonymous memory of the process, {all.UpAtBest} sessions, 3 s after the last came up"));
        long start = Stopwatch.GetTimestamp();
        all.Dispose();
        WaitForNone(netlink);
        report.AddRow(10, [Stopwatch.GetElapsedTime(start).TotalSeconds], string.Create(
            CultureInfo.InvariantCulture, $"cut: all control connections closed at once, {all.UpAtBest} sessions"));
        server.Stop(TimeSpan.FromSeconds(60));
    }

    private void Stop(string file, RouteNetlink netlink)
    {
        using ServerProcess server = ServerProcess.Start(file, _serverSide);
        using LoadGenerator all = Dial(count);
        using CancellationTokenSource over = new();
        // The clients say goodbye as well.
        Thread answering = new(() => all.Answer(over.Token)) { Name = "clients" };
        answering.Start();
        long start = Stopwatch.GetTimestamp();
        int? status = server.Stop(TimeSpan.FromMinutes(2));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        WaitForNone(netlink);
        double gone = Stopwatch.GetElapsedTime(start).TotalSeconds;
        over.Cancel();
        answering.Join();
        report.AddRow(10, [gone], string.Create(
            CultureInfo.InvariantCulture,
            $"the server's end by SIGTERM, exit status {status} after {seconds:0.0} s, {all.UpAtBest} sessions"));
    }

    /// <summary>Dials so many, and leaves them up and idle.</summary>
    private LoadGenerator Dial(int sessions) => _clientSide.Invoke(() =>
    {
        LoadGenerator generator = new(new LoadOptions
        {
            Server = new IPEndPoint(ServerAddress, 1723),
            Count = sessions,
            Rate = Rate,
            PerConnection = PerConnection,
            User = "load-{0}",
            Password = ServerConfiguration.PasswordOf("load-{0}"),
        });
        generator.Dial();
        return generator;
    });

    private static void WaitForNone(RouteNetlink netlink)
    {
        long start = Stopwatch.GetTimestamp();
        while (netlink.ListLinks().Any(link => link.Kind == "tun"))
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new InvalidOperationException("interfaces stay after all sessions are gone");
            Thread.Sleep(100);
        }
    }
}
