using System.Collections.Concurrent;
using System.Globalization;
using Pptp.Testing.Calling;
using Pptp.Testing.Radius;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>
/// The accounting server is away while sessions come and go, and in between the daemon is killed. Two minutes of it:
/// PPTPD_OUTAGE=120 in the environment.
/// </summary>
internal sealed class AccountingOutageTests : RadiusFixture
{
    private const int Theirs = 100;
    private const int OfOurs = 100;
    private const int Echoes = 20;

    private static readonly string[] RadiusUsers = ServerConfiguration.Numbered("theirs", Theirs);
    private static readonly string[] LocalUsers = ServerConfiguration.Numbered("ours", OfOurs);

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("PPTPD_OUTAGE"), CultureInfo.InvariantCulture, out int seconds)
            ? seconds
            : 8);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, ScriptedCall> _up = new();
    private readonly List<string> _loggedOut = [];
    private int _sessions;

    protected override FreeRadiusSettings RadiusSettings => new() { Users = string.Concat(RadiusUsers.Select(user => User(user))) };

    // What is counted is on the disk a second later.
    protected override string Aaa => "interim-update = \"1s\"";

    protected override string Rows => Row("127.0.0.1", "timeout = \"300ms\"");

    protected override ServerConfiguration Configuration => base.Configuration with
    {
        Users = LocalUsers,
        Authentication = "mschap2",
        Encryption = "required",
    };

    [Test]
    [CancelAfter(600_000)]
    public async Task Every_session_has_one_start_and_one_stop_however_long_nobody_listened()
    {
        await BringUpAsync([.. RadiusUsers, .. LocalUsers]);
        await Radius.WaitForRecordsAsync(all => StartsOf(all) == Theirs + OfOurs, Patience);
        await SendAsync(_up.Values);

        Radius.Kill();
        await ComeAndGoAsync(Outage / 2);
        IReadOnlyList<string> counted = await KillAsync();
        await ComeAndGoAsync(Outage / 2);
        Radius.Start();

        IReadOnlyList<AccountingRecord> records =
            await Radius.WaitForRecordsAsync(all => StartsOf(all) == _sessions, Patience);
        await HangUpAsync([.. _up.Keys]);
        records = await Radius.WaitForRecordsAsync(all => StopsOf(all) == _sessions, Patience);
        Remember();
        await ShowAsync(records);

        ILookup<string, AccountingRecord> starts = Of(records, "Start").ToLookup(record => record.SessionId);
        ILookup<string, AccountingRecord> stops = Of(records, "Stop").ToLookup(record => record.SessionId);
        Assert.That(starts.Select(one => one.Key), Is.EquivalentTo(stops.Select(one => one.Key)));
        foreach (IGrouping<string, AccountingRecord> same in starts.Concat(stops))
            Assert.That(same.Select(IdentityOf).Distinct().Count(), Is.EqualTo(1), "a repeat tells something else");
        AccountingRecord[] ends = [.. stops.Select(same => same.First())];
        Assert.That(
            ends.Where(stop => !IsOfCrash(stop)).Select(OctetsOf), Is.EquivalentTo(_loggedOut), "what the daemon counted");
        Assert.That(
            ends.Where(IsOfCrash).Select(stop => $"{stop["Acct-Input-Octets"]} {stop["Acct-Output-Octets"]}"),
            Is.EquivalentTo(counted), "what the interfaces counted");
    }

    private static IEnumerable<AccountingRecord> Of(IReadOnlyList<AccountingRecord> records, string type) =>
        records.Where(record => record.StatusType == type);

    private static int StartsOf(IReadOnlyList<AccountingRecord> records) =>
        Of(records, "Start").Select(record => record.SessionId).Distinct().Count();

    private static int StopsOf(IReadOnlyList<AccountingRecord> records) =>
        Of(records, "Stop").Select(record => record.SessionId).Distinct().Count();

    private static bool IsOfCrash(AccountingRecord stop) => stop["Acct-Terminate-Cause"] == "NAS-Reboot";

    private static string OctetsOf(AccountingRecord record) =>
        $"{record["User-Name"]} {record["Acct-Input-Octets"]} {record["Acct-Output-Octets"]}";

    /// <summary>All that a repeat has as the first had it.</summary>
    private static string IdentityOf(AccountingRecord record) => string.Join(
        '\n', record.Attributes.Where(one => one.Name is not ("Acct-Delay-Time" or "Timestamp" or "Acct-Unique-Session-Id")));

    private async Task BringUpAsync(string[] users)
    {
        int mark = Server.Log.Mark;
        foreach (ScriptedCall call in await DialAllAsync(users, 16))
            _up[call.Settings.User] = call;
        Server.Log.WaitFor(" logged in, ", Patience, users.Length, mark);
        _sessions += users.Length;
    }

    private async Task HangUpAsync(string[] users)
    {
        if (users.Length == 0)
            return;
        int mark = Server.Log.Mark;
        foreach (string user in users)
        {
            _up.TryRemove(user, out ScriptedCall? call);
            await call!.Caller.DisposeAsync();
        }
        Server.Log.WaitFor(" logged out, ", Patience, users.Length, mark);
    }

    /// <summary>Users of ours, who need no server to log in, hang up and dial again; users of RADIUS only hang up.</summary>
    private async Task ComeAndGoAsync(TimeSpan time)
    {
        TimeSpan end = Server.Log.Now + time;
        for (int i = 0; Server.Log.Now < end; i++)
        {
            string[] some = [.. Enumerable.Range(0, 5).Select(j => LocalUsers[((i * 5) + j) % OfOurs])];
            await HangUpAsync([.. some.Where(_up.ContainsKey)]);
            await BringUpAsync(some);
            await SendAsync(some.Select(user => _up[user]));
            if (RadiusUsers.FirstOrDefault(_up.ContainsKey) is { } gone)
                await HangUpAsync([gone]);
        }
    }

    private async Task SendAsync(IEnumerable<ScriptedCall> calls)
    {
        foreach (ScriptedCall call in calls)
        {
            await using SequencedStream stream = new(call, Echo, size: 500);
            stream.Start(TimeSpan.FromMilliseconds(1));
            await stream.WaitForAsync(Echoes);
            await stream.StopAsync();
        }
    }

    /// <returns>What the interfaces of the sessions that it cut off had counted, from the client and to it.</returns>
    private async Task<IReadOnlyList<string>> KillAsync()
    {
        // So long nothing is sent that the last count is on the disk.
        await Task.Delay(TimeSpan.FromSeconds(6));
        Remember();
        string[] counted =
        [
            .. ServerNetwork.Invoke(() => File.ReadAllLines("/proc/thread-self/net/dev"))
                .Select(line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
                .Where(parts => parts[0].StartsWith("pptp-", StringComparison.Ordinal))
                .Select(parts => $"{parts[1]} {parts[9]}"),
        ];
        Server.Kill();
        foreach (ScriptedCall call in _up.Values)
        {
            await call.WaitForEndAsync();
            await call.Caller.DisposeAsync();
        }
        _up.Clear();
        StartServer();
        return counted;
    }

    /// <summary>Keeps what the daemon that runs has said of sessions that are over.</summary>
    private void Remember() => _loggedOut.AddRange(Server.Log.With(" logged out, ").Select(line =>
    {
        string[] words = line.Text.Split(' ');
        int at = Array.IndexOf(words, "out,");
        return $"{words[at - 2]} {words[at + 2]} {words[at + 3]}";
    }));

    private async Task ShowAsync(IReadOnlyList<AccountingRecord> records)
    {
        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{_sessions} sessions, {Outage.TotalSeconds:0} s without a server, one kill -9:"));
        foreach (string type in (string[])["Accounting-On", "Start", "Interim-Update", "Stop"])
        {
            AccountingRecord[] all = [.. Of(records, type)];
            int unique = all.Select(record => (record.SessionId, record["Event-Timestamp"])).Distinct().Count();
            int late = all.Count(record => int.Parse(record["Acct-Delay-Time"] ?? "0", CultureInfo.InvariantCulture) > 1);
            await TestContext.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"  {type,-15} {all.Length,5} taken, {all.Length - unique,3} of them repeats, {late,4} were kept for over a second"));
        }
    }
}
