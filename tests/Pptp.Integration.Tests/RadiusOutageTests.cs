using System.Diagnostics;
using System.Net;
using Pptp.Protocol.Ppp;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Radius;

namespace Pptp.Integration.Tests;

/// <summary>Two servers, of which the first loses half of what it is asked, then all; and then both do.</summary>
internal sealed class RadiusOutageTests : RadiusFixture
{
    private const string Erin = "erin";
    private const string First = "RADIUS server 127.0.0.11 (Authentication)";
    private const int Tries = 3;

    // What only a broken program would need on a busy machine; the figures of a run are printed.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(700);

    private RadiusRelay _first = null!;
    private RadiusRelay _second = null!;

    protected override FreeRadiusSettings RadiusSettings => new()
    {
        Address = "127.0.0.1",
        Users = User(Erin) + User("frank"),
    };

    protected override string Aaa => "radius-fallback = \"cached\"\nradius-fallback-time = \"1h\"";

    protected override string Rows =>
        Row("127.0.0.11", "timeout = \"700ms\"", $"tries = {Tries}")
        + Row("127.0.0.12", "timeout = \"700ms\"", $"tries = {Tries}");

    [OneTimeSetUp]
    public void MakeRelays()
    {
        IPEndPoint radius = new(IPAddress.Loopback, 1812);
        _first = new RadiusRelay(ServerNetwork, new IPEndPoint(IPAddress.Parse("127.0.0.11"), 1812), radius);
        _second = new RadiusRelay(ServerNetwork, new IPEndPoint(IPAddress.Parse("127.0.0.12"), 1812), radius);
    }

    [OneTimeTearDown]
    public async Task EndRelays()
    {
        if (_first is not null)
            await _first.DisposeAsync();
        if (_second is not null)
            await _second.DisposeAsync();
    }

    [SetUp]
    public Task BeginWithBothServers()
    {
        _first.Loses = _second.Loses = null;
        return LogInAsync();
    }

    [Test]
    [EffectOf("radius", "tries")]
    public async Task Logins_succeed_while_the_first_server_loses_half_then_all_and_go_to_it_again_when_it_is_back()
    {
        // Never as many in a row as a login tries, so that the server is not dead before it loses all.
        int[] lost = [0, 1, 3, 5, 6, 8, 11, 12];
        int since = _first.Requests.Count;
        _first.Loses = number => lost.Contains((number - since) % 16);
        for (int i = 0; i < 10; i++)
            Report("half is lost", await LogInAsync(), (Timeout * Tries) + TimeSpan.FromSeconds(1));

        _first.Loses = _ => true;
        Report("all is lost", await LogInAsync(), (Timeout * Tries) + TimeSpan.FromSeconds(1));
        Server.Log.WaitFor($"{First} is passed over: it does not answer", Soon, after: Mark);
        int asked = Logins(_first);
        for (int i = 0; i < 3; i++)
            Report("it is known to be dead", await LogInAsync(), TimeSpan.FromSeconds(1));
        Assert.That(Logins(_first), Is.EqualTo(asked), "a dead server was asked before the others");

        int mark = Server.Log.Mark;
        _first.Loses = null;
        Server.Log.WaitFor($"{First} answers again", TimeSpan.FromSeconds(30), after: mark);
        int second = Logins(_second);
        Report("it is back", await LogInAsync(), TimeSpan.FromSeconds(1));
        Assert.That(Logins(_second), Is.EqualTo(second));
        Assert.That(Logins(_first), Is.GreaterThan(asked));
    }

    [Test]
    [EffectOf("ppp-aaa", "radius-fallback")]
    public async Task While_no_server_answers_who_logged_in_by_PAP_gets_in_again_and_nobody_else()
    {
        await LogInAsync(AuthenticationMethod.Pap);
        _first.Loses = _second.Loses = _ => true;
        await LogInAsync(AuthenticationMethod.Pap);
        Server.Log.WaitFor("user erin is let in as ", Soon, after: Mark);

        await MustBeRefusedAsync(
            new CallSettings(Erin, "a guess") { Methods = [AuthenticationMethod.Pap] },
            "RADIUS server is not responding, and the password is not that of the last login");
        await MustBeRefusedAsync(SettingsOf(Erin), "radius-fallback can check logins by PAP alone");
        await MustBeRefusedAsync(
            SettingsOf("frank") with { Methods = [AuthenticationMethod.Pap] }, "no login of this user is remembered");
    }

    private static void Report(string what, TimeSpan took, TimeSpan allowed)
    {
        TestContext.Out.WriteLine(
            $"{what}: logged in after {took.TotalMilliseconds:0} ms, {allowed.TotalMilliseconds:0} allowed");
        Assert.That(took, Is.LessThan(allowed + Margin), what);
    }

    /// <summary>Access-Requests; probes are not counted.</summary>
    private static int Logins(RadiusRelay relay) => relay.Requests.Count(request => request[0] == 1);

    private async Task<TimeSpan> LogInAsync(AuthenticationMethod method = AuthenticationMethod.MsChapV2)
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        long begun = Stopwatch.GetTimestamp();
        ScriptedCall call = await caller.CallAsync(
            SettingsOf(Erin) with { Methods = [method], Encrypt = method == AuthenticationMethod.MsChapV2 });
        await call.WaitForAsync(CallPhase.Authenticated, TimeSpan.FromSeconds(30));
        return Stopwatch.GetElapsedTime(begun);
    }

    private async Task MustBeRefusedAsync(CallSettings settings, string logged)
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(settings);
        await Assert.ThrowsAsync<CallEndedException>(() => call.WaitForAsync(CallPhase.Up, TimeSpan.FromSeconds(30)));
        Server.Log.WaitFor(logged, Soon, after: Mark);
    }
}
