using Microsoft.Data.Sqlite;

namespace Pptp.Appliance.State;

/// <summary>The file of leases and of what is remembered of users. For one thread.</summary>
internal sealed class StateDatabase : IDisposable
{
    public const string FileName = "state.sqlite";

    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE user(
            name TEXT PRIMARY KEY, last_logged_out INTEGER NOT NULL, last_caller_id TEXT NOT NULL,
            last_disconnect_reason TEXT NOT NULL, sessions INTEGER NOT NULL, uptime INTEGER NOT NULL,
            rx_bytes INTEGER NOT NULL, tx_bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE lease(
            pool TEXT NOT NULL, address TEXT NOT NULL, owner TEXT NOT NULL, ordinal INTEGER NOT NULL,
            PRIMARY KEY (pool, address)) STRICT, WITHOUT ROWID;
        """;

    private readonly SqliteFile _file;

    private StateDatabase(SqliteFile file) => _file = file;

    /// <summary>As <see cref="SqliteFile.Open"/>.</summary>
    public static StateDatabase Open(string folder) =>
        new(SqliteFile.Open(folder, FileName, SchemaVersion, Schema));

    /// <exception cref="SqliteException">It cannot be read, or says what cannot be.</exception>
    public StateRows Read()
    {
        try
        {
            return ReadRows();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new SqliteException($"a time in it cannot be: {e.Message}", SqliteFile.SqliteCorrupt);
        }
    }

    /// <summary>All rows or none; each takes the place of the one before.</summary>
    public void Write(StateRows rows)
    {
        using SqliteTransaction transaction = _file.BeginTransaction();
        using (SqliteCommand command = _file.Command("INSERT OR REPLACE INTO user VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"))
        {
            foreach ((string user, SecretHistory history) in rows.Histories)
            {
                SqliteFile.Execute(command, user, history.LastLoggedOut.ToUnixTimeSeconds(), history.LastCallerId,
                    history.LastDisconnectReason, history.Sessions, (long)history.Uptime.TotalSeconds,
                    history.RxBytes, history.TxBytes);
            }
        }
        using (SqliteCommand command = _file.Command("INSERT OR REPLACE INTO lease VALUES ($1, $2, $3, $4)"))
        {
            foreach ((string pool, string address, string owner, long ordinal) in rows.Leases)
                SqliteFile.Execute(command, pool, address, owner, ordinal);
        }
        transaction.Commit();
    }

    public void Dispose() => _file.Dispose();

    private StateRows ReadRows()
    {
        List<HistoryRow> histories = [];
        using (SqliteCommand command = _file.Command(
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
        using (SqliteCommand command = _file.Command("SELECT pool, address, owner, ordinal FROM lease"))
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
                leases.Add(new LeaseRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
        }
        return new StateRows(histories, leases);
    }
}
