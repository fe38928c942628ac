using Pptp.Protocol.Ppp;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Calling.Eap;
using Pptp.Testing.Radius;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Logins by EAP, whose rounds go on to a real FreeRADIUS and back, with its keys for MPPE.</summary>
internal sealed class EapTests : RadiusFixture
{
    private readonly TestAuthority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("pptpd-test-").FullName;

    protected override FreeRadiusSettings RadiusSettings => new() { Users = User(Alice), Authority = _authority };

    protected override string Rows => Row("127.0.0.1");

    protected override string Aaa => "accounting = false";

    protected override ServerConfiguration Configuration =>
        base.Configuration with { Authentication = "mschap2,eap", Encryption = "required" };

    [OneTimeTearDown]
    public void RemoveAuthority()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase(1450, 1000)]
    [TestCase(500, 150)]
    [EffectOf("pptp-server", "authentication")]
    public async Task EAP_TLS_brings_up_a_tunnel_with_its_keys_whatever_the_callers_MRU(int mru, int fragment)
    {
        ScriptedCall call = await Host.DialAsync(By(EapWay.Tls) with
        {
            Mru = (ushort)mru,
            TlsFragment = fragment,
        });

        Assert.That(call.LoginMethod, Is.EqualTo(AuthenticationMethod.Eap));
        Assert.That(
            call.Frames.Where(frame => frame.Protocol == PppWire.Eap).Select(frame => frame.Information.Length),
            Is.All.LessThanOrEqualTo(mru));
        await MustCarryAsync(call);
    }

    [Test]
    public async Task MS_CHAPv2_inside_EAP_brings_up_a_tunnel_with_its_keys() =>
        await MustCarryAsync(await Host.DialAsync(By(EapWay.MsChapV2)));

    [Test]
    public Task EAP_MD5_has_no_keys_and_is_sent_away_where_encryption_is_required() =>
        MustFailAsync(By(EapWay.Md5), "the RADIUS server gives no keys, and encryption is required");

    [Test]
    public Task A_wrong_password_is_for_the_server_to_refuse() =>
        MustFailAsync(By(EapWay.MsChapV2) with { Password = "looking glass" }, "the RADIUS server refuses the user");

    [Test]
    public async Task A_certificate_that_another_authority_has_signed_is_for_the_server_to_refuse()
    {
        using TestAuthority other = new();
        CertificateFiles wrong = other.IssueClient(_folder, "wrong");
        CallSettings settings = By(EapWay.Tls);

        await MustFailAsync(
            settings with { Certificate = wrong with { Authority = settings.Certificate!.Authority } },
            "the RADIUS server refuses the user");
    }

    // A caller that does not trust the server sends an alert, and waits for the server's Failure.
    [Test]
    public async Task A_server_that_another_authority_has_signed_is_for_the_caller_to_refuse()
    {
        using TestAuthority other = new();
        CertificateFiles own = other.IssueClient(_folder, "other");
        CallSettings settings = By(EapWay.Tls);

        await MustFailAsync(
            settings with { Certificate = settings.Certificate! with { Authority = own.Authority } },
            "the RADIUS server refuses the user");
    }

    [Test]
    public async Task A_caller_without_EAP_gets_in_by_the_next_method()
    {
        ScriptedCall call = await DialAsync(Local);
        Assert.That(call.LoginMethod, Is.EqualTo(AuthenticationMethod.MsChapV2));
        await call.Caller.DisposeAsync();
    }

    [Test]
    public Task A_local_user_who_comes_by_EAP_is_refused() =>
        MustFailAsync(By(EapWay.MsChapV2, Local), "the client logs in by EAP, and its user is a local one");

    [Test]
    public async Task A_caller_that_falls_silent_in_the_middle_is_given_up()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(By(EapWay.MsChapV2) with { MuteAfter = CallPhase.Responded });
        await call.WaitForFramesAsync(
            frame => frame.Protocol == PppWire.Eap && frame.Information is [1, _, _, _, 4, ..], count: 2);
        call.Terminate();
        Server.Log.WaitFor("has trouble - EAP did not come to its end", Soon, after: Mark);
    }

    private async Task MustCarryAsync(ScriptedCall call)
    {
        SequencedStream stream = new(call, Echo);
        stream.Send(20);
        await stream.WaitForAsync(20);
        Assert.That(call.Undecipherable, Is.Zero);
        await call.Caller.DisposeAsync();
    }

    private CallSettings By(EapWay way, string user = Alice) => SettingsOf(user) with
    {
        Methods = [AuthenticationMethod.Eap],
        Eap = way,
        Certificate = way == EapWay.Tls ? _authority.IssueClient(_folder, user) : null,
    };

    private async Task MustFailAsync(CallSettings settings, string why)
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(settings);
        await call.WaitForEndAsync();
        Server.Log.WaitFor($"has trouble - {why}", Soon, after: Mark);
    }
}
