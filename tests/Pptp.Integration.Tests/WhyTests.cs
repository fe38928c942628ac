using System.Text.Json;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary><c>pptpd why</c>: each cause as an operator reads it, after a caller that has it.</summary>
internal sealed class WhyTests : ServerFixture
{
    private const string Poor = "poor";
    private const string Single = "single";
    private const string Shut = "shut";
    private const string Elsewhere = "elsewhere";

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice, Bob],
        ServerExtra = "login-failures = 2\n",
        Extra = "[[ip-pool]]\nname = \"tiny\"\nranges = \"10.66.0.1-10.66.0.1\"\n"
            + ServerConfiguration.Profile("single", "only-one = \"yes\"")
            + ServerConfiguration.Secret(Poor, "tunnel", "remote-address = \"tiny\"")
            + ServerConfiguration.Secret(Single, "single")
            + ServerConfiguration.Secret(Shut, "tunnel", "disabled = true")
            + ServerConfiguration.Secret(Elsewhere, "tunnel", "caller-id = \"203.0.113.9\""),
    };

    [Test]
    public async Task Wrong_logins_are_told_apart_and_then_the_lock()
    {
        await FailAsync(new CallSettings(Bob, "not it"));
        MustTell(Bob, "wrong password", "compare the password");
        await FailAsync(new CallSettings("mallory", "x"));
        MustTell("mallory", "there is no such user", "[[ppp-secret]]");
        await FailAsync(SettingsOf(Shut));
        MustTell(Shut, "the user's secret is disabled", "disabled = false");
        await FailAsync(SettingsOf(Elsewhere));
        MustTell(Elsewhere, "the user may not log in from this address", "caller-id");
        await FailAsync(new CallSettings(Bob, "not it"));
        await FailAsync(SettingsOf(Bob));
        MustTell(Bob, "the user was locked out", "10 seconds");
    }

    [Test]
    public async Task A_method_and_a_strength_that_one_does_not_do_are_told()
    {
        await FailAsync(SettingsOf(Alice) with { Methods = [] });
        MustTell(
            $"{ClientAddress}",
            "the client does none of the login methods that are allowed",
            "authentication in [pptp-server]");
        await FailAsync(SettingsOf(Alice) with { Encrypt = false });
        MustTell(Alice, "client and server did not agree on encryption", "use-encryption");
    }

    [Test]
    public async Task A_call_without_GRE_is_told_while_it_waits()
    {
        await using ScriptedCaller caller = await Host.ConnectAsync(from: OtherAddress);
        await caller.StartAsync();
        await caller.SendAsync(ControlWire.Call(60_001));
        Server.Log.WaitFor($"{OtherAddress} has trouble - the control connection is up, but no GRE", Soon, after: Mark);

        MustTell($"{OtherAddress}", "no GRE comes from the client", "IP protocol 47");
    }

    [TestCase(true, "GRE comes from another address than its control connection", "snat")]
    [TestCase(false, "GRE carries another call id than the call was given", "call ids")]
    public async Task GRE_that_a_NAT_has_spoilt_is_told(bool fromElsewhere, string why, string hint)
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        await caller.SendAsync(ControlWire.Call(60_001));
        byte[] reply = await caller.WaitForAsync(ControlWire.OutgoingCallReply);
        byte[] callId = fromElsewhere ? reply[12..14] : [(byte)(reply[12] ^ 0xFF), reply[13]];
        byte[] lcp = PppWire.Frame(PppWire.Lcp, PppWire.Packet(PppWire.ConfigureRequest, 1, default));
        for (byte sequence = 0; sequence < 3; sequence++)
        {
            byte[] gre = [0x30, 0x01, 0x88, 0x0B, 0, (byte)lcp.Length, .. callId, 0, 0, 0, sequence, .. lcp];
            Host.SendGre(gre, fromElsewhere ? OtherAddress : ClientAddress);
        }
        Server.Log.WaitFor("has trouble - the client's GRE", Soon, after: Mark);

        MustTell($"{ClientAddress}", why, hint);
    }

    [Test]
    public async Task An_empty_pool_and_a_second_login_are_told()
    {
        await DialAsync(Poor);
        await FailAsync(SettingsOf(Poor));
        MustTell(Poor, "the address pool is used up: tiny", "[[ip-pool]]");
        await DialAsync(Single);
        await FailAsync(SettingsOf(Single));
        MustTell(Single, "only-one lets nobody in twice", "pptpd disconnect");
    }

    [Test]
    public async Task A_path_that_loses_large_packets_is_told_while_the_session_goes_on()
    {
        int mark = Server.Log.Mark;
        ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with { LongestEcho = 1000 });
        Server.Log.WaitFor("has trouble - small packets pass, large ones do not", 3 * Soon, after: mark);

        MustTell(Alice, "those of 1450 octets are lost", "lower max-mtu");
        Assert.That(call.Ended, Is.Null);
    }

    [Test]
    public async Task A_program_reads_it_as_JSON()
    {
        await FailAsync(new CallSettings(Alice, "not it"));
        (int status, string output) = Ask(Alice, "--json");
        JsonElement newest = JsonDocument.Parse(output).RootElement.GetProperty("attempts")[0];

        Assert.That(status, Is.Zero);
        Assert.That(newest.GetProperty("cause").GetString(), Is.EqualTo("wrong-password"));
        Assert.That(newest.GetProperty("source").GetString(), Is.EqualTo($"{ClientAddress}"));
        Assert.That(newest.GetProperty("timeline")[0].GetProperty("phase").GetString(), Is.EqualTo("TCP connection"));
        Assert.That(output, Does.Not.Contain("not it").And.Not.Contain("Pass-of-"));
    }

    [Test]
    public void Of_whom_nothing_was_heard_it_says_so_and_who_has_tried()
    {
        (int status, string output) = Ask("nobody");
        Assert.That(status, Is.EqualTo(1));
        Assert.That(output, Does.StartWith("pptpd: nothing was heard of nobody since pptpd was started"));
    }

    private async Task FailAsync(CallSettings settings)
    {
        int mark = Server.Log.Mark;
        await using ScriptedCaller caller = await Host.StartAsync();
        await caller.CallAsync(settings);
        Server.Log.WaitFor("has trouble - ", Soon, after: mark);
    }

    private void MustTell(string name, string why, string hint)
    {
        (int status, string output) = Ask(name);
        string[] lines = output.Split('\n');
        Assert.That(status, Is.Zero, output);
        Assert.That(lines[0], Does.Contain(why), output);
        Assert.That(lines[1], Does.Contain(hint), output);
        Assert.That(output, Does.Not.Contain("Pass-of-"));
    }

    private (int Status, string Output) Ask(params string[] arguments) =>
        DaemonQuery.Run(ConfigurationFile, ["why", .. arguments]);
}
