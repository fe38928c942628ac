using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp.Scripts;

/// <content>Its use-encryption (no, yes, required) before a server's, and forms besides 128.</content>
public sealed partial class MikroTikScriptTests
{
    private const string Rejected = "456E6372797074696F6E206E65676F74696174696F6E2072656A6563746564";

    [TestCase(MppeOffer.Stateless128, "01000040", MppeStrength.Bits128)]
    [TestCase(MppeOffer.Stateless40, "01000020", MppeStrength.Bits40)]
    public void With_use_encryption_yes_it_takes_the_form_it_is_told(
        MppeOffer allowed, string bits, MppeStrength strength)
    {
        ScriptedPeer peer = LetIn(ScriptedPeer.Authorization with { Mppe = allowed })
            .Hears($"FF03 80FD 01 01 000A 1206 {bits}").Says($"FF03 80FD 02 01 000A 1206 {bits}")
            .Says("FF03 80FD 01 01 000A 1206 01000060").Hears($"FF03 80FD 03 01 000A 1206 {bits}")
            .Says($"FF03 80FD 01 02 000A 1206 {bits}").Hears($"FF03 80FD 02 02 000A 1206 {bits}");
        Assert.That(peer.Sees<PppEvent.EncryptionUp>(), Is.EqualTo(new PppEvent.EncryptionUp(strength, true)));
    }

    [Test]
    public void With_use_encryption_no_it_comes_up_in_the_clear_where_encryption_is_optional()
    {
        ScriptedPeer peer = In(ScriptedPeer.Authorization with { Encryption = EncryptionPolicy.Yes })
            .Says("FF03 C021 08 02 0010 80FD 0101 000A 1206 01000040");
        peer.Sees<PppEvent.EncryptionRefused>();
        Assert.That(peer.OpensIpcpAndTellsMppe(), Is.Null);
    }

    [Test]
    public void Where_it_requires_128_bits_and_we_allow_40_it_leaves_with_its_words() =>
        LetIn(ScriptedPeer.Authorization with { Mppe = MppeOffer.Stateless40 })
            .Hears("FF03 80FD 01 01 000A 1206 01000020")
            .Says("FF03 80FD 03 01 000A 1206 01000040").Hears("FF03 80FD 01 02 000A 1206 01000020")
            .Says("FF03 80FD 01 01 000A 1206 01000040").Hears("FF03 80FD 03 01 000A 1206 01000020")
            .Says($"FF03 C021 05 02 0023 {Rejected}").Hears("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.PeerRequest, "Encryption negotiation rejected");
}
