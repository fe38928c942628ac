using Microsoft.Extensions.Logging;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Sessions;
using Pptp.Appliance.State;
using Pptp.Model;

namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>
/// Tells the RADIUS servers of sessions (RFC 2866) and forgets nothing: what a report depends on is on the disk before
/// the report leaves, and it is repeated, over restarts too, until a server has taken it. A repeat differs from the
/// first in its delay alone. Of a session's reports only one Interim-Update waits, its last; Start and Stop always do.
/// </summary>
internal sealed partial class RadiusAccounting : IAccounting, IDisposable
{
    /// <summary>Between two checkpoints at most.</summary>
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(60);

    private readonly MonotonicClock _clock;
    private readonly AccountingJournal _journal;
    private readonly SessionIds _ids;
    private readonly IAccountingPort _port;
    private readonly Func<PptpConfiguration> _configuration;
    private readonly Func<double> _dice;
    private readonly int _waitingLimit;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AccountingEntry> _entries = new(StringComparer.Ordinal);

    // Entries whose time has come, and lanes that are to be tried again. An entry's place may be out of date.
    private readonly PriorityQueue<object, TimeSpan> _agenda = new();
    private readonly ActorTimer _timer;
    private bool _isTicking;

    /// <param name="clock">For intervals, and for the time of day.</param>
    /// <param name="journal">Not started yet.</param>
    /// <param name="ids">For the server's own reports.</param>
    /// <param name="port">Takes the reports.</param>
    /// <param name="configuration">The one in force.</param>
    /// <param name="logger">Is told when reports begin to wait.</param>
    /// <param name="dice">A number from 0 to below 1; null: any.</param>
    /// <param name="waitingLimit">Sessions that are over and held in memory for servers that do not answer.</param>
    public RadiusAccounting(
        MonotonicClock clock, AccountingJournal journal, SessionIds ids, IAccountingPort port,
        Func<PptpConfiguration> configuration, ILogger logger, Func<double>? dice = null, int waitingLimit = WaitingLimit)
    {
        _clock = clock;
        _journal = journal;
        _ids = ids;
        _port = port;
        _configuration = configuration;
        _logger = logger;
        _waitingLimit = waitingLimit;
        _dice = dice ?? Random.Shared.NextDouble;
        _timer = new ActorTimer(clock, Tick);
        journal.OnOpened = TakeOver;
    }

    public AccountingStatus Status
    {
        get
        {
            lock (_lock)
            {
                List<DateTimeOffset> waiting =
                    [.. _entries.Values.Select(entry => entry.WaitsSince).OfType<DateTimeOffset>()];
                TimeSpan oldest = waiting.Count == 0 ? TimeSpan.Zero : WallClock() - waiting.Min();
                return new AccountingStatus(waiting.Count, oldest < TimeSpan.Zero ? TimeSpan.Zero : oldest, _journal.Trouble);
            }
        }
    }

    private bool IsWanted => _configuration().PppAaa is { UseRadius: true, Accounting: true };

    public IAccountedSession? Start(AccountedSession session)
    {
        RadiusQuery query = new(session.LoginName, session.CalledId);
        lock (_lock)
        {
            if (_isStopped || !IsWanted || !_port.Reaches(query))
                return null;
            PptpConfiguration configuration = _configuration();
            DateTimeOffset now = WallClock();
            AccountingEntry entry = new(
                new AccountingRow
                {
                    Id = session.Identity.AcctSessionId,
                    UserName = session.LoginName,
                    CalledId = session.CalledId,
                    Attributes = AccountingRequests.DescribeSession(session, configuration),
                    StartedAt = now,
                    Progress = new AccountingProgress { At = now },
                },
                query)
            {
                Live = session,
                Since = _clock.Now,
                Input = configuration.PppAaa.AccountingInput,
            };
            // A number that could not be set apart may be one that still waits.
            if (!_entries.TryAdd(entry.Row.Id, entry))
                return null;
            SetInterim(entry, session.InterimInterval);
            Keep(entry, urgently: true, () => entry.MayStart = true);
            return new Handle(this, entry);
        }
    }

    /// <summary>Has the row written, and then what depends on it told.</summary>
    private void Keep(AccountingEntry entry, bool urgently, Action allow)
    {
        if (!_journal.Put(entry.Row, Then, urgently))
            Then();

        void Then()
        {
            lock (_lock)
            {
                allow();
                if (entry.Row.Cause is null || !LeaveToTheDisk(entry))
                    Enqueue(entry, isLate: false);
            }
        }
    }

