using Pptp.Protocol.Mppe;
using Pptp.Protocol.Tests.Authentication;

namespace Pptp.Protocol.Tests.Mppe;

public sealed class MppeKeyTests
{
    // RFC 3079 §3.5, the same for all strengths: what the server sends with.
    private const string ServerSend = "8B7CDC149B993A1BA118CB153F56DCCB";

    [Test]
    public void The_master_key_of_RFC_3079_comes_out()
    {
        byte[] masterKey = new byte[16];

        MppeStartKeys.GetMasterKey(Rfc2759Example.PasswordHashHash, Rfc2759Example.NtResponse, masterKey);

        Assert.That(Convert.ToHexString(masterKey), Is.EqualTo("FDECE3717A8C838CB388E527AE3CDD31"));
    }

    [Test]
    public void The_start_keys_of_the_server_are_those_of_RFC_3079()
    {
        using MppeStartKeys keys = Example(isServer: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Convert.ToHexString(keys.Send), Is.EqualTo(ServerSend));
            // Not in the RFC; computed by a second implementation.
            Assert.That(Convert.ToHexString(keys.Receive), Is.EqualTo("D5F0E9521E3EA9589645E86051C82226"));
        }
    }

    [Test]
    public void What_one_side_sends_with_the_other_receives_with()
    {
        using MppeStartKeys server = Example(isServer: true);
        using MppeStartKeys client = Example(isServer: false);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.Receive.ToArray(), Is.EqualTo(server.Send.ToArray()));
            Assert.That(client.Send.ToArray(), Is.EqualTo(server.Receive.ToArray()));
        }
    }

    // RFC 3079 §3.5.1 to §3.5.3. The RFC prints 58 for the last byte at 56 bits; RC4 under the key it gives makes B8.
    [TestCase(MppeStrength.Bits40, "D1269EC49FA62E3E", "929137917E5803D668D75898")]
    [TestCase(MppeStrength.Bits56, "D15C00C49FA62E3E", "3F106833FA448DA842BC57B8")]
    [TestCase(MppeStrength.Bits128, "405CB2247A7956E6E211007AE27B22D4", "81848317DF68846272FB5ABE")]
    public void The_initial_session_key_and_test_message_of_RFC_3079_come_out(
        MppeStrength strength, string key, string message)
    {
        using var chain = new MppeKeyChain(HexBytes.Of(ServerSend), strength);
        using var cipher = new Rc4();
        byte[] text = "test message"u8.ToArray();

        cipher.Initialize(chain.Key);
        cipher.Transform(text, text);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Convert.ToHexString(chain.Key), Is.EqualTo(key));
            Assert.That(Convert.ToHexString(text), Is.EqualTo(message));
        }
    }

    // Computed by a second implementation.
    [TestCase(MppeStrength.Bits40, 1, "d1269ece4d98d181")]
    [TestCase(MppeStrength.Bits40, 2, "d1269edeefbd8aff")]
    [TestCase(MppeStrength.Bits40, 5001, "d1269e4f089c7e72")]
    [TestCase(MppeStrength.Bits56, 1, "d16182a2ab481407")]
    [TestCase(MppeStrength.Bits56, 2, "d178cc274f63faf1")]
    [TestCase(MppeStrength.Bits56, 5001, "d1d1ea1a02fe94ad")]
    [TestCase(MppeStrength.Bits128, 1, "726f10500e2b54135b1b74d7682f0471")]
    [TestCase(MppeStrength.Bits128, 2, "2805bc7869bec825573a7803e95a3acd")]
    [TestCase(MppeStrength.Bits128, 5001, "e08d2494de4742920872277b2532fd67")]
    public void The_key_after_some_changes_is_the_expected_one(MppeStrength strength, int changes, string key)
    {
        using var chain = new MppeKeyChain(HexBytes.Of(ServerSend), strength);

        for (int i = 0; i < changes; i++)
            chain.Advance();

        Assert.That(Convert.ToHexStringLower(chain.Key), Is.EqualTo(key));
    }

    [Test]
    public void A_saved_key_can_be_gone_back_to()
    {
        using var chain = new MppeKeyChain(HexBytes.Of(ServerSend), MppeStrength.Bits128);
        byte[] saved = new byte[16];

        chain.Save(saved);
        chain.Advance();
        chain.Advance();
        chain.Restore(saved);
        chain.Advance();

        Assert.That(Convert.ToHexStringLower(chain.Key), Is.EqualTo("726f10500e2b54135b1b74d7682f0471"));
    }

    [Test]
    public void Disposed_keys_are_zeros()
    {
        MppeStartKeys keys = Example(isServer: true);
        var chain = new MppeKeyChain(keys.Send, MppeStrength.Bits128);

        keys.Dispose();
        chain.Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.Send.ToArray(), Is.All.Zero);
            Assert.That(keys.Receive.ToArray(), Is.All.Zero);
            Assert.That(chain.Key.ToArray(), Is.All.Zero);
        }
    }

    private static MppeStartKeys Example(bool isServer) =>
        MppeStartKeys.FromMsChapV2(Rfc2759Example.PasswordHashHash, Rfc2759Example.NtResponse, isServer);
}
