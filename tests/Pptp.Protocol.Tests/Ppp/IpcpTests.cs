using System.Net;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

public sealed class IpcpTests
{
    private const string Ours = "FF03 8021 01 01 # 0306 0A000001";

    private static readonly LinkAuthorization Servers = ScriptedPeer.Authorization with
    {
        Encryption = EncryptionPolicy.No,
        DnsServers = [IPAddress.Parse("10.0.0.53"), IPAddress.Parse("10.0.0.54")],
        WinsServers = [IPAddress.Parse("10.0.0.137"), IPAddress.Parse("10.0.0.138")],
    };

    private static readonly LinkAuthorization None =
        ScriptedPeer.Authorization with { Encryption = EncryptionPolicy.No };

    private static ScriptedPeer In(LinkAuthorization? authorization = null) =>
        new ScriptedPeer().ComesIn(authorization ?? None).Hears(Ours);

    [TestCase("0306 00000000", "0306 0A000005", TestName = "A_peer_without_an_address_is_given_one")]
    [TestCase("0306 C0A80107", "0306 0A000005", TestName = "A_peer_with_another_address_is_given_ours")]
    [TestCase("0304 0A00", "0306 0A000005", TestName = "An_address_of_two_octets_is_put_right")]
    [TestCase("8106 00000000 0306 0A000005", "8106 0A000035", TestName = "The_first_name_server_is_told")]
    [TestCase("8306 08080808 0306 0A000005", "8306 0A000036", TestName = "The_second_name_server_is_told")]
    [TestCase("8206 00000000 0306 0A000005", "8206 0A000089", TestName = "The_first_wins_server_is_told")]
    [TestCase("8406 00000000 0306 0A000005", "8406 0A00008A", TestName = "The_second_wins_server_is_told")]
    [TestCase("", "0306 0A000005", TestName = "A_peer_that_asks_for_no_address_is_told_to")]
    [TestCase("8106 0A000035", "0306 0A000005", TestName = "A_peer_that_asks_for_a_server_only_is_told_to")]
    [TestCase(
        "0306 00000000 8106 00000000 8206 00000000 8306 00000000 8406 00000000",
        "0306 0A000005 8106 0A000035 8206 0A000089 8306 0A000036 8406 0A00008A",
        TestName = "All_of_it_is_told_in_one_nak_in_the_peers_order")]
    public void Naks(string asked, string suggested) =>
        In(Servers).Says($"FF03 8021 01 09 # {asked}").Hears($"FF03 8021 03 09 # {suggested}").HearsNothing();

    [TestCase("0206 002D 0F 01", TestName = "Van_jacobson_compression_is_rejected")]
    [TestCase("010A 0A000005 0A000001", TestName = "The_old_address_option_is_rejected")]
    [TestCase("8106 00000000", TestName = "The_first_name_server_is_rejected_where_there_is_none")]
    [TestCase("8306 00000000", TestName = "The_second_name_server_is_rejected_where_there_is_none")]
    [TestCase("8206 00000000", TestName = "The_first_wins_server_is_rejected_where_there_is_none")]
    [TestCase("8406 00000000", TestName = "The_second_wins_server_is_rejected_where_there_is_none")]
    [TestCase("0406 0A000005", TestName = "Mobile_ip_is_rejected")]
    public void Rejects(string option) =>
        In().Says($"FF03 8021 01 09 # 0306 00000000 {option}").Hears($"FF03 8021 04 09 # {option}").HearsNothing();

    [Test]
    public void One_name_server_is_told_and_a_second_rejected() =>
        In(None with { DnsServers = [IPAddress.Parse("10.0.0.53")] })
            .Says("FF03 8021 01 09 # 0306 00000000 8106 00000000 8306 00000000")
            .Hears("FF03 8021 04 09 # 8306 00000000")
            .Says("FF03 8021 01 0A # 0306 00000000 8106 00000000")
            .Hears("FF03 8021 03 0A # 0306 0A000005 8106 0A000035");

