using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Aaa;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Ppp;
using Pptp.Testing;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>Names that are none, addresses one may not call from, too many tries; and how alike refusals are.</summary>
public sealed class RefusalTests
{
    private static readonly AuthenticationMethod[] Methods = Login.Methods;

    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("192.0.2.66");
    private static readonly IPAddress Server = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _checks = [];
    private readonly LocalSecrets _secrets;
    private readonly PptpServerSettings _server = new();
    private PptpConfiguration _configuration;

    public RefusalTests()
    {
        SecretValue text = SecretValue.FromPassword("secret");
        byte[] hash = new byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash("secret", hash);
        _configuration = new PptpConfiguration
        {
            PptpServer = _server,
            Secrets =
            [
                new PppSecret { Name = "alice", Password = text },
                new PppSecret { Name = "hashed", Password = SecretValue.FromNtHash(hash) },
                new PppSecret { Name = "off", Password = text, Disabled = true },
                new PppSecret { Name = "at-home", Password = text, CallerId = $"{Client}" },
                new PppSecret { Name = "near-home", Password = text, CallerId = "192.0.2.0/28" },
                new PppSecret { Name = "nowhere", Password = text, CallerId = "00:11:22:33:44:55" },
                new PppSecret { Name = "other", Password = text, Service = PppService.L2tp },
            ],
        };
        _secrets = new LocalSecrets(
            () => _configuration,
            ReadOnlySecrets.Instance,
            new LoginGuard(new MonotonicClock(_time)),
            (known, credentials) =>
            {
                _checks.Add(credentials.GetType().Name);
                return known.IsProvenBy(credentials);
            });
    }

    [TestCaseSource(nameof(Methods))]
    public async Task Every_login_is_checked_once_whoever_it_names(AuthenticationMethod method)
    {
        string[] users = ["alice", "hashed", "off", "at-home", "mallory", "other", "", "a\nb", new string('n', 254)];
        foreach (string user in users)
        {
            await Refuse(Login.By(method, user, "guess"), Elsewhere);
            Assert.That(_checks, Has.Count.EqualTo(1), user);
            _checks.Clear();
        }
    }

    [TestCaseSource(nameof(Methods))]
    public async Task All_that_could_help_a_guesser_has_one_answer(AuthenticationMethod method)
    {
        RefusalCause[] causes =
        [
            await Refuse(Login.By(method, "alice", "guess")),
            await Refuse(Login.By(method, "mallory", "guess")),
            await Refuse(Login.By(method, "off", "guess")),
            await Refuse(Login.By(method, "other", "secret")),
            await Refuse(Login.By(method, "a\nb", "guess")),
            await Refuse(Login.By(method, "at-home", "secret"), Elsewhere),
        ];

        Assert.That(causes.Select(cause => cause with { Text = "" }).Distinct().ToArray(), Has.Length.EqualTo(1));
        Assert.That(causes[0].ErrorCode, Is.EqualTo(691));
    }

    [TestCase("")]
    [TestCase("a\nb")]
    [TestCase("a\u0000")]
    [TestCase("a\u0085")]
    [TestCase(254)]
    public async Task A_name_that_is_none_is_refused_as_such(object name)
    {
        string user = name as string ?? new string('n', (int)name);
        Assert.That(
            await Refuse(Login.By(AuthenticationMethod.MsChapV2, user, "secret")), Is.EqualTo(RefusalCause.BadUserName));
    }

    [Test]
    public async Task A_name_that_is_not_UTF8_is_refused_though_a_secret_looks_like_it()
    {
        _configuration = new PptpConfiguration
        {
            Secrets = [new PppSecret { Name = "\u00E4", Password = SecretValue.FromPassword("secret") }],
        };
        PapCredentials latin = new("\u00E4", [0xE4], Encoding.UTF8.GetBytes("secret"));

        Assert.That(await Refuse(latin), Is.EqualTo(RefusalCause.BadUserName));
        await Accept(Login.By(AuthenticationMethod.Pap, "\u00E4", "secret"), Client);
    }

    [Test]
    public async Task A_name_of_253_bytes_is_looked_up() => Assert.That(
        await Refuse(Login.By(AuthenticationMethod.MsChapV2, new string('n', 253), "secret")),
        Is.EqualTo(RefusalCause.UnknownUser));

    [TestCase("at-home", "192.0.2.7", true)]
    [TestCase("at-home", "192.0.2.8", false)]
    [TestCase("near-home", "192.0.2.15", true)]
    [TestCase("near-home", "192.0.2.16", false)]
    [TestCase("nowhere", "192.0.2.7", false)]
    [EffectOf("ppp-secret", "caller-id")]
    public async Task A_caller_id_is_the_address_or_the_network_to_call_from(string user, string from, bool allowed)
    {
        PeerCredentials credentials = Login.By(AuthenticationMethod.MsChapV2, user, "secret");

        if (allowed)
            await Accept(credentials, IPAddress.Parse(from));
        else
            Assert.That(await Refuse(credentials, IPAddress.Parse(from)), Is.EqualTo(RefusalCause.CallerId));
    }

    [Test]
    public async Task Who_is_locked_out_is_refused_unchecked_and_told_what_a_wrong_password_is_told()
    {
        for (int i = 0; i < _server.LoginFailures; i++)
            await Refuse(Login.By(AuthenticationMethod.MsChapV2, "alice", "guess"), Elsewhere);
        _checks.Clear();

        RefusalCause cause = await Refuse(Login.By(AuthenticationMethod.MsChapV2, "alice", "secret"), Elsewhere);
        Assert.That(cause, Is.EqualTo(RefusalCause.LockedOut));
        Assert.That(cause with { Text = "wrong password" }, Is.EqualTo(RefusalCause.WrongPassword));
        Assert.That(_checks, Is.Empty);
        // The domain is no way around it.
        cause = await Refuse(Login.By(AuthenticationMethod.MsChapV2, "X\\alice", "secret"), Elsewhere);
        Assert.That(cause, Is.EqualTo(RefusalCause.LockedOut));

        await Accept(Login.By(AuthenticationMethod.MsChapV2, "alice", "secret"), Client);
        _time.Advance(FailureTable<string>.FirstLock);
        await Accept(Login.By(AuthenticationMethod.MsChapV2, "alice", "secret"), Elsewhere);
    }

    [Test]
    [EffectOf("pptp-server", "login-failures")]
    public async Task Login_failures_zero_locks_nobody_out()
    {
        _configuration = _configuration with { PptpServer = _server with { LoginFailures = 0 } };
        for (int i = 0; i < 100; i++)
            await Refuse(Login.By(AuthenticationMethod.Pap, "alice", "guess"));

        await Accept(Login.By(AuthenticationMethod.Pap, "alice", "secret"), Client);
    }

    private async Task<RefusalCause> Refuse(PeerCredentials credentials, IPAddress? from = null)
    {
        AccessDecision decision = await Decide(credentials, from ?? Client);
        Assert.That(decision, Is.InstanceOf<AccessDecision.Reject>());
        return ((AccessDecision.Reject)decision).Cause;
    }

    private async Task Accept(PeerCredentials credentials, IPAddress from) =>
        Assert.That(await Decide(credentials, from), Is.InstanceOf<AccessDecision.Accept>());

    private async Task<AccessDecision> Decide(PeerCredentials credentials, IPAddress from) =>
        await _secrets.DecideAsync(new AccessRequest(credentials, from, Server), CancellationToken.None);
}
