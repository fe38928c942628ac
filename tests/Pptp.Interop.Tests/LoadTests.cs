using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>The load generator at a server that is not ours.</summary>
[TestFixture]
internal sealed class LoadTests
{
    private const int Tunnels = 20;

    [TearDown]
    public void EndThePeer() => Lab.Reset();

    [Test]
    public void Twenty_tunnels_to_pptpd_come_up_and_go()
    {
        Peer.Start();

        LoadRun run = LoadRun.Start(
            null,
            TimeSpan.FromMinutes(3),
            [
                "--server", Peer.Address, "--user", Peer.User, "--password", Peer.Password, "--count", $"{Tunnels}",
                "--rate", "2", "--hold", "2", "--traffic", "echo", "--packets", "2", "--timeout", "120",
            ],
            "ip", "netns", "exec", Lab.Namespace);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(run["up"], Is.EqualTo(Tunnels));
            Assert.That(run["arrived out of the tunnels"], Is.Positive);
            Assert.That(
                Wait.Until(() => Peer.CallsEndedByUs == Tunnels, Command.DefaultTimeout),
                Is.Not.Null,
                "each was hung up on");
        }

        Figures.Print(
            $"{Tunnels} tunnels to Debian's pptpd, 2 a second",
            $"set-up {run["50th percentile"]:0} ms at the median, {run["99th percentile"]:0} ms at 99 %");
    }
}
