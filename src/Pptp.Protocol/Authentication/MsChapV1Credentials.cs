using System.Security.Cryptography;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Authentication;

/// <summary>One MS-CHAPv1 Response and the challenge it answers (RFC 2433 §6).</summary>
/// <param name="UserName">For people and look-ups.</param>
/// <param name="RawUserName">The bytes of the Name field; no hash is made over them.</param>
/// <param name="Identifier">Of the Response.</param>
/// <param name="Challenge">Ours, 8 bytes.</param>
/// <param name="LmResponse">24 bytes, zeros from any recent peer. Never looked at: a PC breaks it in seconds.</param>
/// <param name="NtResponse">24 bytes.</param>
/// <param name="IsLanManagerOnly">
/// The peer says that only the LM response counts. Such a login is always refused; this tells why.
/// </param>
public sealed record MsChapV1Credentials(
    string UserName,
    byte[] RawUserName,
    byte Identifier,
    byte[] Challenge,
    byte[] LmResponse,
    byte[] NtResponse,
    bool IsLanManagerOnly) : PeerCredentials(UserName, RawUserName)
{
    /// <summary>
    /// Whether the peer knows the password, by the NT response; takes the same time either way. False for
    /// <see cref="IsLanManagerOnly"/>.
    /// </summary>
    /// <param name="ntPasswordHash">The NT hash of the user's password, 16 bytes.</param>
    public bool Verify(ReadOnlySpan<byte> ntPasswordHash)
    {
        Span<byte> expected = stackalloc byte[MsChapV2.NtResponseLength];
        MsChapV2.ChallengeResponse(Challenge, ntPasswordHash, expected);
        return CryptographicOperations.FixedTimeEquals(expected, NtResponse) & !IsLanManagerOnly;
    }

    /// <summary>The MPPE start keys this login yields (RFC 3079 §2).</summary>
    /// <param name="ntPasswordHash">The NT hash of the user's password, 16 bytes: the key of 128 bits.</param>
    /// <param name="lmPasswordHash">
    /// The LM hash of the password, 16 bytes: the keys of 40 and 56 bits. Empty when it is not known; then only
    /// 128 bits can be agreed on.
    /// </param>
    public MppeStartKeys DeriveKeys(ReadOnlySpan<byte> ntPasswordHash, ReadOnlySpan<byte> lmPasswordHash)
    {
        Span<byte> hashHash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.HashNtPasswordHash(ntPasswordHash, hashHash);
        MppeStartKeys keys = MppeStartKeys.FromMsChapV1(hashHash, Challenge, lmPasswordHash);
        CryptographicOperations.ZeroMemory(hashHash);
        return keys;
    }
}
