using System.Security.Cryptography;

namespace Pptp.Protocol.Authentication;

/// <summary>One CHAP-MD5 Response and the challenge it answers (RFC 1994 §4.1).</summary>
/// <param name="UserName">For people and look-ups.</param>
/// <param name="RawUserName">The bytes of the Name field.</param>
/// <param name="Identifier">Of the Response; part of what is hashed.</param>
/// <param name="Challenge">Ours, 16 bytes.</param>
/// <param name="Response">16 bytes.</param>
public sealed record ChapMd5Credentials(
    string UserName, byte[] RawUserName, byte Identifier, byte[] Challenge, byte[] Response)
    : PeerCredentials(UserName, RawUserName)
{
    /// <summary>
    /// Whether the peer knows the password; takes the same time either way. A hash of the password is of no use here.
    /// </summary>
    /// <param name="password">The user's password, in UTF-8.</param>
    public bool Verify(ReadOnlySpan<byte> password)
    {
        Span<byte> expected = stackalloc byte[ChapMd5.Length];
        ChapMd5.Hash(Identifier, password, Challenge, expected);
        return CryptographicOperations.FixedTimeEquals(expected, Response);
    }
}
