using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The functions of MS-CHAPv2 (RFC 2759 §8): values in, values out. A span of another length than named is a mistake
/// of the caller and throws <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
/// <remarks>
/// Challenges have 16 bytes (the short one 8), NT hashes and hashes of them 16, responses 24. A user name is given as
/// it goes over the wire, but <see cref="WithoutDomain"/>.
/// </remarks>
public static class MsChapV2
{
    /// <summary>Bytes in the challenge of either side.</summary>
    public const int ChallengeLength = 16;

    /// <summary>Bytes in an NT hash, and in the hash of one.</summary>
    public const int PasswordHashLength = 16;

    /// <summary>Bytes in an NT-Response.</summary>
    public const int NtResponseLength = 24;

    /// <summary>Characters in an authenticator response: "S=" and 40 hexadecimal digits.</summary>
    public const int AuthenticatorResponseLength = 2 + 2 * SHA1.HashSizeInBytes;

    /// <summary>The longest user name, in bytes (RFC 2759 §4).</summary>
    public const int MaximumUserNameLength = 256;

    private const int ShortChallengeLength = 8;

    // RFC 2759 §8.7 Magic1 and Magic2.
    private static ReadOnlySpan<byte> SigningText => "Magic server to client signing constant"u8;

    private static ReadOnlySpan<byte> PaddingText => "Pad to make it do more than one iteration"u8;

