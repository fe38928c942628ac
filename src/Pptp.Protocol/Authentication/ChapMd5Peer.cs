using System.Security.Cryptography;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The side of CHAP with MD5 that is asked (RFC 1994). Nothing shows that the authenticator knows the password.
/// </summary>
public sealed class ChapMd5Peer : ChapPeer
{
    private readonly byte[] _password;

    /// <param name="userName">As it is sent; at most 256 bytes of UTF-8.</param>
    /// <param name="password">In UTF-8; copied.</param>
    public ChapMd5Peer(string userName, ReadOnlySpan<byte> password)
        : base(userName) => _password = password.ToArray();

    /// <inheritdoc/>
    public override void Dispose() => CryptographicOperations.ZeroMemory(_password);

    // RFC 1994 §4.1: at least one byte, of any number.
    private protected override bool CanAnswer(int challengeLength) => challengeLength > 0;

    private protected override byte[] MakeResponse(byte identifier)
    {
        byte[] response = new byte[ChapMd5.Length];
        ChapMd5.Hash(identifier, _password, Challenge, response);
        return response;
    }
}
