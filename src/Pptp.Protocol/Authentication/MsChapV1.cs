using System.Security.Cryptography;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The functions of MS-CHAPv1 that MS-CHAPv2 does not have (RFC 2433). The NT hash and the response to a challenge of
/// eight bytes are those of <see cref="MsChapV2"/>.
/// </summary>
public static class MsChapV1
{
    /// <summary>Bytes in a challenge.</summary>
    public const int ChallengeLength = 8;

    /// <summary>Bytes in an LM hash.</summary>
    public const int LmPasswordHashLength = 16;

    /// <summary>The longest password that has an LM hash, in characters.</summary>
    public const int MaximumLmPasswordLength = 14;

    // RFC 2433 §A.3: what is encrypted under the password.
    private static ReadOnlySpan<byte> StandardText => "KGS!@#$%"u8;

    /// <summary>
    /// The LM hash: the password's upper-case characters as two DES keys (RFC 2433 §A.2). MPPE takes its weak keys
    /// from it; for a login it is worth nothing.
    /// </summary>
    /// <param name="password">Any password.</param>
    /// <param name="passwordHash">16 bytes; all zeros where there is no hash.</param>
    /// <returns>
    /// False when the password has no LM hash both sides would agree on: with more than 14 characters, or with one
    /// outside ASCII, whose bytes depend on the code page of the peer's machine.
    /// </returns>
    public static bool TryLmPasswordHash(ReadOnlySpan<char> password, Span<byte> passwordHash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(passwordHash.Length, LmPasswordHashLength);
        const int KeyLength = 7;
        passwordHash.Clear();
        if (password.Length > MaximumLmPasswordLength || !System.Text.Ascii.IsValid(password))
            return false;

        Span<byte> padded = stackalloc byte[2 * KeyLength];
        padded.Clear();
        for (int i = 0; i < password.Length; i++)
            padded[i] = (byte)char.ToUpperInvariant(password[i]);
        Span<byte> key = stackalloc byte[Des.BlockSize];
        for (int i = 0; i < 2; i++)
        {
            Des.ExpandKey(padded.Slice(KeyLength * i, KeyLength), key);
            Des.EncryptBlock(key, StandardText, passwordHash.Slice(Des.BlockSize * i, Des.BlockSize));
        }
        CryptographicOperations.ZeroMemory(padded);
        CryptographicOperations.ZeroMemory(key);
        return true;
    }
}
