using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Sessions;
using Pptp.Appliance.State;

namespace Pptp.Appliance.Tests.State;

/// <summary>What outlives the process, with real files.</summary>
public sealed class StateStoreTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly ListLogger _log = new();
    private string _folder = "";

    private string StateFolder => Path.Combine(_folder, "state");

    private string DatabaseFile => Path.Combine(StateFolder, StateDatabase.FileName);

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pptpd-state-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_is_noted_is_there_after_a_restart()
    {
        using (StateStore store = Start())
        {
            store.LoggedOut(End("alice"));
            store.LoggedOut(End("alice") with
            {
                At = Noon.AddHours(1),
                CallerId = IPAddress.Parse("192.0.2.8"),
                Reason = DisconnectReason.IdleTimeout,
            });
        }

        using StateStore again = Start();
        Assert.That(again.HistoryOf("alice"), Is.EqualTo(new SecretHistory
        {
            LastLoggedOut = Noon.AddHours(1),
            LastCallerId = "192.0.2.8",
            LastDisconnectReason = "idle-timeout",
            Sessions = 2,
            Uptime = TimeSpan.FromSeconds(40),
            RxBytes = 200,
            TxBytes = 4_000_000_000_000,
        }));
        Assert.That(again.HistoryOf("bob"), Is.Null);
        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public void Leases_are_recalled_the_one_of_longest_ago_first()
    {
        using (StateStore store = Start())
        {
            store.Remember(Lease("alice", 1));
            store.Remember(Lease("bob", 2));
            store.Remember(Lease("alice", 1));
            store.Remember(new RememberedLease("other", "carol", IPAddress.Parse("10.9.0.1")));
        }
        using (StateStore store = Start())
            store.Remember(Lease("dave", 2));

        using StateStore again = Start();
        Assert.That(again.Recall("pool"), Is.EqualTo(new[] { Lease("alice", 1), Lease("dave", 2) }));
    }

    [Test]
    public void The_folder_is_made_for_its_owner_alone()
    {
        using StateStore store = Start();
        Assert.That(File.Exists(DatabaseFile), Is.True);
        if (OperatingSystem.IsLinux())
        {
            Assert.That(File.GetUnixFileMode(StateFolder),
                Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        }
    }

    [Test]
    public void A_broken_file_is_moved_aside_and_a_new_one_begun()
    {
        Directory.CreateDirectory(StateFolder);
        File.WriteAllText(DatabaseFile, new string('x', 10_000));

        using (StateStore store = Start())
            store.LoggedOut(End("alice"));
        using StateStore again = Start();

        Assert.That(again.HistoryOf("alice"), Is.Not.Null);
        Assert.That(_log.Lines, Has.Count.EqualTo(1).And.All.StartsWith("Error:"));
        Assert.That(_log.Lines[0], Does.Contain(DatabaseFile + ".corrupt-20261122T120000Z"));
        Assert.That(File.ReadAllText(DatabaseFile + ".corrupt-20261122T120000Z"), Does.StartWith("xxx"));
    }

    [Test]
    public void A_file_whose_middle_is_broken_is_moved_aside()
    {
        using (StateStore store = Start())
        {
            for (int i = 0; i < 2000; i++)
                store.LoggedOut(End($"user-{i}"));
        }
        byte[] bytes = File.ReadAllBytes(DatabaseFile);
        Array.Fill(bytes, (byte)0x5A, 8192, 16384);
        File.WriteAllBytes(DatabaseFile, bytes);

        using StateStore again = Start();

        Assert.That(_log.Lines, Has.Count.EqualTo(1).And.All.Contains("is broken"));
        Assert.That(Directory.GetFiles(StateFolder, "*.corrupt-*"), Is.Not.Empty);
    }

    [Test]
    public void A_file_with_a_time_that_cannot_be_is_moved_aside()
    {
        using (StateStore store = Start())
            store.LoggedOut(End("alice"));
        Rows("UPDATE user SET last_logged_out = 9223372036854775807");

        using StateStore again = Start();
        Assert.That(again.HistoryOf("alice"), Is.Null);
        Assert.That(Directory.GetFiles(StateFolder, "*.corrupt-*"), Is.Not.Empty);
    }

    [Test]
    public void It_may_be_closed_twice()
    {
        StateStore store = Start();
        store.LoggedOut(End("alice"));
        store.Dispose();

        Assert.That(store.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_told_once_and_memory_goes_on()
    {
        File.WriteAllText(StateFolder, "a file stands in the way");
        using StateStore store = Start();
        for (int i = 0; i < 100; i++)
            store.LoggedOut(End("alice"));
        Assert.That(store.HistoryOf("alice")?.Sessions, Is.EqualTo(100));

        File.Delete(StateFolder);
        WaitForLine("are kept in");

        Assert.That(_log.Lines, Has.Count.EqualTo(2));
        Assert.That(_log.Lines[0], Does.StartWith("Error:").And.Contain(StateFolder));
        Assert.That(Rows("SELECT sessions FROM user WHERE name = 'alice'"), Is.EqualTo(100));
    }

    [Test]
    public void A_full_disk_is_told_once_and_what_was_noted_meanwhile_is_kept_when_there_is_space_again()
    {
        using SmallDisk disk = new(StateFolder);
        using (StateStore store = Start())
        {
            disk.Fill();
            for (int i = 0; i < 500; i++)
                store.LoggedOut(End($"user-{i}"));
            WaitForLine("cannot be kept");
            for (int i = 0; i < 500; i++)
                store.LoggedOut(End($"user-{i}"));

            disk.Empty();
            WaitForLine("are kept in");
        }

        Assert.That(_log.Lines, Has.Count.EqualTo(2));
        Assert.That(Rows("SELECT sum(sessions) FROM user"), Is.EqualTo(1000));
    }

    [Test]
    public void Another_folder_gets_everything_and_is_written_from_then_on()
    {
        string other = Path.Combine(_folder, "other");
        using (StateStore store = Start())
        {
            store.LoggedOut(End("alice"));
            store.MoveTo(other);
            store.LoggedOut(End("bob"));
            store.LoggedOut(End("alice"));
        }

        using StateStore there = Start(other);
        Assert.That(there.HistoryOf("alice")?.Sessions, Is.EqualTo(2));
        Assert.That(there.HistoryOf("bob")?.Sessions, Is.EqualTo(1));
    }

    [Test]
    public void A_file_of_another_version_is_left_alone()
    {
        Start().Dispose();
        Rows("PRAGMA user_version = 99");

        using StateStore store = Start();

        Assert.That(_log.Lines, Has.Count.EqualTo(1).And.All.Contains("written by another version"));
        Assert.That(File.Exists(DatabaseFile), Is.True);
    }

    private static RememberedLease Lease(string owner, int host) => new("pool", owner, IPAddress.Parse($"10.8.0.{host}"));

    private static SessionEnd End(string user) => new()
    {
        User = user,
        CallerId = IPAddress.Parse("192.0.2.7"),
        Address = IPAddress.Parse("10.8.0.2"),
        At = Noon,
        Uptime = TimeSpan.FromSeconds(20.9),
        Reason = DisconnectReason.PeerRequest,
        Counters = new DataPathCounters { RxBytes = 100, TxBytes = 2_000_000_000_000 },
    };

    private StateStore Start(string? folder = null)
    {
        StateStore store = new(folder ?? StateFolder, new FakeTimeProvider(Noon), _log, TimeSpan.FromMilliseconds(20));
        store.Start();
        return store;
    }

    private object? Rows(string query)
    {
        using SqliteConnection connection = new($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = query;
        return command.ExecuteScalar();
    }

    private void WaitForLine(string text) =>
        Assert.That(SpinWait.SpinUntil(() => _log.Lines.Any(line => line.Contains(text)), Soon), Is.True, text);
}
