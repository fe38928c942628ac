using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

internal sealed class FirstTunnelTests : InteropFixture
{
    [Test]
    public void A_real_pppd_dials_in_encrypts_and_gets_its_addresses()
    {
        Call call = Dial(ServerSettings.Alice, "usepeerdns").MustBeUp(Server);
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
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon);
        Figures.Print("link up", $"{call.LocalAddress} -> {call.RemoteAddress}, MS-CHAPv2, MPPE-128 stateless");
    }

    [Test]
    public void The_log_tells_a_session_in_the_words_of_RouterOS_and_in_their_order()
    {
        Dial(ServerSettings.Alice).MustBeUp(Server).HangUp().MustSucceed();
        Server.Log.WaitFor("alice logged out", Soon);

        string[] told =
        [
            $"TCP connection established from {Lab.ClientAddress}",
            "<pptp-alice>: authenticated",
            $"alice logged in, {ServerSettings.AliceAddress} from {Lab.ClientAddress}",
            "<pptp-alice>: connected",
            "<pptp-alice>: terminating... - hungup",
            "<pptp-alice>: disconnected",
        ];
        IEnumerable<string> heard = Server.Log.Lines()
            .Select(line => told.FirstOrDefault(text => line.Text.Contains(text, StringComparison.Ordinal)))
            .OfType<string>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(heard, Is.EquivalentTo(told), Server.Report());
            Assert.That(heard.First(), Is.EqualTo(told[0]));
            Assert.That(Server.Log.Expect("<pptp-alice>: using encoding - MPPE128 stateless", 1), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void The_interface_has_the_addresses_the_name_of_RouterOS_as_alias_and_the_smaller_of_both_sizes()
    {
        Dial(ServerSettings.Alice, "mtu", "1450", "mru", "1372").MustBeUp(Server);
        Server.Log.WaitFor("<pptp-alice>: connected", Soon);

        string shown = Lab.InNamespace("ip", "-d", "addr", "show", "dev", "pptp-alice").MustSucceed().Output;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown, Does.Contain("mtu 1372"));
            Assert.That(shown, Does.Contain($"inet {ServerSettings.Gateway} peer {ServerSettings.AliceAddress}/32"));
            Assert.That(shown, Does.Contain("alias <pptp-alice>"));
            Assert.That(shown, Does.Contain("UP"));
        }
    }

    [TestCase(64)]
    [TestCase(1400)]
    public void Two_hundred_pings_go_each_way_without_loss(int bytes)
    {
        Call call = Dial(ServerSettings.Alice).MustBeUp(Server);

        Ping fromClient = call.Ping(ServerSettings.Gateway, 200, bytes).MustLoseNone(Server);
        Ping fromServer = Ping.FromServer(ServerSettings.AliceAddress, 200, bytes).MustLoseNone(Server);

        call.HangUp().MustSucceed();
        SessionStatistics statistics = SessionStatistics.WaitFor(Server, ServerSettings.Alice);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fromClient.Sent, Is.EqualTo(200));
            Assert.That(fromServer.Sent, Is.EqualTo(200));
            Assert.That(statistics["rx-packets"], Is.GreaterThanOrEqualTo(400));
            Assert.That(statistics["tx-packets"], Is.GreaterThanOrEqualTo(400));
            Assert.That(statistics["gre-lost"], Is.Zero, statistics.ToString());
            Assert.That(statistics["mppe-lost"], Is.Zero, statistics.ToString());
        }

        Figures.Print($"ping, {bytes} bytes, from the client", fromClient.ToString());
        Figures.Print($"ping, {bytes} bytes, from the server", fromServer.ToString());
    }

    [Test]
    public void No_IP_packet_crosses_the_wire_in_the_clear()
    {
        using Capture capture = Capture.Start();
        Call call = Dial(ServerSettings.Alice).MustBeUp(Server);
        call.Ping(ServerSettings.Gateway, 20, 64).MustLoseNone(Server);
        call.HangUp().MustSucceed();

        IReadOnlyList<PppFrame> frames = capture.Stop();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(frames.Count(f => f.Protocol == PppFrame.Compressed), Is.GreaterThanOrEqualTo(40));
            Assert.That(frames.Count(f => f.Protocol == PppFrame.Ipv4), Is.Zero);
        }
    }
}
