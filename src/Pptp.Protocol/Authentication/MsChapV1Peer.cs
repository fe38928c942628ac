using System.Security.Cryptography;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The side of MS-CHAPv1 that is asked (RFC 2433): answers challenges with the NT response alone. Nothing shows that
/// the authenticator knows the password.
/// </summary>
public sealed class MsChapV1Peer : ChapPeer
{
    private readonly byte[] _passwordHash = new byte[MsChapV2.PasswordHashLength];
    private readonly byte[] _lmPasswordHash;

    /// <param name="userName">As it is sent, a domain before a backslash included; at most 256 bytes of UTF-8.</param>
    /// <param name="ntPasswordHash">The NT hash of the password, 16 bytes; copied.</param>
    /// <param name="lmPasswordHash">
    /// The LM hash, 16 bytes, for MPPE with 40 and 56 bits; copied. Empty: not known.
    /// </param>
    public MsChapV1Peer(string userName, ReadOnlySpan<byte> ntPasswordHash, ReadOnlySpan<byte> lmPasswordHash)
        : base(userName)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ntPasswordHash.Length, MsChapV2.PasswordHashLength);
        ntPasswordHash.CopyTo(_passwordHash);
        _lmPasswordHash = lmPasswordHash.ToArray();
    }

    /// <summary>Makes a peer from a password.</summary>
    public static MsChapV1Peer FromPassword(string userName, ReadOnlySpan<char> password)
    {
        Span<byte> hash = stackalloc byte[MsChapV2.PasswordHashLength];
        Span<byte> lmHash = stackalloc byte[MsChapV1.LmPasswordHashLength];
        MsChapV2.NtPasswordHash(password, hash);
        bool hasLmHash = MsChapV1.TryLmPasswordHash(password, lmHash);
        var peer = new MsChapV1Peer(userName, hash, hasLmHash ? lmHash : []);
        CryptographicOperations.ZeroMemory(hash);
        CryptographicOperations.ZeroMemory(lmHash);
        return peer;
    }

    /// <summary>The MPPE start keys of the last exchange (RFC 3079 §2).</summary>
    public MppeStartKeys DeriveKeys()
    {
        Span<byte> hashHash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.HashNtPasswordHash(_passwordHash, hashHash);
        MppeStartKeys keys = MppeStartKeys.FromMsChapV1(hashHash, Challenge, _lmPasswordHash);
        CryptographicOperations.ZeroMemory(hashHash);
        return keys;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(_passwordHash);
        CryptographicOperations.ZeroMemory(_lmPasswordHash);
    }

    private protected override bool CanAnswer(int challengeLength) => challengeLength == MsChapV1.ChallengeLength;

    private protected override byte[] MakeResponse(byte identifier)
    {
        Span<byte> response = stackalloc byte[MsChapV2.NtResponseLength];
        MsChapV2.ChallengeResponse(Challenge, _passwordHash, response);
        return MsChapV1Response.Encode(response);
    }
}
