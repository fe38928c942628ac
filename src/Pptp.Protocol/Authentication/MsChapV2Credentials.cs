using System.Security.Cryptography;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Authentication;

/// <summary>One MS-CHAPv2 Response and the challenge it answers (RFC 2759 §4).</summary>
/// <param name="UserName">For people and look-ups.</param>
/// <param name="RawUserName">The bytes of the Name field; the hashes are made over these.</param>
/// <param name="Identifier">Of the Response.</param>
/// <param name="AuthenticatorChallenge">Ours, 16 bytes.</param>
/// <param name="PeerChallenge">The peer's, 16 bytes.</param>
/// <param name="NtResponse">24 bytes.</param>
/// <param name="Flags">The last byte; zero by the RFC, 4 from Windows 98.</param>
public sealed record MsChapV2Credentials(
    string UserName,
    byte[] RawUserName,
    byte Identifier,
    byte[] AuthenticatorChallenge,
    byte[] PeerChallenge,
    byte[] NtResponse,
    byte Flags) : PeerCredentials(UserName, RawUserName)
{
    private ReadOnlySpan<byte> HashedName => MsChapV2.WithoutDomain(RawUserName);

    /// <summary>Whether the peer knows the password; takes the same time either way.</summary>
    /// <param name="ntPasswordHash">The NT hash of the user's password, 16 bytes.</param>
    public bool Verify(ReadOnlySpan<byte> ntPasswordHash) => MsChapV2.VerifyNtResponse(
        AuthenticatorChallenge, PeerChallenge, HashedName, ntPasswordHash, NtResponse);

    /// <summary>
    /// Our own proof to the peer, "S=" and 40 digits: the message of <see cref="AuthenticationVerdict.Accept"/>.
    /// </summary>
    public string AuthenticatorResponse(ReadOnlySpan<byte> ntPasswordHash) => MsChapV2.GenerateAuthenticatorResponse(
        ntPasswordHash, NtResponse, PeerChallenge, AuthenticatorChallenge, HashedName);

    /// <summary>The MPPE start keys this login yields (RFC 3079 §3).</summary>
    /// <param name="ntPasswordHash">The NT hash of the user's password, 16 bytes.</param>
    /// <param name="isServer">True on the side that authenticates.</param>
    public MppeStartKeys DeriveKeys(ReadOnlySpan<byte> ntPasswordHash, bool isServer = true)
    {
        Span<byte> hashHash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.HashNtPasswordHash(ntPasswordHash, hashHash);
        MppeStartKeys keys = MppeStartKeys.FromMsChapV2(hashHash, NtResponse, isServer);
        CryptographicOperations.ZeroMemory(hashHash);
        return keys;
    }
}
