using System.Text;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>IPv6CP (RFC 5072) on a link whose IPCP runs beside it.</summary>
public sealed class Ipv6cpTests
{
    /// <summary>The identifier that <see cref="KnownRandom"/> comes to.</summary>
    private const string Ours = "FF03 8057 01 01 # 010A 0000000000000001";

    private const string Theirs = "010A 02AABBFFFECCDDEE";

    private static readonly LinkAuthorization Wanted =
        ScriptedPeer.Authorization with { Encryption = EncryptionPolicy.No, Ipv6 = Ipv6Policy.Yes };

    private static readonly LinkAuthorization Required = Wanted with { Ipv6 = Ipv6Policy.Required };

    private static ScriptedPeer In(LinkAuthorization? authorization = null) =>
        new ScriptedPeer().ComesIn(authorization ?? Wanted)
            .Hears("FF03 8021 01 01 # 0306 0A000001").Hears(Ours);

    private static ScriptedPeer Up(LinkAuthorization? authorization = null)
    {
        ScriptedPeer peer = In(authorization)
            .Says("FF03 8021 01 01 # 0306 0A000005").Hears("FF03 8021 02 01 # 0306 0A000005")
            .Says("FF03 8021 02 01 # 0306 0A000001").Sees(out PppEvent.NetworkUp _)
            .Says($"FF03 8057 01 01 # {Theirs}").Hears($"FF03 8057 02 01 # {Theirs}")
            .Says("FF03 8057 02 01 # 010A 0000000000000001");
        Assert.That(peer.Sees<PppEvent.Ipv6Up>(), Is.EqualTo(new PppEvent.Ipv6Up(1, 0x02AA_BBFF_FECC_DDEE)));
        return peer.HearsNothing();
    }

    [Test]
    public void Both_identifiers_are_told_when_it_is_open() => Up();

    [Test]
    public void It_may_be_open_before_ipv4_is() => In()
        .Says("FF03 8057 02 01 # 010A 0000000000000001").HearsNothing()
        .Says($"FF03 8057 01 01 # {Theirs}").Hears($"FF03 8057 02 01 # {Theirs}").Sees(out PppEvent.Ipv6Up _)
        .Says("FF03 8021 01 01 # 0306 0A000005").Hears("FF03 8021 02 01 # 0306 0A000005")
        .Says("FF03 8021 02 01 # 0306 0A000001").Sees(out PppEvent.NetworkUp _).HearsNothing();

    [TestCase("010A 0000000000000000", TestName = "A_peer_without_an_identifier_is_given_one")]
    [TestCase("010A 0000000000000001", TestName = "A_peer_with_our_identifier_is_given_another")]
    [TestCase("0106 C0A80107", TestName = "An_identifier_of_four_octets_is_put_right")]
    [TestCase("010B 02AABBFFFECCDDEE 00", TestName = "An_identifier_of_nine_octets_is_put_right")]
    [TestCase("", TestName = "A_peer_that_names_no_identifier_is_told_to")]
    public void Naks(string asked) =>
        In().Says($"FF03 8057 01 09 # {asked}").Hears("FF03 8057 03 09 # 010A 0000000000000002").HearsNothing()
            .Says("FF03 8057 01 0A # 010A 0000000000000002").Hears("FF03 8057 02 0A # 010A 0000000000000002");

    [TestCase("010A 02AABBFFFECCDDEE", TestName = "A_peer_with_another_identifier_than_it_is_to_have_is_told")]
    [TestCase("010A 0000000000000000", TestName = "A_peer_without_an_identifier_is_told_the_one_it_is_to_have")]
    [TestCase("", TestName = "A_peer_that_names_no_identifier_is_told_the_one_it_is_to_have")]
    public void Suggests(string asked) =>
        In(Wanted with { RemoteIdentifier = 0x77 })
            .Says($"FF03 8057 01 09 # {asked}").Hears("FF03 8057 03 09 # 010A 0000000000000077")
            // Nor do we take it.
            .Says("FF03 8057 03 01 # 010A 0000000000000077").Hears("FF03 8057 01 02 # 010A 0000000000000002")
            .Says("FF03 8057 01 0A # 010A 0000000000000077").Hears("FF03 8057 02 0A # 010A 0000000000000077");