    [Test]
    public void The_network_is_told_what_the_peer_took()
    {
        const string Options = "0306 0A000005 8106 0A000035 8306 0A000036 8206 0A000089";
        NetworkParameters parameters = In(Servers)
            .Says($"FF03 8021 01 09 # {Options}").Hears($"FF03 8021 02 09 # {Options}")
            .Says("FF03 8021 02 01 # 0306 0A000001").Sees<PppEvent.NetworkUp>().Parameters;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(parameters.LocalAddress, Is.EqualTo(IPAddress.Parse("10.0.0.1")));
            Assert.That(parameters.RemoteAddress, Is.EqualTo(IPAddress.Parse("10.0.0.5")));
            Assert.That(
                parameters.DnsServers,
                Is.EqualTo(new[] { IPAddress.Parse("10.0.0.53"), IPAddress.Parse("10.0.0.54") }));
            Assert.That(parameters.WinsServers, Is.EqualTo(new[] { IPAddress.Parse("10.0.0.137") }));
            Assert.That(parameters.PeerMru, Is.EqualTo(1500));
            Assert.That(parameters.Mtu, Is.EqualTo(1450));
            Assert.That(parameters.Mru, Is.EqualTo(1450));
            Assert.That(parameters.SendProtocolCompressed, Is.False);
            Assert.That(parameters.SendAddressCompressed, Is.False);
            Assert.That(parameters.Mppe, Is.Null);
        }
    }

    [Test]
    public void The_mtu_is_the_smaller_of_max_mtu_and_the_peers_mru_and_compression_is_passed_on()
    {
        NetworkParameters parameters = new ScriptedPeer().OpensLcp("0104 0578 0702 0802").AnswersChallenge()
            .IsLetIn().OpensCcp().Hears(Ours)
            .Says("FF03 8021 01 09 # 0306 0A000005").Hears("FF03 8021 02 09 # 0306 0A000005")
            .Says("FF03 8021 02 01 # 0306 0A000001").Sees<PppEvent.NetworkUp>().Parameters;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(parameters.Mtu, Is.EqualTo(1400));
            Assert.That(parameters.SendProtocolCompressed, Is.True);
            Assert.That(parameters.SendAddressCompressed, Is.True);
            Assert.That(parameters.Mppe, Is.EqualTo(new MppeParameters(Protocol.Mppe.MppeStrength.Bits128, true)));
        }
    }

    [Test]
    public void A_peer_that_insists_on_its_own_address_is_sent_away()
    {
        ScriptedPeer peer = In();
        for (int times = 0; times < 5; times++)
            peer.Says("FF03 8021 01 09 # 0306 C0A80107").Hears("FF03 8021 03 09 # 0306 0A000005");
        const string Detail = "the peer does not take its address 10.0.0.5";
        peer.Says("FF03 8021 01 09 # 0306 C0A80107")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(Detail)))
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.NetworkFailed, Detail);
    }

    [Test]
    public void A_peer_that_insists_on_its_own_name_server_goes_without()
    {
        ScriptedPeer peer = In(Servers);
        for (int times = 0; times < 5; times++)
        {
            peer.Says("FF03 8021 01 09 # 0306 0A000005 8106 08080808")
                .Hears("FF03 8021 03 09 # 8106 0A000035");
        }
        peer.Says("FF03 8021 01 09 # 0306 0A000005 8106 08080808").Hears("FF03 8021 04 09 # 8106 08080808");
    }

    [Test]
    public void A_peer_that_insists_on_another_address_for_us_is_sent_away()
    {
        ScriptedPeer peer = In();
        for (int identifier = 1; identifier <= 5; identifier++)
        {
            peer.Says($"FF03 8021 03 {identifier:X2} # 0306 C0A80101")
                .Hears($"FF03 8021 01 {identifier + 1:X2} # 0306 0A000001");
        }
        const string Detail = "the peer does not take our address 10.0.0.1";
        peer.Says("FF03 8021 03 06 # 0306 C0A80101")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(Detail)));
    }

    [Test]
    public void A_peer_that_rejects_our_address_goes_without() =>
        In().Says("FF03 8021 04 01 # 0306 0A000001").Hears("FF03 8021 01 02 0004");

    [Test]
    public void Our_own_address_may_come_from_the_peer() =>
        new ScriptedPeer().ComesIn(None with { LocalAddress = IPAddress.Any })
            .Hears("FF03 8021 01 01 # 0306 00000000")
            .Says("FF03 8021 03 01 # 0306 0A000063")
            .Hears("FF03 8021 01 02 # 0306 0A000063");

    [Test]
    public void The_peers_address_may_be_its_own()
    {
        NetworkParameters parameters = In(None with { RemoteAddress = IPAddress.Any })
            .Says("FF03 8021 01 09 # 0306 00000000").Hears("FF03 8021 04 09 # 0306 00000000")
            .Says("FF03 8021 01 0A # 0306 C0A80107").Hears("FF03 8021 02 0A # 0306 C0A80107")
            .Says("FF03 8021 02 01 # 0306 0A000001").Sees<PppEvent.NetworkUp>().Parameters;
        Assert.That(parameters.RemoteAddress, Is.EqualTo(IPAddress.Parse("192.168.1.7")));
    }

    [TestCase("FF03 C021 08 05 # 8021", "the peer rejects IPCP")]
    [TestCase("FF03 8021 07 05 # 0101 000A", "the peer rejects IPCP")]
    public void A_peer_without_ipcp_is_sent_away(string frame, string detail) =>
        In().Says(frame).Hears("FF03 C021 05 02 # " + Convert.ToHexString("No network protocol"u8))
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.NetworkFailed, detail);

    [Test]
    public void A_peer_that_closes_ipcp_before_it_is_open_is_sent_away() =>
        In().Says("FF03 8021 05 09 0004").Hears("FF03 8021 06 09 0004")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("No network protocol"u8))
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.NetworkFailed, "the peer closed IPCP");

    [Test]
    public void A_peer_that_says_nothing_to_ipcp_is_sent_away()
    {
        ScriptedPeer peer = In().Waits(30);
        for (int request = 2; request <= 10; request++) peer.Hears(Ours);
        peer.Hears("FF03 C021 05 02 # " + Convert.ToHexString("No network protocol"u8));
    }

    [Test]
    public void A_terminate_ack_for_ipcp_before_it_is_open_costs_one_retransmission() =>
        // pppd answers so while its own side is not ready.
        In().Says("FF03 8021 06 01 0004").HearsNothing().Waits(3).Hears(Ours).HearsNothing();

    [TestCase("FF03 8021 05 09 0004", "the peer closed IPCP")]
    [TestCase("FF03 8021 01 09 # 0306 C0A80107", "the peer negotiated IPCP a second time")]
    public void Ipcp_that_leaves_opened_ends_the_link(string frame, string detail)
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork().Says(frame);
        Assert.That(peer.Sees<PppEvent.NetworkDown>().Reason, Is.EqualTo(detail));
        peer.Hears("FF03 C021 05 02 # " + Convert.ToHexString("Network lost"u8)).HearsNothing()
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.NetworkLost, detail);
    }

    [Test]
    public void A_request_repeated_because_our_ack_was_lost_is_acknowledged_again() =>
        new ScriptedPeer().GetsNetwork()
            .Says("FF03 8021 01 02 # 0306 0A000005").Hears("FF03 8021 02 02 # 0306 0A000005").HearsNothing();

    [Test]
    public void Ipcp_waits_for_encryption_and_then_takes_the_newest_request_that_came_early()
    {
        ScriptedPeer peer = new ScriptedPeer().ComesIn().Hears("FF03 80FD 01 01 # 1206 01000040");
        peer.Says("FF03 8021 01 05 # 0306 00000000").HearsNothing()
            .Says("FF03 8021 01 06 # 0306 C0A80107").HearsNothing()
            .Says("FF03 8021 05 07 0004").HearsNothing();
        peer.Says("FF03 80FD 02 01 # 1206 01000040").HearsNothing()
            .Says("FF03 80FD 01 01 # 1206 01000040").Hears("FF03 80FD 02 01 # 1206 01000040")
            .Sees<PppEvent.EncryptionUp>();
        peer.Hears(Ours).Hears("FF03 8021 03 06 # 0306 0A000005").HearsNothing();
    }
}
