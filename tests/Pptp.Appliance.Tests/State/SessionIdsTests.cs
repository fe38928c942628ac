using Pptp.Appliance.Aaa;
using Pptp.Appliance.State;

namespace Pptp.Appliance.Tests.State;

/// <summary>Numbers of sessions, with real files.</summary>
public sealed class SessionIdsTests
{
    private readonly ListLogger _log = new();
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pptpd-ids-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void An_id_is_eight_digits_as_those_of_RouterOS_and_its_port_the_same_number()
    {
        using AccountingJournal journal = Start(_folder, out SessionIds ids);

        SessionIdentity first = ids.Next();
        SessionIdentity second = ids.Next();

        Assert.That(first.AcctSessionId, Does.Match("^8[0-9a-f]{4}001$"));
        Assert.That(first.NasPort, Is.EqualTo(Convert.ToUInt32(first.AcctSessionId, 16) & 0x0fff_ffff));
        Assert.That(second.NasPort, Is.EqualTo(first.NasPort + 1));
        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public void No_id_is_given_twice_by_runs_that_are_killed()
    {
        List<string> given = [];
        List<AccountingJournal> killed = [];
        for (int run = 0; run < 4; run++)
        {
            // What the file is at this moment is what a run finds after this one was killed.
            string folder = Path.Combine(_folder, $"{run}");
            if (run > 0)
                Copy(Path.Combine(_folder, $"{run - 1}"), folder);
            killed.Add(Start(folder, out SessionIds ids));
            for (int i = 0; i < SessionIds.BlockSize / 2; i++)
                given.Add(ids.Next().AcctSessionId);
        }

        Assert.That(given, Is.Unique);
        Assert.That(_log.Lines, Is.Empty);
        killed.ForEach(journal => journal.Dispose());
    }

    [Test]
    public void Where_nothing_can_be_kept_ids_go_on_and_the_operator_is_told_once()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        using AccountingJournal journal = Start(Path.Combine(file, "state"), out SessionIds ids);

        string[] given = [.. Enumerable.Range(0, 3 * SessionIds.BlockSize).Select(_ => ids.Next().AcctSessionId)];

        Assert.That(given, Has.All.Match("^8[0-9a-f]{7}$"));
        Assert.That(given.Take(SessionIds.BlockSize), Is.Unique);
        Assert.That(_log.Lines.Count(line => line.Contains("Acct-Session-Id", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    private AccountingJournal Start(string folder, out SessionIds ids)
    {
        AccountingJournal journal = new(folder, TimeProvider.System, _log, TimeSpan.FromMinutes(1));
        ids = new SessionIds(journal, _log);
        journal.Start();
        return journal;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
