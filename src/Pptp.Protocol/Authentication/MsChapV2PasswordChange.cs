using System.Security.Cryptography;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// What a peer sends that was told 648, its password has expired (RFC 2759 §7): the new password, readable with the
/// hash of the old one, and a login with the new one.
/// </summary>
/// <param name="Login">
/// The login with the new password. The packet has no name: it is that of the Response before.
/// </param>
/// <param name="EncryptedPassword">516 bytes.</param>
/// <param name="EncryptedHash">The old NT hash encrypted with the new one, 16 bytes.</param>
public sealed record MsChapV2PasswordChange(
    MsChapV2Credentials Login, byte[] EncryptedPassword, byte[] EncryptedHash)
    : PeerCredentials(Login.UserName, Login.RawUserName)
{
    /// <summary>Bytes of the packet after its header.</summary>
    internal const int Length = PasswordBlock.Length + MsChapV2.PasswordHashLength + MsChapV2.ChallengeLength
        + ReservedLength + MsChapV2.NtResponseLength + FlagsLength;

    private const int ReservedLength = 8;
    private const int FlagsLength = 2;

    /// <summary>
    /// The new password, when the peer has proven by all three of its values that it knows the old one; else null.
    /// It may be empty, and may be no well-formed text.
    /// </summary>
    /// <param name="oldPasswordHash">The NT hash of the old password, 16 bytes.</param>
    public string? ReadNewPassword(ReadOnlySpan<byte> oldPasswordHash)
    {
        Span<char> password = stackalloc char[PasswordBlock.MaximumPasswordLength];
        Span<byte> newHash = stackalloc byte[MsChapV2.PasswordHashLength];
        Span<byte> encryptedHash = stackalloc byte[MsChapV2.PasswordHashLength];
        bool fits = PasswordBlock.TryDecrypt(EncryptedPassword, oldPasswordHash, password, out int length);
        MsChapV2.NtPasswordHash(password[..length], newHash);
        PasswordBlock.EncryptHash(oldPasswordHash, newHash, encryptedHash);
        bool proven = fits
            & CryptographicOperations.FixedTimeEquals(encryptedHash, EncryptedHash)
            & Login.Verify(newHash);
        string? result = proven ? new string(password[..length]) : null;
        password.Clear();
        CryptographicOperations.ZeroMemory(newHash);
        return result;
    }

    /// <summary>Takes the packet's data apart. False for any other length.</summary>
    internal static bool TryParse(
        ReadOnlySpan<byte> data, MsChapV2Credentials before, byte identifier, byte[] challenge,
        out MsChapV2PasswordChange? change)
    {
        change = null;
        if (data.Length != Length)
            return false;
        byte[] password = Take(ref data, PasswordBlock.Length);
        byte[] hash = Take(ref data, MsChapV2.PasswordHashLength);
        byte[] peerChallenge = Take(ref data, MsChapV2.ChallengeLength);
        data = data[ReservedLength..];
        MsChapV2Credentials login = before with
        {
            Identifier = identifier,
            AuthenticatorChallenge = challenge,
            PeerChallenge = peerChallenge,
            NtResponse = Take(ref data, MsChapV2.NtResponseLength),
        };
        change = new MsChapV2PasswordChange(login, password, hash);
        return true;

        static byte[] Take(ref ReadOnlySpan<byte> data, int length)
        {
            byte[] taken = data[..length].ToArray();
            data = data[length..];
            return taken;
        }
    }
}