    /// <summary>The NT hash: MD4 of the password in UTF-16LE (RFC 2759 §8.3).</summary>
    public static void NtPasswordHash(ReadOnlySpan<char> password, Span<byte> passwordHash)
    {
        // Code units as they stand: a lone surrogate is hashed, not replaced.
        byte[] unicode = new byte[2 * password.Length];
        for (int i = 0; i < password.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(unicode.AsSpan(2 * i), password[i]);
        Md4.HashData(unicode, passwordHash);
        CryptographicOperations.ZeroMemory(unicode);
    }

    /// <summary>MD4 of the NT hash (RFC 2759 §8.4).</summary>
    public static void HashNtPasswordHash(ReadOnlySpan<byte> passwordHash, Span<byte> passwordHashHash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(passwordHash.Length, PasswordHashLength);
        Md4.HashData(passwordHash, passwordHashHash);
    }

    /// <summary>
    /// The part of a user name that is hashed: what follows the last backslash, all of it when there is none
    /// (RFC 2759 §4, §8.2: without the domain).
    /// </summary>
    public static ReadOnlySpan<byte> WithoutDomain(ReadOnlySpan<byte> userName) =>
        userName[(userName.LastIndexOf((byte)'\\') + 1)..];

    /// <summary>The eight bytes that are answered in place of the two challenges (RFC 2759 §8.2).</summary>
    public static void ChallengeHash(
        ReadOnlySpan<byte> peerChallenge,
        ReadOnlySpan<byte> authenticatorChallenge,
        ReadOnlySpan<byte> userName,
        Span<byte> challenge)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(peerChallenge.Length, ChallengeLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(authenticatorChallenge.Length, ChallengeLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(challenge.Length, ShortChallengeLength);
        ReadOnlySpan<byte> input = [.. peerChallenge, .. authenticatorChallenge, .. userName];
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, digest);
        digest[..ShortChallengeLength].CopyTo(challenge);
    }

    /// <summary>The challenge encrypted with DES under three keys cut from the hash (RFC 2759 §8.5).</summary>
    public static void ChallengeResponse(
        ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> passwordHash, Span<byte> response)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(challenge.Length, ShortChallengeLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(passwordHash.Length, PasswordHashLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(response.Length, NtResponseLength);
        const int KeyLength = 7;
        Span<byte> padded = stackalloc byte[3 * KeyLength];
        padded.Clear();
        passwordHash.CopyTo(padded);
        Span<byte> key = stackalloc byte[Des.BlockSize];
        for (int i = 0; i < 3; i++)
        {
            Des.ExpandKey(padded.Slice(KeyLength * i, KeyLength), key);
            Des.EncryptBlock(key, challenge, response.Slice(Des.BlockSize * i, Des.BlockSize));
        }
        CryptographicOperations.ZeroMemory(padded);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>The peer's proof that it knows the password (RFC 2759 §8.1, from the NT hash on).</summary>
    public static void GenerateNtResponse(
        ReadOnlySpan<byte> authenticatorChallenge,
        ReadOnlySpan<byte> peerChallenge,
        ReadOnlySpan<byte> userName,
        ReadOnlySpan<byte> passwordHash,
        Span<byte> ntResponse)
    {
        Span<byte> challenge = stackalloc byte[ShortChallengeLength];
        ChallengeHash(peerChallenge, authenticatorChallenge, userName, challenge);
        ChallengeResponse(challenge, passwordHash, ntResponse);
    }

    /// <summary>Whether <paramref name="ntResponse"/> is the right one; takes the same time either way.</summary>
    public static bool VerifyNtResponse(
        ReadOnlySpan<byte> authenticatorChallenge,
        ReadOnlySpan<byte> peerChallenge,
        ReadOnlySpan<byte> userName,
        ReadOnlySpan<byte> passwordHash,
        ReadOnlySpan<byte> ntResponse)
    {
        Span<byte> expected = stackalloc byte[NtResponseLength];
        GenerateNtResponse(authenticatorChallenge, peerChallenge, userName, passwordHash, expected);
        return CryptographicOperations.FixedTimeEquals(expected, ntResponse);
    }

    /// <summary>
    /// The authenticator's proof that it knows the password too (RFC 2759 §8.7): "S=" and 40 upper-case digits.
    /// </summary>
    public static string GenerateAuthenticatorResponse(
        ReadOnlySpan<byte> passwordHash,
        ReadOnlySpan<byte> ntResponse,
        ReadOnlySpan<byte> peerChallenge,
        ReadOnlySpan<byte> authenticatorChallenge,
        ReadOnlySpan<byte> userName)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        Sign(passwordHash, ntResponse, peerChallenge, authenticatorChallenge, userName, digest);
        return string.Create(CultureInfo.InvariantCulture, $"S={Convert.ToHexString(digest)}");
    }

    /// <summary>
    /// Checks the proof at the beginning of a Success message (RFC 2759 §8.8); what follows the 42 characters is
    /// not looked at. Takes the same time for every well-formed message.
    /// </summary>
    public static bool VerifyAuthenticatorResponse(
        ReadOnlySpan<byte> passwordHash,
        ReadOnlySpan<byte> ntResponse,
        ReadOnlySpan<byte> peerChallenge,
        ReadOnlySpan<byte> authenticatorChallenge,
        ReadOnlySpan<byte> userName,
        ReadOnlySpan<byte> message)
    {
        Span<byte> received = stackalloc byte[SHA1.HashSizeInBytes];
        if (!TryReadAuthenticatorResponse(message, received))
            return false;
        Span<byte> expected = stackalloc byte[SHA1.HashSizeInBytes];
        Sign(passwordHash, ntResponse, peerChallenge, authenticatorChallenge, userName, expected);
        return CryptographicOperations.FixedTimeEquals(expected, received);
    }

    /// <summary>Whether a Success message begins as it must, with a proof (RFC 2759 §5).</summary>
    internal static bool TryReadAuthenticatorResponse(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        if (message.Length < AuthenticatorResponseLength || !message.StartsWith("S="u8))
            return false;
        Span<char> digits = stackalloc char[2 * SHA1.HashSizeInBytes];
        Encoding.Latin1.GetChars(message[2..AuthenticatorResponseLength], digits);
        return Convert.FromHexString(digits, digest, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static void Sign(
        ReadOnlySpan<byte> passwordHash,
        ReadOnlySpan<byte> ntResponse,
        ReadOnlySpan<byte> peerChallenge,
        ReadOnlySpan<byte> authenticatorChallenge,
        ReadOnlySpan<byte> userName,
        Span<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ntResponse.Length, NtResponseLength);
        Span<byte> passwordHashHash = stackalloc byte[PasswordHashLength];
        HashNtPasswordHash(passwordHash, passwordHashHash);
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        ReadOnlySpan<byte> input = [.. passwordHashHash, .. ntResponse, .. SigningText];
        SHA1.HashData(input, digest);

        Span<byte> challenge = stackalloc byte[ShortChallengeLength];
        ChallengeHash(peerChallenge, authenticatorChallenge, userName, challenge);
        input = [.. digest, .. challenge, .. PaddingText];
        SHA1.HashData(input, signature);
        CryptographicOperations.ZeroMemory(passwordHashHash);
    }
}
