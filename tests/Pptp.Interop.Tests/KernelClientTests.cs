using System.Text.Json;
using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>
/// A client whose data path is the Linux kernel's, as in many routers: it numbers from 1 and acknowledges only in
/// packets that carry data.
/// </summary>
internal sealed class KernelClientTests : InteropFixture
{
    private const int Seconds = 15;

    [Test]
    public void The_kernels_client_dials_in_encrypts_and_gets_its_addresses()
    {
        Call call = DialKernel("usepeerdns");
        Server.Log.WaitFor("<pptp-alice>: connected", Soon);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Encrypted, Is.True, call.Log);
            Assert.That(call.LocalAddress, Is.EqualTo(ServerSettings.AliceAddress));
            Assert.That(call.RemoteAddress, Is.EqualTo(ServerSettings.Gateway));
            Assert.That(call.Log, Does.Contain($"primary   DNS address {ServerSettings.Gateway}"));
            Assert.That(Lab.TunnelInterfaces(), Is.EqualTo(["pptp-alice"]));
        }

        call.HangUp().MustSucceed();
        Server.Log.WaitFor("<pptp-alice>: terminating... - hungup", Soon);
        MustVanish("pptp-alice", TimeSpan.FromSeconds(1));
        Figures.Print(
            "kernel client, link up", $"{call.LocalAddress} -> {call.RemoteAddress}, MS-CHAPv2, MPPE-128 stateless");
    }

    [TestCase(64)]
    [TestCase(1400)]
    public void Two_hundred_pings_of_the_kernels_client_go_each_way_without_loss(int bytes)
    {
        Call call = DialKernel();

        Ping fromClient = call.Ping(ServerSettings.Gateway, 200, bytes).MustLoseNone(Server);
        Ping fromServer = Ping.FromServer(ServerSettings.AliceAddress, 200, bytes).MustLoseNone(Server);

        SessionStatistics statistics = HangUp(call);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fromClient.Sent, Is.EqualTo(200));
            Assert.That(fromServer.Sent, Is.EqualTo(200));
            Assert.That(statistics["gre-lost"], Is.Zero, statistics.ToString());
            Assert.That(statistics["mppe-lost"], Is.Zero, statistics.ToString());
        }

        Figures.Print($"kernel client, ping, {bytes} bytes, from the client", fromClient.ToString());
        Figures.Print($"kernel client, ping, {bytes} bytes, from the server", fromServer.ToString());
    }

    [TestCase(false, TestName = "A_TCP_stream_from_the_kernels_client_drops_no_link_and_needs_no_MPPE_resync")]
    [TestCase(true, TestName = "A_TCP_stream_to_the_kernels_client_drops_no_link_and_needs_no_MPPE_resync")]
    public void A_TCP_stream(bool toClient)
    {
        Call call = DialKernel();
        using StreamServer streams = StreamServer.Start();

        TcpStream stream = TcpStream.Run(call, ServerSettings.Gateway, Seconds, toClient);

        Assert.That(Lab.HasInterface("pptp-alice"), Is.True, Server.Report());
        SessionStatistics statistics = HangUp(call);
        string pppdLog = call.LogNow();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(stream.Seconds, Is.GreaterThanOrEqualTo(Seconds - 1), stream.Report);
            Assert.That(stream.SecondsWithoutData, Is.Zero, stream.Report);
            Assert.That(statistics["mppe-resync"], Is.Zero, statistics.ToString());
            Assert.That(pppdLog, Does.Not.Contain("CCP ResetReq").And.Not.Contain("CCP ResetAck"));
            Assert.That(Server.Log.Expect("logged in", 1), Has.Count.EqualTo(1), "the link was dropped and dialled anew");
        }

        Figures.Print(
            $"kernel client, TCP stream to the {(toClient ? "client" : "server")}", $"{stream}; {statistics}");
    }

    [Test]
    public void Datagrams_go_on_to_a_client_that_sends_nothing_and_so_acknowledges_nothing()
    {
        const int UdpSeconds = 5;
        const int Megabits = 5;
        const int Bytes = 1200;
        Call call = DialKernel();
        using StreamServer streams = StreamServer.Start();

        string stream = $"-u -l {Bytes} -b {Megabits}M -t {UdpSeconds} -R -J";
        string report = Lab.InVm($"iperf3 -c {ServerSettings.Gateway} -B {call.LocalAddress} {stream}")
            .MustSucceed().Output;

        using JsonDocument parsed = JsonDocument.Parse(report);
        JsonElement sum = parsed.RootElement.GetProperty("end").GetProperty("sum");
        int packets = sum.GetProperty("packets").GetInt32();
        int lost = sum.GetProperty("lost_packets").GetInt32();
        SessionStatistics statistics = HangUp(call);
        using (Assert.EnterMultipleScope())
        {
            // A window of 64 would end the stream at the 64th.
            Assert.That(packets, Is.GreaterThan(Megabits * 1_000_000 / 8 / Bytes * UdpSeconds * 9 / 10), report);
            Assert.That(lost, Is.LessThan(packets / 10), report);
            Assert.That(statistics["rx-packets"], Is.LessThan(packets / 10), statistics.ToString());
        }

        Figures.Print(
            "kernel client, datagrams one way", $"{packets - lost} of {packets} in {UdpSeconds} s; {statistics}");
    }

    [Test]
    public void A_kernels_client_that_is_killed_is_cleared_away_at_once()
    {
        DialKernel();

        Lab.InVm("pkill -KILL -x pppd").MustSucceed();

        Server.Log.WaitFor("<pptp-alice>: disconnected", TimeSpan.FromSeconds(2));
        MustVanish("pptp-alice", TimeSpan.FromSeconds(1));
    }

    private Call DialKernel(params string[] pppdOptions) =>
        Dial(new DialSettings { KernelClient = true }, ServerSettings.Alice, pppdOptions).MustBeUp(Server);

    private SessionStatistics HangUp(Call call)
    {
        call.HangUp().MustSucceed();
        return SessionStatistics.WaitFor(Server, ServerSettings.Alice);
    }
}
