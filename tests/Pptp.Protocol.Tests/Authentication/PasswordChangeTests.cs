using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using static Pptp.Protocol.Tests.Authentication.AuthenticatorSteps;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>
/// A password that has expired and is changed in the login (RFC 2759 §7). The old one is that of the RFC's example;
/// the values of the new one, "serverPaß", are computed with OpenSSL's MD4 and DES.
/// </summary>
internal sealed class PasswordChangeTests
{
    private const string NewPassword = "serverPa\u00DF";

    private static readonly AuthenticationVerdict Expired = new AuthenticationVerdict.Reject(MayRetry: true, 648, "old");

    private static readonly byte[] NewHash = HexBytes.Of("A9 AF E0 DF 41 69 7B BA CE F2 D9 F5 89 3E 5B 08");
    private static readonly byte[] EncryptedHash = HexBytes.Of("6F 24 E4 7A 4D 0B 0D D2 44 3D A0 A8 40 24 CC AF");

    private static readonly byte[] NtResponse =
        HexBytes.Of("A3 7A 08 8F 41 7B 5A 38 FF 28 EF 19 3E 80 2D 6E 12 F4 14 2C 48 8A 99 B3");

    [Test]
    public void A_block_is_made_as_by_another_implementation() => Assert.That(
        Convert.ToHexString(SHA1.HashData(Block(NewPassword))),
        Is.EqualTo("EF6D91928B43066A471D6ED71AC80BE2AD0CEE10"));

