using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

internal sealed class StreamTests : InteropFixture
{
    private const int Seconds = 30;

    [TestCase(false, TestName = "A_30_second_TCP_stream_to_the_server_drops_no_link_and_needs_no_MPPE_resync")]
    [TestCase(true, TestName = "A_30_second_TCP_stream_to_the_client_drops_no_link_and_needs_no_MPPE_resync")]
    public void A_30_second_TCP_stream(bool toClient)
    {
        Call call = Dial(ServerSettings.Alice).MustBeUp(Server);
        using StreamServer streams = StreamServer.Start();

        TcpStream stream = TcpStream.Run(call, ServerSettings.Gateway, Seconds, toClient);

        Assert.That(Lab.HasInterface("pptp-alice"), Is.True, Server.Report());
        call.HangUp().MustSucceed();
        string pppdLog = call.LogNow();
        SessionStatistics statistics = SessionStatistics.WaitFor(Server, ServerSettings.Alice);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(stream.Seconds, Is.GreaterThanOrEqualTo(Seconds - 1), stream.Report);
            Assert.That(stream.SecondsWithoutData, Is.Zero, stream.Report);
            Assert.That(statistics["mppe-resync"], Is.Zero, statistics.ToString());
            Assert.That(pppdLog, Does.Not.Contain("CCP ResetReq").And.Not.Contain("CCP ResetAck"));
            Assert.That(Server.Log.Expect("logged in", 1), Has.Count.EqualTo(1), "the link was dropped and dialled anew");
        }

        Figures.Print($"TCP stream to the {(toClient ? "client" : "server")}", $"{stream}; {statistics}");
    }
}
