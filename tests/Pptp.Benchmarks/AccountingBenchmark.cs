using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pptp.Appliance;
using Pptp.Appliance.Aaa.Accounting;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Sessions;
using Pptp.Appliance.State;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Benchmarks;

/// <summary>
/// What it costs to tell a server of 5,000 sessions that are up, all at the same moment, as after they came up together:
/// counters read, rows on the disk, requests sent and their answers verified. Beside it the same requests without all
/// that, and rows that are written one by one.
/// </summary>
internal static class AccountingBenchmark
{
    private const int Sessions = 5000;
    private const int Rounds = 5;

    /// <summary>As many as the accounting has on their way.</summary>
    private const int AtATime = 64;

    private const int SingleRows = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Report report)
    {
        Console.Error.WriteLine($"interim updates of {Sessions} sessions ...");
        string folder = Directory.CreateTempSubdirectory("pptpd-accounting-").FullName;
        try
        {
            using RadiusResponder server = new(IPAddress.Loopback);
            Interims interims = new(server);
            PptpConfiguration configuration = Configure(server.EndPoint);
            MonotonicClock clock = new(TimeProvider.System);
            await using RadiusServers servers = new(
                (row, purpose) => RadiusPorts.Open(row, purpose, TimeProvider.System), clock, NullLogger.Instance);
            servers.Update(configuration.Radius);
            Cost alone = await MeasureAloneAsync(servers, interims);
            Cost whole = await MeasureWholeAsync(servers, clock, configuration, interims, folder);
            double row = MeasureSingleRows(Path.Combine(folder, "single"), interims);

            string group = string.Create(
                CultureInfo.InvariantCulture, $"Interim updates of {Sessions} sessions, all due at once");
            report.Add(group, "until the first is sent: they wait a second for company", whole.First, "s");
            report.Add(group, "from then until the last is taken by the server", whole.Rest, "s");
            report.Add(group, "told and taken", Sessions / whole.Rest, "a second");
            report.Add(group, "the same requests alone", Sessions / (alone.First + alone.Rest), "a second");
            report.Add(group, "processor time of an update, the server's with it", whole.Processor, "us");
            report.Add(group, "processor time of a request alone, likewise", alone.Processor, "us");
            report.Add(group, "an update for each request alone, in processor time", whole.Processor / alone.Processor, "x");
            report.Add(group, "a row that is written alone", row, "us");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static PptpConfiguration Configure(IPEndPoint server) => new()
    {
        PppAaa = new PppAaaSettings { UseRadius = true, InterimUpdate = Interval, InterimJitter = 0 },
        Radius =
        [
            new RadiusServer
            {
                Service = RadiusServices.Ppp,
                Address = server.Address,
                Secret = SecretValue.FromPassword(RadiusResponder.Secret),
                AccountingPort = server.Port,
                Timeout = TimeSpan.FromSeconds(3),
            },
        ],
    };

    private static async Task<Cost> MeasureAloneAsync(RadiusServers servers, Interims interims)
    {
        SessionIds ids = new();
        RadiusRequest[] updates =
        [
            .. Enumerable.Range(0, Sessions).Select(number => RowOf(Session(number, ids, interims)))
                .Select(row => AccountingRequests.Create(
                    row, new AccountingRecord(AccountingStatusType.InterimUpdate, row.Progress), DateTimeOffset.UtcNow)),
        ];
        RadiusQuery query = new("u0", IPAddress.Loopback);
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtATime };
        List<Cost> costs = [];
        for (int round = 0; round <= Rounds; round++)
        {
            Task<Cost> told = interims.MeasureAsync();
            int number = 0;
            interims.Begin();
            await Parallel.ForAsync(0, Sessions, options, async (_, cancellation) =>
            {
                RadiusRequest update = updates[Interlocked.Increment(ref number) - 1];
                RadiusAnswer answer =
                    await servers.SendAsync(update, query, RadiusPurpose.Accounting, cancellation);
                if (answer.Outcome is not RadiusOutcome.Reply)
                    throw new InvalidOperationException("a request was not answered");
            });
            costs.Add(await told);
        }
        return Cost.Median(costs.Skip(1));
    }

    private static async Task<Cost> MeasureWholeAsync(
        RadiusServers servers, MonotonicClock clock, PptpConfiguration configuration, Interims interims, string folder)
    {
        using AccountingJournal journal =
            new(folder, TimeProvider.System, NullLogger.Instance, TimeSpan.FromSeconds(1));
        SessionIds ids = new(journal, NullLogger.Instance);
        using RadiusAccounting accounting = new(
            clock, journal, ids, new RadiusAccountingPort(servers), () => configuration, NullLogger.Instance,
            dice: () => 0);
        journal.Start();
        accounting.Begin();
        IAccountedSession[] sessions =
            [.. Enumerable.Range(0, Sessions).Select(number => accounting.Start(Session(number, ids, interims))!)];
        List<Cost> costs = [];
        for (int round = 0; round <= Rounds; round++)
            costs.Add(await interims.MeasureAsync());
        foreach (IAccountedSession session in sessions)
            session.Stop(DisconnectReason.Reset, default);
        await accounting.StopAsync(Patience);
        return Cost.Median(costs.Skip(1));
    }

    /// <returns>Microseconds for each.</returns>
    private static double MeasureSingleRows(string folder, Interims interims)
    {
        Directory.CreateDirectory(folder);
        using AccountingDatabase database = AccountingDatabase.Open(folder);
        SessionIds ids = new();
        AccountingRow[] rows = [.. Enumerable.Range(0, SingleRows).Select(number => RowOf(Session(number, ids, interims)))];
        long start = Stopwatch.GetTimestamp();
        foreach (AccountingRow row in rows)
            database.Write([row], []);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / SingleRows;
    }

    private static AccountedSession Session(int number, SessionIds ids, Interims interims) => new()
    {
        Identity = ids.Next(),
        User = $"u{number}",
        LoginName = $"u{number}",
        CallerId = new IPAddress((uint)(number + 1) << 8 | 10),
        CalledId = IPAddress.Loopback,
        Address = new IPAddress((uint)(number + 1) << 8 | 11),
        IsOfRadius = true,
        Classes = [new byte[16]],
        Counters = () =>
        {
            interims.Begin();
            return new DataPathCounters { RxBytes = number, TxBytes = number };
        },
    };

    private static AccountingRow RowOf(AccountedSession session) => new()
    {
        Id = session.Identity.AcctSessionId,
        UserName = session.LoginName,
        CalledId = session.CalledId,
        Attributes = AccountingRequests.DescribeSession(session, new PptpConfiguration()),
        StartedAt = DateTimeOffset.UnixEpoch,
        Progress = new AccountingProgress { At = DateTimeOffset.UnixEpoch },
    };

    /// <param name="First">Seconds until the first comes to the server.</param>
    /// <param name="Rest">Seconds from then until the last.</param>
    /// <param name="Processor">Of one update, in microseconds of all processors, from the first counter that is read on.</param>
    private readonly record struct Cost(double First, double Rest, double Processor)
    {
        public static Cost Median(IEnumerable<Cost> costs)
        {
            Cost[] all = [.. costs];
            return new Cost(
                Samples.Median(all.Select(cost => cost.First)), Samples.Median(all.Select(cost => cost.Rest)),
                Samples.Median(all.Select(cost => cost.Processor)));
        }
    }

    /// <summary>Watches what comes to the server, in rounds of one update of each session.</summary>
    private sealed class Interims
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _told = [];
        private TaskCompletionSource<Cost> _round = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isUnderWay;
        private long _begun;
        private TimeSpan _first;
        private TimeSpan _processor;

        public Interims(RadiusResponder server) => server.Heard = Take;

        /// <summary>The round that is next.</summary>
        public Task<Cost> MeasureAsync()
        {
            lock (_lock)
                return _round.Task.WaitAsync(Patience);
        }

        /// <summary>The round has begun, if it had not.</summary>
        public void Begin()
        {
            lock (_lock)
            {
                if (_isUnderWay)
                    return;
                _isUnderWay = true;
                _begun = Stopwatch.GetTimestamp();
                _processor = Environment.CpuUsage.TotalTime;
            }
        }

        private void Take(RadiusPacket request)
        {
            if (request.Find(RadiusAttributes.AcctStatusType)?.AsInteger() != (uint)AccountingStatusType.InterimUpdate)
                return;
            lock (_lock)
            {
                TimeSpan elapsed = Stopwatch.GetElapsedTime(_begun);
                if (_told.Count == 0)
                    _first = elapsed;
                // What is told again counts once.
                _told.Add(request.Find(RadiusAttributes.AcctSessionId)?.AsText() ?? "");
                if (_told.Count < Sessions)
                    return;
                _told.Clear();
                _isUnderWay = false;
                _round.SetResult(new Cost(
                    _first.TotalSeconds, (elapsed - _first).TotalSeconds,
                    (Environment.CpuUsage.TotalTime - _processor).TotalMicroseconds / Sessions));
                _round = new TaskCompletionSource<Cost>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
