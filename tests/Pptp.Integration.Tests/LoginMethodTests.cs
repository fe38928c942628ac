using System.Text;
using System.Text.RegularExpressions;
using Pptp.Protocol.Ppp;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Each login method, allowed and not, with a caller that takes it and one that does not.</summary>
[TestFixture("pap")]
[TestFixture("chap")]
[TestFixture("mschap1")]
[TestFixture("mschap2")]
[TestFixture("pap,chap,mschap1,mschap2")]
internal sealed partial class LoginMethodTests(string authentication) : ServerFixture
{
    private static readonly AuthenticationMethod[] All = Enum.GetValues<AuthenticationMethod>();

    private readonly AuthenticationMethod[] _allowed =
    [
        .. authentication.Split(',').Reverse().Select(word => word switch
        {
            "mschap2" => AuthenticationMethod.MsChapV2,
            "mschap1" => AuthenticationMethod.MsChapV1,
            "chap" => AuthenticationMethod.ChapMd5,
            _ => AuthenticationMethod.Pap,
        }),
    ];

    protected override ServerConfiguration Configuration =>
        new() { Users = [Alice], Authentication = authentication, Encryption = "yes" };

    [TestCaseSource(nameof(All))]
    [EffectOf("pptp-server", "authentication")]
    [EffectOf("ppp-secret", "name")]
    [EffectOf("ppp-secret", "password")]
    public async Task A_caller_gets_in_by_the_methods_that_are_configured_and_by_no_other(AuthenticationMethod method)
    {
        CallSettings settings = SettingsOf(Alice) with
        {
            Methods = [method],
            Encrypt = method is AuthenticationMethod.MsChapV1 or AuthenticationMethod.MsChapV2,
        };
        if (!_allowed.Contains(method))
        {
            await MustBeLeftAsync(settings);
            return;
        }

        ScriptedCall call = await Host.DialAsync(settings);
        Assert.That(call.LoginMethod, Is.EqualTo(method));
        SequencedStream stream = new(call, Echo);
        stream.Send(20);
        await stream.WaitForAsync(20);
        Assert.That(call.Undecipherable, Is.Zero);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_caller_that_takes_every_method_gets_the_strongest()
    {
        ScriptedCall call = await Host.DialAsync(
            SettingsOf(Alice) with { Methods = All, MuteAfter = CallPhase.Authenticated });

        Assert.That(call.LoginMethod, Is.EqualTo(_allowed[0]));
        await call.Caller.DisposeAsync();
    }

    [Test]
    public Task A_caller_that_refuses_to_log_in_is_left() => MustBeLeftAsync(SettingsOf(Alice) with { Methods = [] });

    [TestCaseSource(nameof(All))]
    public async Task A_wrong_password_and_an_unknown_user_get_the_same_bytes(AuthenticationMethod method)
    {
        if (!_allowed.Contains(method))
            return;
        string wrong = await RefusalOfAsync(Alice, method);
        string unknown = await RefusalOfAsync("mallory", method);

        Assert.That(unknown, Is.EqualTo(wrong));
        Assert.That(
            Server.Log.Expect("user alice authentication failed - wrong password", 1, Mark), Has.Count.EqualTo(1));
        Assert.That(
            Server.Log.Expect("user mallory authentication failed - unknown user", 1, Mark), Has.Count.EqualTo(1));
    }

    private async Task MustBeLeftAsync(CallSettings settings)
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(settings);
        await call.WaitForEndAsync();

        Assert.That(call.Phase, Is.LessThan(CallPhase.Responded));
        Server.Log.WaitFor("terminating... - authentication method refused", Soon, after: Mark);
    }

    /// <summary>The frame that says no, without what is random in it: the identifier and the next challenge.</summary>
    private async Task<string> RefusalOfAsync(string user, AuthenticationMethod method)
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(new CallSettings(user, "wrong") { Methods = [method] });
        Assert.That(async () => await call.WaitForAsync(CallPhase.Up), Throws.TypeOf<CallEndedException>());
        ReceivedFrame refusal = call.Frames.Last(frame => frame.Protocol is PppWire.Pap or PppWire.Chap);
        byte[] bytes = [.. refusal.Information];
        bytes[1] = 0;
        return NextChallenge().Replace(Encoding.Latin1.GetString(bytes), "C=");
    }

    [GeneratedRegex("C=[0-9A-F]+")]
    private static partial Regex NextChallenge();
}
