using System.Diagnostics;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>on-up and on-down: what a program finds when it is run, and that nobody waits for it.</summary>
internal sealed class HookTests : ServerFixture
{
    private const string Strange = "a;touch $HOME `id` é";

    private readonly string _place = Directory.CreateTempSubdirectory("pptpd-hooks-").FullName;

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice, Bob],
        LogLevel = "debug",
        ProfileExtra = $"""
            on-up = "{Tell("up")}"
            on-down = "{Tell("down")}"
            """,
        Extra = ServerConfiguration.Secret(Strange, "tunnel"),
    };

    private string Scripts => Path.Combine(_place, "scripts");

    [OneTimeTearDown]
    public void RemoveThePlace() => Directory.Delete(_place, recursive: true);

    [TearDown]
    public void PutTheConfigurationBack()
    {
        if (Server.Running)
            Reload(Configuration);
    }

    [Test]
    [EffectOf("ppp-profile", "on-up")]
    [EffectOf("ppp-profile", "on-down")]
    public async Task A_login_and_a_logout_run_their_programs_with_the_variables_of_RouterOS()
    {
        ScriptedCall call = await DialAsync(Alice);
        string up = await ReadAsync("up");
        await call.Caller.DisposeAsync();
        string down = await ReadAsync("down");

        foreach (string told in (string[])[up, down])
        {
            string[] lines = told.Split('\n');
            Assert.That(lines, Does.Contain("user=alice").And.Contain("PPTP_USER=alice"));
            Assert.That(lines, Does.Contain("local-address=10.9.0.1").And.Contain("PPTP_LOCAL_ADDRESS=10.9.0.1"));
            Assert.That(lines, Does.Contain($"remote-address={call.Address}"));
            Assert.That(lines, Does.Contain($"caller-id={ClientAddress}").And.Contain($"called-id={ServerAddress}"));
            Assert.That(lines, Does.Contain("interface=pptp-alice"));
        }

        Assert.That(up, Does.Not.Contain("bytes-in="));
        string[] last = down.Split('\n');
        Assert.That(last, Does.Contain("reason=hung-up"));
        Assert.That(last, Does.Contain("bytes-in=0"));
        Assert.That(last, Does.Contain("bytes-out=0"));
        Assert.That(last, Has.Some.StartsWith("uptime="));
    }

    [Test]
    [EffectOf("system", "hook-privileges")]
    public async Task A_program_has_no_capability_and_nothing_of_the_daemons_unless_that_is_configured()
    {
        ScriptedCall call = await DialAsync(Alice);
        string without = await ReadAsync("up");
        Reload(Configuration with { SystemExtra = "hook-privileges = true" });
        ScriptedCall other = await DialAsync(Bob);
        string with = await ReadAsync("up");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(without, Does.Contain("CapEff:\t0000000000000000").And.Contain("CapBnd:\t0000000000000000"));
            Assert.That(without, Does.Contain("NoNewPrivs:\t1"));
            Assert.That(with, Does.Not.Contain("CapEff:\t0000000000000000"));
            Assert.That(without, Does.Contain("descriptors 0 1 2 3\n"), "3 is that by which they are listed");
            Assert.That(without, Does.Contain("input /dev/null\n").And.Contain("place /\n"));
            Assert.That(without, Does.Contain("SigIgn:\t0000000000000000"));
            string[] names = [.. without.Split('\n').SkipWhile(line => line != "environment").Skip(1)
                .Select(line => line.Split('=')[0]).Where(name => name.Length > 0)];
            Assert.That(
                names.Where(name => !name.StartsWith("PPTP_", StringComparison.Ordinal)),
                Is.EquivalentTo(new[] { "PATH", "user", "local-address", "remote-address", "caller-id", "called-id", "interface" }));
        }

        await call.Caller.DisposeAsync();
        await other.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_name_full_of_what_a_shell_would_do_is_data()
    {
        ScriptedCall call = await DialAsync(Strange);
        Assert.That((await ReadAsync("up")).Split('\n'), Does.Contain($"user={Strange}"));
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task Slow_programs_delay_nobody_and_no_more_than_32_run_at_once()
    {
        string[] users = ServerConfiguration.Numbered("user", 60);
        string slow = Script("slow", $"echo $$ >> {_place}/running\nexec sleep 60\n");
        Reload(Configuration with { Users = users, ProfileExtra = $"on-up = \"{slow}\"" });

        IReadOnlyList<ScriptedCall> calls = await DialAllAsync(users);

        await Poll.UntilAsync(() => LinesOf("running") >= 32, Soon);
        Assert.That(calls, Has.Count.EqualTo(60));
        Assert.That(LinesOf("running"), Is.EqualTo(32));
        foreach (ScriptedCall call in calls)
            await call.Caller.DisposeAsync();

        // The daemon does not wait for them long, and leaves none behind.
        ServerMayBeGone = true;
        Stopwatch clock = Stopwatch.StartNew();
        Assert.That(Server.Stop(TimeSpan.FromSeconds(40)), Is.Zero, Server.Report(Mark));
        await TestContext.Out.WriteLineAsync($"stopped in {clock.Elapsed.TotalSeconds:0.0} s");
        foreach (string process in File.ReadLines(Path.Combine(_place, "running")))
            Assert.That(Directory.Exists($"/proc/{process}"), Is.False, $"process {process} is left");
        Configure(Configuration);
    }

    [Test]
    public async Task Those_who_are_logged_in_when_the_daemon_ends_are_logged_out_with_their_programs()
    {
        await DialAsync(Alice);
        await ReadAsync("up");
        ServerMayBeGone = true;
        Assert.That(Server.Stop(Soon), Is.Zero);
        Assert.That(await ReadAsync("down"), Does.Contain("reason=reboot"));
    }

    [Test]
    public async Task A_program_that_fails_or_is_not_there_is_told_of_and_the_session_goes_on()
    {
        string failing = Script("failing", "echo it rains; exit 7\n");
        Reload(Configuration with { ProfileExtra = $"on-up = \"\"\"{failing}\n/no/such/program\"\"\"" });
        ScriptedCall call = await DialAsync(Alice);

        Server.Log.WaitFor($"<pptp-alice>: on-up: {failing} failed with status 7: it rains", Soon, after: Mark);
        Server.Log.WaitFor("<pptp-alice>: on-up: /no/such/program failed with status 126: execve", Soon, after: Mark);
        Assert.That(call.Ended, Is.Null);
        await call.Caller.DisposeAsync();
    }

    private string Tell(string what) => Script(what, $$"""
        {
          ls -l /proc/self/fd | awk 'NF > 9 { printf " %s", $9 }' | sed 's/^/descriptors/; s/$/\n/'
          echo "input $(readlink /proc/$$/fd/0)"
          echo "place $(pwd)"
          grep -E 'Cap|NoNew|SigIgn' /proc/self/status
          echo environment
          tr '\0' '\n' < /proc/$$/environ
        } > {{_place}}/{{what}}.part
        mv {{_place}}/{{what}}.part {{_place}}/{{what}}.told

        """);

    private string Script(string name, string text)
    {
        Directory.CreateDirectory(Scripts);
        string path = Path.Combine(Scripts, name);
        if (!File.Exists(path))
        {
            File.WriteAllText(path, $"#!/bin/sh\n{text}");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private int LinesOf(string file)
    {
        string path = Path.Combine(_place, file);
        return File.Exists(path) ? File.ReadLines(path).Count() : 0;
    }

    /// <summary>Waits for what a program has told, and takes it away.</summary>
    private async Task<string> ReadAsync(string what)
    {
        string path = Path.Combine(_place, $"{what}.told");
        TimeSpan? told = await Poll.UntilAsync(() => File.Exists(path), TimeSpan.FromSeconds(30));
        Assert.That(told, Is.Not.Null, $"on-{what} was not run\n{Server.Report(Mark)}");
        string text = await File.ReadAllTextAsync(path);
        File.Delete(path);
        return text;
    }

    private void Reload(ServerConfiguration configuration)
    {
        Configure(configuration);
        int mark = Server.Log.Mark;
        Server.Signal("HUP");
        Server.Log.WaitFor("settings changed", Soon, after: mark);
    }
}
