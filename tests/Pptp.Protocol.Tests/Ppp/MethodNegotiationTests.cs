using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>Which login method LCP agrees on, and the login that follows, with the product's authenticators.</summary>
public sealed class MethodNegotiationTests
{
    private const string V2 = "0305 C223 81";
    private const string V1 = "0305 C223 80";
    private const string Md5 = "0305 C223 05";
    private const string Pap = "0304 C023";
    private const string Eap = "0304 C227";

    // pppd: asyncmap 0, magic, pcomp, accomp.
    private const string PppdOptions = "0206 00000000 0506 7B1C5A2F 0702 0802";

    // Windows after its callback option was rejected: mru 1400, magic, pcomp, accomp.
    private const string WindowsOptions = "0104 0578 0506 4F7B2A10 0702 0802";

    private static readonly AuthenticationMethod[] All =
    [
        AuthenticationMethod.MsChapV2,
        AuthenticationMethod.MsChapV1,
        AuthenticationMethod.ChapMd5,
        AuthenticationMethod.Pap,
    ];

    private static readonly LinkAuthorization Clear =
        ScriptedPeer.Authorization with { Keys = null, Encryption = EncryptionPolicy.No };

    // refuse-mschap-v2: pppd suggests CHAP-MD5, its first choice, and takes MS-CHAPv1 when asked.
    [Test]
    public void A_pppd_that_refuses_mschap_v2_gets_the_next_strongest_and_not_what_it_suggests() =>
        Agrees(Dialled(All).Naks(1, Md5).Asks(2, V1), 2, V1, PppdOptions, AuthenticationMethod.MsChapV1);

    // refuse-mschap-v2, refuse-mschap.
    [Test]
    public void A_pppd_that_refuses_both_mschaps_gets_chap_md5() =>
        Agrees(
            Dialled(All).Naks(1, Md5).Asks(2, V1).Naks(2, Md5).Asks(3, Md5),
            3, Md5, PppdOptions, AuthenticationMethod.ChapMd5);

    // refuse-chap beside them; and Windows with "Unencrypted password (PAP)" alone ticked.
    [TestCase(PppdOptions)]
    [TestCase(WindowsOptions)]
    public void A_peer_that_knows_only_pap_gets_it_where_it_is_allowed(string options) =>
        Agrees(
            Dialled(All).Naks(1, Pap).Asks(2, V1).Naks(2, Pap).Asks(3, Md5).Naks(3, Pap).Asks(4, Pap),
            4, Pap, options, AuthenticationMethod.Pap);

    [Test]
    public void A_peer_that_knows_only_pap_is_asked_for_nothing_else_where_the_set_leaves_gaps() =>
        Agrees(
            Dialled(AuthenticationMethod.MsChapV2, AuthenticationMethod.Pap).Naks(1, Pap).Asks(2, Pap),
            2, Pap, WindowsOptions, AuthenticationMethod.Pap);

    // A Windows server as client asks for EAP first.
    [Test]
    public void A_peer_that_suggests_what_nobody_here_has_is_asked_for_the_next() =>
        Agrees(
            Dialled(AuthenticationMethod.MsChapV2, AuthenticationMethod.ChapMd5).Naks(1, Eap).Asks(2, Md5),
            2, Md5, WindowsOptions, AuthenticationMethod.ChapMd5);

    // A client without EAP suggests what it has.
    [TestCase(V2)]
    [TestCase(Md5)]
    public void A_peer_without_eap_gets_the_next_strongest(string wanted) =>
        Agrees(
            Dialled([AuthenticationMethod.Eap, .. All]).Naks(1, wanted).Asks(2, V2),
            2, V2, WindowsOptions, AuthenticationMethod.MsChapV2);

