using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

public sealed class LcpTests
{
    private static readonly PppLinkOptions TwoMethods = new()
    {
        AuthenticationMethods = [AuthenticationMethod.MsChapV2, AuthenticationMethod.ChapMd5],
        CreateAuthenticator = (_, _) => new TestAuthenticator(),
    };

    private static ScriptedPeer Opened() =>
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}");

    [Test]
    public void The_first_request_has_mru_method_and_magic_number() =>
        new ScriptedPeer().Opens()
            .Hears("FF03 C021 01 01 0013 0104 05AA 0305 C223 81 0506 A1B2C3D4")
            .HearsNothing();

    [Test]
    public void Field_compression_is_asked_for_where_configured() =>
        new ScriptedPeer(new PppLinkOptions { RequestProtocolCompression = true, RequestAddressCompression = true })
            .Opens()
            .Hears("FF03 C021 01 01 # 0104 05AA 0305 C223 81 0506 A1B2C3D4 0702 0802");

    [Test]
    public void Both_compressions_map_and_mru_of_the_peer_are_taken()
    {
        const string Options = "0104 0578 0206 000A0000 0506 0BADCAFE 0702 0802";
        PppEvent.LcpUp up = Opened().Says($"FF03 C021 02 01 # {ScriptedPeer.ServerLcpOptions}")
            .Says($"FF03 C021 01 33 # {Options}").Hears($"FF03 C021 02 33 # {Options}").Sees<PppEvent.LcpUp>();
        Assert.That(up, Is.EqualTo(new PppEvent.LcpUp(1400, true, true, 0x000A0000, AuthenticationMethod.MsChapV2)));
    }

    [TestCase("0104 003C", "0104 0080", TestName = "An_mru_of_60_is_moved_to_128")]
    [TestCase("0103 05", "0104 05DC", TestName = "An_mru_of_one_octet_is_moved_to_1500")]
    [TestCase("0506 00000000", "0506 A1B2C3D5", TestName = "A_magic_number_of_zero_is_moved_to_another")]
    [TestCase("0204 0000", "0206 00000000", TestName = "A_map_of_two_octets_is_moved_to_none")]
    [TestCase("0703 01", "0702", TestName = "Data_after_pfc_is_not_taken")]
    [TestCase("0803 01", "0802", TestName = "Data_after_acfc_is_not_taken")]
    public void Naks(string asked, string suggested) =>
        Opened().Says($"FF03 C021 01 33 # {asked}").Hears($"FF03 C021 03 33 # {suggested}").HearsNothing();

    [TestCase("0104 0080", TestName = "An_mru_of_128_is_taken")]
    [TestCase("0104 05DC", TestName = "An_mru_of_1500_is_taken")]
    [TestCase("0104 FFFF", TestName = "An_mru_of_65535_is_taken")]
    [TestCase("0206 FFFFFFFF", TestName = "Any_map_is_taken")]
    [TestCase("", TestName = "An_empty_request_is_taken")]
    public void Acks(string asked) =>
        Opened().Says($"FF03 C021 01 33 # {asked}").Hears($"FF03 C021 02 33 # {asked}").HearsNothing();

    [TestCase("0304 C023", TestName = "A_peer_that_wants_us_to_log_in_with_pap_is_refused_that")]
    [TestCase("0305 C223 81", TestName = "A_peer_that_wants_us_to_log_in_with_chap_is_refused_that")]
    [TestCase("0408 C025 00000064", TestName = "Link_quality_reports_are_rejected")]
    [TestCase("0D03 06", TestName = "Callback_is_rejected")]
    [TestCase("1104 05DC", TestName = "Mrru_is_rejected")]
    [TestCase("1202", TestName = "Short_sequence_numbers_are_rejected")]
    [TestCase("1309 03 525400123456", TestName = "The_endpoint_discriminator_is_rejected")]
    [TestCase("1704 0001", TestName = "The_link_discriminator_is_rejected")]
    public void Rejects(string option) =>
        Opened().Says($"FF03 C021 01 33 # 0506 0BADCAFE {option} 0702")
            .Hears($"FF03 C021 04 33 # {option}").HearsNothing();

    [Test]
    public void A_peer_that_naks_our_mru_gets_another_request()
    {
        Opened().Says("FF03 C021 03 01 # 0104 0578")
            .Hears("FF03 C021 01 02 # 0104 0578 0305 C223 81 0506 A1B2C3D4");
        // More than 1500 is more than anyone must take, so ours stays.
        Opened().Says("FF03 C021 03 01 # 0104 2000")
            .Hears("FF03 C021 01 02 # 0104 05AA 0305 C223 81 0506 A1B2C3D4");
    }

    [Test]
    public void A_peer_that_rejects_mru_and_magic_gets_a_request_without() =>
        Opened().Says("FF03 C021 04 01 # 0104 05AA 0506 A1B2C3D4")
            .Hears("FF03 C021 01 02 # 0305 C223 81");

    [Test]
    public void An_option_the_peer_adds_to_its_nak_is_not_taken_up() =>
        Opened().Says("FF03 C021 03 01 # 1104 05DC")
            .Hears("FF03 C021 01 02 # 0104 05AA 0305 C223 81 0506 A1B2C3D4");

    [Test]
    public void A_peer_that_naks_the_method_gets_another_one_of_the_set()
    {
        var peer = new ScriptedPeer(TwoMethods);
        peer.Opens().Hears("FF03 C021 01 01 # 0104 05AA 0305 C223 81 0506 A1B2C3D4")
            .Says("FF03 C021 03 01 # 0305 C223 05")
            .Hears("FF03 C021 01 02 # 0104 05AA 0305 C223 05 0506 A1B2C3D4")
            .Says("FF03 C021 02 02 # 0104 05AA 0305 C223 05 0506 A1B2C3D4")
            .Says("FF03 C021 01 01 0004").Hears("FF03 C021 02 01 0004");
        Assert.That(peer.Sees<PppEvent.LcpUp>().Method, Is.EqualTo(AuthenticationMethod.ChapMd5));
    }

    [Test]
    public void A_peer_that_insists_on_a_method_outside_the_set_is_given_up()
    {
        ScriptedPeer peer = Opened();
        for (int identifier = 1; identifier <= 5; identifier++)
        {
            peer.Says($"FF03 C021 03 {identifier:X2} # 0304 C023")
                .Hears($"FF03 C021 01 {identifier + 1:X2} # {ScriptedPeer.ServerLcpOptions}");
        }
        peer.Says("FF03 C021 03 06 # 0304 C023")
            .Hears("FF03 C021 05 07 # " + Convert.ToHexString("the peer insists on Pap"u8))
            .Says("FF03 C021 06 07 0004")
            .SeesClosed(LinkCloseCause.AuthenticationMethodRefused, "the peer insists on Pap");
    }

    [Test]
    public void A_peer_that_rejects_the_method_option_is_given_up() =>
        Opened().Says("FF03 C021 04 01 # 0305 C223 81")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("the peer refuses to authenticate"u8))
            .Waits(6)
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("the peer refuses to authenticate"u8))
            .SeesClosed(LinkCloseCause.AuthenticationMethodRefused, "the peer refuses to authenticate");

    [Test]
    public void A_link_that_returns_all_our_frames_is_closed_as_looped()
    {
        var peer = new ScriptedPeer();
        peer.Opens();
        for (int frames = 0; frames < 100 && peer.Link.TryTake(out PppEvent? happened); frames++)
        {
            if (happened is not PppEvent.Send send)
            {
                Assert.That(
                    happened,
                    Is.EqualTo(new PppEvent.Closed(
                        LinkCloseCause.LoopedBack, "the link is looped back: our own packets return")));
                return;
            }
            peer.Says(Convert.ToHexString(send.Frame));
        }
        Assert.Fail("the loop was not seen");
    }

    [Test]
    public void A_peer_that_draws_our_number_by_chance_is_told_another()
    {
        Opened().Says("FF03 C021 01 01 # 0506 A1B2C3D4").Hears("FF03 C021 03 01 # 0506 A1B2C3D5")
            .Says("FF03 C021 01 02 # 0506 A1B2C3D5").Hears("FF03 C021 02 02 # 0506 A1B2C3D5");
    }

    [Test]
    public void An_echo_request_with_our_own_number_closes_the_link()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().Hears("FF03 C223 01 07 0004");
        peer.Says("FF03 C021 09 09 0008 A1B2C3D4");
        peer.Hears("FF03 C021 05 02 # "
            + Convert.ToHexString("the link is looped back: our own packets return"u8));
        peer.Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.LoopedBack, "the link is looped back: our own packets return");
    }

    [Test]
    public void An_echo_request_is_answered_with_our_number_and_its_data()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().Hears("FF03 C223 01 07 0004");
        peer.Says("FF03 C021 09 09 # 0BADCAFE 48656C6C6F").Sees<PppEvent.EchoRequestReceived>();
        peer.Hears("FF03 C021 0A 09 # A1B2C3D4 48656C6C6F").HearsNothing();
        peer.Says("FF03 C021 09 0A 0007 0BADCA").HearsNothing();
        peer.Says("FF03 C021 0B 0A 0008 0BADCAFE").HearsNothing();
    }

    [Test]
    public void An_echo_reply_is_cut_to_the_peers_mru()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp("0104 0080").Hears("FF03 C223 01 07 0004");
        peer.Says("FF03 C021 09 09 # 0BADCAFE" + new string('7', 400)).Sees<PppEvent.EchoRequestReceived>();
        peer.Hears("FF03 C021 0A 09 0080 A1B2C3D4" + new string('7', 240));
    }

    [Test]
    public void Echo_is_silent_before_lcp_is_open()
    {
        ScriptedPeer peer = Opened();
        peer.Says("FF03 C021 09 09 0008 0BADCAFE").HearsNothing();
        peer.Link.SendEchoRequest(peer.Now);
        peer.HearsNothing();
    }

    [Test]
    public void Our_echo_request_has_our_number_and_its_reply_counts_once()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().Hears("FF03 C223 01 07 0004");
        peer.Link.SendEchoRequest(peer.Now);
        peer.Hears("FF03 C021 09 02 0008 A1B2C3D4");
        peer.Link.SendEchoRequest(peer.Now);
        peer.Hears("FF03 C021 09 03 0008 A1B2C3D4");
        // On a slow path the answer to the older one comes after the newer was sent.
        Assert.That(peer.Says("FF03 C021 0A 02 0008 0BADCAFE").Sees<PppEvent.EchoReply>().Identifier, Is.EqualTo(2));
        Assert.That(peer.Says("FF03 C021 0A 03 0008 00000000").Sees<PppEvent.EchoReply>().Identifier, Is.EqualTo(3));
        peer.Says("FF03 C021 0A 04 0008 0BADCAFE").HearsNothing();
        peer.Says("FF03 C021 0A 03 0007 0BADCA").HearsNothing();
    }

    [Test]
    public void An_echo_reply_with_our_own_number_is_no_sign_of_life()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().Hears("FF03 C223 01 07 0004");
        peer.Link.SendEchoRequest(peer.Now);
        peer.Hears("FF03 C021 09 02 0008 A1B2C3D4").Says("FF03 C021 0A 02 0008 A1B2C3D4").HearsNothing();
    }

    [Test]
    public void Time_remaining_is_told()
    {
        PppEvent.TimeRemaining told = new ScriptedPeer().OpensLcp().Hears("FF03 C223 01 07 0004")
            .Says("FF03 C021 0D 05 # 0BADCAFE 0000003C 627965").Sees<PppEvent.TimeRemaining>();
        Assert.That(told.Seconds, Is.EqualTo(60));
        Assert.That(told.Text, Is.EqualTo("bye"u8.ToArray()));
    }

    [Test]
    public void A_peer_that_identifies_itself_without_end_fills_no_log()
    {
        ScriptedPeer peer = Opened();
        for (int times = 0; times < 100; times++) peer.Says("FF03 C021 0C 05 # 0BADCAFE 41");
        for (int times = 0; times < 16; times++) peer.Sees<PppEvent.PeerIdentification>();
        peer.HearsNothing();
    }

    [Test]
    public void An_unknown_code_is_returned() =>
        Opened().Says("FF03 C021 0F 05 # 0102").Hears("FF03 C021 07 02 # 0F05 0006 0102");

    [Test]
    public void A_peer_that_rejects_echo_requests_stays()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp().Hears("FF03 C223 01 07 0004");
        peer.Says("FF03 C021 07 05 # 0902 0008 A1B2C3D4").HearsNothing();
        Assert.That(peer.Link.LcpState, Is.EqualTo(PppState.Opened));
    }

    [TestCase("FF03 C021 07 05 # 0101 0004", TestName = "A_peer_that_rejects_configure_requests_is_no_peer")]
    [TestCase("FF03 C021 08 05 # C021", TestName = "A_peer_that_rejects_lcp_is_no_peer")]
    public void Catastrophe(string frame) =>
        new ScriptedPeer().OpensLcp().Hears("FF03 C223 01 07 0004")
            .Says(frame).Hears("FF03 C021 05 02 0004").Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.ProtocolError, "the peer rejects LCP");

    [Test]
    public void A_silent_peer_is_asked_ten_times_in_half_a_minute()
    {
        ScriptedPeer peer = new ScriptedPeer().Opens().Waits(29);
        for (int request = 0; request < 10; request++)
            peer.Hears($"FF03 C021 01 01 # {ScriptedPeer.ServerLcpOptions}");
        peer.HearsNothing().Waits(1).SeesClosed(LinkCloseCause.NoAnswer, "the peer does not answer LCP");
    }

    [Test]
    public void A_peer_that_falls_silent_is_another_matter()
    {
        ScriptedPeer peer = Opened().Says("FF03 C021 01 01 # 1702").Hears("FF03 C021 04 01 # 1702").Waits(30);
        for (int request = 0; request < 9; request++) peer.Sees<PppEvent.Send>();
        peer.SeesClosed(LinkCloseCause.LcpFailed, "the peer stopped answering LCP");
    }

    [Test]
    public void A_peer_that_asks_for_the_same_rejected_option_for_ever_is_left()
    {
        ScriptedPeer peer = new ScriptedPeer().Opens();
        int received = 0;
        while (peer.Link.Phase != LinkPhase.Closed)
        {
            if (!peer.Link.TryTake(out PppEvent? happened))
            {
                peer.Waits(0.5).Says("FF03 C021 01 01 # 1702");
                continue;
            }
            if (happened is PppEvent.Send { Frame: [_, _, _, _, 1, var identifier, ..] })
                peer.Says($"FF03 C021 02 {identifier:X2} # {ScriptedPeer.ServerLcpOptions}");
            Assert.That(++received, Is.LessThan(400));
        }
        Assert.That(peer.Now, Is.LessThan(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(2)));
    }
}
