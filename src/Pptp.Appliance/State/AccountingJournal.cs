using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Pptp.Appliance.State;

/// <summary>
/// Keeps rows of accounting in the state folder. One thread writes them, many at a time; whoever must not go on before
/// a row is on the disk is told when it is. While it cannot be written nobody waits, the operator is told once, and it
/// is tried again.
/// </summary>
internal sealed partial class AccountingJournal : IDisposable
{
    /// <summary>What is not urgent waits so long for company.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    /// <summary>What writing the rest may take when the daemon ends.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _retryAfter;
    private readonly AutoResetEvent _changed = new(false);
    private readonly AutoResetEvent _urgent = new(false);
    private readonly ManualResetEvent _closing = new(false);
    private readonly Thread _writer;

    // What the file does not have yet; null: it is to have the row no more.
    private Dictionary<string, AccountingRow?> _changes = new(StringComparer.Ordinal);
    private List<Action> _waiting = [];
    private List<(int Count, Action<long> Then)> _reservations = [];

    /// <summary>Ids of the rows the file has, or is about to have.</summary>
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
    private string _folder;
    private string? _openFolder;
    private AccountingDatabase? _database;
    private bool _failing;
    private bool _told;
    private string _why = "";
    private bool _reopen;
    private bool _isDisposed;

    /// <param name="folder">The state folder.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="logger">Is told what cannot be kept.</param>
    /// <param name="retryAfter">How long a folder that failed is left alone.</param>
    public AccountingJournal(string folder, TimeProvider time, ILogger logger, TimeSpan retryAfter)
    {
        _folder = folder;
        _time = time;
        _logger = logger;
        _retryAfter = retryAfter;
        _writer = new Thread(Write) { IsBackground = true, Name = "accounting" };
    }

    /// <summary>
    /// Is given the rows a file has when it is opened: before <see cref="Start"/> returns, or when it can be opened, and
    /// again when another is begun. Without those that are to be there no more. Must not wait for the disk.
    /// </summary>
    public Action<IReadOnlyList<AccountingRow>> OnOpened { get; set; } = _ => { };

    /// <summary>Why what is to be kept cannot be; null: it can.</summary>
    public string? Trouble
    {
        get
        {
            lock (_lock)
                return _told ? _why : null;
        }
    }

    /// <summary>Opens the file, and begins to write.</summary>
    public void Start()
    {
        TryWrite();
        _writer.Start();
    }

    /// <summary>Goes on in another folder. The rows are written there by whoever has them.</summary>
    public void MoveTo(string folder)
    {
        lock (_lock)
        {
            if (_folder == folder)
                return;
            _folder = folder;
        }
        Wake(urgently: true);
    }

    /// <summary>Has a row written soon, in place of the one of its id.</summary>
    public void Put(AccountingRow row)
    {
        lock (_lock)
            _changes[row.Id] = row;
        TellOfFailure();
        Wake(urgently: false);
    }

    /// <summary>Has a row written.</summary>
    /// <param name="row">In place of the one of its id.</param>
    /// <param name="then">Called on the journal's thread when the disk has it, or cannot have it.</param>
    /// <param name="urgently">At once; else somewhat later, with others.</param>
    /// <returns>False: the file cannot be written now, and nobody is called; it is written when it can be.</returns>
    public bool Put(AccountingRow row, Action then, bool urgently)
    {
        bool isKept;
        lock (_lock)
        {
            _changes[row.Id] = row;
            isKept = !_failing;
            if (isKept)
                _waiting.Add(then);
        }
        TellOfFailure();
        Wake(urgently);
        return isKept;
    }

    /// <summary>Has a row removed soon.</summary>
    public void Remove(string id)
    {
        lock (_lock)
        {
            if (_stored.Contains(id))
                _changes[id] = null;
            else
                _changes.Remove(id);
        }
        Wake(urgently: false);
    }

    /// <summary>Whether the file is to have another row of this id, or none.</summary>
    public bool HasChangeOf(string id)
    {
        lock (_lock)
            return _changes.ContainsKey(id);
    }

    /// <summary>What of a row is not written yet never will be, if it cannot be written now.</summary>
    public void ForgetUnlessWritten(string id)
    {
        lock (_lock)
        {
            if (_failing)
                _changes.Remove(id);
        }
    }

    /// <summary>Has <see cref="OnOpened"/> given the file's rows again.</summary>
    public void Reopen()
    {
        lock (_lock)
            _reopen = true;
        Wake(urgently: true);
    }

