using Pptp.Interop.Tests.Harness;
using Pptp.Testing.Radius;

namespace Pptp.Interop.Tests;

/// <summary>pppd's EAP with a password, by a method that gives keys and by one that does not.</summary>
internal sealed class RadiusEapTests : RadiusFixture
{
    private const string Carol = "carol";
    private const string Clear = "clear";

    private readonly TestAuthority _authority = new();

    protected override string Users => User(Carol) + User(Clear, InClear);

    // The test's first argument.
    protected override FreeRadiusSettings RadiusSettings => new()
    {
        Users = Users,
        Authority = _authority,
        EapMethod = (string)TestContext.CurrentContext.Test.Arguments[0]!,
    };

    protected override ServerSettings Settings => base.Settings with { Authentication = ["eap"] };

    [OneTimeTearDown]
    public void ForgetAuthority() => _authority.Dispose();

    [TestCase("mschapv2", Carol)]
    [TestCase("md5", Clear)]
    public void A_user_of_FreeRADIUS_logs_in_by_EAP_and_carries_traffic(string method, string user)
    {
        bool isEncrypted = user == Carol;
        Call call = Dial(user, isEncrypted ? [] : ["nomppe"]).MustBeUp(Server);

        Ping ping = call.Ping(ServerSettings.Gateway, 50, 1400).MustLoseNone(Server);
        Assert.That(call.Encrypted, Is.EqualTo(isEncrypted), call.Log);
        Assert.That(call.Log, Does.Contain("<auth eap>"));
        Figures.Print($"RADIUS login by EAP, {method}", ping.ToString());
    }
}
