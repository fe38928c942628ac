using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.State;

namespace Pptp.Appliance.Aaa.Accounting;

/// <content>What is sent when, and what becomes of it.</content>
internal sealed partial class RadiusAccounting
{
    /// <summary>Reports on their way to the same servers at a time.</summary>
    private const int SendingLimit = 64;

    /// <summary>As many of them may be old ones: a server that is back sets the pace, and has time for what is new.</summary>
    private const int SendingLateLimit = 8;

    /// <summary>Sessions that are over and held in memory for servers that do not answer.</summary>
    internal const int WaitingLimit = 100_000;

    /// <summary>How long servers that take nothing are left alone; then one report tries.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(3);

    /// <summary>The same where there are no servers.</summary>
    private static readonly TimeSpan RetryWithoutServer = TimeSpan.FromSeconds(30);

    /// <summary>The way of reports that are of no user.</summary>
    private static readonly RadiusQuery ServerQuery = new("", IPAddress.Any);

    private readonly Dictionary<(IPAddress CalledId, string? Domain, string? Realm), AccountingLane> _lanes = [];
    private readonly CancellationTokenSource _ended = new();

    // Sessions an earlier run was cut off from, then Accounting-On, then what is of this run.
    private readonly HashSet<AccountingEntry> _before = [];
    private readonly HashSet<AccountingEntry> _held = [];
    private bool _isOpen;
    private bool _isBehind;
    private bool _isFull;
    private bool _wasFull;
    private bool _isStopped;
    private int _over;
    private TaskCompletionSource? _drained;

    /// <summary>Tells that the server is there. To be called once the journal has been started.</summary>
    public void Begin()
    {
        lock (_lock)
            OpenIfTold();
    }

