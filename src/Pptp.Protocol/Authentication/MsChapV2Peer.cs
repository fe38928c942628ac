using System.Security.Cryptography;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The side of MS-CHAPv2 that is asked (RFC 2759): answers challenges and checks that the authenticator knows the
/// password too.
/// </summary>
public sealed class MsChapV2Peer : ChapPeer
{
    private readonly byte[] _passwordHash = new byte[MsChapV2.PasswordHashLength];
    private readonly IRandomSource _random;

    private readonly byte[] _ntResponse = new byte[MsChapV2.NtResponseLength];
    private readonly byte[] _peerChallenge = new byte[MsChapV2.ChallengeLength];

    /// <param name="userName">As it is sent, a domain before a backslash included; at most 256 bytes of UTF-8.</param>
    /// <param name="ntPasswordHash">The NT hash of the password, 16 bytes; copied.</param>
    /// <param name="random">Challenges come from here: must be unpredictable.</param>
    public MsChapV2Peer(string userName, ReadOnlySpan<byte> ntPasswordHash, IRandomSource random)
        : base(userName)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ntPasswordHash.Length, MsChapV2.PasswordHashLength);
        ntPasswordHash.CopyTo(_passwordHash);
        _random = random;
    }

    private ReadOnlySpan<byte> HashedName => MsChapV2.WithoutDomain(UserName);

    /// <summary>Makes a peer from a password.</summary>
    public static MsChapV2Peer FromPassword(string userName, ReadOnlySpan<char> password, IRandomSource random)
    {
        Span<byte> hash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(password, hash);
        var peer = new MsChapV2Peer(userName, hash, random);
        CryptographicOperations.ZeroMemory(hash);
        return peer;
    }

    /// <summary>The MPPE start keys of the last exchange, this side's view (RFC 3079 §3).</summary>
    public MppeStartKeys DeriveKeys()
    {
        Span<byte> hashHash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.HashNtPasswordHash(_passwordHash, hashHash);
        MppeStartKeys keys = MppeStartKeys.FromMsChapV2(hashHash, _ntResponse, isServer: false);
        CryptographicOperations.ZeroMemory(hashHash);
        return keys;
    }

    /// <inheritdoc/>
    public override void Dispose() => CryptographicOperations.ZeroMemory(_passwordHash);

    private protected override bool CanAnswer(int challengeLength) => challengeLength == MsChapV2.ChallengeLength;

    private protected override byte[] MakeResponse(byte identifier)
    {
        _random.Fill(_peerChallenge);
        MsChapV2.GenerateNtResponse(Challenge, _peerChallenge, HashedName, _passwordHash, _ntResponse);
        return MsChapV2Response.Encode(_peerChallenge, _ntResponse);
    }

    private protected override bool IsProven(ReadOnlySpan<byte> message) => MsChapV2.VerifyAuthenticatorResponse(
        _passwordHash, _ntResponse, _peerChallenge, Challenge, HashedName, message);
}
