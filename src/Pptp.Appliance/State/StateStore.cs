using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.Sessions;

namespace Pptp.Appliance.State;

/// <summary>
/// What outlives the process: leases, and what is remembered of users. Memory holds all of it; one thread writes what
/// has changed to the state folder, many changes at a time. While that cannot be done sessions go on, the operator is
/// told once, and it is tried again.
/// </summary>
internal sealed partial class StateStore : ISessionObserver, ILeaseMemory, IDisposable
{
    /// <summary>What writing the rest may take when the daemon ends.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _retryAfter;
    private readonly Dictionary<string, SecretHistory> _histories = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Pool, string Address), LeaseRow> _leases = [];

    // What the file does not have yet: at most as much as there is, however long the disk takes.
    private readonly HashSet<string> _changedHistories = new(StringComparer.Ordinal);
    private readonly HashSet<(string Pool, string Address)> _changedLeases = [];
    private readonly AutoResetEvent _changed = new(false);
    private readonly AutoResetEvent _moved = new(false);
    private readonly ManualResetEvent _closing = new(false);
    private readonly Thread _writer;
    private string _folder;
    private string? _openFolder;
    private StateDatabase? _database;
    private long _lastOrdinal;
    private bool _hasRead;
    private bool _told;
    private bool _isDisposed;

    /// <param name="folder">The state folder.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="logger">Is told what cannot be kept.</param>
    /// <param name="retryAfter">How long a folder that failed is left alone.</param>
    public StateStore(string folder, TimeProvider time, ILogger logger, TimeSpan retryAfter)
    {
        _folder = folder;
        _time = time;
        _logger = logger;
        _retryAfter = retryAfter;
        _writer = new Thread(Write) { IsBackground = true, Name = "state" };
    }

    /// <summary>Reads what an earlier run has left, and begins to write.</summary>
    public void Start()
    {
        TryWrite();
        _writer.Start();
    }

    /// <summary>Goes on in another folder: everything is written there. The old one keeps what it has.</summary>
    public void MoveTo(string folder)
    {
        lock (_lock)
        {
            if (_folder == folder)
                return;
            _folder = folder;
        }
        _moved.Set();
    }

    /// <summary>Null: no session of the user has ended yet.</summary>
    public SecretHistory? HistoryOf(string user)
    {
        lock (_lock)
            return _histories.GetValueOrDefault(user);
    }

    public void LoggedOut(SessionEnd end)
    {
        SecretHistory history = new()
        {
            LastLoggedOut = end.At,
            LastCallerId = end.CallerId.ToString(),
            LastDisconnectReason = end.Reason.Word(),
            Sessions = 1,
            Uptime = TimeSpan.FromSeconds((long)end.Uptime.TotalSeconds),
            RxBytes = end.Counters.RxBytes,
            TxBytes = end.Counters.TxBytes,
        };
        lock (_lock)
        {
            _histories[end.User] = history.After(_histories.GetValueOrDefault(end.User));
            _changedHistories.Add(end.User);
        }
        _changed.Set();
    }

    public IReadOnlyList<RememberedLease> Recall(string pool)
    {
        lock (_lock)
        {
            return
            [
                .. from lease in _leases.Values
                   where lease.Pool == pool
                   orderby lease.Ordinal
                   select new RememberedLease(pool, lease.Owner, IPAddress.Parse(lease.Address)),
            ];
        }
    }

    public void Remember(RememberedLease lease)
    {
        string address = lease.Address.ToString();
        lock (_lock)
        {
            _leases[(lease.Pool, address)] = new LeaseRow(lease.Pool, address, lease.Owner, ++_lastOrdinal);
            _changedLeases.Add((lease.Pool, address));
        }
        _changed.Set();
    }

    /// <summary>Writes the rest and closes the file.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _closing.Set();
        if (!_writer.IsAlive || _writer.Join(CloseTimeout))
        {
            _database?.Dispose();
            _changed.Dispose();
            _moved.Dispose();
            _closing.Dispose();
        }
    }

    private void Write()
    {
        WaitHandle[] all = [_closing, _moved, _changed];
        WaitHandle[] others = [_closing, _moved];
        bool isClosing = false;
        while (!isClosing)
        {
            isClosing = WaitHandle.WaitAny(all) == 0;
            while (!TryWrite() && !isClosing)
                isClosing = WaitHandle.WaitAny(others, _retryAfter) == 0;
        }
    }

    /// <param name="isAnew">A broken file has just been moved aside: one that is broken again is not.</param>
    private bool TryWrite(bool isAnew = false)
    {
        StateRows? rows = null;
        try
        {
            Open();
            rows = TakeChanges();
            if (!rows.IsEmpty)
                _database!.Write(rows);
            if (_told)
                Log.WorksAgain(_logger, _openFolder!);
            _told = false;
            return true;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            _database?.Dispose();
            _database = null;
            if (rows is not null)
                PutBack(rows);
            return !isAnew && e is SqliteException broken && SqliteFile.IsCorruption(broken) && TryMoveAside(broken)
                ? TryWrite(isAnew: true)
                : Tell(e.Message);
        }
    }

    /// <summary>Opens the folder's file unless it is open, and takes over what it has and memory lacks.</summary>
    private void Open()
    {
        string folder;
        lock (_lock)
            folder = _folder;
        if (_database is not null && _openFolder == folder)
            return;
        _database?.Dispose();
        _database = null;
        _openFolder = folder;
        StateDatabase database = StateDatabase.Open(folder);
        try
        {
            TakeOver(database.Read());
        }
        catch
        {
            database.Dispose();
            throw;
        }
        _database = database;
    }

    private void TakeOver(StateRows read)
    {
        lock (_lock)
        {
            // What was noted while the file was out of reach, or is to go to another folder.
            _changedHistories.UnionWith(_histories.Keys);
            _changedLeases.UnionWith(_leases.Keys);
            foreach ((string user, SecretHistory history) in read.Histories)
            {
                if (!_histories.TryAdd(user, history) && !_hasRead)
                    _histories[user] = _histories[user].After(history);
            }
            foreach (LeaseRow lease in read.Leases.Where(lease => IPAddress.TryParse(lease.Address, out _)))
            {
                _leases.TryAdd((lease.Pool, lease.Address), lease);
                _lastOrdinal = Math.Max(_lastOrdinal, lease.Ordinal);
            }
            _hasRead = true;
        }
    }

    private StateRows TakeChanges()
    {
        lock (_lock)
        {
            StateRows rows = new(
                [.. _changedHistories.Select(user => new HistoryRow(user, _histories[user]))],
                [.. _changedLeases.Select(key => _leases[key])]);
            _changedHistories.Clear();
            _changedLeases.Clear();
            return rows;
        }
    }

    private void PutBack(StateRows rows)
    {
        lock (_lock)
        {
            _changedHistories.UnionWith(rows.Histories.Select(row => row.User));
            _changedLeases.UnionWith(rows.Leases.Select(row => (row.Pool, row.Address)));
        }
    }

    /// <summary>A new file is begun with all that memory holds.</summary>
    private bool TryMoveAside(SqliteException broken)
    {
        try
        {
            string aside = SqliteFile.MoveAside(_openFolder!, StateDatabase.FileName, _time.GetUtcNow());
            Log.Corrupt(_logger, broken.Message, aside);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Tell($"{broken.Message}; it cannot be moved aside: {e.Message}");
        }
    }

    private bool Tell(string why)
    {
        if (!_told)
            Log.CannotKeep(_logger, _openFolder!, why);
        _told = true;
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "leases and last-seen times cannot be kept in {Folder}: {Why}; sessions go on, it is tried again")]
        public static partial void CannotKeep(ILogger logger, string folder, string why);

        [LoggerMessage(LogLevel.Information, "leases and last-seen times are kept in {Folder} again")]
        public static partial void WorksAgain(ILogger logger, string folder);

        [LoggerMessage(LogLevel.Error, "the file of leases and last-seen times is broken ({Why}): it is {Aside} now, a new one is begun")]
        public static partial void Corrupt(ILogger logger, string why, string aside);
    }
}
