using System.Diagnostics;
using System.Net;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>What each property of <c>[[pptp-client]]</c> does, between two daemons.</summary>
internal sealed class ClientTests : ClientFixture
{
    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice, Bob],
        MaxMru = 1410,
        ServerExtra = "max-starting = 0",
    };

    [Test]
    [EffectOf("pptp-client", "name")]
    [EffectOf("pptp-client", "connect-to")]
    [EffectOf("pptp-client", "user")]
    [EffectOf("pptp-client", "password")]
    [EffectOf("pptp-client", "disabled")]
    public async Task It_has_its_interface_its_address_and_its_words()
    {
        Connect(Entry() + EntryOf("pptp-out2", Bob).Replace("disabled = false", "", StringComparison.Ordinal));

        string[] words = ["initializing...", "connecting...", "authenticated", "using encoding - MPPE128 stateless", "connected"];
        Assert.That(
            Client!.Log.With($"pptp,ppp,info {Out}: ").Select(line => line.Text.Split($"{Out}: ")[1]), Is.EqualTo(words));
        Assert.That(TunnelInterfaces(), Is.EqualTo(new[] { Out }), "and not that of the disabled one");
        AddressEntry address = AddressesOf().Single();
        Server.Log.WaitFor($"{Alice} logged in, {address.Local} from {ClientAddress}", Soon);
        Assert.That(FindInterface()!.HasCarrier, Is.True);
        Assert.That(await CarriesAsync(), Is.True);
    }

    [Test]
    public void The_interface_is_there_without_carrier_while_no_server_is()
    {
        StartClient(
            Entry().Replace($"{ServerAddress}", $"{OtherAddress}", StringComparison.Ordinal), "could not connect (Connection refused)");
        LinkEntry link = FindInterface()!;
        Assert.That(link.HasCarrier, Is.False);
        Assert.That(AddressesOf(), Is.Empty);
        int mark = Client!.Log.Mark;
        WaitForLog($"{Out}: initializing...", mark);
        Assert.That(FindInterface()!.Index, Is.EqualTo(link.Index));
    }

    [Test]
    public void A_wrong_password_is_told_and_tried_again()
    {
        StartClient(Entry().Replace("Pass-of-", "Fail-of-", StringComparison.Ordinal));
        Assert.That(
            WaitForLog($"{Out}: terminating..."), Does.Contain("failed to authenticate ourselves to peer").And.Contain("E=691"));
        int mark = Client!.Log.Mark;
        WaitForLog($"{Out}: terminating...", mark);
    }

    [Test]
    [EffectOf("pptp-client", "allow")]
    public void A_method_that_is_not_allowed_is_not_answered()
    {
        StartClient(Entry("allow = \"pap,chap\""));
        Assert.That(WaitForLog($"{Out}: terminating..."), Does.Contain("authentication method refused"));
    }

    [Test]
    [EffectOf("pptp-client", "max-mtu")]
    public void The_interface_takes_what_the_server_takes_and_no_more_than_max_mtu([Values(1300, 1450)] int maxMtu)
    {
        Connect(Entry($"max-mtu = {maxMtu}"));
        Assert.That(FindInterface()!.Mtu, Is.EqualTo(Math.Min(maxMtu, Configuration.MaxMru)));
    }

    [Test]
    [EffectOf("pptp-client", "max-mru")]
    public void The_server_sends_no_more_than_max_mru()
    {
        int mark = Server.Log.Mark;
        Connect(Entry("max-mru = 1320"));
        Server.Log.WaitFor($"<pptp-{Alice}>: connected", Soon, after: mark);
        int mtu = ServerNetwork.Invoke(() =>
        {
            using RouteNetlink netlink = new();
            return netlink.FindLink($"pptp-{Alice}")!.Mtu;
        });
        Assert.That(mtu, Is.EqualTo(1320));
    }

    [Test]
    [EffectOf("pptp-client", "keepalive-timeout")]
    public async Task A_server_that_falls_silent_is_left_and_found_again()
    {
        Connect(Entry("keepalive-timeout = 1"));
        int mark = Client!.Log.Mark;
        Server.Signal("STOP");
        try
        {
            WaitForLog($"{Out}: terminating... - peer is not responding", mark);
            Assert.That(Client.Log.Expect("LCP missed echo reply", 5, mark), Has.Count.EqualTo(5));
            WaitForLog($"{Out}: disconnected", mark);
            Assert.That(FindInterface()!.HasCarrier, Is.False);
        }
        finally
        {
            Server.Signal("CONT");
        }

        WaitForLog($"{Out}: connected", mark);
        Assert.That(await CarriesAsync(), Is.True);
    }

    [Test]
    [EffectOf("pptp-client", "profile")]
    public void The_profile_says_how_long_a_tunnel_may_be_idle_and_whether_it_is_encrypted()
    {
        Connect(Entry("profile = \"short\"") + ServerConfiguration.Profile("short", "idle-timeout = 1", "use-encryption = \"required\""));
        WaitForLog($"{Out}: terminating... - idle timeout");
        // The server insists on encryption.
        int mark = Client!.Log.Mark;
        ReloadClient(Entry("profile = \"clear\"") + ServerConfiguration.Profile("clear", "use-encryption = \"no\""));
        Assert.That(WaitForLog($"{Out}: terminating... - hungup", mark), Does.Contain("Encryption negotiation rejected"));
    }

    [Test]
    [EffectOf("pptp-client", "src-address")]
    public void A_tunnel_leaves_from_its_source_address()
    {
        int mark = Server.Log.Mark;
        Connect(Entry($"src-address = \"{OtherAddress}\""));
        Server.Log.WaitFor($" from {OtherAddress}", Soon, after: mark);
    }

    [Test]
    public async Task A_server_that_was_killed_and_is_back_is_found_again()
    {
        Connect(Entry());
        int mark = Client!.Log.Mark;
        Server.Kill();
        WaitForLog($"{Out}: terminating...", mark);
        StartServer();
        WaitForLog($"{Out}: connected", mark);
        Assert.That(await CarriesAsync(), Is.True);
    }

    [Test]
    public void A_reload_hangs_up_what_has_changed_and_nothing_else()
    {
        StartClient(Entry() + EntryOf("pptp-out2", Bob), "pptp-out2: connected");
        WaitForLog($"{Out}: connected");
        int index = FindInterface()!.Index;

        int mark = Client!.Log.Mark;
        ReloadClient(Entry("comment = \"other words\"") + EntryOf("pptp-out2", Bob, "max-mtu = 1300"));
        WaitForLog("pptp-out2: terminating... - settings changed", mark);
        WaitForLog("pptp-out2: connected", mark);
        Assert.That(Client.Log.With($"{Out}: ", mark), Is.Empty);
        Assert.That(FindInterface()!.Index, Is.EqualTo(index));

        mark = Client.Log.Mark;
        ReloadClient(Entry());
        WaitForLog("pptp-out2: terminating... - disabled", mark);
        WaitForLog("pptp-out2: disconnected", mark);
        Assert.That(Poll.UntilAsync(() => TunnelInterfaces().SequenceEqual([Out]), Soon).Result, Is.Not.Null);
    }

    [Test]
    public void At_the_end_the_server_is_told()
    {
        Connect(Entry());
        int mark = Server.Log.Mark;
        Assert.That(Client!.Stop(Soon), Is.Zero);
        Client.Log.WaitFor($"{Out}: statistics rx-packets=", Soon);
        Server.Log.WaitFor($"<pptp-{Alice}>: terminating... - hungup", Soon, after: mark);
        Server.Log.WaitFor($"<pptp-{Alice}>: disconnected", Soon, after: mark);
    }

    [Test]
    public async Task Many_clients_of_one_daemon_each_have_their_tunnel()
    {
        const int Count = 100;
        string entries = string.Concat(Enumerable.Range(0, Count).Select(i => EntryOf($"out-{i}", Alice)));
        StartClient(entries);
        Client!.Log.WaitFor(": connected", TimeSpan.FromSeconds(90), Count);
        HashSet<IPAddress> addresses = [.. Enumerable.Range(0, Count).Select(i => AddressesOf($"out-{i}").Single().Local)];
        Assert.That(addresses, Has.Count.EqualTo(Count));
        for (int i = 0; i < Count; i += 10)
            Assert.That(await CarriesAsync($"out-{i}"), Is.True, $"out-{i}");
    }

    [Test]
    public async Task A_second_daemon_does_not_start_and_takes_nothing_from_the_first()
    {
        Connect(Entry());
        TimeoutException refused = Assert.Throws<TimeoutException>(() => ServerProcess.Start(
            [.. Repository.DaemonCommand(), "run", "--config", ClientFile], ClientNetwork))!;
        Assert.That(
            refused.Message,
            Does.Contain("cannot start: another pptpd works in this network namespace").And.Contain($"{Client!.ProcessId}"));
        Assert.That(FindInterface(), Is.Not.Null);
        Assert.That(await CarriesAsync(), Is.True);
    }

    [Test]
    public async Task A_daemon_that_only_dials_is_healthy_as_long_as_it_runs()
    {
        StartClient(Entry());
        Assert.That(await HealthAsync(), Is.Zero);
        Assert.That(Client!.Stop(Soon), Is.Zero);
        Assert.That(await HealthAsync(), Is.Not.Zero);
    }

    [Test]
    public void A_daemon_can_dial_itself_by_a_name()
    {
        StartClient(
            Entry().Replace($"{ServerAddress}", "localhost", StringComparison.Ordinal) + $"""

            [pptp-server]
            enabled = true

            [[ppp-secret]]
            name = "{Alice}"
            password = "{ServerConfiguration.PasswordOf(Alice)}"
            profile = "default-encryption"
            local-address = "10.77.0.1"
            remote-address = "10.77.0.2"

            """);
        WaitForLog($"{Out}: connected");
        WaitForLog($"{Alice} logged in, 10.77.0.2 from 127.0.0.1");
    }

    private async Task<int> HealthAsync()
    {
        IReadOnlyList<string> command = Repository.DaemonCommand();
        ProcessStartInfo start = new(command[0], [.. command.Skip(1), "health", "--config", ClientFile]);
        using Process health = ClientNetwork.Invoke(() => Process.Start(start)!);
        await health.WaitForExitAsync();
        return health.ExitCode;
    }
}
