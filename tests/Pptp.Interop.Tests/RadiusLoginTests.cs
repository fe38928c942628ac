using Pptp.Interop.Tests.Harness;
using Pptp.Testing;

namespace Pptp.Interop.Tests;

/// <summary>A real pppd logs in at a real FreeRADIUS by each method, with MPPE keys of the Access-Accept.</summary>
internal sealed class RadiusLoginTests : RadiusFixture
{
    private const string Carol = "carol";
    private const string Clear = "clear";

    // pppd(8), EXIT STATUS.
    private const int AuthenticationFailed = 19;

    protected override string Users => User(Carol) + User(Clear, InClear)
        + $"{ServerSettings.Alice} Cleartext-Password := \"another password\"\n";

    [TestCase("pap", Clear)]
    [TestCase("chap", Clear)]
    [TestCase("mschap", Carol)]
    [TestCase("mschap-v2", Carol)]
    [EffectOf("ppp-aaa", "use-radius"), EffectOf("radius", "address"), EffectOf("radius", "secret")]
    [EffectOf("radius", "service")]
    public void A_user_of_FreeRADIUS_logs_in_and_carries_traffic(string method, string user)
    {
        bool isEncrypted = user == Carol;
        Call call = Dial(user, [.. Only(method), .. (string[])(isEncrypted ? [] : ["nomppe"])]).MustBeUp(Server);

        Ping ping = call.Ping(ServerSettings.Gateway, 50, 1400).MustLoseNone(Server);
        call.HangUp().MustSucceed();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Encrypted, Is.EqualTo(isEncrypted), call.Log);
            Assert.That(Radius.Log.With("Login OK"), Has.Count.EqualTo(1), Radius.Log.Tail());
        }

        Figures.Print($"RADIUS login by {method}", ping.ToString());
    }

    [TestCase("pap", Clear)]
    [TestCase("chap", Clear)]
    [TestCase("mschap", Carol)]
    [TestCase("mschap-v2", Carol)]
    public void A_wrong_password_is_rejected(string method, string user)
    {
        Call call = Lab.Dial(user, "looking glass", ["mtu", "1450", "mru", "1450", .. Only(method)]);

        Assert.That(call.ExitCode, Is.EqualTo(AuthenticationFailed), $"{call.Result}\n{Server.Report()}");
        Radius.Log.WaitFor("Login incorrect", Enough);
        Assert.That(Server.Log.With(": connected"), Is.Empty);
        Assert.That(Server.Log.With("looking glass"), Is.Empty, "the log names a password");
    }

    [Test]
    public void A_name_that_is_known_here_is_not_asked_for_at_RADIUS()
    {
        Call call = Lab.Dial(ServerSettings.Alice, "another password", "mtu", "1450", "mru", "1450", "require-mppe-128");

        Assert.That(call.ExitCode, Is.EqualTo(AuthenticationFailed), $"{call.Result}\n{Server.Report()}");
        Assert.That(Radius.Log.With(ServerSettings.Alice), Is.Empty, Radius.Log.Tail());
        Dial(ServerSettings.Alice).MustBeUp(Server);
    }

    private static string[] Only(string method) =>
        [.. new[] { "pap", "chap", "mschap", "mschap-v2", "eap" }.Where(other => other != method).Select(other => $"refuse-{other}")];
}
