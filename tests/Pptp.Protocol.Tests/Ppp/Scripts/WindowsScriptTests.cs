using System.Net;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp.Scripts;

/// <summary>
/// The built-in client of Windows 10 and 11, reconstructed from written accounts of its behaviour: not captured.
/// One quirk per test, and one whole dial.
/// </summary>
public sealed partial class WindowsScriptTests
{
    // mru 1400, magic, pcomp, accomp, callback CBCP
    private const string FirstRequest = "FF03 C021 01 00 0015 0104 0578 0506 4F7B2A10 0702 0802 0D03 06";
    private const string SecondRequest = "FF03 C021 01 01 0012 0104 0578 0506 4F7B2A10 0702 0802";

    private static readonly LinkAuthorization WithDns = ScriptedPeer.Authorization with
    {
        DnsServers = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("9.9.9.9")],
    };

    private static ScriptedPeer Dialled(ScriptedPeer? peer = null) =>
        (peer ?? new ScriptedPeer()).Opens().Hears($"FF03 C021 01 01 0013 {ScriptedPeer.ServerLcpOptions}");

    private static ScriptedPeer In(LinkAuthorization? authorization = null) =>
        LetIn(authorization).Hears("FF03 80FD 01 01 000A 1206 01000040");

    private static ScriptedPeer LetIn(LinkAuthorization? authorization)
    {
        ScriptedPeer peer = Dialled().Says(SecondRequest).Hears(SecondRequest.Replace("C021 01", "C021 02"))
            .Says($"FF03 C021 02 01 0013 {ScriptedPeer.ServerLcpOptions}");
        peer.Sees<PppEvent.LcpUp>();
        return peer.AnswersChallenge().IsLetIn(authorization ?? WithDns);
    }

    [Test]
    public void Callback_alone_is_rejected_and_the_second_request_is_taken() =>
        Dialled().Says(FirstRequest).Hears("FF03 C021 04 00 0007 0D03 06")
            .Says(SecondRequest).Hears("FF03 C021 02 01 0012 0104 0578 0506 4F7B2A10 0702 0802")
            .HearsNothing();

    [Test]
    public void Mrru_and_endpoint_of_older_clients_are_rejected_with_callback_in_one_packet() =>
        Dialled().Says(
                "FF03 C021 01 00 # 0104 0578 0506 4F7B2A10 0702 0802 0D03 06 1104 064E"
                + "1317 01 0102030405060708090A0B0C0D0E0F1011121314")
            .Hears("FF03 C021 04 00 # 0D03 06 1104 064E 1317 01 0102030405060708090A0B0C0D0E0F1011121314");

    [Test]
    public void The_link_discriminator_of_a_windows_server_is_rejected() =>
        Dialled().Says("FF03 C021 01 00 # 0506 4F7B2A10 1704 0001").Hears("FF03 C021 04 00 # 1704 0001");

    [Test]
    public void A_windows_server_that_naks_our_mru_is_followed() =>
        Dialled().Says("FF03 C021 03 01 # 0104 05DC")
            .Hears("FF03 C021 01 02 # 0104 05DC 0305 C223 81 0506 A1B2C3D4");

    [Test]
    public void Identifications_are_told_at_any_time_and_never_rejected()
    {
        ScriptedPeer peer = Dialled();
        PppEvent.PeerIdentification told = peer
            .Says("FF03 C021 0C 02 0012 4F7B2A10 4D53524153 56352E3230").Sees<PppEvent.PeerIdentification>();
        Assert.That(told.Text, Is.EqualTo("MSRASV5.20"u8.ToArray()));
        told = peer.Says("FF03 C021 0C 03 0018 4F7B2A10 4D535241532D302D 484F53544E414D45")
            .Sees<PppEvent.PeerIdentification>();
        Assert.That(told.Text, Is.EqualTo("MSRAS-0-HOSTNAME"u8.ToArray()));
        told = peer.Says("FF03 C021 0C 04 0018 4F7B2A10 C0FFEE00112233445566778899AABBCC")
            .Sees<PppEvent.PeerIdentification>();
        Assert.That(told.Text, Has.Length.EqualTo(16));
        peer.HearsNothing();
        In().Says("FF03 C021 0C 02 0012 4F7B2A10 4D53524153 56352E3230").Sees<PppEvent.PeerIdentification>();
    }

    [Test]
    public void All_bits_of_mppe_are_moved_to_128_stateless()
    {
        ScriptedPeer peer = In().Says("FF03 80FD 01 04 000A 1206 010000E1")
            .Hears("FF03 80FD 03 04 000A 1206 01000040").HearsNothing()
            .Says("FF03 80FD 01 06 000A 1206 01000040").Hears("FF03 80FD 02 06 000A 1206 01000040")
            .Says("FF03 80FD 02 01 000A 1206 01000040");
        Assert.That(
            peer.Sees<PppEvent.EncryptionUp>(), Is.EqualTo(new PppEvent.EncryptionUp(MppeStrength.Bits128, true)));
    }

    [Test]
    public void With_encryption_switched_off_it_asks_for_mppc_alone_and_goes_on_without()
    {
        ScriptedPeer peer = In(WithDns with { Encryption = EncryptionPolicy.Yes })
            .Says("FF03 80FD 01 04 000A 1206 00000001").Hears("FF03 80FD 04 04 000A 1206 00000001").HearsNothing()
            .Says("FF03 80FD 05 06 0010 4F7B2A10 003CCD74 000002E6").Hears("FF03 80FD 06 06 0004");
        peer.Sees<PppEvent.EncryptionRefused>();
        peer.Hears("FF03 8021 01 01 000A 0306 0A000001").HearsNothing();
    }

    [Test]
    public void With_encryption_switched_off_it_is_sent_away_where_encryption_is_required() =>
        In().Says("FF03 80FD 01 04 000A 1206 00000001").Hears("FF03 80FD 04 04 000A 1206 00000001")
            .Says("FF03 80FD 05 06 0004").Hears("FF03 80FD 06 06 0004")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString("Encryption negotiation rejected"u8));

    [Test]
    public void Ipcp_that_comes_before_ccp_is_open_costs_no_time()
    {
        ScriptedPeer peer = In()
            .Says("FF03 80FD 01 04 000A 1206 010000E1").Hears("FF03 80FD 03 04 000A 1206 01000040")
            .Says("FF03 8021 01 05 0022 0306 00000000 8106 00000000 8206 00000000 8306 00000000 8406 00000000")
            .HearsNothing();
        TimeSpan before = peer.Now;
        peer.Says("FF03 80FD 02 01 000A 1206 01000040")
            .Says("FF03 80FD 01 06 000A 1206 01000040").Hears("FF03 80FD 02 06 000A 1206 01000040")
            .Sees<PppEvent.EncryptionUp>();
        peer.Hears("FF03 8021 01 01 000A 0306 0A000001")
            .Hears("FF03 8021 04 05 0010 8206 00000000 8406 00000000").HearsNothing();
        Assert.That(peer.Now, Is.EqualTo(before));
    }

    [Test]
    public void It_asks_for_wins_is_refused_and_retries_without()
    {
        ScriptedPeer peer = In().Says("FF03 80FD 01 06 000A 1206 01000040")
            .Hears("FF03 80FD 02 06 000A 1206 01000040").Says("FF03 80FD 02 01 000A 1206 01000040");
        peer.Sees<PppEvent.EncryptionUp>();
        peer.Hears("FF03 8021 01 01 000A 0306 0A000001").Says("FF03 8021 02 01 000A 0306 0A000001")
            .Says("FF03 8021 01 07 0022 0306 00000000 8106 00000000 8206 00000000 8306 00000000 8406 00000000")
            .Hears("FF03 8021 04 07 0010 8206 00000000 8406 00000000")
            .Says("FF03 8021 01 08 0016 0306 00000000 8106 00000000 8306 00000000")
            .Hears("FF03 8021 03 08 0016 0306 0A000005 8106 0A000001 8306 09090909")
            .Says("FF03 8021 01 09 0016 0306 0A000005 8106 0A000001 8306 09090909")
            .Hears("FF03 8021 02 09 0016 0306 0A000005 8106 0A000001 8306 09090909");
        NetworkParameters parameters = peer.Sees<PppEvent.NetworkUp>().Parameters;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(parameters.DnsServers, Has.Count.EqualTo(2));
            Assert.That(parameters.WinsServers, Is.Empty);
            Assert.That(parameters.Mtu, Is.EqualTo(1400));
        }
    }

    [Test]
    public void Ipv6cp_is_protocol_rejected() =>
        In().Says("FF03 8057 01 05 000E 010A 9C5A44FFFE123456")
            .Hears("FF03 C021 08 02 0014 8057 0105 000E 010A 9C5A44FFFE123456").HearsNothing();

    [Test]
    public void Frames_without_ff03_are_taken_once_it_agreed_to_leave_it_out() =>
        In().Says("80FD 01 06 000A 1206 01000040").Hears("FF03 80FD 02 06 000A 1206 01000040");

    [Test]
    public void The_binary_text_of_its_terminate_request_is_told_as_hexadecimal() =>
        In().Says("FF03 C021 05 09 0010 4F7B2A10 003CCD74 00000000").Hears("FF03 C021 06 09 0004")
            .SeesClosed(LinkCloseCause.PeerRequest, "0x4F7B2A10003CCD7400000000");

    [Test]
    public void A_whole_dial_with_the_login_of_rfc_2759_section_9_2()
    {
        byte[] challenge = Convert.FromHexString("5B5D7C7D7B3F2F3E3C2C602132262628");
        ScriptedPeer peer = Dialled(new ScriptedPeer(new PppLinkOptions { ServerName = "srv" }, challenge))
            .Says(FirstRequest).Hears("FF03 C021 04 00 0007 0D03 06")
            .Says($"FF03 C021 02 01 0013 {ScriptedPeer.ServerLcpOptions}")
            .Says(SecondRequest).Hears("FF03 C021 02 01 0012 0104 0578 0506 4F7B2A10 0702 0802");
        peer.Sees<PppEvent.LcpUp>();
        peer.Hears("FF03 C223 01 01 0018 10 5B5D7C7D7B3F2F3E3C2C602132262628 737276");
        var credentials = (MsChapV2Credentials)peer
            .Says("C223 02 01 003A 31 21402324255E262A28295F2B3A337C7E 0000000000000000"
                + "82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF 00 55736572")
            .Sees<PppEvent.CredentialsReceived>().Credentials;
        byte[] hash = Convert.FromHexString("44EBBA8D5312B8D611474411F56989AE");
        Assert.That(credentials.UserName, Is.EqualTo("User"));
        Assert.That(credentials.Verify(hash), Is.True);
        peer.Link.Authorize(
            WithDns with
            {
                SuccessMessage = credentials.AuthenticatorResponse(hash),
                Keys = credentials.DeriveKeys(hash),
            },
            peer.Now);
        PppEvent.Send success = peer.Sees<PppEvent.Send>();
        Assert.That(
            System.Text.Encoding.ASCII.GetString(success.Frame.AsSpan(8)),
            Does.StartWith("S=407A5589115FD0D6209F510FE9C04566932CDA56"));
        peer.Sees<PppEvent.Authenticated>();
        peer.Hears("FF03 80FD 01 01 000A 1206 01000040")
            .Says("80FD 01 04 000A 1206 010000E1").Hears("FF03 80FD 03 04 000A 1206 01000040")
            .Says("8021 01 05 0022 0306 00000000 8106 00000000 8206 00000000 8306 00000000 8406 00000000")
            .Says("80FD 02 01 000A 1206 01000040")
            .Says("80FD 01 06 000A 1206 01000040").Hears("FF03 80FD 02 06 000A 1206 01000040")
            .Sees<PppEvent.EncryptionUp>();
        peer.Hears("FF03 8021 01 01 000A 0306 0A000001")
            .Hears("FF03 8021 04 05 0010 8206 00000000 8406 00000000")
            .Says("8021 02 01 000A 0306 0A000001")
            .Says("8021 01 07 0016 0306 00000000 8106 00000000 8306 00000000")
            .Hears("FF03 8021 03 07 0016 0306 0A000005 8106 0A000001 8306 09090909")
            .Says("8021 01 08 0016 0306 0A000005 8106 0A000001 8306 09090909")
            .Hears("FF03 8021 02 08 0016 0306 0A000005 8106 0A000001 8306 09090909")
            .Sees<PppEvent.NetworkUp>();
        peer.HearsNothing();
    }
}
