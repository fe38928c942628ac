using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Pptp.Appliance.State;

/// <summary>
/// The SQLite file of the state folder. Its log (WAL) is on the disk when a write returns, so neither SIGKILL nor a
/// power loss takes back what was written. For one thread.
/// </summary>
internal sealed class StateDatabase : IDisposable
{
    public const string FileName = "state.sqlite";

    private const int SchemaVersion = 1;

    // https://www.sqlite.org/rescode.html
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    private const string Schema = """
        CREATE TABLE user(
            name TEXT PRIMARY KEY, last_logged_out INTEGER NOT NULL, last_caller_id TEXT NOT NULL,
            last_disconnect_reason TEXT NOT NULL, sessions INTEGER NOT NULL, uptime INTEGER NOT NULL,
            rx_bytes INTEGER NOT NULL, tx_bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE lease(
            pool TEXT NOT NULL, address TEXT NOT NULL, owner TEXT NOT NULL, ordinal INTEGER NOT NULL,
            PRIMARY KEY (pool, address)) STRICT, WITHOUT ROWID;
        PRAGMA user_version = 1;
        """;

    private readonly SqliteConnection _connection;

    private StateDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the folder's file; makes folder and file where they are missing.</summary>
    /// <exception cref="SqliteException">It cannot be used; <see cref="IsCorruption"/> tells a broken file.</exception>
    /// <exception cref="IOException">
    /// The folder cannot be made, the file is a newer version's, or SQLite's library is missing.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public static StateDatabase Open(string folder)
    {
        if (OperatingSystem.IsLinux() && !Directory.Exists(folder))
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SqliteConnectionStringBuilder place = new()
        {
            DataSource = Path.Combine(folder, FileName),
            // A connection of a pool would keep the file open.
            Pooling = false,
            // Seconds to wait for somebody else who reads it.
            DefaultTimeout = 5,
        };
        SqliteConnection connection = Create(place.ConnectionString);
        try
        {
            connection.Open();
            StateDatabase database = new(connection);
            database.Prepare();
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The file itself is broken: it will not get better.</summary>
    public static bool IsCorruption(SqliteException e) => e.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase;

    /// <summary>Gives a broken file another name, with what belongs to it.</summary>
    /// <returns>The name it has now.</returns>
    public static string MoveAside(string folder, DateTimeOffset now)
    {
        string file = Path.Combine(folder, FileName);
        string aside = file + now.UtcDateTime.ToString("'.corrupt-'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        foreach (string suffix in new[] { "-wal", "-shm", "" })
        {
            if (File.Exists(file + suffix))
                File.Move(file + suffix, aside + suffix, overwrite: true);
        }
        return aside;
    }

    /// <exception cref="SqliteException">It cannot be read, or says what cannot be.</exception>
    public StateRows Read()
    {
        try
        {
            return ReadRows();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new SqliteException($"a time in it cannot be: {e.Message}", SqliteCorrupt);
        }
    }

    /// <summary>All rows or none; each takes the place of the one before.</summary>
    public void Write(StateRows rows)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        using (SqliteCommand command = Command("INSERT OR REPLACE INTO user VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"))
        {
            foreach ((string user, SecretHistory history) in rows.Histories)
            {
                Execute(command, user, history.LastLoggedOut.ToUnixTimeSeconds(), history.LastCallerId,
                    history.LastDisconnectReason, history.Sessions, (long)history.Uptime.TotalSeconds,
                    history.RxBytes, history.TxBytes);
            }
        }
        using (SqliteCommand command = Command("INSERT OR REPLACE INTO lease VALUES ($1, $2, $3, $4)"))
        {
            foreach ((string pool, string address, string owner, long ordinal) in rows.Leases)
                Execute(command, pool, address, owner, ordinal);
        }
        transaction.Commit();
    }

    public void Dispose() => _connection.Dispose();

    private StateRows ReadRows()
    {
        List<HistoryRow> histories = [];
        using (SqliteCommand command = Command(
            "SELECT name, last_logged_out, last_caller_id, last_disconnect_reason, sessions, uptime, rx_bytes, tx_bytes FROM user"))
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                histories.Add(new HistoryRow(reader.GetString(0), new SecretHistory
                {
                    LastLoggedOut = DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64(1)),
                    LastCallerId = reader.GetString(2),
                    LastDisconnectReason = reader.GetString(3),
                    Sessions = reader.GetInt64(4),
                    Uptime = TimeSpan.FromSeconds(reader.GetInt64(5)),
                    RxBytes = reader.GetInt64(6),
                    TxBytes = reader.GetInt64(7),
                }));
            }
        }
        List<LeaseRow> leases = [];
        using (SqliteCommand command = Command("SELECT pool, address, owner, ordinal FROM lease"))
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
                leases.Add(new LeaseRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
        }
        return new StateRows(histories, leases);
    }

    private static SqliteConnection Create(string place)
    {
        try
        {
            return new SqliteConnection(place);
        }
        catch (TypeInitializationException e)
        {
            throw new IOException("libe_sqlite3.so cannot be loaded; it has to lie beside the executable", e);
        }
    }

    private void Prepare()
    {
        using (SqliteCommand check = Command("PRAGMA quick_check(1)"))
        {
            if (check.ExecuteScalar() is not "ok")
                throw new SqliteException("the database disk image is malformed", SqliteCorrupt);
        }
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        using SqliteCommand ask = Command("PRAGMA user_version");
        switch (ask.ExecuteScalar())
        {
            case 0L:
                using (SqliteTransaction transaction = _connection.BeginTransaction())
                {
                    Execute(Schema);
                    transaction.Commit();
                }
                break;
            case not (long)SchemaVersion:
                throw new IOException($"{_connection.DataSource} was written by another version");
        }
    }

    private void Execute(string text)
    {
        using SqliteCommand command = Command(text);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string text)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    private static void Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        command.Parameters.Clear();
        for (int i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), values[i]);
        command.ExecuteNonQuery();
    }
}