    [Test]
    public void A_peer_that_insists_on_another_identifier_than_it_is_to_have_keeps_it()
    {
        ScriptedPeer peer = In(Wanted with { RemoteIdentifier = 0x77 });
        for (int times = 0; times < 3; times++)
            peer.Says($"FF03 8057 01 09 # {Theirs}").Hears("FF03 8057 03 09 # 010A 0000000000000077");
        peer.Says($"FF03 8057 01 09 # {Theirs}").Hears($"FF03 8057 02 09 # {Theirs}")
            .Says("FF03 8057 02 01 # 010A 0000000000000001");
        Assert.That(peer.Sees<PppEvent.Ipv6Up>(), Is.EqualTo(new PppEvent.Ipv6Up(1, 0x02AA_BBFF_FECC_DDEE)));
        peer.Says($"FF03 8057 01 09 # {Theirs}").Hears($"FF03 8057 02 09 # {Theirs}").HearsNothing();
    }

    [Test]
    public void The_identifier_that_the_peer_is_to_have_is_not_ours() =>
        new ScriptedPeer().ComesIn(Wanted with { RemoteIdentifier = 1 })
            .Hears("FF03 8021 01 01 # 0306 0A000001").Hears("FF03 8057 01 01 # 010A 0000000000000002");

    [TestCase("0204 004F", TestName = "Header_compression_is_rejected")]
    [TestCase("0206 0003 0F01", TestName = "Robust_header_compression_is_rejected")]
    [TestCase("FF02", TestName = "An_unknown_option_of_ipv6cp_is_rejected")]
    public void Rejects(string option) =>
        In().Says($"FF03 8057 01 09 # {Theirs} {option}").Hears($"FF03 8057 04 09 # {option}").HearsNothing();

    [Test]
    public void An_identifier_that_the_peer_suggests_is_taken()
    {
        ScriptedPeer peer = In().Says("FF03 8057 03 01 # 010A 0000000000000077")
            .Hears("FF03 8057 01 02 # 010A 0000000000000077")
            .Says("FF03 8057 02 02 # 010A 0000000000000077")
            .Says($"FF03 8057 01 01 # {Theirs}").Hears($"FF03 8057 02 01 # {Theirs}");
        Assert.That(peer.Sees<PppEvent.Ipv6Up>().LocalIdentifier, Is.EqualTo(0x77));
    }

    [TestCase("010A 0000000000000000", TestName = "Zero_that_the_peer_suggests_is_not_taken")]
    [TestCase("0106 C0A80107", TestName = "An_identifier_of_four_octets_that_the_peer_suggests_is_not_taken")]
    public void Another_than_suggested(string suggested) =>
        In().Says($"FF03 8057 03 01 # {suggested}").Hears("FF03 8057 01 02 # 010A 0000000000000002");

    [Test]
    public void What_we_have_suggested_to_the_peer_is_not_taken_from_it() =>
        // RFC 5072 §4.1: such a Nak is our own, looped back or parroted.
        In().Says("FF03 8057 01 09 # 010A 0000000000000000").Hears("FF03 8057 03 09 # 010A 0000000000000002")
            .Says("FF03 8057 03 01 # 010A 0000000000000002").Hears("FF03 8057 01 02 # 010A 0000000000000002")
            .Says("FF03 8057 01 0A # 010A 0000000000000002").Hears("FF03 8057 03 0A # 010A 0000000000000001");

    [Test]
    public void A_request_repeated_because_our_ack_was_lost_is_acknowledged_again() =>
        Up().Says($"FF03 8057 01 02 # {Theirs}").Hears($"FF03 8057 02 02 # {Theirs}").HearsNothing();

    [TestCase("FF03 C021 08 05 # 8057 0101 000E", "the peer rejects IPv6CP")]
    [TestCase("FF03 8057 07 05 # 0101 000E", "the peer rejects IPv6CP")]
    public void A_peer_without_it_goes_on_without(string frame, string detail)
    {
        ScriptedPeer peer = In().Says(frame);
        Assert.That(peer.Sees<PppEvent.Ipv6Refused>().Detail, Is.EqualTo(detail));
        AssertIpv4ComesUp(peer);
    }

    [Test]
    public void A_peer_that_rejects_our_identifier_goes_on_without()
    {
        ScriptedPeer peer = In().Says("FF03 8057 04 01 # 010A 0000000000000001");
        Assert.That(
            peer.Sees<PppEvent.Ipv6Refused>().Detail, Is.EqualTo("the peer rejects our interface identifier"));
        peer.Hears("FF03 8057 05 02 0004").Says("FF03 8057 06 02 0004");
        AssertIpv4ComesUp(peer);
    }

