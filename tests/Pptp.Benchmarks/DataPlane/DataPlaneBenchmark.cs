using System.Globalization;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>
/// Rows 4 to 8, 12, 13 and 15: traffic through two daemons and, in the same rounds, through what they are compared
/// with. Daemons, traffic and its ends share this machine's processors.
/// </summary>
internal sealed class DataPlaneBenchmark(Report report, int rounds, bool quick)
{
    private const int Many = 200;
    private const int PacketsPerSecond = 20_000;
    private const int Burst = 32;

    private static readonly TimeSpan Bulk = TimeSpan.FromSeconds(3);

    /// <summary>What may be measured by itself.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["bulk", "small", "ping", "many", "flood", "sockets"];

    /// <param name="report">Takes the rows.</param>
    /// <param name="rounds">Of each ratio.</param>
    /// <param name="quick">The long run takes seconds.</param>
    /// <param name="only">One of <see cref="Parts"/>; empty: all.</param>
    public static void Run(Report report, int rounds, bool quick, string only)
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
        {
            report.AddAbsence($"rows 4 to 8, 12, 13, 15: {reason}");
            return;
        }
        report.AddCondition("pptpd", Repository.IsNative ? "native" : "JIT");
        DataPlaneBenchmark benchmark = new(report, rounds, quick);
        Action[] parts =
        [
            benchmark.MeasureBulk, benchmark.MeasureSmall, benchmark.MeasurePing, benchmark.MeasureMany,
            benchmark.MeasureFlood, benchmark.MeasureSockets,
        ];
        for (int i = 0; i < parts.Length; i++)
        {
            if (only.Length == 0 || only == Parts[i])
                parts[i]();
        }
    }

    private void MeasureBulk()
    {
        Tell("bulk TCP: MPPE, none, naive");
        using DaemonEnds encrypted = new(1, encrypted: true);
        using DaemonEnds clear = new(1, encrypted: false);
        using ForwarderEnds naive = new(encrypted: true);
        using BulkTcp encryptedTcp = new(encrypted, 1);
        using BulkTcp clearTcp = new(clear, 1);
        using BulkTcp naiveTcp = new(naive, 1);
        double[] on = new double[rounds], off = new double[rounds], plain = new double[rounds];
        List<double> perCall = [], coalesced = [];
        for (int round = 0; round < rounds; round++)
        {
            (IReadOnlyDictionary<string, long> near, IReadOnlyDictionary<string, long> far) = encrypted.Counters();
            on[round] = encryptedTcp.Run(Bulk);
            (IReadOnlyDictionary<string, long> nearThen, IReadOnlyDictionary<string, long> farThen) = encrypted.Counters();
            perCall.Add((double)(nearThen["sent"] - near["sent"]) / (nearThen["send-calls"] - near["send-calls"]));
            coalesced.Add(100.0 * (farThen["coalesced"] - far["coalesced"]) / (farThen["written"] - far["written"]));
            off[round] = clearTcp.Run(Bulk);
            plain[round] = naiveTcp.Run(Bulk);
            Tell($"  {on[round]:0} / {off[round]:0} / {plain[round]:0} Mbit/s");
        }
        const string Group = "Bulk TCP through a tunnel, one connection, both ends and both daemons on this machine";
        report.Add(Group, "with MPPE", Samples.Median(on), "Mbit/s");
        report.Add(Group, "without", Samples.Median(off), "Mbit/s");
        report.Add(Group, "naive forwarder with MPPE", Samples.Median(plain), "Mbit/s");
        report.AddRow(4, Ratios(on, off), "own sender, not iperf3");
        report.AddRow(5, Ratios(on, plain), "own sender, not iperf3");
        report.AddRow(70, perCall, "the daemon that sends");
        report.AddRow(71, coalesced, "the daemon that receives");
        MeasureAllocation(encrypted, encryptedTcp);
    }

    private void MeasureAllocation(DaemonEnds ends, BulkTcp tcp)
    {
        TimeSpan time = quick ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(60);
        Tell($"allocation, {time.TotalSeconds} s");
        (IReadOnlyDictionary<string, long> near, IReadOnlyDictionary<string, long> far) = ends.Counters();
        tcp.Run(time);
        (IReadOnlyDictionary<string, long> nearThen, IReadOnlyDictionary<string, long> farThen) = ends.Counters();
        long Grown(string name) => nearThen[name] - near[name] + farThen[name] - far[name];
        string remark = string.Create(
            CultureInfo.InvariantCulture, $"both daemons; {Grown("sent")} packets in {time.TotalSeconds} s");
        report.AddRow(80, [(double)Grown("allocated") / Grown("sent")], remark);
        report.AddRow(81, [Grown("collections")], remark);
    }

    private void MeasureSmall()
    {
        Tell("CPU per packet of 64 octets");
        using DaemonEnds daemon = new(1, encrypted: true);
        using ForwarderEnds naive = new(encrypted: true);
        using SmallPackets toDaemon = new(daemon, null);
        using SmallPackets toNaive = new(naive, null);
        List<double> send = [], receive = [], ours = [], theirs = [];
        for (int round = 0; round < rounds; round++)
        {
            (double near, double far) = CostOf(daemon, toDaemon);
            (double naiveNear, double naiveFar) = CostOf(naive, toNaive);
            send.Add(near / naiveNear);
            receive.Add(far / naiveFar);
            ours.Add(near + far);
            theirs.Add(naiveNear + naiveFar);
            Tell($"  {near:0.00} and {far:0.00} us; naive {naiveNear:0.00} and {naiveFar:0.00} us");
        }
        string remark = string.Create(
            CultureInfo.InvariantCulture, $"{PacketsPerSecond} packets a second in bursts of {Burst} to each");
        report.AddRow(60, send, remark);
        report.AddRow(61, receive, remark);
        report.Add("CPU per packet of 64 octets, both ends together", "pptpd", Samples.Median(ours), "us");
        report.Add("CPU per packet of 64 octets, both ends together", "naive forwarder", Samples.Median(theirs), "us");
    }

    /// <returns>Microseconds for each packet, of the near end's process and of the far end's.</returns>
    private static (double Near, double Far) CostOf(TunnelEnds ends, SmallPackets packets)
    {
        packets.Send(PacketsPerSecond, Burst, TimeSpan.FromSeconds(0.2));
        TimeSpan near = ends.NearTime, far = ends.FarTime;
        int sent = packets.Send(PacketsPerSecond, Burst, TimeSpan.FromSeconds(2));
        // Until the last have gone through.
        Thread.Sleep(100);
        return ((ends.NearTime - near).TotalMicroseconds / sent, (ends.FarTime - far).TotalMicroseconds / sent);
    }

    private void MeasurePing()
    {
        Tell("ping");
        using DaemonEnds daemon = new(1, encrypted: true);
        using ForwarderEnds bare = new(encrypted: false);
        using Ping through = new(daemon, null);
        using Ping beside = new(bare, null);
        List<double> differences = [], ours = [], theirs = [];
        through.Run(200);
        beside.Run(200);
        for (int round = 0; round < Math.Max(rounds, 9); round++)
        {
            // In short turns, so that what disturbs one disturbs the other.
            List<double> a = [], b = [];
            for (int turn = 0; turn < 10; turn++)
            {
                a.AddRange(through.Run(100));
                b.AddRange(beside.Run(100));
            }
            ours.Add(Samples.Median(a));
            theirs.Add(Samples.Median(b));
            differences.Add(ours[^1] - theirs[^1]);
        }
        report.AddRow(12, differences, string.Create(
            CultureInfo.InvariantCulture, $"{Samples.Median(ours):0} us against {Samples.Median(theirs):0} us"));
    }

    private void MeasureMany()
    {
        Tell($"bulk TCP over {Many} tunnels and over one");
        using DaemonEnds one = new(1, encrypted: true);
        using DaemonEnds many = new(Many, encrypted: true);
        using BulkTcp oneTcp = new(one, 1);
        using BulkTcp manyTcp = new(many, Many);
        double[] single = new double[rounds], aggregate = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            single[round] = oneTcp.Run(Bulk);
            aggregate[round] = manyTcp.Run(Bulk);
            Tell($"  {aggregate[round]:0} / {single[round]:0} Mbit/s");
        }
        report.AddRow(13, Ratios(aggregate, single), "one connection in each tunnel");
    }

    private void MeasureFlood()
    {
        Tell("ping beside a flood");
        using DaemonEnds daemon = new(2, encrypted: true);
        using Ping ping = new(daemon, 0);
        using SmallPackets flood = new(daemon, 1);
        ping.Run(100);
        List<double> ratios = [], quiet = [], beside = [];
        for (int round = 0; round < rounds; round++)
        {
            List<double> idle = ping.Run(500, TimeSpan.FromMilliseconds(1));
            using CancellationTokenSource stop = new();
            Thread sender = new(() => flood.Flood(stop.Token));
            sender.Start();
            Thread.Sleep(300);
            List<double> flooded = ping.Run(300, TimeSpan.FromMilliseconds(1));
            stop.Cancel();
            sender.Join();
            Thread.Sleep(500);
            quiet.Add(Samples.Percentile(idle, 99));
            beside.Add(Samples.Percentile(flooded, 99));
            ratios.Add(beside[^1] / quiet[^1]);
        }
        report.AddRow(15, ratios, string.Create(
            CultureInfo.InvariantCulture,
            $"p99 {Samples.Median(beside):0} us against {Samples.Median(quiet):0} us, {ping.Lost} pings lost"));
    }

    private void MeasureSockets()
    {
        Tell("raw and packet sockets");
        using DaemonEnds raw = new(1, encrypted: true);
        using DaemonEnds packet = new(1, encrypted: true, "packet");
        using BulkTcp rawTcp = new(raw, 1);
        using BulkTcp packetTcp = new(packet, 1);
        using SmallPackets toRaw = new(raw, null);
        using SmallPackets toPacket = new(packet, null);
        List<double> bulk = [], send = [], receive = [];
        for (int round = 0; round < rounds; round++)
        {
            double mbits = rawTcp.Run(Bulk);
            bulk.Add(packetTcp.Run(Bulk) / mbits);
            (double near, double far) = CostOf(raw, toRaw);
            (double packetNear, double packetFar) = CostOf(packet, toPacket);
            send.Add(packetNear / near);
            receive.Add(packetFar / far);
        }
        const string Group = "gre-socket: packet / raw";
        report.Add(Group, "bulk TCP, Mbit/s", Samples.Median(bulk), "x");
        report.Add(Group, "CPU per packet of 64 octets, TUN to GRE", Samples.Median(send), "x");
        report.Add(Group, "CPU per packet of 64 octets, GRE to TUN", Samples.Median(receive), "x");
    }

    private static double[] Ratios(double[] ours, double[] theirs) => [.. ours.Zip(theirs, (a, b) => a / b)];

    private static void Tell(string text) => Console.Error.WriteLine(text);
}