    [Test]
    public void An_expired_password_is_changed_and_the_login_goes_on_with_the_new_one()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();
        authenticator.Decide(Expired, Seconds(2));
        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Failure(0x41, "E=648 R=1 C=0F0E0D0C0B0A09080706050403020100 V=3 M=old")));
        Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(62)));

        authenticator.Receive(Change(0x42), Seconds(30));

        var change = Credentials<MsChapV2PasswordChange>(authenticator);
        Assert.That(change.UserName, Is.EqualTo("User"));
        Assert.That(change.ReadNewPassword(Rfc2759Example.PasswordHash), Is.EqualTo(NewPassword));
        Assert.That(change.ReadNewPassword(NewHash), Is.Null, "the old password is another");
        string proof = change.Login.AuthenticatorResponse(NewHash);
        Assert.That(proof, Is.EqualTo("S=A905171EC3DACD5CC39D80163FBF2ED1679A913E"));
        authenticator.Decide(new AuthenticationVerdict.Accept(proof), Seconds(31));
        byte[] success = Sent(authenticator);
        Assert.That(success, Is.EqualTo(ChapBytes.Success(0x42, proof + " M=Welcome")));
        Succeeded(authenticator);

        // The Success was lost.
        authenticator.Receive(Change(0x42), Seconds(34));
        Assert.That(Sent(authenticator), Is.EqualTo(success));
        Nothing(authenticator);
    }

    [Test]
    public void A_change_that_nobody_asked_for_is_ignored()
    {
        MsChapV2Authenticator challenged = Start();
        Sent(challenged);
        challenged.Receive(Change(0x41), Seconds(1));
        Nothing(challenged);

        MsChapV2Authenticator wrong = AwaitingRetry();
        wrong.Receive(Change(0x42), Seconds(3));
        Nothing(wrong);
        Assert.That(wrong.Ignored, Is.EqualTo(1));

        MsChapV2Authenticator authenticated = Authenticated();
        authenticated.Receive(Change(0x41), Seconds(3));
        Nothing(authenticated);
    }

    [Test]
    public void A_change_is_offered_once_and_is_not_one_of_the_tries()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict(new ChapTimers { MaximumRetries = 0 });
        authenticator.Decide(Expired, Seconds(2));
        Assert.That(Encoding.ASCII.GetString(Sent(authenticator)[4..]), Does.StartWith("E=648 R=1"));
        authenticator.Receive(Change(0x42), Seconds(3));
        Credentials<MsChapV2PasswordChange>(authenticator);

        authenticator.Decide(Expired, Seconds(4));

        Assert.That(Encoding.ASCII.GetString(Sent(authenticator)[4..]), Does.StartWith("E=648 R=0"));
        Failure(authenticator);
    }

    [Test]
    public void A_change_that_cannot_be_kept_ends_the_login()
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();
        authenticator.Decide(Expired, Seconds(2));
        Sent(authenticator);
        authenticator.Receive(Change(0x42), Seconds(3));
        Credentials<MsChapV2PasswordChange>(authenticator);

        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: false, 709, "no"), Seconds(4));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Failure(0x42, "E=709 R=0 C=303132333435363738393A3B3C3D3E3F V=3 M=no")));
        Failure(authenticator);
    }

    [TestCase(0)]
    [TestCase(581)]
    [TestCase(583)]
    public void A_change_of_another_length_is_a_failure(int length)
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict();
        authenticator.Decide(Expired, Seconds(2));
        Sent(authenticator);

        authenticator.Receive(ChapBytes.Packet(7, 0x42, new byte[length]), Seconds(3));

        Assert.That(Encoding.ASCII.GetString(Sent(authenticator)[4..]), Does.StartWith("E=691 R=0"));
        Assert.That(Failure(authenticator), Is.EqualTo(
            $"a change of password of {length} bytes where MS-CHAPv2 has 582"));
    }

    [Test]
    public void Each_of_the_three_values_must_be_right()
    {
        for (int at = 4; at < 4 + 582; at++)
        {
            MsChapV2Authenticator authenticator = AwaitingVerdict();
            authenticator.Decide(Expired, Seconds(2));
            Sent(authenticator);
            byte[] packet = Change(0x42);
            packet[at] ^= 0x10;
            authenticator.Receive(packet, Seconds(3));
            string? password =
                Credentials<MsChapV2PasswordChange>(authenticator).ReadNewPassword(Rfc2759Example.PasswordHash);

            // Filling before the password, the reserved bytes and the flags mean nothing.
            bool counts = at is >= 4 + 512 - 18 and < 4 + 516 + 16 + 16 or >= 4 + 556 and < 4 + 580;
            Assert.That(password, counts ? Is.Null : Is.EqualTo(NewPassword), $"byte {at}");
        }
    }

    [Test]
    public void A_password_of_256_characters_is_the_longest()
    {
        char[] password = new char[256];
        string longest = new('x', 256);
        Assert.That(PasswordBlock.TryDecrypt(Block(longest), Rfc2759Example.PasswordHash, password, out int length));
        Assert.That(new string(password, 0, length), Is.EqualTo(longest));
        foreach (uint bytes in (uint[])[1, 511, 513, 514, uint.MaxValue])
        {
            Assert.That(PasswordBlock.TryDecrypt(
                Encrypt(new byte[512], bytes), Rfc2759Example.PasswordHash, password, out length), Is.False);
        }
    }

    private static byte[] Change(byte identifier) => ChapBytes.Packet(
        7,
        identifier,
        [
            .. Block(NewPassword), .. EncryptedHash, .. Rfc2759Example.PeerChallenge, .. new byte[8], .. NtResponse,
            0, 0,
        ]);

    private static byte[] Block(string password)
    {
        byte[] text = Encoding.Unicode.GetBytes(password);
        byte[] filling = [.. Enumerable.Range(0, 512 - text.Length).Select(i => (byte)(i * 7))];
        return Encrypt([.. filling, .. text], (uint)text.Length);
    }

    private static byte[] Encrypt(byte[] text, uint length)
    {
        byte[] clear = [.. text, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(clear.AsSpan(512), length);
        byte[] block = new byte[clear.Length];
        using Rc4 cipher = new();
        cipher.Initialize(Rfc2759Example.PasswordHash);
        cipher.Transform(clear, block);
        return block;
    }
}
