using System.Net;
using Pptp.Protocol.Ppp;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Radius;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Logins of users who are at a RADIUS server.</summary>
internal sealed class RadiusLoginTests : RadiusFixture
{
    private const string Carol = "carol@main";
    private const string Renamed = "renamed@main";
    private const string Limited = "limited@main";
    private const string Late = "late@main";

    private const string Metered = "metered@main";
    private const string Identified = "identified@main";

    // With the headers of IP and UDP a packet has 200 octets.
    private const int Payload = 172;
    private const int PacketSize = 200;
    private const int Packets = 5;

    private FreeRadius? _old;

    protected override FreeRadiusSettings RadiusSettings => new()
    {
        AuthenticationPort = 18120,
        AccountingPort = 18130,
        Users = User(Carol, "Framed-IP-Address = 10.9.7.7")
            + User(Renamed, "User-Name = \"account-17\"", "Reply-Message = \"Good morning\"")
            + User(Limited, "Port-Limit = 1")
            + User(Identified, "Framed-IPv6-Prefix = 2001:db8:5::/64", "Framed-Interface-Id = 0200:00ff:fe00:0005")
            + User(Metered, $"Mikrotik-Total-Limit = {2 * Packets * PacketSize}")
            + User("dave@source")
            + User("dave@secret")
            + User("dave@slow")
            + $"{Local} Cleartext-Password := \"another\"\n"
            + $"{Late} Cleartext-Password := \"{ServerConfiguration.PasswordOf(Late)}\", SMB-Account-CTRL-TEXT := \"[Ue]\"\n"
            + "shut@main Auth-Type := Reject\n\tReply-Message = \"Pay first\"\n",
        Authorize = """
            if (&User-Name == "dave@source" && &Packet-Src-IP-Address != 127.0.0.77) {
                reject
            }
            """,
    };

    protected override string Rows =>
        Row("127.0.0.1", "realm = \"source\"", "authentication-port = 18120", "src-address = \"127.0.0.77\"")
        + Row("127.0.0.1", "realm = \"secret\"", "authentication-port = 18120", "secret = \"not the one it has\"",
            "timeout = \"300ms\"")
        + Row("127.0.0.1", "realm = \"old\"", "authentication-port = 18121", "timeout = \"300ms\"")
        + Row("127.0.0.1", "realm = \"trusting\"", "authentication-port = 18121", "require-message-auth = \"no\"")
        + Row("127.0.0.1", "realm = \"elsewhere\"", "disabled = true")
        + Row("127.0.0.1", "realm = \"silent\"", "authentication-port = 18129", "timeout = \"200ms\"", "tries = 2")
        + Row("127.0.0.1", "realm = \"main\"", "authentication-port = 18120");

    [OneTimeSetUp]
    public void StartOldRadius() => _old = FreeRadius.Start(
        new FreeRadiusSettings
        {
            AuthenticationPort = 18121,
            AccountingPort = 18131,
            MessageAuthenticator = false,
            Users = User("dave@old") + User("dave@trusting"),
        },
        ServerNetwork);

    [OneTimeTearDown]
    public void StopOldRadius() => _old?.Dispose();

