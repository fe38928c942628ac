using System.Net;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp.Scripts;

/// <summary>
/// pppd with other options than in the captures of whole dials (Captures), reconstructed from its documented behaviour.
/// One quirk per test, and one dial with what those leave out: VJ compression, two name servers.
/// </summary>
public sealed class PppdScriptTests
{
    // asyncmap 0, magic, pcomp, accomp
    private const string Request = "FF03 C021 01 01 0014 0206 00000000 0506 7B1C5A2F 0702 0802";

    private static readonly LinkAuthorization WithDns = ScriptedPeer.Authorization with
    {
        DnsServers = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")],
    };

    private static ScriptedPeer In(LinkAuthorization? authorization = null)
    {
        ScriptedPeer peer = new ScriptedPeer().Opens()
            .Hears($"FF03 C021 01 01 0013 {ScriptedPeer.ServerLcpOptions}")
            .Says(Request).Hears("FF03 C021 02 01 0014 0206 00000000 0506 7B1C5A2F 0702 0802")
            .Says($"FF03 C021 02 01 0013 {ScriptedPeer.ServerLcpOptions}");
        peer.Sees<PppEvent.LcpUp>();
        return peer.AnswersChallenge().IsLetIn(authorization ?? WithDns).Hears("FF03 80FD 01 01 000A 1206 01000040");
    }

    private static ScriptedPeer Encrypted(ScriptedPeer peer)
    {
        peer.Says("80FD 01 01 000A 1206 01000040").Hears("FF03 80FD 02 01 000A 1206 01000040")
            .Says("80FD 02 01 000A 1206 01000040").Sees<PppEvent.EncryptionUp>();
        return peer.Hears("FF03 8021 01 01 000A 0306 0A000001");
    }

    [Test]
    public void A_whole_dial_with_vj_name_servers_and_hang_up()
    {
        ScriptedPeer peer = Encrypted(In())
            .Says("8021 02 01 000A 0306 0A000001")
            .Says("8021 01 01 001C 0206 002D 0F 01 0306 00000000 8106 00000000 8306 00000000")
            .Hears("FF03 8021 04 01 000A 0206 002D 0F 01")
            .Says("8021 01 02 0016 0306 00000000 8106 00000000 8306 00000000")
            .Hears("FF03 8021 03 02 0016 0306 0A000005 8106 0A000001 8306 0A000002")
            .Says("8021 01 03 0016 0306 0A000005 8106 0A000001 8306 0A000002")
            .Hears("FF03 8021 02 03 0016 0306 0A000005 8106 0A000001 8306 0A000002");
        NetworkParameters parameters = peer.Sees<PppEvent.NetworkUp>().Parameters;
        Assert.That(parameters.SendProtocolCompressed, Is.True);
        Assert.That(parameters.SendAddressCompressed, Is.True);
        peer.HearsNothing()
            .Says("FF03 C021 05 02 0010 55736572 20726571 75657374")
            .Sees<PppEvent.NetworkDown>();
        peer.Hears("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.PeerRequest, "User request");
    }

    [Test]
    public void IPv6_as_pppd_2_4_9_asked_for_it()
    {
        ScriptedPeer peer = Encrypted(In(WithDns with { Ipv6 = Ipv6Policy.Yes }))
            .Hears("FF03 8057 01 01 000E 010A 0000000000000001")
            .Says("8021 01 01 000A 0306 00000000").Hears("FF03 8021 03 01 000A 0306 0A000005")
            .Says("8057 01 01 000E 010A B00F7BDF8FC58F7F").Hears("FF03 8057 02 01 000E 010A B00F7BDF8FC58F7F")
            .Says("8021 02 01 000A 0306 0A000001")
            .Says("8057 02 01 000E 010A 0000000000000001");
        Assert.That(peer.Sees<PppEvent.Ipv6Up>(), Is.EqualTo(new PppEvent.Ipv6Up(1, 0xB00F_7BDF_8FC5_8F7F)));
        peer.Says("8021 01 02 000A 0306 0A000005").Hears("FF03 8021 02 02 000A 0306 0A000005")
            .Sees(out PppEvent.NetworkUp _).HearsNothing();
    }

    [Test]
    public void A_client_that_wants_the_server_to_log_in_is_refused_that_alone() =>
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 0013 {ScriptedPeer.ServerLcpOptions}")
            .Says("FF03 C021 01 01 # 0206 00000000 0305 C223 81 0506 7B1C5A2F 0702 0802")
            .Hears("FF03 C021 04 01 0009 0305 C223 81");

    // As pppd 2.4.9 of Debian 12 with refuse-mschap-v2 does in the lab: five Naks, then a Reject.
    [Test]
    public void A_client_that_refuses_mschap_v2_offers_chap_md5_and_is_given_up()
    {
        ScriptedPeer peer = new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 0013 {ScriptedPeer.ServerLcpOptions}");
        for (int identifier = 1; identifier <= 5; identifier++)
        {
            peer.Says($"FF03 C021 03 {identifier:X2} 0009 0305 C223 05")
                .Hears($"FF03 C021 01 {identifier + 1:X2} 0013 {ScriptedPeer.ServerLcpOptions}");
        }
        peer.Says("FF03 C021 04 06 0009 0305 C223 81")
            .Hears("FF03 C021 05 07 # " + Convert.ToHexString("the peer refuses to authenticate"u8))
            .Says("FF03 C021 06 07 0004")
            .SeesClosed(LinkCloseCause.AuthenticationMethodRefused, "the peer refuses to authenticate");
    }

    [Test]
    public void A_pppd_with_nomppe_and_other_compressors_is_sent_away_where_encryption_is_required() =>
        In().Says("80FD 01 01 000F 1A04 7800 1804 7800 1503 2F")
            .Hears("FF03 80FD 04 01 000F 1A04 7800 1804 7800 1503 2F")
            .Says("80FD 04 01 000A 1206 01000040")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("Encryption negotiation rejected"u8));

