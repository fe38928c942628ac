using System.Security.Cryptography;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// One Authenticate-Request (RFC 1334 §2.2.1): the password itself. The authenticator clears it with the verdict.
/// </summary>
/// <param name="UserName">For people and look-ups.</param>
/// <param name="RawUserName">The bytes of the Peer-ID field.</param>
/// <param name="Password">The bytes as the peer sent them, at most 255; zeros once cleared.</param>
public sealed record PapCredentials(string UserName, byte[] RawUserName, byte[] Password)
    : PeerCredentials(UserName, RawUserName)
{
    /// <summary>Whether this is the password; takes the same time either way, whatever the lengths.</summary>
    /// <param name="password">The user's password, in UTF-8.</param>
    public bool Verify(ReadOnlySpan<byte> password)
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> sent = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, expected);
        SHA256.HashData(Password, sent);
        bool same = CryptographicOperations.FixedTimeEquals(expected, sent);
        CryptographicOperations.ZeroMemory(expected);
        CryptographicOperations.ZeroMemory(sent);
        return same;
    }

    /// <summary>The same, for a user of whom only the NT hash is known.</summary>
    /// <param name="ntPasswordHash">The NT hash of the user's password, 16 bytes.</param>
    public bool VerifyNtHash(ReadOnlySpan<byte> ntPasswordHash)
    {
        char[] text = new char[Password.Length];
        int length = ChapText.Decode(Password, text);
        Span<byte> hash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(text.AsSpan(0, length), hash);
        bool same = CryptographicOperations.FixedTimeEquals(hash, ntPasswordHash);
        Array.Clear(text);
        CryptographicOperations.ZeroMemory(hash);
        return same;
    }

    /// <summary>Zeroes the password.</summary>
    public void Clear() => CryptographicOperations.ZeroMemory(Password);
}