    [Test]
    public void A_peer_that_closes_it_goes_on_without()
    {
        ScriptedPeer peer = In().Says("FF03 8057 05 09 0004").Hears("FF03 8057 06 09 0004");
        Assert.That(peer.Sees<PppEvent.Ipv6Refused>().Detail, Is.EqualTo("the peer closed IPv6CP"));
        AssertIpv4ComesUp(peer);
        peer.Says($"FF03 8057 01 01 # {Theirs}").Hears("FF03 8057 06 01 0004").HearsNothing();
    }

    [Test]
    public void A_peer_that_insists_on_no_identifier_goes_on_without()
    {
        ScriptedPeer peer = In();
        for (int times = 0; times < 5; times++)
        {
            peer.Says("FF03 8057 01 09 # 010A 0000000000000000")
                .Hears("FF03 8057 03 09 # 010A 0000000000000002");
        }
        peer.Says("FF03 8057 01 09 # 010A 0000000000000000");
        Assert.That(peer.Sees<PppEvent.Ipv6Refused>().Detail, Is.EqualTo("the peer takes no interface identifier"));
        peer.Hears("FF03 8057 05 02 0004").Says("FF03 8057 06 02 0004");
        AssertIpv4ComesUp(peer);
    }

    [Test]
    public void A_peer_that_never_takes_our_identifier_goes_on_without()
    {
        ScriptedPeer peer = In();
        for (int identifier = 1; identifier <= 5; identifier++)
        {
            peer.Says($"FF03 8057 03 {identifier:X2} # 010A 00000000000000{identifier + 0x70:X2}")
                .Hears($"FF03 8057 01 {identifier + 1:X2} # 010A 00000000000000{identifier + 0x70:X2}");
        }
        peer.Says("FF03 8057 03 06 # 010A 0000000000000078");
        Assert.That(
            peer.Sees<PppEvent.Ipv6Refused>().Detail, Is.EqualTo("the peer does not take our interface identifier"));
    }

    [Test]
    public void A_peer_that_says_nothing_to_it_goes_on_without()
    {
        ScriptedPeer peer = In()
            .Says("FF03 8021 01 01 # 0306 0A000005").Hears("FF03 8021 02 01 # 0306 0A000005")
            .Says("FF03 8021 02 01 # 0306 0A000001").Sees(out PppEvent.NetworkUp _).HearsNothing()
            .Waits(40);
        for (int request = 2; request <= 10; request++) peer.Hears(Ours);
        Assert.That(peer.Sees<PppEvent.Ipv6Refused>().Detail, Is.EqualTo("the peer does not answer IPv6CP"));
        peer.HearsNothing();
        Assert.That(peer.Link.IsNetworkUp, Is.True);
    }

    [Test]
    public void A_peer_that_closes_it_later_goes_on_without()
    {
        ScriptedPeer peer = Up().Says("FF03 8057 05 09 0004");
        Assert.That(peer.Sees<PppEvent.Ipv6Down>().Reason, Is.EqualTo("the peer closed IPv6CP"));
        peer.Hears("FF03 8057 06 09 0004").HearsNothing();
        Assert.That(peer.Link.IsNetworkUp, Is.True);
    }

    [Test]
    public void A_peer_that_begins_it_anew_goes_on_without()
    {
        ScriptedPeer peer = Up().Says("FF03 8057 01 09 # 010A 0000000000000055");
        Assert.That(peer.Sees<PppEvent.Ipv6Down>().Reason, Is.EqualTo("the peer negotiated IPv6CP a second time"));
        peer.Hears("FF03 8057 05 02 0004").Says("FF03 8057 06 02 0004").HearsNothing();
        Assert.That(peer.Link.IsNetworkUp, Is.True);
    }

    [Test]
    public void A_peer_that_rejects_it_later_goes_on_without()
    {
        ScriptedPeer peer = Up().Says("FF03 C021 08 05 # 8057 0101 000E");
        Assert.That(peer.Sees<PppEvent.Ipv6Down>().Reason, Is.EqualTo("the peer rejects IPv6CP"));
        peer.HearsNothing();
    }