    [Test]
    public void A_peer_that_rejects_eap_is_given_up() =>
        Dialled(AuthenticationMethod.Eap).Says($"FF03 C021 04 01 # {Eap}")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("the peer refuses to authenticate"u8));

    [Test]
    public void A_peer_that_suggests_what_it_is_asked_for_is_asked_again() =>
        Dialled(All).Naks(1, V2).Asks(2, V2);

    [TestCase(Pap, "the peer insists on Pap")]
    [TestCase(Md5, "the peer insists on ChapMd5")]
    [TestCase(Eap, "the peer insists on EAP")]
    public void No_method_outside_the_set_is_ever_asked_for(string wanted, string detail)
    {
        ScriptedPeer peer = Dialled(AuthenticationMethod.MsChapV2, AuthenticationMethod.MsChapV1);
        string[] asked = [V2, V1, V2, V1, V2, V1];
        for (int identifier = 1; identifier <= 5; identifier++)
            peer.Naks(identifier, wanted).Asks(identifier + 1, asked[identifier]);

        peer.Naks(6, wanted)
            .Hears("FF03 C021 05 07 # " + Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(detail)))
            .Says("FF03 C021 06 07 0004").SeesClosed(LinkCloseCause.AuthenticationMethodRefused, detail);
    }

    // A stronger method than the configured ones is none of ours either.
    [Test]
    public void A_peer_that_knows_only_mschap_v2_is_given_up_where_only_pap_is_allowed()
    {
        ScriptedPeer peer = Dialled(AuthenticationMethod.Pap);
        for (int identifier = 1; identifier <= 5; identifier++)
            peer.Naks(identifier, V2).Asks(identifier + 1, Pap);

        peer.Naks(6, V2).Hears("FF03 C021 05 07 # " + Convert.ToHexString("the peer insists on MsChapV2"u8));
    }

    [Test]
    public void A_peer_that_rejects_the_option_is_given_up_however_weak_the_set() =>
        Dialled(All).Says($"FF03 C021 04 01 # {V2}")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("the peer refuses to authenticate"u8));

    [Test]
    public void When_lcp_begins_anew_the_strongest_method_is_asked_for_first()
    {
        ScriptedPeer peer = Dialled(All).Naks(1, Md5).Asks(2, V1);
        Agrees(peer, 2, V1, PppdOptions, AuthenticationMethod.MsChapV1);
        peer.Sees<PppEvent.Send>();

        peer.Says("FF03 C021 01 02 # 0506 11111111")
            .Hears($"FF03 C021 01 03 # 0104 05AA {V2} 0506 A1B2C3D5");
    }

    [Test]
    public void A_pap_login_from_request_to_ack()
    {
        ScriptedPeer peer = In(AuthenticationMethod.Pap, Pap);
        peer.HearsNothing().Says("FF03 C023 01 01 # 04 55736572 0A 636C69656E7450617373");
        var credentials = (PapCredentials)peer.Sees<PppEvent.CredentialsReceived>().Credentials;
        Assert.That(credentials.Verify("clientPass"u8), Is.True);

        peer.Link.Authorize(Clear, peer.Now);

        peer.Hears("FF03 C023 02 01 # 07 57656C636F6D65").Sees<PppEvent.Authenticated>();
        peer.Hears("FF03 8021 01 01 # 0306 0A000001");
        // pppd's next copy, under the next number, whose ack was lost: RFC 1334 §2.2.1.
        peer.Says("FF03 C023 01 02 # 04 55736572 0A 636C69656E7450617373")
            .Hears("FF03 C023 02 02 # 07 57656C636F6D65").HearsNothing();
        Assert.That(peer.Link.Phase, Is.EqualTo(LinkPhase.Network));
    }

    [Test]
    public void Pap_before_lcp_is_open_is_discarded() =>
        Dialled(AuthenticationMethod.Pap).Says("FF03 C023 01 01 # 04 55736572 0A 636C69656E7450617373").HearsNothing();

    [Test]
    public void Pap_where_chap_was_agreed_is_discarded()
    {
        ScriptedPeer peer = In(AuthenticationMethod.ChapMd5, Md5);
        peer.Sees<PppEvent.Send>();
        peer.Says("FF03 C023 01 01 # 04 55736572 0A 636C69656E7450617373").HearsNothing();
    }

    [Test]
    public void A_refused_pap_login_hears_nak_and_the_link_ends()
    {
        ScriptedPeer peer = In(AuthenticationMethod.Pap, Pap);
        peer.Says("FF03 C023 01 01 # 04 55736572 00").Sees<PppEvent.CredentialsReceived>();

        peer.Link.Refuse(false, "no", peer.Now);

        peer.Hears("FF03 C023 03 01 # 02 6E6F")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("authentication failed"u8))
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.AuthenticationFailed, "no (error 691)");
    }

    [Test]
    public void A_chap_md5_login()
    {
        ScriptedPeer peer = In(AuthenticationMethod.ChapMd5, Md5);
        peer.Hears("FF03 C223 01 01 # 10 00000000000000000000000000000000 7070747064")
            .Says("FF03 C223 02 01 # 10 000102030405060708090A0B0C0D0E0F 55736572");
        Assert.That(
            peer.Sees<PppEvent.CredentialsReceived>().Credentials, Is.InstanceOf<ChapMd5Credentials>());

        peer.Link.Authorize(Clear, peer.Now);

        peer.Hears("FF03 C223 03 01 # 57656C636F6D65").Sees<PppEvent.Authenticated>();
    }

    [Test]
    public void An_mschap_v1_login()
    {
        ScriptedPeer peer = In(AuthenticationMethod.MsChapV1, V1);
        peer.Hears("FF03 C223 01 01 # 08 0000000000000000 7070747064")
            .Says($"FF03 C223 02 01 # 31 {new string('0', 96)} 01 55736572");
        Assert.That(
            peer.Sees<PppEvent.CredentialsReceived>().Credentials, Is.InstanceOf<MsChapV1Credentials>());

        peer.Link.Authorize(Clear, peer.Now);

        peer.Hears("FF03 C223 03 01 # 57656C636F6D65").Sees<PppEvent.Authenticated>();
    }

    // RFC 3748 §2.2: no algorithm octet in the option; the packets are those of protocol C227.
    [Test]
    public void An_eap_login_of_two_rounds()
    {
        ScriptedPeer peer = NamedByEap();
        peer.Link.Challenge(ScriptedPeer.Bytes("01 02 # 04 10 000102030405060708090A0B0C0D0E0F"), peer.Now);
        peer.Hears("FF03 C227 01 02 # 04 10 000102030405060708090A0B0C0D0E0F").HearsNothing()
            .Says("FF03 C227 02 02 # 04 10 0F0E0D0C0B0A09080706050403020100");
        var credentials = (EapCredentials)peer.Sees<PppEvent.CredentialsReceived>().Credentials;
        Assert.That(
            credentials.Packet, Is.EqualTo(ScriptedPeer.Bytes("02 02 # 04 10 0F0E0D0C0B0A09080706050403020100")));

        peer.Link.Authorize(Clear with { EapPacket = ScriptedPeer.Bytes("03 02 #") }, peer.Now);

        peer.Hears("FF03 C227 03 02 0004").Sees<PppEvent.Authenticated>();
        peer.Hears("FF03 8021 01 01 # 0306 0A000001")
            .Says("FF03 C227 02 02 # 04 10 0F0E0D0C0B0A09080706050403020100").HearsNothing();
    }

    [Test]
    public void A_refused_eap_login_hears_the_failure_of_who_refused_it()
    {
        ScriptedPeer peer = NamedByEap();

        peer.Link.Refuse(true, "no", peer.Now, eapPacket: ScriptedPeer.Bytes("04 01 #"));

        peer.Hears("FF03 C227 04 01 0004")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("authentication failed"u8))
            .Says("FF03 C021 06 02 0004").SeesClosed(LinkCloseCause.AuthenticationFailed, "no (error 691)");
    }

    [Test]
    public void A_challenge_nobody_waits_for_is_not_sent()
    {
        ScriptedPeer peer = NamedByEap();
        byte[] request = ScriptedPeer.Bytes("01 02 # 04 00");
        peer.Link.Challenge(request, peer.Now);
        peer.Hears("FF03 C227 01 02 # 04 00");

        peer.Link.Challenge(request, peer.Now);

        peer.HearsNothing();
    }

    [Test]
    public void A_request_that_is_longer_than_the_mru_of_the_peer_ends_the_login()
    {
        ScriptedPeer peer = Dialled(AuthenticationMethod.Eap);
        Agrees(peer, 1, Eap, "0104 0100", AuthenticationMethod.Eap);
        peer.Hears("FF03 C227 01 01 # 01").Says("FF03 C227 02 01 # 01 55736572").Sees<PppEvent.CredentialsReceived>();

        peer.Link.Challenge(ScriptedPeer.Bytes("01 02 # 04" + new string('0', 2 * 252)), peer.Now);

        peer.Hears("FF03 C227 04 01 0004")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("authentication failed"u8));
    }

    [Test]
    public void Nobody_can_log_in_by_eap_from_here() =>
        Assert.That(
            () => new PppLink(
                new PppLinkOptions
                {
                    AuthenticationMethods = [AuthenticationMethod.Eap],
                    Login = new LinkLogin { UserName = "alice", Password = "secret" },
                },
                new KnownRandom()),
            Throws.ArgumentException);

    [Test]
    public void An_mschap_v2_login_is_challenged_with_16_bytes() =>
        In(AuthenticationMethod.MsChapV2, V2)
            .Hears("FF03 C223 01 01 # 10 00000000000000000000000000000000 7070747064").HearsNothing();

    [Test]
    public void A_pap_login_gives_no_keys_and_is_sent_away_where_encryption_is_required()
    {
        ScriptedPeer peer = In(AuthenticationMethod.Pap, Pap);
        peer.Says("FF03 C023 01 01 # 04 55736572 00").Sees<PppEvent.CredentialsReceived>();

        peer.Link.Authorize(Clear with { Encryption = EncryptionPolicy.Required }, peer.Now);

        peer.Hears("FF03 C023 02 01 # 07 57656C636F6D65").Sees<PppEvent.Authenticated>();
        peer.Hears("FF03 C021 05 02 # " + Convert.ToHexString("Encryption negotiation rejected"u8))
            .Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.EncryptionRejected, "the login gives no encryption keys");
    }

    // MS-CHAPv1 takes the keys for 40 and 56 bits from the LM hash.
    [TestCase(true, "1206 01000020")]
    [TestCase(false, null)]
    public void Forty_bits_after_mschap_v1_need_an_lm_hash(bool hasLmHash, string? request)
    {
        LinkAuthorization authorization = WithV1Keys(hasLmHash) with { Mppe = MppeOffer.Stateless40 };
        ScriptedPeer peer = LoggedInByV1(authorization);

        if (request is not null)
        {
            peer.Hears($"FF03 80FD 01 01 # {request}");
            return;
        }
        Assert.That(
            peer.Sees<PppEvent.EncryptionRefused>().Detail, Is.EqualTo("the login gives no encryption keys"));
    }

    [TestCase(true, "1206 01000020")]
    [TestCase(false, "1206 01000040")]
    public void A_peer_that_asks_for_40_bits_after_mschap_v1_gets_what_there_are_keys_for(bool hasLmHash, string answer)
    {
        ScriptedPeer peer = LoggedInByV1(WithV1Keys(hasLmHash) with
        {
            Mppe = MppeOffer.Stateless128 | MppeOffer.Stateless56 | MppeOffer.Stateless40,
        });

        peer.Hears("FF03 80FD 01 01 # 1206 01000040").Says("FF03 80FD 01 09 # 1206 01000020")
            .Hears($"FF03 80FD {(hasLmHash ? "02" : "03")} 09 # {answer}");
    }

    private static LinkAuthorization WithV1Keys(bool hasLmHash) => Clear with
    {
        Encryption = EncryptionPolicy.Yes,
        Keys = MppeStartKeys.FromMsChapV1(new byte[16], new byte[8], new byte[hasLmHash ? 16 : 0]),
    };

    private static ScriptedPeer LoggedInByV1(LinkAuthorization authorization)
    {
        ScriptedPeer peer = In(AuthenticationMethod.MsChapV1, V1);
        peer.Sees<PppEvent.Send>();
        peer.Says($"FF03 C223 02 01 # 31 {new string('0', 96)} 01 55736572").Sees<PppEvent.CredentialsReceived>();
        peer.Link.Authorize(authorization, peer.Now);
        peer.Sees<PppEvent.Send>();
        peer.Sees<PppEvent.Authenticated>();
        return peer;
    }

    private static ScriptedPeer Dialled(params AuthenticationMethod[] methods)
    {
        string first = methods[0] switch
        {
            AuthenticationMethod.MsChapV2 => V2,
            AuthenticationMethod.MsChapV1 => V1,
            AuthenticationMethod.ChapMd5 => Md5,
            AuthenticationMethod.Eap => Eap,
            _ => Pap,
        };
        return new ScriptedPeer(new PppLinkOptions { AuthenticationMethods = methods }).Opens().Asks(1, first);
    }

    private static ScriptedPeer NamedByEap()
    {
        ScriptedPeer peer = In(AuthenticationMethod.Eap, Eap);
        peer.Hears("FF03 C227 01 01 # 01").HearsNothing().Says("FF03 C227 02 01 # 01 55736572");
        Assert.That(peer.Sees<PppEvent.CredentialsReceived>().Credentials.UserName, Is.EqualTo("User"));
        return peer;
    }

    private static ScriptedPeer In(AuthenticationMethod method, string option)
    {
        ScriptedPeer peer = Dialled(method);
        Agrees(peer, 1, option, "0506 0BADCAFE", method);
        return peer;
    }

    private static void Agrees(
        ScriptedPeer peer, int identifier, string method, string peerOptions, AuthenticationMethod expected)
    {
        PppEvent.LcpUp up = peer.Says($"FF03 C021 01 01 # {peerOptions}").Hears($"FF03 C021 02 01 # {peerOptions}")
            .Says($"FF03 C021 02 {identifier:X2} # 0104 05AA {method} 0506 A1B2C3D4").Sees<PppEvent.LcpUp>();
        Assert.That(up.Method, Is.EqualTo(expected));
    }
}
