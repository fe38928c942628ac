using Pptp.Protocol.Authentication;
using Pptp.Protocol.Ppp;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Who may come in: hashes, names, addresses to call from, further tries, lock-out.</summary>
internal sealed class LoginTests : ServerFixture
{
    private const int Failures = 4;

    private CallerHost _elsewhere = null!;

    private static readonly string Users =
        Secret("hashed", $"nt-hash = \"{NtHashOf("hashed")}\"")
        + Secret("off", $"{PasswordLine("off")}\ndisabled = true")
        + Secret("other", $"{PasswordLine("other")}\nservice = \"l2tp\"")
        + Secret("home", $"{PasswordLine("home")}\ncaller-id = \"{ClientAddress}\"")
        + Secret("M\u00FCller", PasswordLine("M\u00FCller"));

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice],
        Authentication = "pap,chap,mschap1,mschap2",
        Encryption = "yes",
        ServerExtra = $"login-failures = {Failures}\n",
        Extra = Users,
    };

    [OneTimeSetUp]
    public void MakeAnotherCaller() => _elsewhere = new CallerHost(ClientNetwork, OtherAddress, ServerAddress);

    [OneTimeTearDown]
    public void EndTheOtherCaller() => _elsewhere?.Dispose();

    [TearDown]
    public Task CloseTheOtherCaller() => _elsewhere.CloseAllAsync();

    [TestCase(AuthenticationMethod.MsChapV2, true)]
    [TestCase(AuthenticationMethod.MsChapV1, true)]
    [TestCase(AuthenticationMethod.Pap, true)]
    [TestCase(AuthenticationMethod.ChapMd5, false)]
    [EffectOf("ppp-secret", "nt-hash")]
    public async Task A_secret_kept_as_NT_hash_does_for_all_methods_but_CHAP_MD5(
        AuthenticationMethod method, bool expected)
    {
        CallSettings settings = SettingsOf("hashed") with
        {
            Methods = [method],
            Encrypt = method is AuthenticationMethod.MsChapV1 or AuthenticationMethod.MsChapV2,
        };
        if (expected)
        {
            await MustComeUpAsync(Host, settings);
            return;
        }

        await MustBeRefusedAsync(Host, settings);
        Server.Log.WaitFor(
            "user hashed authentication failed - chap needs the password, and the secret has its nt-hash", Soon,
            after: Mark);
    }

    [Test]
    [EffectOf("ppp-secret", "disabled")]
    public async Task A_disabled_secret_is_E_647_to_who_knows_the_password()
    {
        string refusal = await MustBeRefusedAsync(Host, SettingsOf("off"));

        Assert.That(refusal, Does.StartWith("E=647 R=0"));
        Server.Log.WaitFor("user off authentication failed - secret is disabled", Soon, after: Mark);
        Assert.That(await MustBeRefusedAsync(Host, new CallSettings("off", "wrong")), Does.StartWith("E=691"));
    }

    [Test]
    [EffectOf("ppp-secret", "service")]
    public async Task A_secret_of_another_service_is_no_user_here()
    {
        Assert.That(await MustBeRefusedAsync(Host, SettingsOf("other")), Does.StartWith("E=691"));
        Server.Log.WaitFor("user other authentication failed - unknown user", Soon, after: Mark);
    }

    [Test]
    [EffectOf("ppp-secret", "caller-id")]
    public async Task A_secret_with_a_caller_id_lets_in_from_there_alone()
    {
        Assert.That(await MustBeRefusedAsync(_elsewhere, SettingsOf("home")), Does.StartWith("E=691 R=1"));
        Server.Log.WaitFor("user home authentication failed - caller-id does not match", Soon, after: Mark);

        await MustComeUpAsync(Host, SettingsOf("home"));
    }

    [Test]
    public async Task A_name_in_UTF8_with_a_domain_before_it_is_found() =>
        await MustComeUpAsync(Host, SettingsOf("M\u00FCller") with { User = "OFFICE\\M\u00FCller" });

    [TestCase("", "user  authentication failed - bad user name")]
    [TestCase("a\r\nb logged in", "user a\\x0D\\x0Ab logged in authentication failed - bad user name")]
    [TestCase(254, "nnn... authentication failed - bad user name")]
    public async Task A_name_that_is_none_is_refused_and_forges_no_line_of_the_log(object name, string line)
    {
        string user = name as string ?? new string('n', (int)name);

        Assert.That(await MustBeRefusedAsync(Host, new CallSettings(user, "x")), Does.StartWith("E=691 R=1"));

        Server.Log.WaitFor(line, Soon, after: Mark);
    }

    [TestCase(AuthenticationMethod.MsChapV2)]
    [TestCase(AuthenticationMethod.MsChapV1)]
    public async Task A_caller_may_try_three_times_each_with_a_fresh_challenge(AuthenticationMethod method)
    {
        string right = ServerConfiguration.PasswordOf(Alice);
        CallSettings settings = new(Alice, "wrong") { Methods = [method], FurtherPasswords = ["still wrong", right] };
        ScriptedCall call = await MustComeUpAsync(Host, settings);
        string[] failures = FailuresOf(call);
        Assert.That(failures, Has.Length.EqualTo(2).And.All.Match("^E=691 R=1 C=([0-9A-F]{16}){1,2} V="));
        Assert.That(failures[1], Is.Not.EqualTo(failures[0]));

        await using ScriptedCaller caller = await Host.StartAsync();
        call = await caller.CallAsync(settings with { FurtherPasswords = ["still wrong", "and again", right] });
        await call.WaitForEndAsync();
        Assert.That(call.WasTerminated, Is.True);
        Assert.That(FailuresOf(call).Select(text => text[..9]),
            Is.EqualTo(new[] { "E=691 R=1", "E=691 R=1", "E=691 R=0" }));
        await MustComeUpAsync(Host, SettingsOf(Alice));
    }

    [Test]
    [EffectOf("pptp-server", "login-failures")]
    public async Task Who_guesses_is_locked_out_and_the_honest_user_elsewhere_gets_in()
    {
        for (int i = 0; i < Failures; i++)
            await MustBeRefusedAsync(_elsewhere, new CallSettings(Alice, "guess"));

        string wrong = await MustBeRefusedAsync(_elsewhere, new CallSettings("nobody-else", "guess"));
        string locked = await MustBeRefusedAsync(_elsewhere, SettingsOf(Alice));

        Assert.That(locked[..9], Is.EqualTo(wrong[..9]), "what a wrong password is told");
        Server.Log.WaitFor("user alice authentication failed - locked out", Soon, after: Mark);
        await MustComeUpAsync(Host, SettingsOf(Alice));
    }

    [Test]
    public async Task PAP_in_a_login_by_CHAP_is_discarded_and_a_repeated_response_has_the_same_answer()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(SettingsOf(Alice) with { MuteAfter = CallPhase.LinkUp });
        await call.WaitForAsync(CallPhase.LinkUp);
        call.SendFrame(PppWire.Pap, PppWire.Packet(1, 1, "\u0005alice\u0001x"u8));
        // The answer to what is sent next shows that nothing came of it.
        call.SendFrame(PppWire.Lcp, PppWire.Packet(PppWire.EchoRequest, 9, new byte[4]));
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.EchoReply));
        Assert.That(call.Frames.Where(frame => frame.Protocol == PppWire.Pap), Is.Empty);

        CallSettings byPap = SettingsOf(Alice) with { Methods = [AuthenticationMethod.Pap], Encrypt = false };
        ScriptedCall pap = await caller.CallAsync(byPap);
        await pap.WaitForAsync(CallPhase.Up);
        string password = ServerConfiguration.PasswordOf(Alice);
        byte[] request = [(byte)Alice.Length, .. Ascii(Alice), (byte)password.Length, .. Ascii(password)];
        pap.SendFrame(PppWire.Pap, PppWire.Packet(1, 0x77, request));
        await pap.WaitForFramesAsync(
            frame => frame.Protocol == PppWire.Pap && frame.Code == 2 && frame.Information[1] == 0x77);
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static string Secret(string name, string rest) =>
        $"\n[[ppp-secret]]\nname = \"{name}\"\nprofile = \"tunnel\"\n{rest}\n";

    private static string PasswordLine(string user) => $"password = \"{ServerConfiguration.PasswordOf(user)}\"";

    private static string NtHashOf(string user)
    {
        byte[] hash = new byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(ServerConfiguration.PasswordOf(user), hash);
        return Convert.ToHexStringLower(hash);
    }

    private static string[] FailuresOf(ScriptedCall call) =>
    [
        .. call.Frames.Where(frame => frame.Protocol == PppWire.Chap && frame.Code == 4)
            .Select(frame => System.Text.Encoding.ASCII.GetString(frame.Information[4..])),
    ];

    private static async Task<string> MustBeRefusedAsync(CallerHost host, CallSettings settings)
    {
        await using ScriptedCaller caller = await host.StartAsync();
        ScriptedCall call = await caller.CallAsync(settings);
        Assert.That(async () => await call.WaitForAsync(CallPhase.Up), Throws.TypeOf<CallEndedException>());
        Assert.That(call.AuthenticationFailure, Is.Not.Null);
        return call.AuthenticationFailure!;
    }

    private async Task<ScriptedCall> MustComeUpAsync(CallerHost host, CallSettings settings)
    {
        ScriptedCall call = await host.DialAsync(settings);
        SequencedStream stream = new(call, Echo);
        stream.Send(10);
        await stream.WaitForAsync(10);
        Assert.That(call.Undecipherable, Is.Zero);
        await call.Caller.DisposeAsync();
        return call;
    }
}
