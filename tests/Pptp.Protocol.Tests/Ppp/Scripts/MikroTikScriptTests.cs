using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp.Scripts;

/// <summary>
/// A MikroTik router as client, reconstructed from its documented behaviour: not captured. One quirk per test.
/// </summary>
public sealed partial class MikroTikScriptTests
{
    private static ScriptedPeer In(LinkAuthorization? authorization = null) =>
        LetIn(authorization).Hears("FF03 80FD 01 01 000A 1206 01000040");

    private static ScriptedPeer LetIn(LinkAuthorization? authorization)
    {
        ScriptedPeer peer = new ScriptedPeer().Opens()
            .Hears($"FF03 C021 01 01 0013 {ScriptedPeer.ServerLcpOptions}")
            .Says($"FF03 C021 02 01 0013 {ScriptedPeer.ServerLcpOptions}")
            .Says("FF03 C021 01 01 000E 0104 05AA 0506 2E3D4C5B")
            .Hears("FF03 C021 02 01 000E 0104 05AA 0506 2E3D4C5B");
        peer.Sees<PppEvent.LcpUp>();
        return peer.AnswersChallenge().IsLetIn(authorization);
    }

    [Test]
    public void An_mrru_where_it_is_configured_is_rejected_alone() =>
        new ScriptedPeer().Opens().Hears($"FF03 C021 01 01 0013 {ScriptedPeer.ServerLcpOptions}")
            .Says("FF03 C021 01 01 0012 0104 05AA 0506 2E3D4C5B 1104 0640")
            .Hears("FF03 C021 04 01 0008 1104 0640");

    [Test]
    public void Its_mru_of_1450_makes_an_mtu_of_1450_and_frames_stay_whole()
    {
        ScriptedPeer peer = In().Says("FF03 80FD 02 01 000A 1206 01000040")
            .Says("FF03 80FD 01 01 000A 1206 01000040").Hears("FF03 80FD 02 01 000A 1206 01000040");
        Assert.That(
            peer.Sees<PppEvent.EncryptionUp>(), Is.EqualTo(new PppEvent.EncryptionUp(MppeStrength.Bits128, true)));
        peer.Hears("FF03 8021 01 01 000A 0306 0A000001").Says("FF03 8021 02 01 000A 0306 0A000001")
            .Says("FF03 8021 01 01 000A 0306 00000000").Hears("FF03 8021 03 01 000A 0306 0A000005")
            .Says("FF03 8021 01 02 000A 0306 0A000005").Hears("FF03 8021 02 02 000A 0306 0A000005");
        NetworkParameters parameters = peer.Sees<PppEvent.NetworkUp>().Parameters;
        Assert.That(
            (parameters.Mtu, parameters.SendProtocolCompressed, parameters.SendAddressCompressed),
            Is.EqualTo((1450, false, false)));
    }

    [Test]
    public void Its_keepalive_echo_is_answered() =>
        In().Says("FF03 C021 09 02 0008 2E3D4C5B").Sees(out PppEvent.EchoRequestReceived _)
            .Hears("FF03 C021 0A 02 0008 A1B2C3D4");

    [Test]
    public void With_use_encryption_no_it_is_sent_away_in_its_own_words() =>
        In().Says("FF03 C021 08 02 0010 80FD 0101 000A 1206 01000040")
            .Hears("FF03 C021 05 02 0023 456E6372797074696F6E206E65676F74696174696F6E2072656A6563746564");

    [Test]
    public void Where_it_requires_encryption_and_we_have_none_its_words_are_told()
    {
        ScriptedPeer peer = new ScriptedPeer()
            .ComesIn(ScriptedPeer.Authorization with { Encryption = EncryptionPolicy.No })
            .Hears("FF03 8021 01 01 000A 0306 0A000001")
            .Says("FF03 80FD 01 01 000A 1206 01000040")
            .Hears("FF03 C021 08 02 0010 80FD 0101 000A 1206 01000040");
        peer.Says("FF03 C021 05 02 0023 456E6372797074696F6E206E65676F74696174696F6E2072656A6563746564")
            .Hears("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.PeerRequest, "Encryption negotiation rejected");
    }
}
