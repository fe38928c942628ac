using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Tests.Authentication;

public sealed class MsChapV1Tests
{
    // RFC 3079 §2.5; the others computed by a second implementation. The letters' case is lost, and what follows the
    // seventh character is hashed by itself.
    [TestCase("clientPass", "76A152936096D7830E2390227404AFD2")]
    [TestCase("CLIENTPASS", "76A152936096D7830E2390227404AFD2")]
    [TestCase("MyPw", "75BA30198E6D1975AAD3B435B51404EE")]
    [TestCase("a", "7584248B8D2C9F9EAAD3B435B51404EE")]
    [TestCase("Passw0rd!12345", "B34CE522C3E4C87747BEA067164898B5")]
    [TestCase("", "AAD3B435B51404EEAAD3B435B51404EE")]
    public void A_password_hashes_to_its_lm_hash(string password, string expected)
    {
        byte[] hash = new byte[16];

        Assert.That(MsChapV1.TryLmPasswordHash(password, hash), Is.True);

        Assert.That(Convert.ToHexString(hash), Is.EqualTo(expected));
    }

    [TestCase("Passw0rd!123456")]
    [TestCase("p\u00E4ss")]
    public void A_long_password_and_one_beyond_ASCII_have_no_lm_hash(string password)
    {
        byte[] hash = [.. Enumerable.Repeat((byte)0xAA, 16)];

        Assert.That(MsChapV1.TryLmPasswordHash(password, hash), Is.False);

        Assert.That(hash, Is.All.Zero);
    }

    [Test]
    public void The_response_of_RFC_2433_comes_out()
    {
        byte[] hash = new byte[16];
        byte[] response = new byte[24];

        MsChapV2.NtPasswordHash("MyPw", hash);
        MsChapV2.ChallengeResponse(HexBytes.Of("10 2D B5 DF 08 5D 30 41"), hash, response);

        Assert.That(
            Convert.ToHexString(response), Is.EqualTo("4E9D3C8F9CFD385D5BF4D3246791956CA4C351AB409A3D61"));
    }
}
