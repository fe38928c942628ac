using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Tests.Authentication;

namespace Pptp.Protocol.Tests.Mppe;

/// <summary>RFC 3079 §2.5: password "clientPass", challenge 10 2D B5 DF 08 5D 30 41.</summary>
public sealed class MsChapV1KeyTests
{
    private static byte[] Challenge => HexBytes.Of("10 2D B5 DF 08 5D 30 41");

    private static byte[] LmHash => HexBytes.Of("76 A1 52 93 60 96 D7 83 0E 23 90 22 74 04 AF D2");

    // For 128 bits the RFC prints CA for the eleventh byte once and C1 the next time; only C1 leads to its session key.
    [TestCase(MppeStrength.Bits40, "76A152936096D7830000000000000000")]
    [TestCase(MppeStrength.Bits56, "76A152936096D7830000000000000000")]
    [TestCase(MppeStrength.Bits128, "A8947850CFC0ACC1D1789FB62DDCDDB0")]
    public void The_start_key_depends_on_the_strength_and_not_on_the_direction(MppeStrength strength, string key)
    {
        using MppeStartKeys keys = Example(LmHash);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Convert.ToHexString(keys.SendFor(strength)), Is.EqualTo(key));
            Assert.That(Convert.ToHexString(keys.ReceiveFor(strength)), Is.EqualTo(key));
            Assert.That(keys.Supports(strength), Is.True);
        }
    }

    [TestCase(MppeStrength.Bits40, "D1269E538CEC4A08")]
    [TestCase(MppeStrength.Bits56, "D10801538CEC4A08")]
    [TestCase(MppeStrength.Bits128, "59D159BC09F76F1DA2A86A28FFEC0B1E")]
    public void The_initial_session_keys_of_RFC_3079_come_out(MppeStrength strength, string key)
    {
        using MppeStartKeys keys = Example(LmHash);
        using var chain = new MppeKeyChain(keys.SendFor(strength), strength);

        Assert.That(Convert.ToHexString(chain.Key), Is.EqualTo(key));
    }

    [TestCase(MppeStrength.Bits40)]
    [TestCase(MppeStrength.Bits56)]
    public void Without_an_lm_hash_there_are_no_weak_keys(MppeStrength strength)
    {
        using MppeStartKeys keys = Example([]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.Supports(strength), Is.False);
            Assert.That(() => keys.SendFor(strength).Length, Throws.InvalidOperationException);
            Assert.That(() => keys.ReceiveFor(strength).Length, Throws.InvalidOperationException);
            Assert.That(keys.Supports(MppeStrength.Bits128), Is.True);
            Assert.That(
                Convert.ToHexString(keys.SendFor(MppeStrength.Bits128)),
                Is.EqualTo("A8947850CFC0ACC1D1789FB62DDCDDB0"));
        }
    }

    [TestCase(MppeStrength.Bits40)]
    [TestCase(MppeStrength.Bits56)]
    [TestCase(MppeStrength.Bits128)]
    public void After_MS_CHAPv2_one_key_serves_all_strengths(MppeStrength strength)
    {
        using MppeStartKeys keys = MppeStartKeys.FromMsChapV2(
            Rfc2759Example.PasswordHashHash, Rfc2759Example.NtResponse, isServer: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.Supports(strength), Is.True);
            Assert.That(
                Convert.ToHexString(keys.SendFor(strength)), Is.EqualTo("8B7CDC149B993A1BA118CB153F56DCCB"));
            Assert.That(
                Convert.ToHexString(keys.ReceiveFor(strength)), Is.EqualTo("D5F0E9521E3EA9589645E86051C82226"));
        }
    }

    [Test]
    public void Disposed_keys_are_zeros()
    {
        MppeStartKeys keys = Example(LmHash);

        keys.Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.SendFor(MppeStrength.Bits40).ToArray(), Is.All.Zero);
            Assert.That(keys.SendFor(MppeStrength.Bits128).ToArray(), Is.All.Zero);
            Assert.That(keys.ReceiveFor(MppeStrength.Bits128).ToArray(), Is.All.Zero);
        }
    }

    [TestCase(MppeStrength.Bits40, true)]
    [TestCase(MppeStrength.Bits40, false)]
    [TestCase(MppeStrength.Bits56, true)]
    [TestCase(MppeStrength.Bits56, false)]
    [TestCase(MppeStrength.Bits128, true)]
    [TestCase(MppeStrength.Bits128, false)]
    public void What_a_peer_encrypts_after_the_login_the_server_decrypts(MppeStrength strength, bool stateless)
    {
        using MsChapV1Peer peer = MsChapV1Peer.FromPassword("User", "clientPass");
        peer.Receive(ChapBytes.Challenge(1, Challenge, "pptpd"));
        var credentials = new MsChapV1Credentials("User", [], 1, Challenge, [], [], IsLanManagerOnly: false);
        using MppeStartKeys theirs = peer.DeriveKeys();
        using MppeStartKeys ours = credentials.DeriveKeys(Rfc2759Example.PasswordHash, LmHash);
        using var encryptor = new MppeEncryptor(theirs.SendFor(strength), strength, stateless);
        using var decryptor = new MppeDecryptor(ours.ReceiveFor(strength), strength, stateless);

        for (int i = 0; i < 600; i++)
            decryptor.ExpectFrame(encryptor.Next());
    }

    private static MppeStartKeys Example(byte[] lmHash) =>
        MppeStartKeys.FromMsChapV1(Rfc2759Example.PasswordHashHash, Challenge, lmHash);
}
