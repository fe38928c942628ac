using System.Net;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Filters and lists, as packets meet them.</summary>
internal sealed class FirewallTests : FirewallFixture
{
    private const string SharedAddress = "10.9.77.7";

    private UdpEcho? _closed;

    protected override ServerConfiguration Configuration => new()
    {
        Users = ["plain"],
        // It forwards from tunnel to tunnel then.
        SystemExtra = "own-namespace = true",
        Extra = Chain("from-guests", $"udp dport {_closed?.Port ?? 1} drop", "udp dport { 5001, 5002 } accept")
            + Chain("to-guests", "udp dport 5004 drop")
            + Chain("to-bob", "jump common", "udp dport 5002 drop")
            + Chain("from-bob", "ip daddr @staff udp dport 5005 drop")
            + Chain("common", "udp dport 5006 drop comment \"for everybody; # really }\"")
            + Chain("forward", "oifname @tunnels udp dport 5003 drop")
            + ServerConfiguration.Profile("guest", "incoming-filter = \"from-guests\"", "outgoing-filter = \"to-guests\"")
            + ServerConfiguration.Profile("bobs", "incoming-filter = \"from-bob\"", "outgoing-filter = \"to-bob\"")
            + ServerConfiguration.Profile(
                "listed", $"remote-address = \"{SharedAddress}\"", "address-list = [\"staff\", \"others\"]", "interface-list = \"tunnels\"")
            + ServerConfiguration.Profile("listed6", "address-list = [\"staff\"]")
            + ServerConfiguration.Profile("unlisted", $"remote-address = \"{SharedAddress}\"")
            + ServerConfiguration.Secret(Alice, "guest")
            + ServerConfiguration.Secret(Bob, "bobs")
            + ServerConfiguration.Secret(Carol, "listed")
            + ServerConfiguration.Secret("six", "listed6", "remote-ipv6-prefix = \"2001:db8:1::/64\"")
            + ServerConfiguration.Secret("dave", "unlisted"),
    };

    [OneTimeSetUp]
    public void ListenAtAPortThatIsClosed()
    {
        _closed = new UdpEcho(ServerNetwork);
        Configure(Configuration);
    }

    [OneTimeTearDown]
    public async Task StopListening()
    {
        if (_closed is not null)
            await _closed.DisposeAsync();
    }

    [TearDown]
    public void PutTheConfigurationBack()
    {
        Configure(Configuration);
        if (Server.Running)
            Reload();
    }

    [Test]
    [EffectOf("ppp-profile", "incoming-filter")]
    [EffectOf("firewall-chain", "name")]
    [EffectOf("firewall-chain", "rules")]
    public async Task An_incoming_filter_keeps_a_client_from_a_port_of_the_host_and_nobody_else()
    {
        ScriptedCall alice = await DialAsync(Alice);
        ScriptedCall plain = await DialAsync("plain");

        Assert.That(await ReachesAsync(alice), Is.False);
        Assert.That(await ReachesAsync(plain), Is.True);
        await alice.Caller.DisposeAsync();
        await plain.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("ppp-profile", "outgoing-filter")]
    public async Task An_outgoing_filter_keeps_the_host_and_other_clients_from_a_client()
    {
        ScriptedCall alice = await DialAsync(Alice);
        ScriptedCall plain = await DialAsync("plain");

        Assert.That(await HostReachesAsync(alice, 5004), Is.False);
        Assert.That(await HostReachesAsync(plain, 5004), Is.True);
        Assert.That(await PassesAsync(plain, alice, 5004), Is.False);
        Assert.That(await PassesAsync(alice, plain, 5004), Is.True);
        await alice.Caller.DisposeAsync();
        await plain.Caller.DisposeAsync();
    }

    [Test]
    public async Task What_one_clients_filter_accepts_has_still_to_pass_the_others()
    {
        ScriptedCall alice = await DialAsync(Alice);
        ScriptedCall bob = await DialAsync(Bob);

        Assert.That(await PassesAsync(alice, bob, 5001), Is.True);
        Assert.That(await PassesAsync(alice, bob, 5002), Is.False);
        Assert.That(await PassesAsync(alice, bob, 5006), Is.False, "a chain that jumps to another");
        await alice.Caller.DisposeAsync();
        await bob.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("ppp-profile", "address-list")]
    public async Task An_address_is_on_its_lists_as_long_as_its_session_lasts_and_no_longer()
    {
        ScriptedCall bob = await DialAsync(Bob);
        ScriptedCall carol = await DialAsync(Carol);
        Assert.That(carol.Address, Is.EqualTo(IPAddress.Parse(SharedAddress)));
        Assert.That(await PassesAsync(bob, carol, 5005), Is.False);
        int mark = Server.Log.Mark;
        await carol.Caller.DisposeAsync();
        Server.Log.WaitFor("<pptp-carol>: disconnected", Soon, after: mark);

        // He has her address now, and is on no list.
        ScriptedCall dave = await DialAsync("dave");
        Assert.That(dave.Address, Is.EqualTo(IPAddress.Parse(SharedAddress)));
        Assert.That(await PassesAsync(bob, dave, 5005), Is.True);
        await dave.Caller.DisposeAsync();
        await bob.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_prefix_of_IPv6_is_on_the_lists_as_long_as_its_session_lasts()
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf("six") with { Ipv6 = true });
        Assert.That(
            await Poll.UntilAsync(() => Nft("list set inet pptpd-filter staff-ipv6").Contains("{ 2001:db8:1::/64 }", StringComparison.Ordinal), Soon),
            Is.Not.Null, () => $"{Nft("list table inet pptpd-filter")}\n{Server.Report(Mark)}");

