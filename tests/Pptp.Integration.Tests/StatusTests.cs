using System.Text.Json;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary><c>pptpd status</c>, asked as a program of its own.</summary>
internal sealed class StatusTests : ServerFixture
{
    private const string Branch = "branch";

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice, Bob],
        Extra = $"""

            [[pptp-server-interface]]
            name = "{Branch}"
            user = "{Bob}"

            [[pptp-client]]
            name = "pptp-out1"
            connect-to = "192.168.62.2"
            user = "MT-User"
            password = "{ServerConfiguration.PasswordOf("MT-User")}"
            disabled = true

            """,
    };

    protected override IReadOnlyList<string> StandingInterfaces => [Branch];

    [Test]
    public async Task It_shows_who_has_dialled_in_with_the_fields_that_RouterOS_has()
    {
        ScriptedCall alice = await DialAsync(Alice);
        ScriptedCall bob = await DialAsync(Bob);

        (int status, string output) = Ask("--json");
        Assert.That(status, Is.Zero, output);
        JsonElement[] rows = [.. JsonDocument.Parse(output).RootElement.GetProperty("pptp-server").EnumerateArray()];
        Assert.That(rows.Select(row => Text(row, "name")), Is.EqualTo([Branch, "<pptp-alice>"]));
        using (Assert.EnterMultipleScope())
        {
            MustTell(rows[0], Bob, Branch, bob);
            MustTell(rows[1], Alice, "pptp-alice", alice);
            Assert.That(Text(rows[0], "dynamic"), Is.EqualTo("no"));
            Assert.That(Text(rows[1], "dynamic"), Is.EqualTo("yes"));
        }

        string print = Ask().Output;
        string rest = $@" +1450 +{ClientAddress} +(\d+m)?\d+s +MPPE128 stateless  ";
        Assert.That(print, Does.Contain(
            "Columns: NAME, USER, MTU, CLIENT-ADDRESS, UPTIME, ENCODING, INTERFACE, REMOTE-ADDRESS, RX, TX\n"));
        Assert.That(print, Does.Match($@"(?m)^0    R  branch +bob{rest}branch +{bob.Address} +0bps +0bps$"));
        Assert.That(print, Does.Match($@"(?m)^1   DR  <pptp-alice> +alice{rest}pptp-alice +{alice.Address} +0bps +0bps$"));
        Assert.That(print, Does.Match(@"(?m)^0 X  name=""pptp-out1"" .*user=""MT-User""$").And.Not.Contain("Pass-of-"));
    }

    [Test]
    public async Task Who_has_hung_up_is_not_told_of_and_his_standing_interface_is_without_the_flag()
    {
        ScriptedCall alice = await DialAsync(Alice);
        ScriptedCall bob = await DialAsync(Bob);
        await HangUpAndWaitAsync(alice, "<pptp-alice>");
        await HangUpAndWaitAsync(bob, Branch);

        string output = Ask().Output;
        Assert.That(output, Does.Match(@"(?m)^0       branch +bob +branch$").And.Not.Contain(Alice));
    }

    [Test]
    public async Task A_script_asks_by_the_exit_status_whether_one_runs()
    {
        Assert.That(Ask("<pptp-alice>"), Is.EqualTo((1, "pptpd: there is no interface <pptp-alice>\n")));
        Assert.That(Ask(Branch).Status, Is.EqualTo(1), "it is there, but nobody is connected");
        Assert.That(Ask("pptp-out1").Status, Is.EqualTo(1), "it is disabled");
        await DialAsync(Alice);
        await DialAsync(Bob);

        Assert.That(Ask("<pptp-alice>").Status, Is.Zero);
        Assert.That(Ask("pptp-alice").Status, Is.Zero);
        (int status, string output) = Ask(Branch);
        Assert.That(status, Is.Zero);
        Assert.That(output, Does.Contain(Bob).And.Not.Contain(Alice).And.Not.Contain("pptp-out1"));
    }

    [Test]
    public void Without_a_daemon_it_says_so_and_after_a_kill_the_next_daemon_answers()
    {
        Server.Kill();
        (int status, string output) = Ask();
        Assert.That(status, Is.EqualTo(1));
        Assert.That(output, Does.Match("^pptpd: .*/state/pptpd.sock: no daemon answers\n$"));

        StartServer();
        Assert.That(Ask().Status, Is.Zero, Server.Report());
        Server.Stop(Soon);
        Assert.That(Ask().Output, Does.Contain("there is no such socket"), "it goes with the daemon");
        StartServer();
    }

    [Test]
    public async Task It_follows_the_state_folder_at_a_reload()
    {
        string other = Path.Combine(Path.GetDirectoryName(ConfigurationFile)!, "elsewhere");
        try
        {
            Reload(Configuration with { StateFolder = other });
            await DialAsync(Alice);
            Assert.That(Ask("<pptp-alice>").Status, Is.Zero, Server.Report());
            Assert.That(File.Exists(Path.Combine(other, "..", "state", "pptpd.sock")), Is.False);
        }
        finally
        {
            Reload(Configuration);
        }
    }

    [Test]
    public async Task A_session_that_is_disconnected_by_its_user_or_interface_ends_as_RouterOS_ends_it()
    {
        ScriptedCall alice = await DialAsync(Alice);
        await DialAsync(Bob);
        int mark = Server.Log.Mark;

        Assert.That(Disconnect(Alice), Is.EqualTo((0, "1 session ends\n")));
        await alice.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest), 1);
        Server.Log.WaitFor("<pptp-alice>: terminating... - disconnected by the administrator", Soon, after: mark);
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon, after: mark);
        Assert.That(Disconnect(Alice), Is.EqualTo((1, "pptpd: alice is not connected; connected are: bob\n")));
        Assert.That(Disconnect(Branch), Is.EqualTo((0, "1 session ends\n")));
        Server.Log.WaitFor("branch: disconnected", Soon, after: mark);
        Assert.That(Disconnect(Branch), Is.EqualTo((1, "pptpd: branch is not connected; nobody is\n")));
    }

    private static void MustTell(JsonElement row, string user, string linuxName, ScriptedCall call)
    {
        Assert.That(Text(row, "user"), Is.EqualTo(user));
        Assert.That(Text(row, "interface"), Is.EqualTo(linuxName));
        Assert.That(Text(row, "running"), Is.EqualTo("yes"));
        Assert.That(Text(row, "mtu"), Is.EqualTo("1450"));
        Assert.That(Text(row, "mru"), Is.EqualTo("1450"));
        Assert.That(Text(row, "client-address"), Is.EqualTo($"{ClientAddress}"));
        Assert.That(Text(row, "uptime"), Does.Match(@"^(\d+m)?\d+s$"));
        Assert.That(Text(row, "encoding"), Is.EqualTo("MPPE128 stateless"));
        Assert.That(Text(row, "local-address"), Is.EqualTo(ServerConfiguration.Gateway));
        Assert.That(Text(row, "remote-address"), Is.EqualTo($"{call.Address}"));
    }

    private static string? Text(JsonElement row, string key) => row.GetProperty(key).GetString();

    private async Task HangUpAndWaitAsync(ScriptedCall call, string name)
    {
        int mark = Server.Log.Mark;
        await call.Caller.DisposeAsync();
        Server.Log.WaitFor($"{name}: disconnected", Soon, after: mark);
    }

    private void Reload(ServerConfiguration configuration)
    {
        int mark = Server.Log.Mark;
        Configure(configuration);
        Server.Signal("HUP");
        Server.Log.WaitFor("settings changed", Soon, after: mark);
    }

    private (int Status, string Output) Ask(params string[] arguments) =>
        DaemonQuery.Run(ConfigurationFile, ["status", .. arguments]);

    private (int Status, string Output) Disconnect(string name) =>
        DaemonQuery.Run(ConfigurationFile, ["disconnect", name]);
}
