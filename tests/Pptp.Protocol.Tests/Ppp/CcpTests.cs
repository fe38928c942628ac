using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

public sealed class CcpTests
{
    private const string Ours = "FF03 80FD 01 01 # 1206 01000040";
    private const string RejectedText = "456E6372797074696F6E206E65676F74696174696F6E2072656A6563746564";

    private static readonly LinkAuthorization Optional =
        ScriptedPeer.Authorization with { Encryption = EncryptionPolicy.Yes };

    private static readonly LinkAuthorization Unwanted =
        ScriptedPeer.Authorization with { Encryption = EncryptionPolicy.No };

    private static readonly LinkAuthorization AllStrengths = ScriptedPeer.Authorization with
    {
        Mppe = MppeOffer.Stateless128 | MppeOffer.Stateful128 | MppeOffer.Stateless56 | MppeOffer.Stateful56
            | MppeOffer.Stateless40 | MppeOffer.Stateful40,
    };

    private static ScriptedPeer In(LinkAuthorization? authorization = null) =>
        new ScriptedPeer().ComesIn(authorization).Hears(Ours);

    [Test]
    public void Stateless_128_bit_is_asked_for_and_nothing_else()
    {
        ScriptedPeer peer = In().HearsNothing()
            .Says("FF03 80FD 02 01 # 1206 01000040").HearsNothing()
            .Says("FF03 80FD 01 09 # 1206 01000040").Hears("FF03 80FD 02 09 # 1206 01000040");
        Assert.That(
            peer.Sees<PppEvent.EncryptionUp>(), Is.EqualTo(new PppEvent.EncryptionUp(MppeStrength.Bits128, true)));
    }

    [TestCase("1206 010000E1", TestName = "All_bits_are_moved_to_one_strength")]
    [TestCase("1206 01000060", TestName = "Two_strengths_are_moved_to_the_strongest")]
    [TestCase("1206 00000040", TestName = "Stateful_is_moved_to_stateless")]
    [TestCase("1206 01000020", TestName = "Forty_bits_are_moved_to_128")]
    [TestCase("1206 01000080", TestName = "Fifty_six_bits_are_moved_to_128")]
    [TestCase("1206 01000041", TestName = "Compression_beside_encryption_is_taken_off")]
    [TestCase("1206 01000050", TestName = "The_obsolete_bit_is_taken_off")]
    [TestCase("1204 0140", TestName = "An_option_of_a_wrong_length_is_put_right")]
    [TestCase("", TestName = "A_peer_that_asks_for_nothing_is_told_what_to_ask_for")]
    public void Naks(string option) =>
        In().Says($"FF03 80FD 01 09 # {option}").Hears("FF03 80FD 03 09 # 1206 01000040").HearsNothing();

    [TestCase("1206 00000001", TestName = "Mppc_alone_is_rejected")]
    [TestCase("1206 01000000", TestName = "A_mode_without_a_strength_is_rejected")]
    [TestCase("1A04 7800", TestName = "Deflate_is_rejected")]
    [TestCase("1503 2F", TestName = "Bsd_compress_is_rejected")]
    [TestCase("1105 0001 04", TestName = "Stac_is_rejected")]
    [TestCase("0102", TestName = "Predictor_is_rejected")]
    public void Rejects(string option) =>
        In().Says($"FF03 80FD 01 09 # {option}").Hears($"FF03 80FD 04 09 # {option}").HearsNothing();

    [Test]
    public void Deflate_beside_mppe_is_rejected_alone() =>
        In().Says("FF03 80FD 01 09 # 1A04 7800 1206 01000040 1503 2F")
            .Hears("FF03 80FD 04 09 # 1A04 7800 1503 2F");

