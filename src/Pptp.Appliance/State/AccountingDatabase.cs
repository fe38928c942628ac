using System.Net;
using Microsoft.Data.Sqlite;

namespace Pptp.Appliance.State;

/// <summary>The file of what RADIUS servers have not been told yet, and of the numbers of sessions. For one thread.</summary>
internal sealed class AccountingDatabase : IDisposable
{
    public const string FileName = "accounting.sqlite";

    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE session(
            id TEXT PRIMARY KEY, user TEXT NOT NULL, called_id TEXT NOT NULL,
            attributes BLOB NOT NULL, started_at INTEGER NOT NULL, start_acknowledged INTEGER NOT NULL,
            at INTEGER NOT NULL, session_seconds INTEGER NOT NULL, input_octets INTEGER NOT NULL,
            output_octets INTEGER NOT NULL, input_packets INTEGER NOT NULL, output_packets INTEGER NOT NULL,
            cause INTEGER) STRICT, WITHOUT ROWID;
        CREATE TABLE session_number(next INTEGER NOT NULL) STRICT;
        """;

    private readonly SqliteFile _file;

    private AccountingDatabase(SqliteFile file) => _file = file;

    /// <summary>As <see cref="SqliteFile.Open"/>.</summary>
    public static AccountingDatabase Open(string folder) =>
        new(SqliteFile.Open(folder, FileName, SchemaVersion, Schema));

    /// <summary>All rows, what began first first.</summary>
    /// <exception cref="SqliteException">It cannot be read, or says what cannot be.</exception>
    public List<AccountingRow> Read()
    {
        try
        {
            return ReadRows();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or FormatException)
        {
            throw new SqliteException($"a row in it cannot be: {e.Message}", SqliteFile.SqliteCorrupt);
        }
    }

    /// <summary>All of it or nothing. A row takes the place of the one before.</summary>
    /// <param name="rows">To be there.</param>
    /// <param name="gone">Ids of rows that are to be there no more.</param>
    public void Write(IEnumerable<AccountingRow> rows, IEnumerable<string> gone)
    {
        using SqliteTransaction transaction = _file.BeginTransaction();
        using (SqliteCommand command = _file.Command(
            "INSERT OR REPLACE INTO session VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"))
        {
            foreach (AccountingRow row in rows)
            {
                AccountingProgress progress = row.Progress;
                SqliteFile.Execute(command, row.Id, row.UserName, row.CalledId.ToString(), row.Attributes,
                    row.StartedAt.ToUnixTimeSeconds(), row.StartAcknowledged ? 1 : 0, progress.At.ToUnixTimeSeconds(),
                    progress.SessionSeconds, progress.InputOctets, progress.OutputOctets, progress.InputPackets,
                    progress.OutputPackets, row.Cause is { } cause ? (long)cause : DBNull.Value);
            }
        }
        using (SqliteCommand command = _file.Command("DELETE FROM session WHERE id = $1"))
        {
            foreach (string id in gone)
                SqliteFile.Execute(command, id);
        }
        transaction.Commit();
    }

    /// <summary>Sets numbers apart: whoever opens the file later is given others.</summary>
    /// <param name="count">How many.</param>
    /// <param name="first">Where a file begins that has given none.</param>
    /// <returns>The first of them, not brought down to any range.</returns>
    public long ReserveNumbers(int count, long first)
    {
        using SqliteTransaction transaction = _file.BeginTransaction();
        long? next;
        using (SqliteCommand command = _file.Command("SELECT max(next) FROM session_number"))
            next = command.ExecuteScalar() as long?;
        using (SqliteCommand command = _file.Command("DELETE FROM session_number"))
            command.ExecuteNonQuery();
        using (SqliteCommand command = _file.Command("INSERT INTO session_number VALUES ($1)"))
            SqliteFile.Execute(command, (next ?? first) + count);
        transaction.Commit();
        return next ?? first;
    }

    public void Dispose() => _file.Dispose();

    private List<AccountingRow> ReadRows()
    {
        List<AccountingRow> rows = [];
        using SqliteCommand command = _file.Command("SELECT * FROM session ORDER BY started_at, id");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(new AccountingRow
            {
                Id = reader.GetString(0),
                UserName = reader.GetString(1),
                CalledId = IPAddress.Parse(reader.GetString(2)),
                Attributes = reader.GetFieldValue<byte[]>(3),
                StartedAt = DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64(4)),
                StartAcknowledged = reader.GetInt64(5) != 0,
                Progress = new AccountingProgress(
                    DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64(6)), reader.GetInt64(7), reader.GetInt64(8),
                    reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(11)),
                Cause = reader.IsDBNull(12) ? null : (uint)reader.GetInt64(12),
            });
        }
        return rows;
    }
}