        await call.Caller.DisposeAsync();

        Assert.That(
            await Poll.UntilAsync(() => !Nft("list set inet pptpd-filter staff-ipv6").Contains("2001", StringComparison.Ordinal), Soon),
            Is.Not.Null);
    }

    [Test]
    [EffectOf("ppp-profile", "interface-list")]
    public async Task A_rule_for_all_packets_finds_the_interfaces_of_a_list()
    {
        ScriptedCall carol = await DialAsync(Carol);
        ScriptedCall plain = await DialAsync("plain");

        Assert.That(await PassesAsync(plain, carol, 5003), Is.False);
        Assert.That(await PassesAsync(carol, plain, 5003), Is.True);
        await carol.Caller.DisposeAsync();
        await plain.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_reload_changes_the_rules_of_those_who_are_there()
    {
        ScriptedCall bob = await DialAsync(Bob);
        ScriptedCall plain = await DialAsync("plain");
        Assert.That(await PassesAsync(plain, bob, 5002), Is.False);

        Replace("udp dport 5002 drop", "udp dport 5007 drop");
        Reload();

        Assert.That(await PassesAsync(plain, bob, 5002), Is.True);
        Assert.That(await PassesAsync(plain, bob, 5007), Is.False);
        Assert.That(bob.Ended, Is.Null);
        await bob.Caller.DisposeAsync();
        await plain.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_session_whose_chain_is_taken_away_ends()
    {
        ScriptedCall bob = await DialAsync(Bob);

        Replace("outgoing-filter = \"to-bob\"", "");
        Replace("name = \"to-bob\"", "name = \"to-nobody\"");
        Reload();

        await bob.WaitForEndAsync();
        Server.Log.WaitFor("<pptp-bob>: terminating... - firewall chain removed", Soon, after: Mark);
        bob = await DialAsync(Bob);
        await bob.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_rule_that_nft_does_not_take_changes_nothing_and_the_log_says_where_it_is()
    {
        ScriptedCall plain = await DialAsync("plain");
        ScriptedCall bob = await DialAsync(Bob);
        Replace("udp dport 5002 drop", "udp dprot 5002 drop");
        Replace("udp dport 5003 drop", "udp dport 5008 drop");

        string said = Reload("nftables says");

        Assert.That(said, Does.Contain($"pptpd.toml:{LineOf("dprot")}:").And.Contain("firewall-chain.rules: nftables says: ")
            .And.EndsWith("dprot"));
        Server.Log.WaitFor("nothing was changed", Soon, after: Mark);
        Assert.That(await PassesAsync(plain, bob, 5002), Is.False);
        Assert.That(await PassesAsync(plain, bob, 5008), Is.True);
        await plain.Caller.DisposeAsync();
        await bob.Caller.DisposeAsync();
    }

    [Test]
    public async Task What_somebody_has_flushed_a_reload_puts_back_with_the_sessions_that_are_up()
    {
        ScriptedCall bob = await DialAsync(Bob);
        ScriptedCall carol = await DialAsync(Carol);
        string before = Nft("list table inet pptpd-filter");
        Nft("flush ruleset");
        Assert.That(await PassesAsync(bob, carol, 5005), Is.True, "open meanwhile");

        Reload();

        Assert.That(Nft("list table inet pptpd-filter"), Is.EqualTo(before));
        Assert.That(await PassesAsync(bob, carol, 5005), Is.False);
        await bob.Caller.DisposeAsync();
        await carol.Caller.DisposeAsync();
    }

    [Test]
    public async Task What_a_killed_server_left_is_gone_at_the_next_start()
    {
        ScriptedCall carol = await DialAsync(Carol);
        Assert.That(Nft("list ruleset"), Does.Contain(SharedAddress));
        Server.Kill();
        await carol.Caller.DisposeAsync();
        Assert.That(Nft("list ruleset"), Does.Contain(SharedAddress));

        StartServer();

        Assert.That(Nft("list ruleset"), Does.Contain("pptpd-filter").And.Not.Contain(SharedAddress));
    }

    private async Task<bool> ReachesAsync(ScriptedCall call)
    {
        byte[] payload = Guid.NewGuid().ToByteArray();
        for (int i = 0; i < 30 && !HasCome(Echo); i++)
        {
            foreach (UdpEcho echo in new[] { _closed!, Echo })
                call.SendPacket(Ipv4Packet.CreateUdp(call.Address, call.PeerAddress, 4000, echo.Port, payload));
            await Poll.UntilAsync(() => HasCome(Echo), TimeSpan.FromSeconds(1));
        }

        Assert.That(HasCome(Echo), Is.True, "not even the open port is reached");
        return HasCome(_closed!)
            || await Poll.UntilAsync(() => HasCome(_closed!), TimeSpan.FromMilliseconds(200)) is not null;

        bool HasCome(UdpEcho echo) => echo.Received.Any(datagram => datagram.Payload.SequenceEqual(payload));
    }

    private void Replace(string text, string by)
    {
        string file = File.ReadAllText(ConfigurationFile);
        Assert.That(file, Does.Contain(text));
        File.WriteAllText(ConfigurationFile, file.Replace(text, by, StringComparison.Ordinal));
    }
}
