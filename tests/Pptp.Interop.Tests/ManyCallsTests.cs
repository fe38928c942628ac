using System.Diagnostics;
using System.Globalization;
using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

internal sealed class ManyCallsTests : InteropFixture
{
    private const int Calls = 10;

    /// <summary>PPTP_LAB_CYCLES names another number.</summary>
    private static readonly int Cycles = int.Parse(
        Environment.GetEnvironmentVariable("PPTP_LAB_CYCLES") ?? "20", CultureInfo.InvariantCulture);

    protected override ServerSettings Settings => new() { MoreUsers = Calls };

    [Test]
    public void Again_and_again_a_client_dials_and_hangs_up()
    {
        Dial(ServerSettings.Alice).MustBeUp(Server).HangUp().MustSucceed();
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon);
        long before = Server.ResidentKilobytes;
        Stopwatch clock = Stopwatch.StartNew();

        for (int cycle = 1; cycle <= Cycles; cycle++)
        {
            int mark = Server.Log.Mark;
            Call call = Dial(ServerSettings.Alice).MustBeUp(Server);
            Assert.That(call.LocalAddress, Is.EqualTo(ServerSettings.AliceAddress), $"cycle {cycle}");
            call.HangUp().MustSucceed();
            Server.Log.WaitFor("<pptp-alice>: disconnected", Soon, after: mark);
            MustVanish("pptp-alice", TimeSpan.FromSeconds(1));
        }

        Figures.Print(
            $"{Cycles} dial and hangup cycles",
            $"{clock.Elapsed.TotalSeconds / Cycles:0.0} s each, "
            + $"server's memory {before} KiB before, {Server.ResidentKilobytes} KiB after");
    }

    [Test]
    public void Ten_calls_share_one_control_connection()
    {
        List<Call> calls = DialAll(_ => ServerSettings.Bob, ownConnection: false);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Server.Log.Expect("TCP connection established", 1), Has.Count.EqualTo(1), Server.Report());
            Assert.That(
                Lab.TunnelInterfaces(),
                Is.EquivalentTo(new[] { "pptp-bob" }.Concat(Enumerable.Range(1, 9).Select(i => $"pptp-bob-{i}"))));
        }

        PingAll(calls);
        HangUpAll(calls);
        Figures.Print("calls on one control connection", $"{calls.Count}, all pinged, all hung up");
    }

    [Test]
    public void Ten_calls_come_on_ten_control_connections()
    {
        List<Call> calls = DialAll(i => $"u{i}", ownConnection: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Server.Log.Expect("TCP connection established", Calls), Has.Count.EqualTo(Calls), Server.Report());
            Assert.That(
                Lab.TunnelInterfaces(),
                Is.EquivalentTo(Enumerable.Range(0, Calls).Select(i => $"pptp-u{i}")));
        }

        PingAll(calls);
        HangUpAll(calls);
        Figures.Print("control connections with a call each", $"{calls.Count}, all pinged, all hung up");
    }

    [Test]
    public void One_of_several_calls_on_a_connection_ends_and_the_others_go_on()
    {
        Call first = Dial(new DialSettings { Link = "first" }, "u0").MustBeUp(Server);
        Call second = Dial(new DialSettings { Link = "second" }, "u1").MustBeUp(Server);

        first.HangUp().MustSucceed();

        MustVanish("pptp-u0", TimeSpan.FromSeconds(1));
        second.Ping(ServerSettings.Gateway, 50, 64).MustLoseNone(Server);
        Assert.That(Lab.TunnelInterfaces(), Is.EqualTo(["pptp-u1"]));
    }

    private List<Call> DialAll(Func<int, string> user, bool ownConnection)
    {
        List<Call> calls = [];
        for (int i = 0; i < Calls; i++)
        {
            DialSettings settings = new() { Link = $"c{i}", OwnConnection = ownConnection };
            calls.Add(Dial(settings, user(i)).MustBeUp(Server));
        }

        Assert.That(calls.Select(call => call.LocalAddress), Is.Unique);
        return calls;
    }

    private void PingAll(List<Call> calls)
    {
        foreach (Call call in calls)
        {
            call.Ping(ServerSettings.Gateway, 10, 64).MustLoseNone(Server);
        }
    }

    private void HangUpAll(List<Call> calls)
    {
        foreach (Call call in calls)
        {
            call.HangUp().MustSucceed();
        }

        Server.Log.WaitFor(": disconnected", Soon, count: calls.Count);
        Assert.That(
            Wait.Until(() => Lab.TunnelInterfaces().Count == 0, TimeSpan.FromSeconds(1)),
            Is.Not.Null,
            $"left: {string.Join(", ", Lab.TunnelInterfaces())}\n{Server.Report()}");
    }
}
