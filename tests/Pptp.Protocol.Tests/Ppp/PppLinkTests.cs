using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

public sealed class PppLinkTests
{
    [Test]
    public void Nothing_happens_before_the_link_is_opened()
    {
        var peer = new ScriptedPeer();
        peer.Says("FF03 C021 01 01 0004").Waits(60).HearsNothing();
        Assert.That(peer.Link.NextDeadline, Is.Null);
        Assert.That(peer.Link.Phase, Is.EqualTo(LinkPhase.Dead));
    }

    [Test]
    public void A_second_opening_does_nothing() =>
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}").Opens().HearsNothing();

    [Test]
    public void Terminate_brings_the_network_down_first_and_waits_for_the_peer()
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork();
        peer.Link.Terminate("shutting down", peer.Now);
        Assert.That(peer.Sees<PppEvent.NetworkDown>().Reason, Is.EqualTo("shutting down"));
        Assert.That(peer.Link.IsNetworkUp, Is.False);
        peer.Hears("FF03 C021 05 02 # " + Convert.ToHexString("shutting down"u8)).HearsNothing();
        // A frame that was on its way changes nothing.
        peer.Says("FF03 8021 01 09 # 0306 C0A80107").Says("FF03 80FD 05 09 0004").HearsNothing();
        peer.Link.Terminate("again", peer.Now);
        peer.HearsNothing().Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.LocalRequest, "shutting down");
    }

    [Test]
    public void A_peer_that_does_not_answer_terminate_is_waited_for_six_seconds()
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork();
        peer.Link.Terminate("bye", peer.Now);
        peer.Sees<PppEvent.NetworkDown>();
        peer.Hears("FF03 C021 05 02 0007 627965").Waits(3).Hears("FF03 C021 05 02 0007 627965")
            .Waits(2.9).HearsNothing().Waits(0.1).SeesClosed(LinkCloseCause.LocalRequest, "bye");
    }

    [Test]
    public void Terminate_before_lcp_is_open_ends_the_link_too()
    {
        ScriptedPeer peer = new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}");
        peer.Link.Terminate("bye", peer.Now);
        peer.Hears("FF03 C021 05 02 0007 627965").Waits(6).Hears("FF03 C021 05 02 0007 627965")
            .SeesClosed(LinkCloseCause.LocalRequest, "bye");
    }

    [Test]
    public void Terminate_before_the_link_is_opened_closes_it()
    {
        var peer = new ScriptedPeer();
        peer.Link.Terminate("bye", peer.Now);
        peer.SeesClosed(LinkCloseCause.LocalRequest, "bye");
        peer.Opens().HearsNothing();
    }

    [Test]
    public void A_peer_that_hangs_up_is_acknowledged_and_its_words_are_told()
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork()
            .Says("FF03 C021 05 09 # " + Convert.ToHexString("User request"u8));
        Assert.That(peer.Sees<PppEvent.NetworkDown>().Reason, Is.EqualTo("User request"));
        peer.Hears("FF03 C021 06 09 0004").SeesClosed(LinkCloseCause.PeerRequest, "User request");
        peer.Says("FF03 C021 05 09 0004").Waits(60).HearsNothing();
    }

    [Test]
    public void A_peer_that_hangs_up_before_lcp_is_open_is_acknowledged_too() =>
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}")
            .Says("FF03 C021 05 09 0004").Hears("FF03 C021 06 09 0004").SeesClosed(LinkCloseCause.PeerRequest, "");

    [Test]
    public void Two_that_hang_up_at_once_are_done_at_once()
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork();
        peer.Link.Terminate("bye", peer.Now);
        peer.Sees<PppEvent.NetworkDown>();
        peer.Hears("FF03 C021 05 02 0007 627965").Says("FF03 C021 05 09 0004")
            .Hears("FF03 C021 06 09 0004").SeesClosed(LinkCloseCause.LocalRequest, "bye");
    }

    [Test]
    public void A_peers_binary_words_are_told_as_hexadecimal_and_cut()
    {
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}")
            .Says("FF03 C021 05 09 # 1B5B324A").Hears("FF03 C021 06 09 0004")
            .SeesClosed(LinkCloseCause.PeerRequest, "0x1B5B324A");
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}")
            .Says("FF03 C021 05 09 # " + string.Concat(Enumerable.Repeat("41", 1000))).Hears("FF03 C021 06 09 0004")
            .SeesClosed(LinkCloseCause.PeerRequest, new string('A', 128));
    }

    [TestCase("8057 01 01 # 010A 0000000000000001", TestName = "Ipv6cp")]
    [TestCase("802B 01 01 0004", TestName = "Ipxcp")]
    [TestCase("8053 01 01 0004", TestName = "Ecp")]
    [TestCase("8031 01 01 0004", TestName = "Bcp")]
    [TestCase("C025 00112233", TestName = "Link_quality_reports")]
    [TestCase("003D C0000001 0021", TestName = "Multilink")]
    [TestCase("0057 6000", TestName = "Ipv6")]
    public void Unknown_protocols_are_rejected_in_the_network_phase(string frame)
    {
        string packet = Convert.ToHexString(ScriptedPeer.Bytes(frame[4..]));
        new ScriptedPeer().GetsNetwork().Says($"FF03 {frame[..4]} {packet}")
            .Hears($"FF03 C021 08 02 # {frame[..4]} {packet}").HearsNothing();
    }

    [Test]
    public void A_protocol_reject_is_cut_to_the_peers_mru() =>
        new ScriptedPeer().OpensLcp("0104 0080").AnswersChallenge()
            .IsLetIn(ScriptedPeer.Authorization with { Encryption = EncryptionPolicy.No })
            .Hears("FF03 8021 01 01 # 0306 0A000001")
            .Says("FF03 8057 " + new string('5', 800))
            .Hears("FF03 C021 08 02 0080 8057 " + new string('5', 244));

    [TestCase("FF03 C023 01 01 # 01 61 01 62", TestName = "A_pap_request_after_the_login_is_discarded")]
    [TestCase("FF03 C227 01 01 0005 01", TestName = "An_eap_request_after_the_login_is_discarded")]
    [TestCase("FF03 0021 4500", TestName = "Ip_is_not_for_the_link")]
    [TestCase("FF03 00FD 9000 1234", TestName = "Mppe_is_not_for_the_link")]
    [TestCase("FF03 C021 08 05 # 8057 0101 0004", TestName = "A_reject_of_what_we_never_sent_is_nothing")]
    [TestCase("", TestName = "An_empty_frame_is_nothing")]
    [TestCase("FF03", TestName = "A_frame_without_a_protocol_is_nothing")]
    public void Discards_in_the_network_phase(string frame) =>
        new ScriptedPeer().GetsNetwork().Says(frame).HearsNothing();

    [Test]
    public void Control_frames_are_understood_without_ff03_before_and_after_it_is_agreed() =>
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}")
            .Says($"C021 02 01 # {ScriptedPeer.ServerLcpOptions}")
            .Says("C021 01 01 # 0506 0BADCAFE").Hears("FF03 C021 02 01 # 0506 0BADCAFE")
            .Sees<PppEvent.LcpUp>();

    [Test]
    public void Lcp_that_leaves_opened_under_traffic_ends_the_link()
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork().Says("FF03 C021 01 09 # 0506 11111111");
        peer.Sees<PppEvent.NetworkDown>();
        peer.Hears("FF03 C021 05 02 # " + Convert.ToHexString("the peer negotiated LCP a second time"u8))
            .HearsNothing().Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.Renegotiated, "the peer negotiated LCP a second time");
    }

    [Test]
    public void A_link_that_is_up_waits_for_nothing()
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork();
        Assert.That(peer.Link.NextDeadline, Is.Null);
        Assert.That(
            (peer.Link.Phase, peer.Link.LcpState, peer.Link.CcpState, peer.Link.IpcpState, peer.Link.IsNetworkUp),
            Is.EqualTo((LinkPhase.Network, PppState.Opened, (PppState?)PppState.Opened,
                (PppState?)PppState.Opened, true)));
    }

    [Test]
    public void First_identifiers_are_random()
    {
        var link = new PppLink(new PppLinkOptions(), new FixedRandom(0x7F));
        link.Open(TimeSpan.Zero);
        Assert.That(link.TryTake(out PppEvent? happened), Is.True);
        Assert.That(((PppEvent.Send)happened!).Frame[5], Is.EqualTo(0x80));
    }

    private sealed class FixedRandom(byte value) : IRandomSource
    {
        public void Fill(Span<byte> destination) => destination.Fill(value);
    }
}
