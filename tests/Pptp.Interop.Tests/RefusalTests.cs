using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

internal sealed class RefusalTests : InteropFixture
{
    /// <summary>pppd(8), EXIT STATUS: we failed to authenticate ourselves to the peer.</summary>
    private const int AuthenticationFailed = 19;

    [TestCase(ServerSettings.Alice, TestName = "A_wrong_password_is_refused_with_status_19_and_one_log_line")]
    [TestCase("nobody", TestName = "An_unknown_user_is_refused_with_status_19_and_one_log_line")]
    public void Wrong_credentials_are_refused(string user)
    {
        Call call = Lab.Dial(user, "Pass-of-somebody-else", "require-mppe-128");

        LogLine line = Server.Log.WaitFor($"user {user} authentication failed", Soon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.ExitCode, Is.EqualTo(AuthenticationFailed), $"{call.Result}\n{Server.Report()}");
            Assert.That(Server.Log.With("authentication failed").Where(Names(user)), Has.Exactly(1).Items);
            Assert.That(Server.Log.With("logged in"), Is.Empty);
            Assert.That(Lab.TunnelInterfaces(), Is.Empty);
        }

        Figures.Print("wrong credentials", $"pppd's exit status {call.ExitCode}; server's log: {line.Text}");
    }

    [Test]
    public void A_client_that_knows_only_weaker_methods_is_refused()
    {
        Call call = Dial(ServerSettings.Alice, "refuse-mschap-v2");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.ExitCode, Is.Not.Zero, call.Log);
            Assert.That(Server.Log.With("logged in"), Is.Empty, Server.Report());
        }
    }

    [Test]
    public void A_client_that_refuses_MPPE_is_refused_where_it_is_required()
    {
        Call call = Dial(ServerSettings.Alice, "nomppe");

        Server.Log.WaitFor("<pptp-alice>: terminating... - ", Soon);
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.ExitCode, Is.Not.Zero, $"{call.Result}\n{Server.Report()}");
            Assert.That(call.Log, Does.Contain("LCP TermReq").And.Not.Contain("local  IP address"));
            Assert.That(Server.Log.With("<pptp-alice>: connected"), Is.Empty);
        }

        Figures.Print("no MPPE where it is required", $"pppd's exit status {call.ExitCode}");
    }

    [Test]
    public void A_client_that_refuses_MPPE_comes_up_with_a_warning_where_it_is_merely_wanted()
    {
        Call call = Dial(ServerSettings.Opportunist, "nomppe").MustBeUp(Server);

        call.Ping(ServerSettings.Gateway, 20, 1400).MustLoseNone(Server);

        IReadOnlyList<LogLine> warnings =
            [.. Server.Log.With(ServerSettings.Opportunist).Where(line => line.Text.Contains("encrypt", StringComparison.OrdinalIgnoreCase))];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Encrypted, Is.False);
            Assert.That(warnings, Is.Not.Empty, $"no warning of the missing encryption\n{Server.Report()}");
        }

        Figures.Print("no MPPE where it is merely wanted", $"up; server's log: {warnings[0].Text}");
    }

    [Test]
    public void A_client_that_offers_MPPE_is_encrypted_where_it_is_merely_wanted()
    {
        Call call = Dial(ServerSettings.Opportunist).MustBeUp(Server);

        call.Ping(ServerSettings.Gateway, 20, 1400).MustLoseNone(Server);
        Assert.That(call.Encrypted, Is.True, call.Log);
    }

    [Test]
    public void A_client_of_a_profile_without_encryption_comes_up_in_the_clear()
    {
        Call call = Dial(ServerSettings.Plain, "nomppe").MustBeUp(Server);

        call.Ping(ServerSettings.Gateway, 20, 1400).MustLoseNone(Server);
        Assert.That(call.Encrypted, Is.False);
    }

    private static Func<LogLine, bool> Names(string user) =>
        line => line.Text.Contains(user, StringComparison.Ordinal);
}