    private void SetInterim(AccountingEntry entry, TimeSpan? wanted)
    {
        TimeSpan own = _configuration().PppAaa.InterimUpdate;
        entry.Interval = wanted > TimeSpan.Zero ? wanted : own > TimeSpan.Zero ? own : null;
        entry.NextInterim = NextInterim(entry);
        entry.NextCheckpoint = NextCheckpoint(entry);
        Schedule(entry);
    }

    /// <summary>Sessions that came up together do not report together for long.</summary>
    private TimeSpan? NextInterim(AccountingEntry entry) =>
        entry.Interval is { } interval
            ? _clock.Now + interval * (1 + _configuration().PppAaa.InterimJitter / 100.0 * (2 * _dice() - 1))
            : null;

    private TimeSpan NextCheckpoint(AccountingEntry entry)
    {
        TimeSpan interval = entry.Interval < CheckpointInterval ? entry.Interval.Value : CheckpointInterval;
        return _clock.Now + interval * (1 - _dice() / 4);
    }

    private void Schedule(AccountingEntry entry)
    {
        TimeSpan due = entry.NextInterim < entry.NextCheckpoint ? entry.NextInterim.Value : entry.NextCheckpoint;
        entry.Due = due;
        Schedule(entry, due);
    }

    private void Schedule(object what, TimeSpan due)
    {
        bool isFirst = !_agenda.TryPeek(out _, out TimeSpan first) || due < first;
        _agenda.Enqueue(what, due);
        if (isFirst && !_isTicking)
            _timer.Set(due);
    }

    private void Tick()
    {
        lock (_lock)
        {
            if (_isTicking || _isStopped)
                return;
            _isTicking = true;
            while (_agenda.TryPeek(out object? what, out TimeSpan due) && due <= _clock.Now)
            {
                _agenda.Dequeue();
                if (what is AccountingLane lane)
                    Pump(lane);
                else if (what is AccountingEntry { Live: not null } entry && entry.Due == due)
                    Report(entry);
            }
            _isTicking = false;
            _timer.Set(_agenda.TryPeek(out _, out TimeSpan next) ? next : null);
        }
    }

    private void Report(AccountingEntry entry)
    {
        AccountingProgress figures = Measure(entry, entry.Live!.Counters());
        entry.Row = entry.Row with { Progress = figures };
        bool isInterim = entry.NextInterim <= _clock.Now;
        entry.NextCheckpoint = NextCheckpoint(entry);
        if (isInterim)
        {
            entry.NextInterim = NextInterim(entry);
            entry.Interim = figures;
            entry.MayReport = false;
            Keep(entry, urgently: false, () => entry.MayReport |= entry.Interim == figures);
        }
        else
        {
            _journal.Put(entry.Row);
        }
        Schedule(entry);
    }

    private AccountingProgress Measure(AccountingEntry entry, DataPathCounters counters)
    {
        long seconds = (long)(_clock.Now - entry.Since).TotalSeconds;
        return entry.Input == AccountingInput.FromClient
            ? new(WallClock(), seconds, counters.RxBytes, counters.TxBytes, counters.RxPackets, counters.TxPackets)
            : new(WallClock(), seconds, counters.TxBytes, counters.RxBytes, counters.TxPackets, counters.RxPackets);
    }

    /// <summary>In whole seconds, as it is told and kept.</summary>
    private DateTimeOffset WallClock() =>
        DateTimeOffset.FromUnixTimeSeconds(_clock.Time.GetUtcNow().ToUnixTimeSeconds());

    private void Stop(AccountingEntry entry, DisconnectReason reason, DataPathCounters counters)
    {
        lock (_lock)
        {
            if (_isStopped || entry.Live is null)
                return;
            entry.Live = null;
            entry.Interim = null;
            _over++;
            entry.Row = entry.Row with { Progress = Measure(entry, counters), Cause = TerminateCause.Of(reason) };
            Keep(entry, urgently: true, () => entry.MayStop = true);
        }
    }

    private sealed class Handle(RadiusAccounting owner, AccountingEntry entry) : IAccountedSession
    {
        public void SetInterim(TimeSpan? interval)
        {
            lock (owner._lock)
            {
                if (entry.Live is not null)
                    owner.SetInterim(entry, interval);
            }
        }

        public void Stop(DisconnectReason reason, DataPathCounters counters) => owner.Stop(entry, reason, counters);
    }
}
