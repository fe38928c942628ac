using System.Security.Cryptography;

namespace Pptp.Protocol.Authentication;

/// <summary>The hash of CHAP with MD5 (RFC 1994 §4.1).</summary>
internal static class ChapMd5
{
    /// <summary>Bytes in a response, and in our challenges.</summary>
    public const int Length = MD5.HashSizeInBytes;

    /// <summary>MD5 of the identifier, the password and the challenge, of any length.</summary>
    public static void Hash(
        byte identifier, ReadOnlySpan<byte> password, ReadOnlySpan<byte> challenge, Span<byte> response)
    {
        byte[] input = [identifier, .. password, .. challenge];
        MD5.HashData(input, response);
        CryptographicOperations.ZeroMemory(input);
    }
}