    [TestCase("FF03 C021 08 05 # 8057 0101 000E", "IPv6 is required: the peer rejects IPv6CP")]
    [TestCase("FF03 8057 04 01 # 010A 0000000000000001", "IPv6 is required: the peer rejects our interface identifier")]
    public void A_peer_without_it_is_sent_away_where_it_is_required(string frame, string detail) =>
        In(Required).Says(frame)
            .Hears("FF03 C021 05 02 # " + Hex("IPv6 is required"))
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.NetworkFailed, detail);

    [Test]
    public void A_peer_that_closes_it_later_is_sent_away_where_it_is_required()
    {
        ScriptedPeer peer = Up(Required).Says("FF03 8057 05 09 0004")
            .Sees(out PppEvent.NetworkDown _).Hears("FF03 C021 05 02 # " + Hex("IPv6 lost"));
        peer.Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.NetworkLost, "the peer closed IPv6CP");
    }

    [Test]
    public void Where_the_link_ends_only_the_network_is_told_to_be_down() =>
        Up().Says("FF03 C021 05 09 0004").Sees(out PppEvent.NetworkDown _)
            .Hears("FF03 C021 06 09 0004").SeesClosed(LinkCloseCause.PeerRequest, "");

    [Test]
    public void A_link_of_fewer_octets_than_ipv6_needs_goes_without_it()
    {
        ScriptedPeer peer = new ScriptedPeer().OpensLcp("0104 04FF 0506 0BADCAFE").AnswersChallenge().IsLetIn(Wanted)
            .Hears("FF03 8021 01 01 # 0306 0A000001");
        Assert.That(
            peer.Sees<PppEvent.Ipv6Refused>().Detail, Is.EqualTo("packets of 1279 octets are too small for it"));
        peer.Says($"FF03 8057 01 01 # {Theirs}").Hears($"FF03 C021 08 02 # 8057 0101 000E {Theirs}");
    }

    [Test]
    public void Where_it_is_not_wanted_it_is_rejected() =>
        new ScriptedPeer().ComesIn(Wanted with { Ipv6 = Ipv6Policy.No }).Hears("FF03 8021 01 01 # 0306 0A000001")
            .HearsNothing()
            .Says($"FF03 8057 01 01 # {Theirs}").Hears($"FF03 C021 08 02 # 8057 0101 000E {Theirs}").HearsNothing();

    [Test]
    public void It_waits_for_encryption_and_then_takes_the_newest_request_that_came_early()
    {
        ScriptedPeer peer = new ScriptedPeer().ComesIn(Wanted with { Encryption = EncryptionPolicy.Required })
            .Hears("FF03 80FD 01 01 # 1206 01000040");
        peer.Says("FF03 8057 01 05 # 010A 0000000000000000").HearsNothing()
            .Says($"FF03 8057 01 06 # {Theirs}").HearsNothing()
            .Says("FF03 80FD 02 01 # 1206 01000040").HearsNothing()
            .Says("FF03 80FD 01 01 # 1206 01000040").Hears("FF03 80FD 02 01 # 1206 01000040")
            .Sees<PppEvent.EncryptionUp>();
        peer.Hears("FF03 8021 01 01 # 0306 0A000001").Hears(Ours).Hears($"FF03 8057 02 06 # {Theirs}").HearsNothing();
    }

    [Test]
    public void Two_links_of_ours_agree_on_two_identifiers()
    {
        using LinkPair pair = new(
            new PppLinkOptions
            {
                Login = new LinkLogin { UserName = LinkPair.User, Password = LinkPair.Password, Ipv6 = Ipv6Policy.Required },
            },
            new PppLinkOptions(),
            new LinkAuthorization
            {
                LocalAddress = LinkPair.ServerAddress,
                RemoteAddress = LinkPair.ClientAddress,
                Ipv6 = Ipv6Policy.Yes,
            })
        { Loss = 20 };
        pair.Run(60);
        PppEvent.Ipv6Up caller = pair.AtCaller.OfType<PppEvent.Ipv6Up>().Single();
        PppEvent.Ipv6Up answerer = pair.AtAnswerer.OfType<PppEvent.Ipv6Up>().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(caller.LocalIdentifier, Is.EqualTo(answerer.RemoteIdentifier).And.Not.Zero);
            Assert.That(caller.RemoteIdentifier, Is.EqualTo(answerer.LocalIdentifier).And.Not.Zero);
            Assert.That(caller.LocalIdentifier, Is.Not.EqualTo(caller.RemoteIdentifier));
        }
    }

    private static void AssertIpv4ComesUp(ScriptedPeer peer) =>
        peer.Says("FF03 8021 01 01 # 0306 0A000005").Hears("FF03 8021 02 01 # 0306 0A000005")
            .Says("FF03 8021 02 01 # 0306 0A000001").Sees(out PppEvent.NetworkUp _).HearsNothing();

    private static string Hex(string text) => Convert.ToHexString(Encoding.ASCII.GetBytes(text));
}