    [TestCase("FF03 80FD 04 01 # 1206 01000040", "the peer rejects MPPE")]
    [TestCase("FF03 C021 08 05 # 80FD 0101 000A 1206 01000040", "the peer rejects CCP")]
    [TestCase("FF03 80FD 07 05 # 0101 000A", "the peer rejects CCP")]
    public void A_peer_that_refuses_required_encryption_is_sent_away_in_routeros_words(string refusal, string detail) =>
        In().Says(refusal)
            .Hears($"FF03 C021 05 02 # {RejectedText}").HearsNothing()
            .Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.EncryptionRejected, detail);

    [Test]
    public void A_peer_that_closes_ccp_where_encryption_is_required_is_sent_away() =>
        In().Says("FF03 80FD 05 09 0004").Hears("FF03 80FD 06 09 0004")
            .Hears($"FF03 C021 05 02 # {RejectedText}")
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.EncryptionRejected, "the peer closed CCP");

    [Test]
    public void A_peer_that_says_nothing_to_ccp_where_encryption_is_required_is_sent_away()
    {
        ScriptedPeer peer = In().Waits(14.9);
        for (int request = 2; request <= 5; request++) peer.Hears(Ours);
        peer.HearsNothing().Waits(0.1).Hears($"FF03 C021 05 02 # {RejectedText}");
    }

    [Test]
    public void A_peer_that_insists_on_40_bits_where_encryption_is_required_is_sent_away()
    {
        ScriptedPeer peer = In();
        for (int times = 0; times < 5; times++)
        {
            peer.Says("FF03 80FD 01 09 # 1206 01000020").Hears("FF03 80FD 03 09 # 1206 01000040");
        }
        peer.Says("FF03 80FD 01 09 # 1206 01000020").Hears($"FF03 C021 05 02 # {RejectedText}");
    }

    [Test]
    public void A_peer_that_naks_128_bits_for_ever_where_encryption_is_required_is_sent_away()
    {
        ScriptedPeer peer = In();
        for (int identifier = 1; identifier <= 5; identifier++)
        {
            peer.Says($"FF03 80FD 03 {identifier:X2} # 1206 01000020")
                .Hears($"FF03 80FD 01 {identifier + 1:X2} # 1206 01000040");
        }
        peer.Says("FF03 80FD 03 06 # 1206 01000020").Hears($"FF03 C021 05 02 # {RejectedText}");
    }

    [Test]
    public void A_peer_that_rejects_mppe_comes_up_in_the_clear_where_encryption_is_optional()
    {
        ScriptedPeer peer = In(Optional).Says("FF03 80FD 04 01 # 1206 01000040");
        Assert.That(peer.Sees<PppEvent.EncryptionRefused>().Detail, Is.EqualTo("the peer rejects MPPE"));
        peer.Hears("FF03 80FD 05 02 0004");
        Assert.That(peer.OpensIpcpAndTellsMppe(), Is.Null);
        peer.Says("FF03 80FD 06 02 0004").HearsNothing();
    }

    [Test]
    public void A_peer_without_ccp_comes_up_in_the_clear_where_encryption_is_optional()
    {
        ScriptedPeer peer = In(Optional).Says("FF03 C021 08 05 # 80FD 0101 000A 1206 01000040");
        Assert.That(peer.Sees<PppEvent.EncryptionRefused>().Detail, Is.EqualTo("the peer rejects CCP"));
        Assert.That(peer.OpensIpcpAndTellsMppe(), Is.Null);
    }

    [Test]
    public void A_peer_that_closes_ccp_comes_up_in_the_clear_where_encryption_is_optional()
    {
        ScriptedPeer peer = In(Optional).Says("FF03 80FD 05 09 0004").Hears("FF03 80FD 06 09 0004");
        Assert.That(peer.Sees<PppEvent.EncryptionRefused>().Detail, Is.EqualTo("the peer closed CCP"));
        Assert.That(peer.OpensIpcpAndTellsMppe(), Is.Null);
        // What it asks of CCP later is too late: the network is up in the clear.
        peer.Says("FF03 80FD 01 0A # 1206 01000040").Hears("FF03 80FD 06 0A 0004").HearsNothing();
    }

    [Test]
    public void A_peer_that_says_nothing_to_ccp_comes_up_in_the_clear_where_encryption_is_optional()
    {
        ScriptedPeer peer = In(Optional).Waits(15);
        for (int request = 2; request <= 5; request++) peer.Hears(Ours);
        Assert.That(peer.Sees<PppEvent.EncryptionRefused>().Detail, Is.EqualTo("the peer does not answer CCP"));
        Assert.That(peer.OpensIpcpAndTellsMppe(), Is.Null);
    }

    [Test]
    public void Where_encryption_is_unwanted_ccp_is_protocol_rejected_and_ipcp_starts_at_once()
    {
        ScriptedPeer peer = new ScriptedPeer().ComesIn(Unwanted);
        Assert.That(peer.OpensIpcpAndTellsMppe(), Is.Null);
        peer.Says("FF03 80FD 01 09 # 1206 01000040")
            .Hears("FF03 C021 08 02 # 80FD 0109 000A 1206 01000040").HearsNothing();
    }

    [Test]
    public void A_login_without_keys_cannot_meet_required_encryption() =>
        new ScriptedPeer().ComesIn(ScriptedPeer.Authorization with { Keys = null })
            .Hears($"FF03 C021 05 02 # {RejectedText}");

    [Test]
    public void A_login_without_keys_comes_up_in_the_clear_where_encryption_is_optional()
    {
        ScriptedPeer peer = new ScriptedPeer().ComesIn(Optional with { Keys = null });
        peer.Sees<PppEvent.EncryptionRefused>();
        Assert.That(peer.OpensIpcpAndTellsMppe(), Is.Null);
    }

    [TestCase("FF03 80FD 05 09 0004", "the peer closed CCP")]
    [TestCase("FF03 80FD 01 09 # 1206 01000040", "the peer negotiated CCP a second time")]
    [TestCase("FF03 80FD 01 01 # 1206 01000020", "the peer negotiated CCP a second time")]
    [TestCase("FF03 80FD 06 09 0004", "the peer negotiated CCP a second time")]
    [TestCase("FF03 C021 08 05 # 80FD", "the peer rejects CCP")]
    public void Ccp_that_leaves_opened_under_traffic_ends_the_link(string frame, string detail)
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork().Says(frame);
        Assert.That(peer.Sees<PppEvent.NetworkDown>().Reason, Is.EqualTo(detail));
        peer.Hears("FF03 C021 05 02 # " + Convert.ToHexString("Encryption lost"u8)).HearsNothing()
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.EncryptionLost, detail);
    }

    [Test]
    public void A_request_repeated_because_our_ack_was_lost_is_acknowledged_again()
    {
        ScriptedPeer peer = new ScriptedPeer().ComesIn().OpensCcp().Hears("FF03 8021 01 01 # 0306 0A000001");
        // No data flowed yet: a new number changes nothing.
        peer.Says("FF03 80FD 01 02 # 1206 01000040").Hears("FF03 80FD 02 02 # 1206 01000040").HearsNothing();
        peer.Says("FF03 8021 01 01 # 0306 0A000005").Hears("FF03 8021 02 01 # 0306 0A000005")
            .Says("FF03 8021 02 01 # 0306 0A000001").Sees<PppEvent.NetworkUp>();
        // Under traffic only the very same packet is a repetition.
        peer.Says("FF03 80FD 01 02 # 1206 01000040").Hears("FF03 80FD 02 02 # 1206 01000040").HearsNothing();
        Assert.That(peer.Link.CcpState, Is.EqualTo(PppState.Opened));
    }

    [Test]
    public void A_reset_request_is_told_first_and_then_acknowledged()
    {
        ScriptedPeer peer = new ScriptedPeer().GetsNetwork();
        peer.Says("FF03 80FD 0E 21 0004").Sees<PppEvent.EncryptorResetRequested>();
        peer.Hears("FF03 80FD 0F 21 0004").HearsNothing();
        peer.Link.SendResetRequest(peer.Now);
        peer.Hears("FF03 80FD 0E 02 0004").Says("FF03 80FD 0F 02 0004").HearsNothing();
    }

    [Test]
    public void Resets_before_ccp_is_open_are_nothing()
    {
        ScriptedPeer peer = In().Says("FF03 80FD 0E 21 0004").HearsNothing();
        peer.Link.SendResetRequest(peer.Now);
        peer.HearsNothing();
    }

    [TestCase("01000020", MppeStrength.Bits40, true)]
    [TestCase("00000080", MppeStrength.Bits56, false)]
    [TestCase("00000040", MppeStrength.Bits128, false)]
    public void Where_all_forms_are_allowed_the_peers_choice_is_taken(
        string bits, MppeStrength strength, bool stateless)
    {
        PppEvent.EncryptionUp up = In(AllStrengths)
            .Says($"FF03 80FD 01 09 # 1206 {bits}").Hears($"FF03 80FD 02 09 # 1206 {bits}")
            .Says($"FF03 80FD 03 01 # 1206 {bits}").Hears($"FF03 80FD 01 02 # 1206 {bits}")
            .Says($"FF03 80FD 02 02 # 1206 {bits}").Sees<PppEvent.EncryptionUp>();
        Assert.That(up, Is.EqualTo(new PppEvent.EncryptionUp(strength, stateless)));
    }

    // Our request names the strongest form allowed; all bits of a peer are moved to it, where it fits in its mode.
    [TestCase(MppeOffer.Stateless128 | MppeOffer.Stateless40, "01000040", "01000040")]
    [TestCase(MppeOffer.Stateful128 | MppeOffer.Stateless40, "00000040", "00000040")]
    [TestCase(MppeOffer.Stateful128 | MppeOffer.Stateless128, "01000040", "01000040")]
    [TestCase(MppeOffer.Stateless56 | MppeOffer.Stateless40, "01000080", "01000080")]
    [TestCase(MppeOffer.Stateless40 | MppeOffer.Stateful40, "01000020", "01000020")]
    [TestCase(MppeOffer.Stateful40, "00000020", "00000020")]
    public void The_strongest_form_allowed_is_asked_for_and_suggested(MppeOffer offer, string request, string nak) =>
        new ScriptedPeer().ComesIn(ScriptedPeer.Authorization with { Mppe = offer })
            .Hears($"FF03 80FD 01 01 # 1206 {request}")
            .Says("FF03 80FD 01 09 # 1206 010000E1").Hears($"FF03 80FD 03 09 # 1206 {nak}").HearsNothing();

    // A form of an allowed strength in the other mode is not allowed by that.
    [TestCase(MppeOffer.Stateless128 | MppeOffer.Stateful40, "00000040", "01000040")]
    [TestCase(MppeOffer.Stateless128 | MppeOffer.Stateful40, "01000020", "00000020")]
    [TestCase(MppeOffer.Stateful56, "01000080", "00000080")]
    [TestCase(MppeOffer.Stateless56, "01000040", "01000080")]
    public void A_form_that_is_not_allowed_is_moved_to_the_nearest_that_is(MppeOffer offer, string asked, string nak)
    {
        ScriptedPeer peer = new ScriptedPeer().ComesIn(ScriptedPeer.Authorization with { Mppe = offer });
        peer.Sees<PppEvent.Send>();
        peer.Says($"FF03 80FD 01 09 # 1206 {asked}").Hears($"FF03 80FD 03 09 # 1206 {nak}").HearsNothing();
    }

    [Test]
    public void Where_all_forms_are_allowed_the_other_direction_is_held_to_what_the_peer_took() =>
        In(AllStrengths).Says("FF03 80FD 02 01 # 1206 01000040")
            .Says("FF03 80FD 01 09 # 1206 01000020").Hears("FF03 80FD 03 09 # 1206 01000040");

    [Test]
    public void Two_directions_of_different_forms_are_no_agreement() =>
        In(AllStrengths)
            .Says("FF03 80FD 01 09 # 1206 01000020").Hears("FF03 80FD 02 09 # 1206 01000020")
            .Says("FF03 80FD 02 01 # 1206 01000040")
            .Hears($"FF03 C021 05 02 # {RejectedText}");
}