    /// <summary>Tells what is left, and that the server goes, as far as somebody listens.</summary>
    /// <param name="limit">No longer than this.</param>
    public async Task StopAsync(TimeSpan limit)
    {
        using CancellationTokenSource late = new(limit, _clock.Time);
        bool isTold = await DrainAsync(late.Token).ConfigureAwait(false);
        lock (_lock)
        {
            if (isTold && _isOpen && IsWanted)
                AddMarker(AccountingStatusType.AccountingOff);
        }
        await DrainAsync(late.Token).ConfigureAwait(false);
        lock (_lock)
            _isStopped = true;
        await _ended.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_lock)
            _isStopped = true;
        _timer.Dispose();
        _ended.Dispose();
    }

    /// <summary>Waits until nothing is left to be told. False: that took too long.</summary>
    private async Task<bool> DrainAsync(CancellationToken late)
    {
        TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _drained = drained;
            TellIfDrained();
        }
        try
        {
            await drained.Task.WaitAsync(late).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void TellIfDrained()
    {
        if (_drained is { } drained && _entries.Values.All(entry => entry.WaitsSince is null))
            drained.TrySetResult();
    }

    /// <summary>Takes what a file has from an earlier run; writes what it lacks, where it is another file.</summary>
    private void TakeOver(IReadOnlyList<AccountingRow> rows)
    {
        lock (_lock)
        {
            HashSet<string> stored = [.. rows.Select(row => row.Id)];
            foreach (AccountingEntry entry in _entries.Values)
            {
                if (entry.Marker is null && !stored.Contains(entry.Row.Id))
                    _journal.Put(entry.Row);
            }
            foreach (AccountingRow row in rows)
            {
                // The last of it may have been told since the file was read.
                if (_entries.ContainsKey(row.Id) || _journal.HasChangeOf(row.Id))
                    continue;
                if (row.Cause is null || _over < _waitingLimit)
                    TakeOver(row);
                else
                    Overflow();
            }
        }
    }

    private void TakeOver(AccountingRow row)
    {
        AccountingEntry entry = new(row, new RadiusQuery(row.UserName, row.CalledId))
        {
            IsOfEarlierRun = true,
            MayStart = true,
        };
        _entries.Add(row.Id, entry);
        _over++;
        if (row.Cause is not null)
        {
            entry.MayStop = true;
        }
        else
        {
            // The last that is known of it, and so it was then that it ended.
            entry.Row = row with { Cause = TerminateCause.NasReboot };
            if (!_isOpen && _port.Reaches(entry.Query))
                _before.Add(entry);
            Keep(entry, urgently: true, () => entry.MayStop = true);
        }
        Enqueue(entry, isLate: true);
    }

    /// <summary>Lets this run's reports go once those that must come before them are taken.</summary>
    private void OpenIfTold()
    {
        if (_isOpen || _before.Count > 0 || _entries.Values.Any(entry => entry.Marker is not null))
            return;
        if (IsWanted && _port.Reaches(ServerQuery))
            AddMarker(AccountingStatusType.AccountingOn);
        else
            Open();
    }

    private void Open()
    {
        _isOpen = true;
        foreach (AccountingEntry entry in _held)
            Enqueue(entry, isLate: true);
        _held.Clear();
    }

    private void AddMarker(AccountingStatusType type)
    {
        DateTimeOffset now = WallClock();
        AccountingRow row = new()
        {
            Id = _ids.Next().AcctSessionId,
            UserName = ServerQuery.UserName,
            CalledId = ServerQuery.CalledId,
            Attributes = AccountingRequests.DescribeServer(_configuration()),
            StartedAt = now,
            Progress = new AccountingProgress { At = now },
        };
        AccountingEntry entry = new(row, ServerQuery, type);
        _entries.Add(row.Id, entry);
        Enqueue(entry, isLate: false);
    }

    private void Enqueue(AccountingEntry entry, bool isLate)
    {
        if (_isStopped || entry.IsUnderWay || entry.Next is null)
            return;
        if (!_isOpen && entry is { Marker: null, IsOfEarlierRun: false })
        {
            _held.Add(entry);
            return;
        }
        var key = (entry.Query.CalledId, entry.Query.Domain, entry.Query.Realm);
        if (!_lanes.TryGetValue(key, out AccountingLane? lane))
            _lanes[key] = lane = new AccountingLane();
        entry.Place = (isLate || lane.RetryAt is not null ? lane.Late : lane.Fresh).AddLast(entry);
        Pump(lane);
    }

    /// <summary>Sends what may be sent now.</summary>
    private void Pump(AccountingLane lane)
    {
        while (!_isStopped)
        {
            // Of a lane that is down one report at a time finds out whether it still is.
            if (lane.RetryAt is { } retryAt && (lane.Sending > 0 || _clock.Now < retryAt))
                return;
            bool isLate = lane.Fresh.Count == 0 || lane.Sending >= SendingLimit;
            if (isLate && lane.SendingLate >= SendingLateLimit)
                return;
            if ((isLate ? lane.Late : lane.Fresh).First is not { Value: var entry } place)
                return;
            place.List!.Remove(place);
            entry.Place = null;
            // It may have ended meanwhile, and comes again when the disk has that.
            if (entry.Next is not { } record)
                continue;
            if (!_port.Reaches(entry.Query))
            {
                Park(lane, entry);
                return;
            }
            entry.IsSending = true;
            lane.Sending++;
            lane.SendingLate += isLate ? 1 : 0;
            _ = Task.Run(() => SendAsync(lane, entry, record, isLate));
        }
    }

    /// <summary>Nobody is configured any more who could be told.</summary>
    private void Park(AccountingLane lane, AccountingEntry entry)
    {
        if (entry.Marker is not null)
        {
            Forget(entry);
            return;
        }
        entry.Place = lane.Late.AddLast(entry);
        lane.RetryAt = _clock.Now + RetryWithoutServer;
        Schedule(lane, lane.RetryAt.Value);
        if (_before.Remove(entry))
            OpenIfTold();
    }

    private async Task SendAsync(AccountingLane lane, AccountingEntry entry, AccountingRecord record, bool isLate)
    {
        bool isTaken;
        try
        {
            isTaken = await _port.SendAsync(
                AccountingRequests.Create(entry.Row, record, _clock.Time.GetUtcNow()), entry.Query, _ended.Token)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            isTaken = false;
        }
        lock (_lock)
        {
            lane.Sending--;
            lane.SendingLate -= isLate ? 1 : 0;
            entry.IsSending = false;
            if (_isStopped)
                return;
            if (isTaken)
                Acknowledge(lane, entry, record);
            else
                PutOff(lane);
            Enqueue(entry, isLate: !isTaken);
            Pump(lane);
            Tidy(lane, entry);
            TellIfDrained();
        }
    }

    private void Acknowledge(AccountingLane lane, AccountingEntry entry, AccountingRecord record)
    {
        lane.RetryAt = null;
        switch (record.StatusType)
        {
            case AccountingStatusType.Start:
                entry.Row = entry.Row with { StartAcknowledged = true };
                _journal.Put(entry.Row);
                break;
            case AccountingStatusType.InterimUpdate:
                if (entry.Interim == record.Figures)
                    entry.Interim = null;
                break;
            default:
                Forget(entry);
                break;
        }
    }

    /// <summary>A server knows all of it.</summary>
    private void Forget(AccountingEntry entry)
    {
        entry.IsDone = true;
        _entries.Remove(entry.Row.Id);
        if (entry.Marker == AccountingStatusType.AccountingOn)
            Open();
        if (entry.Marker is not null)
            return;
        _over--;
        _journal.Remove(entry.Row.Id);
        if (_before.Remove(entry))
            OpenIfTold();
    }

    private void PutOff(AccountingLane lane)
    {
        lane.RetryAt = _clock.Now + RetryAfter;
        Schedule(lane, lane.RetryAt.Value);
        if (!_isBehind)
            Log.Behind(_logger);
        _isBehind = true;
    }

    /// <summary>Whether there is no room for one that is over: the disk alone has it then, until there is room again.</summary>
    private bool LeaveToTheDisk(AccountingEntry entry)
    {
        // Its beginning and its end may have come to the disk together: it is left once.
        if (_entries.GetValueOrDefault(entry.Row.Id) != entry)
            return true;
        if (_over <= _waitingLimit || entry.IsSending)
            return false;
        if (entry.Place is { } place)
        {
            place.List!.Remove(place);
            entry.Place = null;
        }
        _held.Remove(entry);
        _entries.Remove(entry.Row.Id);
        _over--;
        // What cannot be written would fill the memory as well.
        _journal.ForgetUnlessWritten(entry.Row.Id);
        Overflow();
        return true;
    }

    private void Overflow()
    {
        _isFull = true;
        if (!_wasFull)
            Log.Full(_logger, _waitingLimit);
        _wasFull = true;
    }

    private void Tidy(AccountingLane lane, AccountingEntry entry)
    {
        if (_isFull && _over < _waitingLimit / 2)
        {
            _isFull = false;
            _journal.Reopen();
        }
        if (!lane.IsEmpty || lane.RetryAt is not null)
            return;
        _lanes.Remove((entry.Query.CalledId, entry.Query.Domain, entry.Query.Realm));
        if (_isBehind && _lanes.Count == 0)
        {
            _isBehind = false;
            Log.CaughtUp(_logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "no RADIUS server takes accounting: reports are kept and sent later")]
        public static partial void Behind(ILogger logger);

        [LoggerMessage(LogLevel.Warning,
            "reports of more than {Limit} sessions that are over wait: those of further ones wait on the disk alone")]
        public static partial void Full(ILogger logger, int limit);

        [LoggerMessage(LogLevel.Information, "all accounting reports that were kept have been sent")]
        public static partial void CaughtUp(ILogger logger);
    }
}
