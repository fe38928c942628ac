using System.Diagnostics;
using System.Globalization;
using System.Net;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Benchmarks.Load;

/// <summary>The subcommand: reads what is asked, runs it, and tells what happened.</summary>
internal static class LoadCommand
{
    private const string SetUpGroup = "Tunnel set-up, from TCP's SYN (or the call's request) to the last of IPCP";

    private static readonly TimeSpan InterfaceLimit = TimeSpan.FromSeconds(60);
    private static readonly IPAddress OwnServerAddress = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress OwnClientAddress = IPAddress.Parse("192.0.2.2");

    /// <returns>The exit status.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (LoadOptions.Parse(arguments) is not { } options)
        {
            Console.Error.WriteLine(LoadOptions.Usage);
            return 2;
        }

        Report report = new();
        LoadFigures figures;
        try
        {
            figures = options.OwnServer ? RunAgainstOwn(report, options) : RunAgainst(report, options);
        }
        catch (LinuxException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        report.Print(Console.Out);
        report.WriteJson(options.Json);
        Console.WriteLine($"written to {Path.GetFullPath(options.Json)}");
        return figures.Failures.Count + figures.Losses.Count == 0 ? 0 : 1;
    }

    private static LoadFigures RunAgainstOwn(Report report, LoadOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("pptpd-load-").FullName;
        try
        {
            string[] users = ServerConfiguration.Numbered("load", options.Count);
            string file = Path.Combine(folder, "pptpd.toml");
            new ServerConfiguration
            {
                Users = users,
                Keepalive = 3600,
                Authentication = "mschap2,mschap1,chap,pap",
                Encryption = "yes",
                SystemExtra = "own-namespace = true",
                ServerExtra = "max-starting = 0",
            }.WriteTo(file);
            using NetworkNamespace serverSide = new();
            using NetworkNamespace clientSide = new();
            NetworkNamespace.Connect(
                serverSide, "wire", $"{OwnServerAddress}", clientSide, "wire", $"{OwnClientAddress}");
            using ServerProcess server = ServerProcess.Start(file, serverSide);
            report.AddCondition("pptpd", string.Join(' ', Repository.DaemonCommand()));
            TimeSpan processor = server.ProcessorTime;
            LoadFigures figures = clientSide.Invoke(() => RunAgainst(report, options with
            {
                Server = new IPEndPoint(OwnServerAddress, options.Server.Port),
                User = "load-{0}",
                Password = options.Password ?? ServerConfiguration.PasswordOf("load-{0}"),
            }));
            using RouteNetlink netlink = serverSide.Invoke(() => new RouteNetlink());
            report.Add("The server", "last interface gone after", WaitForNoInterface(netlink).TotalSeconds, "s");
            report.Add("The server", "processor time", (server.ProcessorTime - processor).TotalSeconds, "s");
            report.Add("The server", "resident memory at the end", server.ResidentKilobytes / 1024.0, "MiB");
            if (server.Stop(TimeSpan.FromSeconds(60)) != 0)
                throw new InvalidOperationException($"the server did not end well; {server.Report()}");
            return figures;
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static TimeSpan WaitForNoInterface(RouteNetlink netlink)
    {
        long start = Stopwatch.GetTimestamp();
        while (netlink.ListLinks().Any(link => link.Kind == "tun"))
        {
            if (Stopwatch.GetElapsedTime(start) > InterfaceLimit)
                throw new InvalidOperationException("interfaces of the server stay after all tunnels are gone");
            Thread.Sleep(20);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    private static LoadFigures RunAgainst(Report report, LoadOptions options)
    {
        report.AddCondition("server", $"{options.Server}");
        report.AddCondition("load", string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Count} tunnels, {options.Rate} a second, {options.PerConnection} on each connection"));
        using LoadGenerator generator = new(options);
        generator.Run();
        LoadFigures figures = generator.Figures;

        report.Add("Tunnels", "up", generator.UpAtBest, "");
        report.Add("Tunnels", "failed", figures.Failures.Values.Sum(), "");
        foreach ((string reason, int count) in figures.Failures) report.Add("Tunnels", $"failed: {reason}", count, "");
        report.Add("Tunnels", "lost while up", figures.Losses.Values.Sum(), "");
        foreach ((string reason, int count) in figures.Losses) report.Add("Tunnels", $"lost: {reason}", count, "");
        report.Add("Tunnels", "come up", generator.UpAtBest / generator.DialTime.TotalSeconds, "a second");
        report.Add("Tunnels", "all hung up within", generator.HangUpTime.TotalSeconds, "s");
        report.Add("Tunnels", "begun late, at most", figures.LargestLag.TotalMilliseconds, "ms");
        AddPercentiles(report, SetUpGroup, "", figures.SetUps);
        AddPercentiles(report, SetUpGroup, "until the call's reply, ", figures.CallSetUps);
        if (options.Traffic != TrafficKind.None) AddTraffic(report, generator);
        return figures;
    }

    private static void AddTraffic(Report report, LoadGenerator generator)
    {
        LoadOptions options = generator.Options;
        LoadFigures figures = generator.Figures;
        double seconds = options.Hold.TotalSeconds;
        string group = string.Create(
            CultureInfo.InvariantCulture, $"Traffic ({options.Traffic}), packets of {options.PacketSize} octets");
        report.Add(group, "asked for", options.PacketRate * generator.UpAtBest, "packets/s");
        report.Add(group, "sent into the tunnels", figures.PacketsSent / seconds, "packets/s");
        report.Add(group, "sent into the tunnels", Megabits(figures.PacketsSent * options.PacketSize), "Mbit/s");
        report.Add(group, "arrived out of the tunnels", figures.PacketsArrived / seconds, "packets/s");
        report.Add(group, "arrived out of the tunnels", Megabits(figures.OctetsArrived), "Mbit/s");
        double lost = figures.PacketsSent == 0 ? 0 : 1 - ((double)figures.PacketsArrived / figures.PacketsSent);
        report.Add(group, "lost", 100 * lost, "%");
        report.Add(group, "could not be decrypted", figures.Undecrypted, "packets");
        report.Add(group, "not taken by this machine's kernel", generator.Gre.DroppedNoRoom, "packets");
        report.Add(group, "came faster than they were read here", generator.Missed, "packets");
        AddPercentiles(report, group, "delay, ", figures.Delays);

        double Megabits(long octets) => octets * 8 / seconds / 1e6;
    }

    private static void AddPercentiles(Report report, string group, string name, List<double> milliseconds)
    {
        if (milliseconds.Count == 0) return;
        foreach (int percent in (int[])[50, 90, 99])
            report.Add(group, $"{name}{percent}th percentile", Samples.Percentile(milliseconds, percent), "ms");
        report.Add(group, $"{name}longest", milliseconds.Max(), "ms");
    }
}