    /// <summary>Has numbers set apart.</summary>
    /// <param name="count">How many.</param>
    /// <param name="then">Called with the first when the disk has it, however long that takes; on any thread.</param>
    public void Reserve(int count, Action<long> then)
    {
        lock (_lock)
            _reservations.Add((count, then));
        Wake(urgently: true);
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
            _urgent.Dispose();
            _closing.Dispose();
        }
    }

    private void Wake(bool urgently)
    {
        // What comes after the end is not kept: the last has been written.
        if (_isDisposed)
            return;
        if (urgently)
            _urgent.Set();
        _changed.Set();
    }

    private void Write()
    {
        WaitHandle[] any = [_closing, _changed];
        WaitHandle[] soon = [_closing, _urgent];
        bool isClosing = false;
        while (!isClosing)
        {
            isClosing = WaitHandle.WaitAny(any) == 0 || WaitHandle.WaitAny(soon, Gathering) == 0;
            while (!TryWrite() && !isClosing)
                isClosing = _closing.WaitOne(_retryAfter);
        }
    }

    /// <param name="isAnew">A broken file has just been moved aside: one that is broken again is not.</param>
    private bool TryWrite(bool isAnew = false)
    {
        Dictionary<string, AccountingRow?> changes = [];
        List<Action> waiting = [];
        List<(int Count, Action<long> Then)> reservations = [];
        try
        {
            Open();
            lock (_lock)
            {
                (changes, _changes) = (_changes, new(StringComparer.Ordinal));
                (waiting, _waiting) = (_waiting, []);
                (reservations, _reservations) = (_reservations, []);
                _stored.UnionWith(changes.Keys);
            }
            if (changes.Count > 0)
            {
                _database!.Write(
                    changes.Values.OfType<AccountingRow>(), changes.Where(change => change.Value is null).Select(c => c.Key));
            }
            while (reservations is [var (count, then), ..])
            {
                long first = _database!.ReserveNumbers(count, SessionIds.FreshStart());
                reservations.RemoveAt(0);
                then(first);
            }
            Succeed(changes);
            waiting.ForEach(then => then());
            return true;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            _database?.Dispose();
            _database = null;
            Fail(changes, reservations);
            if (!isAnew && e is SqliteException broken && SqliteFile.IsCorruption(broken) && TryMoveAside(broken)
                && TryWrite(isAnew: true))
            {
                waiting.ForEach(then => then());
                return true;
            }
            Tell(e.Message, waiting);
            return false;
        }
    }

    private void Open()
    {
        string folder;
        lock (_lock)
        {
            folder = _folder;
            if (_database is not null && _openFolder == folder && !_reopen)
                return;
            _reopen = false;
        }
        _database?.Dispose();
        _database = null;
        _openFolder = folder;
        AccountingDatabase database = AccountingDatabase.Open(folder);
        List<AccountingRow> rows;
        try
        {
            rows = database.Read();
        }
        catch
        {
            database.Dispose();
            throw;
        }
        lock (_lock)
        {
            _stored.Clear();
            _stored.UnionWith(rows.Select(row => row.Id));
            rows.RemoveAll(row => _changes.ContainsKey(row.Id));
        }
        _database = database;
        OnOpened(rows);
    }

    private void Succeed(Dictionary<string, AccountingRow?> changes)
    {
        bool isBack;
        lock (_lock)
        {
            foreach ((string id, _) in changes.Where(change => change.Value is null))
            {
                if (_changes.GetValueOrDefault(id) is null)
                    _stored.Remove(id);
            }
            isBack = _told;
            _failing = _told = false;
        }
        if (isBack)
            Log.WorksAgain(_logger, _openFolder!);
    }

    /// <summary>Keeps what was to be written, unless there is something newer.</summary>
    private void Fail(Dictionary<string, AccountingRow?> changes, List<(int Count, Action<long> Then)> reservations)
    {
        lock (_lock)
        {
            foreach ((string id, AccountingRow? row) in changes)
                _changes.TryAdd(id, row);
            _reservations.InsertRange(0, reservations);
        }
    }

    private bool TryMoveAside(SqliteException broken)
    {
        try
        {
            Log.Corrupt(_logger, broken.Message, SqliteFile.MoveAside(_openFolder!, AccountingDatabase.FileName, _time.GetUtcNow()));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Tell(string why, List<Action> waiting)
    {
        lock (_lock)
        {
            _failing = true;
            _why = why;
            waiting.AddRange(_waiting);
            _waiting = [];
        }
        TellOfFailure();
        waiting.ForEach(then => then());
    }

    /// <summary>Once, and not before there is something to keep: who accounts nothing is not troubled.</summary>
    private void TellOfFailure()
    {
        lock (_lock)
        {
            if (!_failing || _told || _changes.Count == 0)
                return;
            _told = true;
        }
        Log.CannotKeep(_logger, _openFolder!, _why);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error,
            "accounting cannot be kept in {Folder}: {Why}; sessions go on, what waits is lost when the daemon ends, it is tried again")]
        public static partial void CannotKeep(ILogger logger, string folder, string why);

        [LoggerMessage(LogLevel.Information, "accounting is kept in {Folder} again")]
        public static partial void WorksAgain(ILogger logger, string folder);

        [LoggerMessage(LogLevel.Error, "the file of accounting is broken ({Why}): it is {Aside} now, a new one is begun")]
        public static partial void Corrupt(ILogger logger, string why, string aside);
    }
}
