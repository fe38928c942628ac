using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>How a session ends: with a goodbye, and without.</summary>
internal sealed class FarewellTests : InteropFixture
{
    private const int KeepaliveSeconds = 3;
    private const int Echoes = 5;

    /// <summary>Nothing of the VM's gets out any more. The lab's own channel to it is another wire.</summary>
    private const string CutTheWire = "tc qdisc add dev eth0 root netem loss 100%";

    private const string KillTheClient = "pkill -KILL -x 'pppd|pptp'";

    protected override ServerSettings Settings => new() { Keepalive = KeepaliveSeconds };

    [Test]
    public void The_interface_is_gone_within_a_second_of_the_hangup()
    {
        using Capture capture = Capture.Start();
        Call call = Dial(ServerSettings.Alice).MustBeUp(Server);
        Task<DateTime> vanished = Task.Run(() =>
        {
            MustVanish("pptp-alice", TimeSpan.FromSeconds(20));
            return DateTime.UtcNow;
        });

        call.HangUp().MustSucceed();

        DateTime gone = vanished.Result;
        TimeSpan hangup = capture.Stop().First(frame => !frame.FromServer && frame.IsLcpTerminateRequest).At;
        TimeSpan took = gone - DateTime.UnixEpoch - hangup;
        Server.Log.WaitFor("<pptp-alice>: terminating... - hungup", Soon);
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(1)), Server.Report());
        Figures.Print("interface gone after the client's Terminate-Request", $"{took.TotalMilliseconds:0} ms");
    }

    [Test]
    public void A_client_that_falls_silent_gets_five_echoes_a_second_apart_and_is_cleared_away()
    {
        using Capture capture = Capture.Start();
        Dial(ServerSettings.Alice).MustBeUp(Server);

        Lab.InVm($"{CutTheWire} && {KillTheClient}").MustSucceed();
        Server.Log.WaitFor(
            "LCP missed echo reply", TimeSpan.FromSeconds(KeepaliveSeconds + Echoes + 5), count: Echoes);
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon);
        MustVanish("pptp-alice", TimeSpan.FromSeconds(1));

        List<PppFrame> frames = [.. capture.Stop()];
        int lastHeard = frames.FindLastIndex(frame => !frame.FromServer);
        TimeSpan[] echoes =
            [.. frames.Skip(lastHeard + 1).Where(f => f.FromServer && f.IsLcpEchoRequest).Select(f => f.At)];
        TimeSpan[] apart = [.. echoes.Zip(echoes.Skip(1), (one, next) => next - one)];
        TimeSpan silence = echoes.FirstOrDefault() - frames[lastHeard].At;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(echoes, Has.Length.EqualTo(Echoes), Server.Report());
            Assert.That(apart, Is.All.InRange(TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(1.3)));
            Assert.That(
                silence,
                Is.InRange(TimeSpan.FromSeconds(KeepaliveSeconds - 0.2), TimeSpan.FromSeconds(KeepaliveSeconds + 1.2)));
            Assert.That(Server.Log.Expect("LCP missed echo reply", Echoes), Has.Count.EqualTo(Echoes));
            Assert.That(Server.Log.Expect("<pptp-alice>: terminating... - peer is not responding", 1), Has.Count.EqualTo(1));
        }

        Figures.Print(
            "a client gone without a goodbye",
            $"{echoes.Length} echoes after {silence.TotalSeconds:0.0} s of silence, "
            + $"{string.Join(", ", apart.Select(time => time.TotalSeconds.ToString("0.00")))} s apart, then cleared");
    }

    [Test]
    public void A_client_whose_processes_are_killed_is_noticed_by_its_closed_connection()
    {
        Dial(ServerSettings.Alice).MustBeUp(Server);

        Lab.InVm(KillTheClient).MustSucceed();

        Server.Log.WaitFor("<pptp-alice>: disconnected", TimeSpan.FromSeconds(2));
        MustVanish("pptp-alice", TimeSpan.FromSeconds(1));
        Assert.That(Server.Log.With("LCP missed echo reply"), Is.Empty, Server.Report());
    }

    [Test]
    public void An_idle_client_answers_the_echoes_and_is_kept()
    {
        using Capture capture = Capture.Start();
        Call call = Dial(ServerSettings.Alice).MustBeUp(Server);
        // Three periods of silence: what is waited for is that nothing happens.
        Assert.Throws<TimeoutException>(
            () => Server.Log.WaitFor("terminating", TimeSpan.FromSeconds(3 * (KeepaliveSeconds + 1))));

        call.Ping(ServerSettings.Gateway, 10, 64).MustLoseNone(Server);

        IReadOnlyList<PppFrame> frames = capture.Stop();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(frames.Count(f => f.FromServer && f.IsLcpEchoRequest), Is.InRange(2, 4));
            Assert.That(Server.Log.With("LCP missed echo reply"), Is.Empty, Server.Report());
        }
    }

    [Test]
    public void The_server_that_is_told_to_stop_says_goodbye_to_its_clients()
    {
        using Capture capture = Capture.Start();
        Call call = Dial(ServerSettings.Alice).MustBeUp(Server);

        Server.Signal("TERM");
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon);
        MustVanish("pptp-alice", TimeSpan.FromSeconds(1));
        int? status = Server.Stop(TimeSpan.FromSeconds(10));

        capture.Stop();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.Zero, Server.Report());
            Assert.That(capture.Frames.Any(f => f.FromServer && f.IsLcpTerminateRequest), Is.True);
            Assert.That(
                capture.ControlSegments.Where(segment => segment.FromServer).Select(segment => segment.MessageType),
                Does.Contain(ControlSegment.CallDisconnectNotify));
            Assert.That(call.LogNow(), Does.Contain("LCP terminated by peer"));
        }

        StartAgain();
    }
}
