using Pptp.Protocol.Authentication;
using static Pptp.Protocol.Tests.Authentication.AuthenticatorSteps;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>With the values of RFC 2433 §B.2: password "MyPw".</summary>
public sealed class MsChapV1AuthenticatorTests
{
    private static byte[] Challenge => HexBytes.Of("10 2D B5 DF 08 5D 30 41");

    private static byte[] NextChallenge => HexBytes.Of("01 23 45 67 89 AB CD EF");

    private static byte[] PasswordHash => HexBytes.Of("FC 15 6A F7 ED CD 6C 0E DD E3 33 7D 42 7F 4E AC");

    private static byte[] NtResponse =>
        HexBytes.Of("4E 9D 3C 8F 9C FD 38 5D 5B F4 D3 24 67 91 95 6C A4 C3 51 AB 40 9A 3D 61");

    // What Windows 95 would send; computed by a second implementation.
    private static byte[] LmResponse => HexBytes.Of("91881D0152AB0C33C524135EC24A95EE64E23CDC2D33347D");

    [Test]
    public void Start_sends_a_challenge_of_8_bytes()
    {
        MsChapV1Authenticator authenticator = Start();

        Assert.That(Sent(authenticator), Is.EqualTo(HexBytes.Of("01 41 0012 08 102DB5DF085D3041 7070747064")));
        Nothing(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(authenticator.Protocol, Is.EqualTo(0xC223));
            Assert.That((byte)authenticator.Algorithm, Is.EqualTo(0x80));
        }
    }

