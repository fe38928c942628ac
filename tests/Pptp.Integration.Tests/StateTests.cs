using System.Net;
using Microsoft.Data.Sqlite;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>What the server remembers over restarts and crashes, and what becomes of sessions when it cannot.</summary>
internal sealed class StateTests : ServerFixture
{
    /// <summary>Dials in one test only, so that no earlier session of hers is still ending.</summary>
    private const string Carol = "carol";

    protected override ServerConfiguration Configuration => new() { Users = [Alice, Bob, Carol] };

    private string StateFolder => Path.Combine(Path.GetDirectoryName(ConfigurationFile)!, "state");

    private string DatabaseFile => Path.Combine(StateFolder, "state.sqlite");

    [Test]
    [EffectOf("system", "state-folder")]
    public async Task A_user_gets_the_same_address_again_after_a_restart()
    {
        ScriptedCall first = await DialAsync(Alice);
        ScriptedCall second = await DialAsync(Bob);
        (IPAddress ofAlice, IPAddress ofBob) = (first.Address, second.Address);
        await first.Caller.DisposeAsync();
        await second.Caller.DisposeAsync();
        Assert.That(Server.Stop(Soon), Is.Zero);
        StartServer();

        ScriptedCall bob = await DialAsync(Bob);
        ScriptedCall alice = await DialAsync(Alice);

        Assert.That((alice.Address, bob.Address), Is.EqualTo((ofAlice, ofBob)));
        await alice.Caller.DisposeAsync();
        await bob.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_user_gets_the_same_address_again_after_a_crash()
    {
        ScriptedCall alice = await DialAsync(Alice);
        ScriptedCall first = await DialAsync(Carol);
        IPAddress address = first.Address;
        // It is written within moments, not at once.
        await Poll.UntilAsync(() => Query($"SELECT owner FROM lease WHERE address = '{address}'") == Carol, Soon);
        Server.Kill();
        await alice.Caller.DisposeAsync();
        await first.Caller.DisposeAsync();
        StartServer();

        ScriptedCall again = await DialAsync(Carol);

        Assert.That(again.Address, Is.EqualTo(address));
        await again.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_broken_file_is_moved_aside_told_and_sessions_go_on()
    {
        Server.Stop(Soon);
        File.WriteAllText(DatabaseFile, new string('x', 5000));
        StartServer();

        ScriptedCall call = await DialAsync(Alice);
        await call.Caller.DisposeAsync();

        Assert.That(Server.Log.Expect("of leases and last-seen times is broken", 1), Has.Count.EqualTo(1));
        Assert.That(Directory.GetFiles(StateFolder, "state.sqlite.corrupt-*"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_state_folder_that_cannot_be_had_is_told_once_and_sessions_go_on()
    {
        Server.Stop(Soon);
        Configure(Configuration with { StateFolder = "/proc/pptpd" });
        StartServer();
        for (int i = 0; i < 3; i++)
        {
            ScriptedCall call = await DialAsync(Alice);
            await call.Caller.DisposeAsync();
        }

        Assert.That(Server.Log.Expect("cannot be kept in /proc/pptpd", 1), Has.Count.EqualTo(1));

        // Another folder needs no restart.
        Configure(Configuration);
        Server.Signal("HUP");
        Server.Log.WaitFor("kept in " + StateFolder, Soon);
        Assert.That(
            await Poll.UntilAsync(() => Query("SELECT count(*) FROM user WHERE name = 'alice'") == "1", Soon), Is.Not.Null);
    }

    [Test]
    public async Task How_the_last_session_ended_is_on_the_disk()
    {
        ScriptedCall call = await DialAsync(Bob);
        await call.Caller.DisposeAsync();
        Server.Log.WaitFor("<pptp-bob>: disconnected", Soon, after: Mark);
        Server.Stop(Soon);

        string row = Query("SELECT last_caller_id || ' ' || last_disconnect_reason FROM user WHERE name = 'bob'");
        StartServer();

        Assert.That(row, Is.EqualTo($"{ClientAddress} hung-up").Or.EqualTo($"{ClientAddress} peer-request"));
    }

    /// <summary>By SQLite's own words, of a copy: the server's file is not to be disturbed.</summary>
    private string Query(string query)
    {
        string copy = Path.Combine(Path.GetTempPath(), $"pptpd-state-{Guid.NewGuid():N}");
        try
        {
            foreach (string suffix in new[] { "", "-wal" })
            {
                if (File.Exists(DatabaseFile + suffix))
                    File.Copy(DatabaseFile + suffix, copy + suffix);
            }

            using SqliteConnection connection = new($"Data Source={copy};Pooling=False");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = query;
            return $"{command.ExecuteScalar()}";
        }
        finally
        {
            foreach (string file in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(copy) + "*"))
                File.Delete(file);
        }
    }
}
