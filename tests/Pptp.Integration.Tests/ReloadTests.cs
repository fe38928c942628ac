using System.Net;
using System.Text;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>SIGHUP. The bystander's stream tells that live sessions stay.</summary>
internal sealed class ReloadTests : ServerFixture
{
    private const string Applied = "settings changed";

    protected override bool HasBystander => true;

    [TearDown]
    public void PutTheConfigurationBack()
    {
        Configure(Configuration);
        Reload(Applied);
    }

    [Test]
    public async Task A_new_secret_lets_its_user_in()
    {
        Assert.That(() => DialAsync("newcomer"), Throws.TypeOf<CallEndedException>());

        Configure(Configuration with { Users = [Alice, "newcomer"] });
        Reload(Applied);

        ScriptedCall call = await DialAsync("newcomer");
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_session_outlives_its_secret_but_is_not_let_in_again()
    {
        ScriptedCall call = await DialAsync(Alice);

        Configure(Configuration with { Users = [Bob] });
        Reload(Applied);

        Assert.That(() => DialAsync(Alice), Throws.TypeOf<CallEndedException>());
        Assert.That(call.Ended, Is.Null);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_broken_file_changes_nothing_and_the_log_says_where_it_is_broken()
    {
        Configure(Configuration with { Users = ["newcomer"], Extra = "\n[[ppp-secret]]\nnmae = \"oops\"\n" });
        int line = File.ReadAllLines(ConfigurationFile).IndexOf("nmae = \"oops\"") + 1;

        string said = Reload("nmae");

        Assert.That(said, Does.Contain($"pptpd.toml:{line}").Or.Contain($"pptpd.toml({line}"));
        Assert.That(() => DialAsync("newcomer"), Throws.TypeOf<CallEndedException>());
        ScriptedCall call = await DialAsync(Alice);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_file_that_is_gone_changes_nothing()
    {
        File.Delete(ConfigurationFile);

        Reload("nothing was changed");

        ScriptedCall call = await DialAsync(Alice);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_stream_loses_nothing_and_keeps_its_order_under_one_reload_after_the_other()
    {
        ScriptedCall call = await DialAsync(Alice);
        await using SequencedStream stream = new(call, Echo);
        stream.Start(TimeSpan.FromMilliseconds(1));

        for (int i = 0; i < 20; i++)
        {
            uint sent = stream.Sent;
            Configure(Configuration with
            {
                MaxMtu = 1300 + i,
                Encryption = i % 2 == 0 ? "yes" : "required",
                Pool = $"10.9.{i}.10-10.9.255.250",
                Users = i % 2 == 0 ? [Alice, Bob] : [Alice, "newcomer"],
            });
            Reload(Applied);
            await stream.WaitForNumberAsync(sent + 10);
        }

        StreamReport report = await stream.StopAsync();
        TestContext.Out.WriteLine($"20 reloads: {report}");
        Assert.That(report.IsPerfect, Is.True, $"{report}\n{Server.Report(Mark)}");
        Assert.That(call.Ended, Is.Null);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_smaller_max_mtu_holds_for_the_next_session_and_leaves_this_one()
    {
        ScriptedCall before = await DialAsync(Alice);
        WaitUntilConnected(Alice);

        Configure(Configuration with { MaxMtu = 1300 });
        Reload(Applied);
        ScriptedCall after = await DialAsync(Bob);
        WaitUntilConnected(Bob);

        Assert.That(FindInterface("pptp-alice")?.Mtu, Is.EqualTo(1450));
        Assert.That(FindInterface("pptp-bob")?.Mtu, Is.EqualTo(1300));
        await before.Caller.DisposeAsync();
        await after.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("pptp-server", "enabled")]
    public async Task A_server_that_is_disabled_keeps_its_sessions_and_takes_no_more()
    {
        ScriptedCall call = await DialAsync(Alice);
        string file = File.ReadAllText(ConfigurationFile);

        file = file.Replace("enabled = true", "enabled = false", StringComparison.Ordinal);
        File.WriteAllText(ConfigurationFile, file);
        Reload(Applied);

        Assert.That(() => Host.ConnectAsync(), Throws.TypeOf<System.Net.Sockets.SocketException>());
        Assert.That(call.Ended, Is.Null);
        await call.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("pptp-server", "listen")]
    public async Task A_port_taken_for_all_addresses_is_taken_for_one_and_back_while_sessions_stay()
    {
        ScriptedCall call = await DialAsync(Alice);

        Configure(Configuration with { ServerExtra = $"listen = \"{ServerAddress}:1723\"" });
        Reload(Applied);

        ScriptedCall bob = await DialAsync(Bob);
        Configure(Configuration);
        Reload(Applied);

        await bob.Caller.DisposeAsync();
        bob = await DialAsync(Bob);
        Assert.That(call.Ended, Is.Null);
        await bob.Caller.DisposeAsync();
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task An_address_that_cannot_be_had_leaves_the_one_of_before_that_was_in_its_way()
    {
        Configure(Configuration with { ServerExtra = "listen = \"203.0.113.77:1723\"" });
        Reload("cannot be applied");

        ScriptedCall call = await DialAsync(Alice);
        await call.Caller.DisposeAsync();
    }

    [TestCase("")]
    [TestCase("disabled = true\n")]
    [EffectOf("system", "apply-to-sessions")]
    public async Task A_user_who_is_removed_or_disabled_loses_his_session_when_that_applies_to_sessions(string disabled)
    {
        ScriptedCall alice = await DialAsync(Alice);
        ScriptedCall bob = await DialAsync(Bob);

        Configure(Configuration with { Users = [Bob], Extra = disabled.Length == 0 ? "" : SecretOf(Alice) + disabled });
        SetSystem("apply-to-sessions = true");
        Reload(Applied);

        await alice.WaitForEndAsync();
        Server.Log.WaitFor("<pptp-alice>: terminating... - disconnected", Soon, after: Mark);
        Assert.That(() => DialAsync(Alice), Throws.TypeOf<CallEndedException>());
        Assert.That(bob.Ended, Is.Null);
        await bob.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("ppp-secret", "disabled")]
    public async Task A_session_outlives_its_secret_being_disabled_but_is_not_let_in_again()
    {
        ScriptedCall call = await DialAsync(Alice);

        Configure(Configuration with { Users = [Bob], Extra = SecretOf(Alice) + "disabled = true\n" });
        Reload(Applied);

        Assert.That(() => DialAsync(Alice), Throws.TypeOf<CallEndedException>());
        Assert.That(call.Ended, Is.Null);
        await call.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("system", "identity")]
    public async Task Another_identity_is_told_to_the_next_caller()
    {
        SetSystem("identity = \"office-7\"");
        Reload(Applied);

        ScriptedCaller caller = await Host.StartAsync();
        byte[] reply = await caller.WaitForAsync(ControlWire.StartReply);

        // RFC 2637 §2.2: 64 octets of host name after 28 of other things, filled up with zeros.
        Assert.That(Encoding.ASCII.GetString(reply, 28, 64).TrimEnd('\0'), Is.EqualTo("office-7"));
        await caller.DisposeAsync();
    }

    [Test]
    [EffectOf("system", "log-level")]
    public async Task Another_log_level_holds_at_once()
    {
        const string Debugged = ": control connection of ";
        ScriptedCall before = await DialAsync(Alice);
        Assert.That(Server.Log.With(Debugged, Mark), Is.Empty);

        Configure(Configuration with { LogLevel = "debug" });
        Reload(Applied);
        ScriptedCall after = await DialAsync(Bob);

        Server.Log.WaitFor(Debugged, Soon, after: Mark);
        await before.Caller.DisposeAsync();
        await after.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("system", "log-file")]
    public async Task Another_log_file_gets_the_next_lines()
    {
        string folder = Path.GetDirectoryName(ConfigurationFile)!;
        SetSystem($"log-file = \"{folder}/a.log\"");
        Reload(Applied);
        ScriptedCall first = await DialAsync(Alice);
        SetSystem($"log-file = \"{folder}/b.log\"");
        Reload(Applied);
        ScriptedCall second = await DialAsync(Bob);

        await Poll.UntilAsync(() => Lines("b.log").Contains("bob logged in", StringComparison.Ordinal), Soon);

        Assert.That(Lines("a.log"), Does.Contain("alice logged in").And.Not.Contain("bob logged in"));
        Assert.That(Lines("b.log"), Does.Contain("bob logged in").And.Not.Contain("alice logged in"));
        await first.Caller.DisposeAsync();
        await second.Caller.DisposeAsync();

        string Lines(string name) => File.Exists(Path.Combine(folder, name))
            ? File.ReadAllText(Path.Combine(folder, name))
            : "";
    }

    [Test]
    public async Task A_profile_that_has_changed_holds_for_the_next_session()
    {
        ScriptedCall before = await DialAsync(Alice);
        string file = File.ReadAllText(ConfigurationFile);

        File.WriteAllText(ConfigurationFile, file.Replace(
            "remote-address = \"pool\"", "remote-address = \"10.77.0.7\"", StringComparison.Ordinal));
        Reload(Applied);
        ScriptedCall after = await DialAsync(Bob);

        Assert.That(after.Address, Is.EqualTo(IPAddress.Parse("10.77.0.7")));
        Assert.That(before.Ended, Is.Null);
        await before.Caller.DisposeAsync();
        await after.Caller.DisposeAsync();
    }

    private static string SecretOf(string user) => $"""

        [[ppp-secret]]
        name = "{user}"
        password = "{ServerConfiguration.PasswordOf(user)}"
        profile = "tunnel"

        """;

    /// <summary>Puts a key into [system].</summary>
    private void SetSystem(string line)
    {
        string[] lines = File.ReadAllLines(ConfigurationFile);
        string key = line[..line.IndexOf('=', StringComparison.Ordinal)];
        File.WriteAllLines(ConfigurationFile, lines
            .Where(other => !other.StartsWith(key, StringComparison.Ordinal))
            .SelectMany(other => other == "[system]" ? [other, line] : new[] { other }));
    }

    private string Reload(string until)
    {
        int mark = Server.Log.Mark;
        Server.Signal("HUP");
        return Server.Log.WaitFor(until, Soon, after: mark).Text;
    }
}