    [TestCase(AuthenticationMethod.Pap)]
    [TestCase(AuthenticationMethod.ChapMd5)]
    [TestCase(AuthenticationMethod.MsChapV1)]
    [TestCase(AuthenticationMethod.MsChapV2)]
    [EffectOf("ppp-aaa", "use-radius")]
    [EffectOf("radius", "address")]
    [EffectOf("radius", "secret")]
    [EffectOf("radius", "service")]
    [EffectOf("radius", "authentication-port")]
    public async Task A_user_of_the_server_gets_in_by_each_method_with_the_keys_and_the_address_it_gives(
        AuthenticationMethod method)
    {
        bool encrypts = method is AuthenticationMethod.MsChapV1 or AuthenticationMethod.MsChapV2;
        ScriptedCall call = await Host.DialAsync(SettingsOf(Carol) with { Methods = [method], Encrypt = encrypts });
        Assert.That(call.LoginMethod, Is.EqualTo(method));
        Assert.That(call.Address, Is.EqualTo(IPAddress.Parse("10.9.7.7")));
        SequencedStream stream = new(call, Echo);
        stream.Send(20);
        await stream.WaitForAsync(20);
        Assert.That(call.Undecipherable, Is.Zero);
        if (encrypts)
            Server.Log.WaitFor($"<pptp-{Carol}>: using encoding - MPPE128 stateless", Soon, after: Mark);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_server_renames_the_session()
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Renamed));
        Server.Log.WaitFor($"account-17 logged in, {call.Address} from ", Soon, after: Mark);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_server_limits_the_sessions_of_a_user()
    {
        ScriptedCall first = await DialAsync(Limited);
        await MustBeRefusedAsync(SettingsOf(Limited), "user limited@main is already logged in", "Already logged in");
        await first.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_server_gives_the_lower_half_of_the_clients_IPv6_addresses()
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Identified) with { Ipv6 = true });
        Server.Log.WaitFor("fe80::200:ff:fe00:5", Soon, after: Mark);
        Assert.That(call.Identifier, Is.EqualTo(0x0200_00FF_FE00_0005));
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_server_limits_what_a_session_carries_both_ways_together()
    {
        ScriptedCall call = await DialAsync(Metered);
        await using SequencedStream stream = new(call, Echo, Payload);

        stream.Send(Packets);
        await stream.WaitForAsync(Packets);
        Assert.That(call.WasTerminated, Is.False, "the limit is reached, not exceeded");
        stream.Send(1);
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));

        Server.Log.WaitFor($"<pptp-{Metered}>: terminating... - traffic limit reached", Soon, after: Mark);
        Assert.That(stream.Received, Has.Count.EqualTo(Packets));
    }

    [Test]
    public Task A_wrong_password_is_refused_by_the_server() =>
        MustBeRefusedAsync(
            new CallSettings(Carol, "wrong"), "user carol@main authentication failed - refused by the RADIUS server");

    [Test]
    public Task A_refusal_carries_the_servers_words_to_the_client() => MustBeRefusedAsync(
        new CallSettings("shut@main", "any") { Methods = [AuthenticationMethod.Pap] },
        "user shut@main authentication failed - refused by the RADIUS server: Pay first", "Pay first");

    [Test]
    public Task A_client_is_told_that_its_password_has_expired_and_may_send_another() => MustBeRefusedAsync(
        SettingsOf(Late), "user late@main authentication failed - refused by the RADIUS server: E=648", "E=648 R=1 C=");

    [Test]
    public Task A_name_of_ours_is_not_asked_for() => MustBeRefusedAsync(
        new CallSettings(Local, "another"), "user local@main authentication failed - wrong password");

    [Test]
    [EffectOf("radius", "src-address")]
    public async Task A_server_is_asked_from_the_address_of_its_row() => await MustGetInAsync("dave@source");

    [Test]
    [EffectOf("radius", "require-message-auth")]
    public async Task An_answer_without_Message_Authenticator_is_believed_only_where_the_row_says_so()
    {
        await MustGetInAsync("dave@trusting");
        await MustBeRefusedAsync(
            SettingsOf("dave@old"),
            "authentication failed - RADIUS replies have no Message-Authenticator: 127.0.0.1: its answers have no"
            + " Message-Authenticator (FreeRADIUS up to 3.2.1 ");
        Server.Log.WaitFor("FreeRADIUS up to 3.2.1 needs three lines to send it", Soon, after: Mark);
    }

    [Test]
    public async Task A_server_that_has_another_secret_says_nothing_and_the_hint_tells_of_it()
    {
        await MustBeRefusedAsync(
            SettingsOf("dave@secret"),
            "authentication failed - RADIUS server is not responding: 127.0.0.1: it does not answer");
        Server.Log.WaitFor("it may also know this host by another secret", Soon, after: Mark);
    }

    [Test]
    [EffectOf("radius", "timeout")]
    [EffectOf("radius", "disabled")]
    public async Task A_server_that_is_silent_is_told_as_such_and_one_that_is_disabled_is_not_asked()
    {
        await MustBeRefusedAsync(
            SettingsOf("dave@silent"), "authentication failed - RADIUS server is not responding: 127.0.0.1: ");
        Server.Log.WaitFor("RADIUS server 127.0.0.1 (Authentication) is passed over", Soon, after: Mark);
        await MustBeRefusedAsync(
            SettingsOf("dave@elsewhere"), "user dave@elsewhere authentication failed - unknown user");
    }

    private async Task MustGetInAsync(string user)
    {
        ScriptedCall call = await DialAsync(user);
        await call.Caller.DisposeAsync();
    }

    /// <param name="settings">Who calls.</param>
    /// <param name="logged">What is in the log then.</param>
    /// <param name="told">What the client is told; empty: anything.</param>
    private async Task MustBeRefusedAsync(CallSettings settings, string logged, string told = "")
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(settings);
        CallEndedException? end =
            await Assert.ThrowsAsync<CallEndedException>(() => call.WaitForAsync(CallPhase.Up));
        Server.Log.WaitFor(logged, Soon, after: Mark);
        Assert.That(end!.Message, Does.Contain(told));
    }
}
