using System.Text;
using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Tests.Authentication;

public sealed class Md4Tests
{
    // RFC 1320 §A.5.
    [TestCase("", "31d6cfe0d16ae931b73c59d7e0c089c0")]
    [TestCase("a", "bde52cb31de33e46245e05fbdbd6fb24")]
    [TestCase("abc", "a448017aaf21d8525fc10ae87aa6729d")]
    [TestCase("message digest", "d9130a8164549fe818874806e1c7014b")]
    [TestCase("abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9")]
    [TestCase(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4")]
    [TestCase(
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "e33b4ddc9c38f2199c3e7b164fcc0536")]
    public void A_text_hashes_to_its_published_vector(string text, string expected)
    {
        byte[] hash = new byte[16];

        Md4.HashData(Encoding.ASCII.GetBytes(text), hash);

        Assert.That(Convert.ToHexStringLower(hash), Is.EqualTo(expected));
    }

    // Around the edges of the padding: the length still fits the block, just does not, a whole block, one more.
    // Computed with OpenSSL's MD4.
    [TestCase(55, "92f32bb82c95ad10e8f87ae58ab06807")]
    [TestCase(56, "374d5f08103b7092c83b4626ebceffab")]
    [TestCase(63, "2870452596e98fffd48332289b3472b9")]
    [TestCase(64, "b1abf956a5ae6f3221e5fe85e300fbb0")]
    [TestCase(65, "afc1a3308fc176a53238a09aeddec2e6")]
    [TestCase(119, "b55ae15e41e55643b0c3daad5e05c905")]
    [TestCase(120, "d8f9adfc41ec43552619606c70cfd287")]
    [TestCase(1000, "4b4cacfefc79bf951c60620df38532dc")]
    public void A_text_of_any_length_is_padded_right(int length, string expected)
    {
        byte[] hash = new byte[16];

        Md4.HashData(Enumerable.Repeat((byte)'x', length).ToArray(), hash);

        Assert.That(Convert.ToHexStringLower(hash), Is.EqualTo(expected));
    }
}
