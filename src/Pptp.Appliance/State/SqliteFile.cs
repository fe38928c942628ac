using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Pptp.Appliance.State;

/// <summary>
/// A SQLite file of the state folder. Its log (WAL) is on the disk when a write returns, so neither SIGKILL nor a power
/// loss takes back what was written. For one thread.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    // https://www.sqlite.org/rescode.html
    internal const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    private readonly SqliteConnection _connection;

    private SqliteFile(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the folder's file; makes folder and file where they are missing.</summary>
    /// <param name="folder">The state folder.</param>
    /// <param name="name">The file's.</param>
    /// <param name="version">The schema's.</param>
    /// <param name="schema">Makes the tables of a new file.</param>
    /// <exception cref="SqliteException">It cannot be used; <see cref="IsCorruption"/> tells a broken file.</exception>
    /// <exception cref="IOException">
    /// The folder cannot be made, the file is of another version, or SQLite's library is missing.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public static SqliteFile Open(string folder, string name, int version, string schema)
    {
        if (OperatingSystem.IsLinux() && !Directory.Exists(folder))
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SqliteConnectionStringBuilder place = new()
        {
            DataSource = Path.Combine(folder, name),
            // A connection of a pool would keep the file open.
            Pooling = false,
            // Seconds to wait for somebody else who reads it.
            DefaultTimeout = 5,
        };
        SqliteFile file = new(Create(place.ConnectionString));
        try
        {
            file._connection.Open();
            file.Prepare(version, schema);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file itself is broken: it will not get better.</summary>
    public static bool IsCorruption(SqliteException e) => e.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase;

    /// <summary>Gives a broken file another name, with what belongs to it.</summary>
    /// <returns>The name it has now.</returns>
    public static string MoveAside(string folder, string name, DateTimeOffset now)
    {
        string file = Path.Combine(folder, name);
        string aside = file + now.UtcDateTime.ToString("'.corrupt-'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        foreach (string suffix in new[] { "-wal", "-shm", "" })
        {
            if (File.Exists(file + suffix))
                File.Move(file + suffix, aside + suffix, overwrite: true);
        }
        return aside;
    }

    public SqliteTransaction BeginTransaction() => _connection.BeginTransaction();

    /// <param name="text">SQL; its values are $1, $2 and so on.</param>
    public SqliteCommand Command(string text)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    public static void Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        command.Parameters.Clear();
        for (int i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), values[i]);
        command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();

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

    private void Prepare(int version, string schema)
    {
        using (SqliteCommand check = Command("PRAGMA quick_check(1)"))
        {
            if (check.ExecuteScalar() is not "ok")
                throw new SqliteException("the database disk image is malformed", SqliteCorrupt);
        }
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        using SqliteCommand ask = Command("PRAGMA user_version");
        object? found = ask.ExecuteScalar();
        if (found is 0L)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            Execute(string.Create(CultureInfo.InvariantCulture, $"{schema} PRAGMA user_version = {version};"));
            transaction.Commit();
        }
        else if (found is not long number || number != version)
        {
            throw new IOException($"{_connection.DataSource} was written by another version");
        }
    }

    private void Execute(string text)
    {
        using SqliteCommand command = Command(text);
        command.ExecuteNonQuery();
    }
}
