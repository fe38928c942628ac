using System.Globalization;
using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>mrru with a real pppd that dials in: packets longer than the tunnel, encrypted, in fragments.</summary>
internal sealed class MultilinkTests : InteropFixture
{
    // With IP and ICMP headers 1500 octets.
    private const int Large = 1472;

    /// <summary>PPTP_LAB_SECONDS names another time.</summary>
    internal static readonly int Seconds = int.Parse(
        Environment.GetEnvironmentVariable("PPTP_LAB_SECONDS") ?? "5", CultureInfo.InvariantCulture);

    protected override ServerSettings Settings => new() { Mrru = 1600 };

    [TestCase(false, TestName = "Packets_of_1500_octets_and_TCP_pass_with_pptp_linux")]
    [TestCase(true, TestName = "Packets_of_1500_octets_and_TCP_pass_with_the_kernels_PPTP")]
    public void Packets_of_1500_octets_and_TCP_pass(bool kernelClient)
    {
        using Capture capture = Capture.Start();
        Call call = Dial(
            new DialSettings { KernelClient = kernelClient }, ServerSettings.Alice,
            "mtu", "1600", "mru", "1450", "multilink", "mrru", "1600").MustBeUp(Server);
        Server.Log.WaitFor("<pptp-alice>: connected", Soon);
        string shown = Lab.InNamespace("ip", "link", "show", "dev", "pptp-alice").MustSucceed().Output;

        Ping fromClient = call.Ping(ServerSettings.Gateway, 100, Large).MustLoseNone(Server);
        Ping fromServer = Ping.FromServer(ServerSettings.AliceAddress, 100, Large).MustLoseNone(Server);
        Ping small = call.Ping(ServerSettings.Gateway, 100, 64).MustLoseNone(Server);
        IReadOnlyList<PppFrame> frames = capture.Stop();

        using StreamServer streams = StreamServer.Start();
        TcpStream toServer = TcpStream.Run(call, ServerSettings.Gateway, Seconds, toClient: false);
        TcpStream toClient = TcpStream.Run(call, ServerSettings.Gateway, Seconds, toClient: true);

        call.HangUp().MustSucceed();
        string pppdLog = call.LogNow();
        SessionStatistics statistics = SessionStatistics.WaitFor(Server, ServerSettings.Alice);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Encrypted, Is.True, call.Log);
            Assert.That(shown, Does.Contain("mtu 1500"));
            Assert.That(frames.Count(f => f.FromServer && f.Protocol == PppFrame.Multilink), Is.GreaterThanOrEqualTo(400));
            // The kernel's PPTP takes 1500 octets at a time, whatever MRU we have told it.
            Assert.That(frames.Count(f => !f.FromServer && f.Protocol == PppFrame.Multilink), Is.GreaterThanOrEqualTo(300));
            Assert.That(frames.Where(f => f.FromServer).Max(f => f.Information.Length), Is.EqualTo(1450), "the peer's MRU");
            Assert.That(frames.Any(f => f.Protocol == PppFrame.Ipv4), Is.False, "IP in the clear");
            foreach (TcpStream stream in new[] { toServer, toClient })
            {
                // No more than that it flows: pptp-linux loses what comes while the VM has other things to do.
                Assert.That(stream.Seconds, Is.GreaterThanOrEqualTo(Seconds - 1), stream.Report);
                Assert.That(stream.Megabits, Is.GreaterThan(0.5), stream.Report);
            }
            Assert.That(statistics["mppe-resync"], Is.Zero, statistics.ToString());
            Assert.That(pppdLog, Does.Not.Contain("CCP ResetReq").And.Not.Contain("CCP ResetAck"));
            Assert.That(Server.Log.Expect("logged in", 1), Has.Count.EqualTo(1), "the link was dropped and dialled anew");
        }

        Figures.Print("multilink, ping of 1500 octets from the client", fromClient.ToString());
        Figures.Print("multilink, ping of 1500 octets from the server", fromServer.ToString());
        Figures.Print("multilink, ping of 92 octets from the client", small.ToString());
        Figures.Print("multilink, TCP to the server", toServer.ToString());
        Figures.Print("multilink, TCP to the client", $"{toClient}; {statistics}");
    }

    [Test]
    public void A_pppd_without_multilink_dials_in_as_ever()
    {
        Call call = Dial(ServerSettings.Alice).MustBeUp(Server);
        Server.Log.WaitFor("<pptp-alice>: connected", Soon);

        Assert.That(
            Lab.InNamespace("ip", "link", "show", "dev", "pptp-alice").MustSucceed().Output, Does.Contain("mtu 1450"));
        call.Ping(ServerSettings.Gateway, 50, 1400).MustLoseNone(Server);
        call.HangUp().MustSucceed();
    }
}
