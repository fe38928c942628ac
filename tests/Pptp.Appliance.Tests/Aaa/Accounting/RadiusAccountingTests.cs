using System.Net;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Aaa.Accounting;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Sessions;
using Pptp.Appliance.State;
using Pptp.Appliance.Tests.State;
using Pptp.Model;
using Pptp.Radius;
using Pptp.Testing;

namespace Pptp.Appliance.Tests.Aaa.Accounting;

/// <summary>What servers are told, with real files and servers that can be switched off.</summary>
public sealed class RadiusAccountingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<Run> _runs = [];
    private readonly FakeTimeProvider _time = new(Noon);
    private FakeServers _servers = new();
    private PptpConfiguration _configuration = new();
    private DataPathCounters _counters;
    private string _folder = "";

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("pptpd-accounting-").FullName;
        _servers = new FakeServers();
        _counters = default;
        _configuration = new PptpConfiguration { PppAaa = new PppAaaSettings { UseRadius = true } };
    }

    [TearDown]
    public void TearDown()
    {
        _runs.ForEach(run => run.Dispose());
        _runs.Clear();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    [EffectOf("ppp-aaa", "accounting")]
    public void A_session_is_told_with_its_beginning_and_its_end()
    {
        Run run = Begin();
        Assert.That(_servers.Next().Type, Is.EqualTo("Accounting-On"));

        IAccountedSession? session = run.Start("alice");
        FakeRecord start = _servers.Next();
        _time.Advance(TimeSpan.FromSeconds(90));
        session!.Stop(DisconnectReason.IdleTimeout, new DataPathCounters
        {
            RxBytes = (5L << 32) + 7,
            TxBytes = (2L << 32) + 9,
            RxPackets = 11,
            TxPackets = 12,
        });
        FakeRecord stop = _servers.Next();

        Assert.Multiple(() =>
        {
            Assert.That(start.Type, Is.EqualTo("Start"));
            Assert.That(start.Text(RadiusAttributes.UserName), Is.EqualTo("alice"));
            Assert.That(start.Number(RadiusAttributes.AcctAuthentic), Is.EqualTo(1));
            Assert.That(start.Number(RadiusAttributes.AcctDelayTime), Is.Zero);
            Assert.That(start.Number(RadiusAttributes.EventTimestamp), Is.EqualTo(Noon.ToUnixTimeSeconds()));
            Assert.That(start.Find(RadiusAttributes.Class)?.Octets.ToArray(), Is.EqualTo("gold"u8.ToArray()));
            Assert.That(start.Find(RadiusAttributes.FramedIpAddress)?.AsAddress(), Is.EqualTo(IPAddress.Parse("10.8.0.2")));
            Assert.That(start.Find(RadiusAttributes.AcctSessionTime), Is.Null);
            Assert.That(stop.Type, Is.EqualTo("Stop"));
            Assert.That(stop.Id, Is.EqualTo(start.Id));
            Assert.That(stop.Number(RadiusAttributes.AcctSessionTime), Is.EqualTo(90));
            Assert.That(stop.Number(RadiusAttributes.AcctInputOctets), Is.EqualTo(7));
            Assert.That(stop.Number(RadiusAttributes.AcctInputGigawords), Is.EqualTo(5));
            Assert.That(stop.Number(RadiusAttributes.AcctOutputOctets), Is.EqualTo(9));
            Assert.That(stop.Number(RadiusAttributes.AcctOutputGigawords), Is.EqualTo(2));
            Assert.That(stop.Number(RadiusAttributes.AcctInputPackets), Is.EqualTo(11));
            Assert.That(stop.Number(RadiusAttributes.AcctOutputPackets), Is.EqualTo(12));
            Assert.That(stop.Number(RadiusAttributes.AcctTerminateCause), Is.EqualTo(4));
        });
    }

    [Test]
    [EffectOf("ppp-aaa", "accounting")]
    public void Without_accounting_or_servers_there_are_no_reports()
    {
        Run run = Begin();
        _servers.Next();

        _configuration = _configuration with { PppAaa = new PppAaaSettings { UseRadius = true, Accounting = false } };
        Assert.That(run.Start("alice"), Is.Null);
        _configuration = _configuration with { PppAaa = new PppAaaSettings() };
        Assert.That(run.Start("alice"), Is.Null);
        _configuration = _configuration with { PppAaa = new PppAaaSettings { UseRadius = true } };
        _servers.AreConfigured = false;
        Assert.That(run.Start("alice"), Is.Null);
        Assert.That(_servers.Came, Is.Empty);
    }

    [Test]
    [EffectOf("ppp-aaa", "accounting-input")]
    public void Input_is_what_goes_to_the_client_where_the_configuration_wants_it()
    {
        _configuration = _configuration with
        {
            PppAaa = new PppAaaSettings { UseRadius = true, AccountingInput = AccountingInput.ToClient },
        };
        Run run = Begin();

        run.Start("alice")!.Stop(DisconnectReason.PeerRequest, new DataPathCounters { RxBytes = 1, TxBytes = 2 });

        FakeRecord stop = NextOf("Stop");
        Assert.That(stop.Number(RadiusAttributes.AcctInputOctets), Is.EqualTo(2));
        Assert.That(stop.Number(RadiusAttributes.AcctOutputOctets), Is.EqualTo(1));
    }

    [Test]
    [EffectOf("ppp-aaa", "enable-ipv6-accounting")]
    public void The_prefix_is_told_where_the_configuration_wants_it()
    {
        Run run = Begin();
        run.Start("alice");
        Assert.That(NextOf("Start").Find(RadiusAttributes.FramedIpv6Prefix), Is.Null);

        _configuration = _configuration with
        {
            PppAaa = new PppAaaSettings { UseRadius = true, EnableIpv6Accounting = true },
        };
        run.Start("bob");

        Assert.That(NextOf("Start").Find(RadiusAttributes.FramedIpv6Prefix)?.AsIpv6Prefix(),
            Is.EqualTo((IPAddress.Parse("2001:db8:1::"), 64)));
    }

    [Test]
    [EffectOf("ppp-aaa", "interim-update")]
    [EffectOf("ppp-aaa", "interim-jitter")]
    public void Reports_come_at_the_interval_of_the_configuration_or_the_servers_own()
    {
        _configuration = _configuration with
        {
            PppAaa = new PppAaaSettings
            {
                UseRadius = true,
                InterimUpdate = TimeSpan.FromMinutes(5),
                InterimJitter = 20,
            },
        };
        Run run = Begin(dice: () => 0.75);
        run.Start("alice");
        IAccountedSession often = run.Start("bob", TimeSpan.FromSeconds(20))!;
        NextOf("Start");
        NextOf("Start");

        _counters = new DataPathCounters { RxBytes = 100 };
        _time.Advance(TimeSpan.FromSeconds(22));
        FakeRecord bob = NextOf("Interim-Update");
        often.Stop(DisconnectReason.PeerRequest, _counters);
        NextOf("Stop");
        // 5 minutes and half of 20 % of them; one that came before would have counted fewer seconds.
        _time.Advance(TimeSpan.FromSeconds(330 - 22 - 1));
        _time.Advance(TimeSpan.FromSeconds(1));
        FakeRecord alice = NextOf("Interim-Update");

        Assert.That(bob.Text(RadiusAttributes.UserName), Is.EqualTo("bob"));
        Assert.That(bob.Number(RadiusAttributes.AcctSessionTime), Is.EqualTo(22));
        Assert.That(bob.Number(RadiusAttributes.AcctInputOctets), Is.EqualTo(100));
        Assert.That(alice.Text(RadiusAttributes.UserName), Is.EqualTo("alice"));
        Assert.That(alice.Number(RadiusAttributes.AcctSessionTime), Is.EqualTo(330));
    }

    [Test]
    public void What_no_server_takes_is_repeated_the_same_but_for_its_delay()
    {
        Run run = Begin();
        _servers.Next();
        _servers.IsUp = false;
        run.Start("alice")!.Stop(DisconnectReason.HungUp, new DataPathCounters { RxBytes = 3 });
        FakeRecord first = _servers.Next();

        FakeRecord again = Retry(() => _servers.Next());
        _servers.IsUp = true;
        FakeRecord last = Retry(() => _servers.Next());

        Assert.That(first.Type, Is.EqualTo("Start"));
        Assert.That(again.Steady, Is.EqualTo(first.Steady));
        Assert.That(last.Steady, Is.EqualTo(first.Steady));
        Assert.That(last.Number(RadiusAttributes.AcctDelayTime), Is.GreaterThanOrEqualTo(6));
        Assert.That(NextOf("Stop").Id, Is.EqualTo(first.Id));
        Assert.That(run.Log.Lines, Has.Some.Contains("no RADIUS server takes accounting"));
    }

    [Test]
    public void Of_reports_that_wait_only_the_last_is_sent()
    {
        _configuration = _configuration with
        {
            PppAaa = new PppAaaSettings { UseRadius = true, InterimUpdate = TimeSpan.FromSeconds(60), InterimJitter = 0 },
        };
        Run run = Begin();
        run.Start("alice");
        NextOf("Start");
        _servers.IsUp = false;
        for (int minute = 1; minute <= 3; minute++)
        {
            _counters = new DataPathCounters { RxBytes = minute };
            _time.Advance(TimeSpan.FromSeconds(60));
        }
        Assert.That(_servers.Next().IsTaken, Is.False);
        // The newest is on the disk before the servers are back.
        Assert.That(() => Read(_folder).Single().Progress.InputOctets, Is.EqualTo(3).After(30_000, 20));

        _servers.IsUp = true;
        FakeRecord taken = Retry(() => _servers.NextTaken());

        Assert.That(taken.Type, Is.EqualTo("Interim-Update"));
        Assert.That(taken.Number(RadiusAttributes.AcctInputOctets), Is.EqualTo(3));
        Assert.That(() => run.Accounting.Status.Waiting, Is.Zero.After(30_000, 20));
    }

    [Test]
    public void After_a_crash_sessions_get_their_end_before_the_server_says_it_is_there()
    {
        Run first = Begin();
        first.Start("alice");
        FakeRecord start = NextOf("Start");
        _counters = new DataPathCounters { RxBytes = 500 };
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(() => Read(_folder).Single().Progress.InputOctets, Is.EqualTo(500).After(30_000, 20));
        Assert.That(() => Read(_folder).Single().StartAcknowledged, Is.True.After(30_000, 20));

        string found = Kill(1);
        _time.Advance(TimeSpan.FromHours(1));
        Begin(found);
        FakeRecord stop = _servers.Next();
        FakeRecord on = _servers.Next();

        Assert.That(stop.Type, Is.EqualTo("Stop"));
        Assert.That(stop.Id, Is.EqualTo(start.Id));
        Assert.That(stop.Number(RadiusAttributes.AcctTerminateCause), Is.EqualTo(11));
        Assert.That(stop.Number(RadiusAttributes.AcctInputOctets), Is.EqualTo(500));
        Assert.That(stop.Number(RadiusAttributes.AcctSessionTime), Is.InRange(45, 60));
        Assert.That(stop.Number(RadiusAttributes.EventTimestamp), Is.LessThanOrEqualTo((Noon + TimeSpan.FromSeconds(60)).ToUnixTimeSeconds()));
        Assert.That(stop.Number(RadiusAttributes.AcctDelayTime), Is.InRange(3600, 3615));
        Assert.That(on.Type, Is.EqualTo("Accounting-On"));
        Assert.That(() => Read(found), Is.Empty.After(30_000, 20));
    }

    [Test]
    public void Sessions_of_this_run_wait_until_the_server_has_said_that_it_is_there()
    {
        Run first = Begin();
        first.Start("alice");
        NextOf("Start");
        string found = Kill(1);
        _servers.IsUp = false;

        Run second = Begin(found);
        second.Start("bob");
        _servers.Next();
        _servers.IsUp = true;
        List<FakeRecord> told = [];
        Retry(() =>
        {
            while (told.Count < 3)
                told.Add(_servers.NextTaken());
            return told[0];
        });

        // Whether alice's Start was known to be taken when the first run died is open.
        Assert.That(told.Where(record => record.Type != "Start" || record.Text(RadiusAttributes.UserName) != "alice")
            .Select(record => record.Type).Take(2), Is.EqualTo(new[] { "Stop", "Accounting-On" }));
    }

    [Test]
    public void Whenever_the_daemon_is_killed_each_session_has_one_beginning_and_one_end_in_the_end()
    {
        // Each state the disk has been in is what the next run may find.
        Random random = new(7);
        List<FakeRecord> taken = [];
        string folder = _folder;
        for (int round = 0; round < 12; round++)
        {
            Run run = Begin(folder);
            List<IAccountedSession?> sessions = [];
            for (int i = 0; i < 8; i++)
            {
                _servers.IsUp = random.Next(3) > 0;
                sessions.Add(run.Start($"user{round}-{i}"));
                if (random.Next(2) == 0)
                    sessions[random.Next(sessions.Count)]?.Stop(DisconnectReason.PeerRequest, new DataPathCounters { RxBytes = i });
                if (random.Next(3) == 0)
                    _time.Advance(TimeSpan.FromSeconds(4));
                while (_servers.Came.TryTake(out FakeRecord? record, random.Next(5)))
                    Add(taken, record);
            }
            folder = Kill(round, folder);
        }
        _servers.IsUp = true;
        Run last = Begin(folder);
        Assert.That(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(4));
                return last.Accounting.Status.Waiting;
            },
            Is.Zero.After(60_000, 20));
        while (_servers.Came.TryTake(out FakeRecord? record, 100))
            Add(taken, record);

        ILookup<string, FakeRecord> bySession = taken
            .Where(record => record.Type is "Start" or "Stop").ToLookup(record => record.Id);
        foreach (IGrouping<string, FakeRecord> session in bySession)
        {
            Assert.That(session.Where(r => r.Type == "Start").Select(r => r.Steady).Distinct().Count(), Is.EqualTo(1), session.Key);
            Assert.That(session.Where(r => r.Type == "Stop").Select(r => r.Steady).Distinct().Count(), Is.EqualTo(1), session.Key);
        }
        Assert.That(bySession, Has.Count.GreaterThan(20));
        Assert.That(Read(folder), Is.Empty);
    }

    [Test]
    public void A_server_that_is_back_is_told_a_few_at_a_time()
    {
        Run run = Begin();
        _servers.Next();
        _servers.IsUp = false;
        for (int i = 0; i < 200; i++)
            run.Start($"user{i}")!.Stop(DisconnectReason.PeerRequest, default);
        Assert.That(() => run.Log.Lines, Has.Some.Contains("takes accounting").After(30_000, 20));
        Assert.That(run.Accounting.Status.Waiting, Is.EqualTo(200));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(run.Accounting.Status.Oldest, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(() => Read(_folder).Count(row => row.Cause is not null), Is.EqualTo(200).After(30_000, 100));

        string folder = Kill(0);
        TaskCompletionSource answers = new();
        _servers = new FakeServers { BeforeAnswer = () => answers.Task };
        Run next = Begin(folder);
        Assert.That(() => _servers.Came.Count(record => record.Type == "Start"), Is.EqualTo(8).After(30_000, 20));
        answers.SetResult();
        Assert.That(() => next.Accounting.Status.Waiting, Is.Zero.After(60_000, 20));
        Assert.That(_servers.Came.Count(record => record is { IsTaken: true, Type: "Stop" }), Is.EqualTo(200));
    }

    [Test]
    public void Of_sessions_that_come_and_go_while_no_server_answers_only_so_many_are_in_memory()
    {
        const int Limit = 20;
        Run run = Begin(waitingLimit: Limit);
        _servers.Next();
        _servers.IsUp = false;
        run.Start("first");
        Assert.That(() => run.Log.Lines, Has.Some.Contains("takes accounting").After(30_000, 20));
        for (int i = 0; i < 3 * Limit; i++)
            run.Start($"user{i}")!.Stop(DisconnectReason.PeerRequest, default);
        Assert.That(() => Read(_folder).Count(row => row.Cause is not null), Is.EqualTo(3 * Limit).After(30_000, 100));
        Assert.That(() => run.Accounting.Status.Waiting, Is.LessThanOrEqualTo(Limit + 1).After(30_000, 20));

        _servers.IsUp = true;
        HashSet<string> over = [];
        while (over.Count < 3 * Limit)
        {
            FakeRecord record = Retry(_servers.NextTaken);
            if (record.Type == "Stop")
                Assert.That(over.Add(record.Id), Is.True, "told twice");
        }
    }

    [Test]
    public void A_session_whose_last_is_told_while_the_file_is_read_again_is_not_told_again()
    {
        Run run = Begin();
        _servers.Next();
        IAccountedSession session = run.Start("alice")!;
        NextOf("Start");
        TaskCompletionSource answer = new();
        _servers.BeforeAnswer = () => answer.Task;
        session.Stop(DisconnectReason.PeerRequest, default);
        NextOf("Stop");

        using ManualResetEventSlim read = new();
        Action<IReadOnlyList<AccountingRow>> takeOver = run.Journal.OnOpened;
        run.Journal.OnOpened = rows =>
        {
            answer.TrySetResult();
            SpinWait.SpinUntil(() => run.Accounting.Status.Waiting == 0, Limit);
            takeOver(rows);
            read.Set();
        };
        run.Journal.Reopen();
        Assert.That(read.Wait(Limit), Is.True);
        run.Start("bob");
        Assert.That(_servers.Next().Text(RadiusAttributes.UserName), Is.EqualTo("bob"));
    }

    [Test]
    public void On_a_full_disk_sessions_are_told_all_the_same_and_what_waits_is_on_it_when_there_is_room_again()
    {
        string folder = Path.Combine(_folder, "small");
        using SmallDisk disk = new(folder);
        Run run = Begin(folder);
        _servers.Next();
        disk.Fill();

        for (int i = 0; i < 300; i++)
            run.Start($"taken{i}")!.Stop(DisconnectReason.PeerRequest, default);
        for (int i = 0; i < 300; i++)
            NextOf("Stop");
        Assert.That(
            () => run.Log.Lines.Count(line => line.Contains("cannot be kept", StringComparison.Ordinal)),
            Is.EqualTo(1).After(30_000, 20));
        _servers.IsUp = false;
        for (int i = 0; i < 300; i++)
            run.Start($"waits{i}")!.Stop(DisconnectReason.PeerRequest, default);
        run.Start("stays");
        disk.Empty();
        Assert.That(() => run.Log.Lines, Has.Some.Contains("is kept in").After(30_000, 20));

        Assert.That(
            () => Read(folder).Count(row => row.UserName.StartsWith("waits", StringComparison.Ordinal) && row.Cause is not null),
            Is.EqualTo(300).After(30_000, 100));
        Assert.That(Read(folder).Count(row => row.UserName == "stays" && row.Cause is null), Is.EqualTo(1));
    }

    [Test]
    public void Where_the_disk_is_of_no_use_sessions_are_told_all_the_same_and_the_operator_once()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Run run = Begin(Path.Combine(file, "state"));

        for (int i = 0; i < 3; i++)
            run.Start($"user{i}")!.Stop(DisconnectReason.PeerRequest, default);
        for (int i = 0; i < 3; i++)
            NextOf("Stop");

        Assert.That(run.Log.Lines.Count(line => line.Contains("cannot be kept", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void A_broken_file_is_moved_aside_and_the_sessions_there_are_go_to_the_new_one()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, AccountingDatabase.FileName), new string('x', 5000));
        Run run = Begin();

        run.Start("alice");
        NextOf("Start");

        Assert.That(run.Log.Lines, Has.Some.Contains("is broken"));
        Assert.That(() => Read(_folder), Has.Count.EqualTo(1).After(30_000, 20));
    }

    [Test]
    public async Task The_server_says_that_it_goes_when_all_is_told()
    {
        Run run = Begin();
        IAccountedSession session = run.Start("alice")!;
        NextOf("Start");

        session.Stop(DisconnectReason.Reboot, default);
        await run.Accounting.StopAsync(Limit).WaitAsync(Limit);

        Assert.That(_servers.Came.Select(record => record.Type), Is.EqualTo(new[] { "Stop", "Accounting-Off" }));
    }

    private static void Add(List<FakeRecord> taken, FakeRecord record)
    {
        if (record.IsTaken)
            taken.Add(record);
    }

    private FakeRecord NextOf(string type)
    {
        FakeRecord record;
        do
            record = _servers.Next();
        while (record.Type != type);
        return record;
    }

    /// <summary>Lets time pass until something comes.</summary>
    private FakeRecord Retry(Func<FakeRecord> take)
    {
        using Timer timer = new(_ => _time.Advance(TimeSpan.FromSeconds(3)), null, 50, 50);
        return take();
    }

    private Run Begin(
        string? folder = null, Func<double>? dice = null, int waitingLimit = RadiusAccounting.WaitingLimit)
    {
        Run run = new(this, folder ?? _folder, dice ?? (() => 0.5), waitingLimit);
        _runs.Add(run);
        return run;
    }

    /// <summary>Ends all runs as SIGKILL does: what their file is at this moment is what is left.</summary>
    private string Kill(int round, string? folder = null)
    {
        // What is sent after the files are copied would have left before what it depends on was there.
        FakeServers servers = _servers;
        servers.CutOff();
        string copy = Path.Combine(_folder, $"killed{round}");
        Directory.CreateDirectory(copy);
        // The log last: what it has and the file lacks is whole.
        foreach (string suffix in new[] { "", "-wal" })
        {
            string from = Path.Combine(folder ?? _folder, AccountingDatabase.FileName + suffix);
            if (File.Exists(from))
                File.Copy(from, Path.Combine(copy, AccountingDatabase.FileName + suffix));
        }
        _servers = new FakeServers { IsUp = servers.IsUp };
        _runs.ForEach(run => run.Dispose());
        _runs.Clear();
        while (servers.Came.TryTake(out FakeRecord? record))
            _servers.Came.Add(record);
        return copy;
    }

    private static List<AccountingRow> Read(string folder)
    {
        using AccountingDatabase database = AccountingDatabase.Open(folder);
        return database.Read();
    }

    private sealed class Run : IDisposable
    {
        private readonly RadiusAccountingTests _test;
        private readonly AccountingJournal _journal;
        private readonly SessionIds _ids;

        public Run(RadiusAccountingTests test, string folder, Func<double> dice, int waitingLimit)
        {
            _test = test;
            _journal = new AccountingJournal(folder, test._time, Log, TimeSpan.FromMilliseconds(100));
            _ids = new SessionIds(_journal, Log);
            Accounting = new RadiusAccounting(
                new MonotonicClock(test._time), _journal, _ids, test._servers, () => test._configuration, Log, dice,
                waitingLimit);
            _journal.Start();
            Accounting.Begin();
        }

        public ListLogger Log { get; } = new();

        public RadiusAccounting Accounting { get; }

        public AccountingJournal Journal => _journal;

        public IAccountedSession? Start(string user, TimeSpan? interim = null) => Accounting.Start(new AccountedSession
        {
            Identity = _ids.Next(),
            User = user,
            LoginName = user,
            CallerId = IPAddress.Parse("192.0.2.7"),
            CalledId = IPAddress.Parse("192.0.2.1"),
            Address = IPAddress.Parse("10.8.0.2"),
            Ipv6Prefix = new Ipv6Prefix((UInt128)0x20010db800010000 << 64, 64),
            IsOfRadius = true,
            Classes = ["gold"u8.ToArray()],
            InterimInterval = interim,
            Counters = () => _test._counters,
        });

        public void Dispose()
        {
            Accounting.Dispose();
            _journal.Dispose();
        }
    }
}