    // As pppd 2.4.9 of Debian 12 with nomppe does in the lab: IPCP at once, and a CCP that asks for nothing.
    [Test]
    public void A_pppd_with_nomppe_comes_up_in_the_clear_where_encryption_is_optional()
    {
        ScriptedPeer peer = In(WithDns with { Encryption = EncryptionPolicy.Yes })
            .Says("FF03 8021 01 01 000A 0306 00000000").HearsNothing()
            .Says("FF03 80FD 01 01 0004").Hears("FF03 80FD 03 01 000A 1206 01000040")
            .Says("FF03 80FD 04 01 000A 1206 01000040");
        peer.Sees<PppEvent.EncryptionRefused>();
        peer.Hears("FF03 80FD 05 02 0004").Hears("FF03 8021 01 01 000A 0306 0A000001")
            .Hears("FF03 8021 03 01 000A 0306 0A000005")
            .Says("FF03 80FD 01 02 0004").Says("FF03 80FD 06 02 0004").HearsNothing()
            .Says("FF03 8021 02 01 000A 0306 0A000001")
            .Says("FF03 8021 01 02 000A 0306 0A000005").Hears("FF03 8021 02 02 000A 0306 0A000005");
        Assert.That(peer.Sees<PppEvent.NetworkUp>().Parameters.Mppe, Is.Null);
    }

    [Test]
    public void A_pppd_with_noccp_protocol_rejects_ccp()
    {
        ScriptedPeer peer = In(WithDns with { Encryption = EncryptionPolicy.Yes })
            .Says("FF03 C021 08 02 0010 80FD 0101 000A 1206 01000040");
        peer.Sees<PppEvent.EncryptionRefused>();
        peer.Hears("FF03 8021 01 01 000A 0306 0A000001").HearsNothing();
    }

    [Test]
    public void A_pppd_whose_ack_was_lost_renegotiates_ccp_before_data_flows()
    {
        // It is open and sees our request again: down, a new request of the same content, and the Ack (RFC 1661 §4.1).
        ScriptedPeer peer = In()
            .Says("80FD 01 01 000A 1206 01000040").Hears("FF03 80FD 02 01 000A 1206 01000040").Waits(3)
            .Hears("FF03 80FD 01 01 000A 1206 01000040")
            .Says("80FD 01 02 000A 1206 01000040").Hears("FF03 80FD 02 02 000A 1206 01000040")
            .Says("80FD 02 01 000A 1206 01000040");
        peer.Sees<PppEvent.EncryptionUp>();
        peer.Hears("FF03 8021 01 01 000A 0306 0A000001").HearsNothing();
    }

    [Test]
    public void A_pppd_with_a_fixed_address_of_its_own_is_sent_away()
    {
        ScriptedPeer peer = Encrypted(In());
        for (int times = 1; times <= 5; times++)
        {
            peer.Says($"8021 01 {times:X2} 000A 0306 C0A80A0A")
                .Hears($"FF03 8021 03 {times:X2} 000A 0306 0A000005");
        }
        peer.Says("8021 01 06 000A 0306 C0A80A0A").Sees<PppEvent.Send>();
        peer.Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.NetworkFailed, "the peer does not take its address 10.0.0.5");
    }
}
