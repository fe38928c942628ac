using System.Text;
using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Tests.Authentication;

public sealed class MsChapV2Tests
{
    private static byte[] User => "User"u8.ToArray();

    // RFC 2759 §9.2 and §9.3.
    [TestCase("clientPass", "44EBBA8D5312B8D611474411F56989AE")]
    [TestCase("MyPw", "FC156AF7EDCD6C0EDDE3337D427F4EAC")]
    [TestCase("", "31D6CFE0D16AE931B73C59D7E0C089C0")]
    public void A_password_hashes_to_its_published_nt_hash(string password, string expected)
    {
        byte[] hash = new byte[16];

        MsChapV2.NtPasswordHash(password, hash);

        Assert.That(Convert.ToHexString(hash), Is.EqualTo(expected));
    }

    [Test]
    public void A_password_is_hashed_in_little_endian_code_units()
    {
        byte[] hash = new byte[16];
        byte[] expected = new byte[16];

        // U+20AC, then U+1F511 as two surrogates.
        MsChapV2.NtPasswordHash("€\U0001F511", hash);
        Md4.HashData(HexBytes.Of("AC 20 3D D8 11 DD"), expected);

        Assert.That(hash, Is.EqualTo(expected));
    }

    [Test]
    public void Every_value_of_RFC_2759_section_9_2_comes_out()
    {
        byte[] hashHash = new byte[16];
        byte[] challenge = new byte[8];
        byte[] response = new byte[24];

        MsChapV2.HashNtPasswordHash(Rfc2759Example.PasswordHash, hashHash);
        MsChapV2.ChallengeHash(
            Rfc2759Example.PeerChallenge, Rfc2759Example.AuthenticatorChallenge, User, challenge);
        MsChapV2.GenerateNtResponse(
            Rfc2759Example.AuthenticatorChallenge,
            Rfc2759Example.PeerChallenge,
            User,
            Rfc2759Example.PasswordHash,
            response);
        string proof = MsChapV2.GenerateAuthenticatorResponse(
            Rfc2759Example.PasswordHash,
            response,
            Rfc2759Example.PeerChallenge,
            Rfc2759Example.AuthenticatorChallenge,
            User);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(hashHash, Is.EqualTo(Rfc2759Example.PasswordHashHash));
            Assert.That(challenge, Is.EqualTo(Rfc2759Example.Challenge));
            Assert.That(response, Is.EqualTo(Rfc2759Example.NtResponse));
            Assert.That(proof, Is.EqualTo("S=407A5589115FD0D6209F510FE9C04566932CDA56"));
        }
    }

    // A hash ending 00 00 makes the third DES key all zeros, a weak one. Computed with OpenSSL's DES.
    [Test]
    public void A_password_whose_hash_ends_in_zeros_works()
    {
        byte[] hash = new byte[16];
        byte[] response = new byte[24];

        MsChapV2.NtPasswordHash("weak43764", hash);
        MsChapV2.ChallengeResponse(Rfc2759Example.Challenge, hash, response);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Convert.ToHexString(hash), Is.EqualTo("CF9B4A65254BAD8B4553BD0B6CE10000"));
            Assert.That(
                Convert.ToHexString(response), Is.EqualTo("93D3381D836D37303EBE0E29FB54AE5E651B607991F4DB3F"));
        }
    }

    [TestCase(0)]
    [TestCase(12)]
    [TestCase(23)]
    public void A_response_with_one_wrong_bit_anywhere_is_refused(int position)
    {
        byte[] response = Rfc2759Example.NtResponse;
        Assert.That(Verify(response), Is.True);

        response[position] ^= 1;

        Assert.That(Verify(response), Is.False);
    }

    [Test]
    public void A_response_of_another_length_is_refused() =>
        Assert.That(Verify(Rfc2759Example.NtResponse[..23]), Is.False);

    [TestCase("User", "User")]
    [TestCase(@"DOMAIN\User", "User")]
    [TestCase(@"A\B\User", "User")]
    [TestCase(@"DOMAIN\", "")]
    [TestCase("User@DOMAIN", "User@DOMAIN")]
    [TestCase("", "")]
    public void Only_the_name_after_the_last_backslash_counts(string name, string hashed) =>
        Assert.That(
            Encoding.UTF8.GetString(MsChapV2.WithoutDomain(Encoding.UTF8.GetBytes(name))), Is.EqualTo(hashed));

    [TestCase(Rfc2759Example.AuthenticatorResponse, true)]
    [TestCase(Rfc2759Example.AuthenticatorResponse + " M=Welcome", true)]
    [TestCase("S=407a5589115fd0d6209f510fe9c04566932cda56", true)]
    [TestCase("S=507A5589115FD0D6209F510FE9C04566932CDA56", false)]
    [TestCase("S=407A5589115FD0D6209F510FE9C04566932CDA57", false)]
    [TestCase("S=407A5589115FD0D6209F510FE9C04566932CDA5", false)]
    [TestCase("S=407A5589115FD0D6209F510FE9C04566932CDA5G", false)]
    [TestCase("s=407A5589115FD0D6209F510FE9C04566932CDA56", false)]
    [TestCase("M=407A5589115FD0D6209F510FE9C04566932CDA56", false)]
    [TestCase("", false)]
    public void A_proof_is_accepted_only_when_right(string message, bool expected)
    {
        bool accepted = MsChapV2.VerifyAuthenticatorResponse(
            Rfc2759Example.PasswordHash,
            Rfc2759Example.NtResponse,
            Rfc2759Example.PeerChallenge,
            Rfc2759Example.AuthenticatorChallenge,
            User,
            Encoding.UTF8.GetBytes(message));

        Assert.That(accepted, Is.EqualTo(expected));
    }

    [Test]
    public void A_hash_of_the_wrong_length_is_the_callers_mistake() =>
        Assert.That(
            () => MsChapV2.ChallengeResponse(new byte[8], new byte[15], new byte[24]),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static bool Verify(byte[] response) => MsChapV2.VerifyNtResponse(
        Rfc2759Example.AuthenticatorChallenge,
        Rfc2759Example.PeerChallenge,
        User,
        Rfc2759Example.PasswordHash,
        response);
}