    [Test]
    public void A_response_gives_its_credentials()
    {
        MsChapV1Credentials credentials = Asked(Start(), @"OFFICE\User");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo(@"OFFICE\User"));
            Assert.That(credentials.Identifier, Is.EqualTo(0x41));
            Assert.That(credentials.Challenge, Is.EqualTo(Challenge));
            Assert.That(credentials.LmResponse, Is.EqualTo(LmResponse));
            Assert.That(credentials.NtResponse, Is.EqualTo(NtResponse));
            Assert.That(credentials.IsLanManagerOnly, Is.False);
        }
    }

    [Test]
    public void Credentials_know_right_from_wrong()
    {
        MsChapV1Credentials credentials = Asked(Start());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.Verify(PasswordHash), Is.True);
            Assert.That(credentials.Verify(Rfc2759Example.PasswordHash), Is.False);
            Assert.That((credentials with { Challenge = NextChallenge }).Verify(PasswordHash), Is.False);
        }
    }

    [TestCase(0)]
    [TestCase(12)]
    [TestCase(23)]
    public void A_response_with_one_wrong_bit_anywhere_is_refused(int position)
    {
        byte[] response = NtResponse;
        response[position] ^= 1;

        Assert.That((Asked(Start()) with { NtResponse = response }).Verify(PasswordHash), Is.False);
    }

    [Test]
    public void A_response_with_zeros_for_the_LM_part_is_as_good() =>
        Assert.That(Asked(Start(), lmResponse: new byte[24]).Verify(PasswordHash), Is.True);

    // RFC 2433 §6: the flag says that the NT response is to be ignored, and we take no other.
    [TestCase(true)]
    [TestCase(false)]
    public void A_peer_that_lets_only_the_LM_response_count_is_refused(bool hasNtResponse)
    {
        MsChapV1Credentials credentials =
            Asked(Start(), ntResponse: hasNtResponse ? NtResponse : new byte[24], flag: 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.IsLanManagerOnly, Is.True);
            Assert.That(credentials.Verify(PasswordHash), Is.False);
        }
    }

    [TestCase(null, "Welcome")]
    [TestCase("Hello", "Hello")]
    public void Acceptance_sends_success(string? message, string expected)
    {
        MsChapV1Authenticator authenticator = Start();
        Asked(authenticator);

        authenticator.Decide(new AuthenticationVerdict.Accept(message), Seconds(2));

        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Success(0x41, expected)));
        Succeeded(authenticator);
    }

    [Test]
    public void Rejection_sends_failure_with_code_and_a_challenge()
    {
        MsChapV1Authenticator authenticator = Start();
        Asked(authenticator);

        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: false, 647), Seconds(2));

        Assert.That(
            Sent(authenticator), Is.EqualTo(ChapBytes.Failure(0x41, "E=647 R=0 C=0123456789ABCDEF V=2")));
        Assert.That(Failure(authenticator), Is.EqualTo("Authentication failed (error 647)"));
    }

    [TestCase(0x41)]
    [TestCase(0x42)]
    public void A_further_try_answers_the_challenge_in_the_failure(int identifier)
    {
        MsChapV1Authenticator authenticator = Start();
        Asked(authenticator, ntResponse: new byte[24]);
        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: true), Seconds(2));
        Assert.That(
            Sent(authenticator), Is.EqualTo(ChapBytes.Failure(0x41, "E=691 R=1 C=0123456789ABCDEF V=2")));
        byte[] response = new byte[24];
        MsChapV2.ChallengeResponse(NextChallenge, PasswordHash, response);

        authenticator.Receive(
            ChapBytes.Value(2, (byte)identifier, [.. new byte[24], .. response, 1], "User"u8.ToArray()), Seconds(9));

        MsChapV1Credentials credentials = Credentials<MsChapV1Credentials>(authenticator);
        Assert.That(credentials.Verify(PasswordHash), Is.True);
        authenticator.Decide(new AuthenticationVerdict.Accept(null), Seconds(10));
        Assert.That(Sent(authenticator), Is.EqualTo(ChapBytes.Success((byte)identifier, "Welcome")));
        Succeeded(authenticator);
    }

    // A change of password by the packets of RFC 2433 is not understood, so that nothing waits for one.
    [Test]
    public void An_expired_password_ends_it()
    {
        MsChapV1Authenticator authenticator = Start();
        Asked(authenticator);

        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: false, 648), Seconds(2));

        Assert.That(
            Sent(authenticator), Is.EqualTo(ChapBytes.Failure(0x41, "E=648 R=0 C=0123456789ABCDEF V=2")));
        Failure(authenticator);
    }

    [TestCase(16)]
    [TestCase(48)]
    [TestCase(50)]
    public void A_value_of_another_size_ends_it(int size)
    {
        MsChapV1Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(ChapBytes.Value(2, 0x41, new byte[size], "User"u8.ToArray()), Seconds(1));

        Assert.That(
            Sent(authenticator), Is.EqualTo(ChapBytes.Failure(0x41, "E=691 R=0 C=0123456789ABCDEF V=2")));
        Assert.That(Failure(authenticator), Is.EqualTo($"a response of {size} bytes where MS-CHAPv1 has 49"));
    }

    [Test]
    public void A_name_of_more_than_256_bytes_ends_it()
    {
        MsChapV1Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(ChapBytes.Value(2, 0x41, new byte[49], new byte[257]), Seconds(1));

        Assert.That(Sent(authenticator)[0], Is.EqualTo(4));
        Assert.That(Failure(authenticator), Is.EqualTo("a user name of 257 bytes"));
    }

    private static MsChapV1Authenticator Start()
    {
        var random = new ScriptedRandom([0x40], Challenge, NextChallenge);
        var authenticator = new MsChapV1Authenticator("pptpd", random);
        authenticator.Start(TimeSpan.Zero);
        return authenticator;
    }

    private static MsChapV1Credentials Asked(
        MsChapV1Authenticator authenticator,
        string userName = "User",
        byte[]? lmResponse = null,
        byte[]? ntResponse = null,
        byte flag = 1)
    {
        Sent(authenticator);
        byte[] value = [.. lmResponse ?? LmResponse, .. ntResponse ?? NtResponse, flag];
        authenticator.Receive(
            ChapBytes.Value(2, 0x41, value, System.Text.Encoding.UTF8.GetBytes(userName)), Seconds(1));
        return Credentials<MsChapV1Credentials>(authenticator);
    }
}
