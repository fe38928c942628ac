using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp.Scripts;

/// <content>Its settings of encryption (none, optional, required) before a server's, and other forms.</content>
public sealed partial class WindowsScriptTests
{
    // Error 742: the server does not do the encryption that is required.
    private const string NotTheEncryptionRequired = "4F7B2A10 003CCD74 000002E6";

    // It asks for everything, and takes whatever one form it is told.
    [TestCase(MppeOffer.Stateless128, "01000040", MppeStrength.Bits128, true)]
    [TestCase(MppeOffer.Stateful128, "00000040", MppeStrength.Bits128, false)]
    [TestCase(MppeOffer.Stateless56 | MppeOffer.Stateless40, "01000080", MppeStrength.Bits56, true)]
    [TestCase(MppeOffer.Stateless40, "01000020", MppeStrength.Bits40, true)]
    [TestCase(MppeOffer.Stateful40, "00000020", MppeStrength.Bits40, false)]
    [TestCase(MppeOffer.Stateless128 | MppeOffer.Stateless40, "01000040", MppeStrength.Bits128, true)]
    public void All_bits_of_mppe_are_moved_to_the_strongest_form_allowed(
        MppeOffer allowed, string bits, MppeStrength strength, bool stateless)
    {
        foreach (EncryptionPolicy policy in (ReadOnlySpan<EncryptionPolicy>)
            [EncryptionPolicy.Yes, EncryptionPolicy.Required])
        {
            ScriptedPeer peer = LetIn(WithDns with { Encryption = policy, Mppe = allowed })
                .Hears($"FF03 80FD 01 01 000A 1206 {bits}")
                .Says("FF03 80FD 01 04 000A 1206 010000E1").Hears($"FF03 80FD 03 04 000A 1206 {bits}")
                .Says($"FF03 80FD 01 06 000A 1206 {bits}").Hears($"FF03 80FD 02 06 000A 1206 {bits}")
                .Says($"FF03 80FD 02 01 000A 1206 {bits}");
            Assert.That(
                peer.Sees<PppEvent.EncryptionUp>(), Is.EqualTo(new PppEvent.EncryptionUp(strength, stateless)));
        }
    }

    [Test]
    public void With_optional_encryption_it_comes_up_in_the_clear_where_the_server_wants_none()
    {
        ScriptedPeer peer = LetIn(WithDns with { Encryption = EncryptionPolicy.No })
            .Hears("FF03 8021 01 01 000A 0306 0A000001")
            .Says("FF03 80FD 01 04 000A 1206 010000E1")
            .Hears("FF03 C021 08 02 # 80FD 01 04 000A 1206 010000E1")
            .Says("FF03 8021 02 01 000A 0306 0A000001")
            .Says("FF03 8021 01 07 000A 0306 0A000005").Hears("FF03 8021 02 07 000A 0306 0A000005");
        Assert.That(peer.Sees<PppEvent.NetworkUp>().Parameters.Mppe, Is.Null);
    }

    [Test]
    public void With_required_encryption_it_leaves_where_the_server_wants_none() =>
        LetIn(WithDns with { Encryption = EncryptionPolicy.No })
            .Hears("FF03 8021 01 01 000A 0306 0A000001")
            .Says("FF03 80FD 01 04 000A 1206 010000E1")
            .Hears("FF03 C021 08 02 # 80FD 01 04 000A 1206 010000E1")
            .Says($"FF03 C021 05 07 # {NotTheEncryptionRequired}").Hears("FF03 C021 06 07 0004")
            .SeesClosed(LinkCloseCause.PeerRequest, "0x4F7B2A10003CCD74000002E6");
}
