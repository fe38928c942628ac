using System.Security.Cryptography;
using System.Text;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Appliance.Aaa;

/// <summary>
/// A secret made ready to check a login against, by any method. <see cref="Dispose"/> zeroes what was made of it.
/// </summary>
internal sealed class KnownPassword : IDisposable
{
    // Stands in where only a hash is known, so that no check is left out: who is kept as a hash must not be told
    // apart by time.
    private const string StandIn = "the password is not known";

    private readonly string? _password;
    private readonly byte[] _text;
    private readonly byte[] _ntHash = new byte[MsChapV2.PasswordHashLength];

    public KnownPassword(SecretValue secret)
    {
        _password = secret.Password;
        string text = _password ?? StandIn;
        _text = Encoding.UTF8.GetBytes(text);
        MsChapV2.NtPasswordHash(text, _ntHash);
        if (_password is null)
            secret.NtHash.Span.CopyTo(_ntHash);
    }

    /// <summary>The password itself is known, as CHAP-MD5 needs it.</summary>
    public bool HasText => _password is not null;

    /// <summary>The NT hash of the password, 16 bytes.</summary>
    public ReadOnlySpan<byte> NtHash => _ntHash;

    /// <summary>Whether these prove that the peer knows the password. Takes the same time either way.</summary>
    public bool IsProvenBy(PeerCredentials credentials)
    {
        switch (credentials)
        {
            case MsChapV2Credentials chap:
                return chap.Verify(_ntHash);
            case MsChapV1Credentials chap:
                return chap.Verify(_ntHash);
            case ChapMd5Credentials chap:
                return chap.Verify(_text) & HasText;
            case PapCredentials pap:
                bool byText = pap.Verify(_text);
                bool byHash = pap.VerifyNtHash(_ntHash);
                return HasText ? byText : byHash;
            case MsChapV2PasswordChange change:
                return change.ReadNewPassword(_ntHash) is not null;
            default:
                return false;
        }
    }

    /// <summary>What a proven peer is to be told: with MS-CHAPv2 that we know the password too; else null.</summary>
    public string? AnswerTo(PeerCredentials credentials) =>
        (credentials as MsChapV2Credentials)?.AuthenticatorResponse(_ntHash);

    /// <summary>What MPPE starts from after a proven login; null where the method yields no keys.</summary>
    public MppeStartKeys? KeysOf(PeerCredentials credentials)
    {
        switch (credentials)
        {
            case MsChapV2Credentials chap:
                return chap.DeriveKeys(_ntHash);
            case MsChapV1Credentials chap:
                // RFC 3079 §2: without an LM hash there are no keys of 40 and 56 bits.
                Span<byte> lmHash = stackalloc byte[MsChapV1.LmPasswordHashLength];
                bool hasLmHash = _password is not null && MsChapV1.TryLmPasswordHash(_password, lmHash);
                MppeStartKeys keys = chap.DeriveKeys(_ntHash, hasLmHash ? lmHash : []);
                CryptographicOperations.ZeroMemory(lmHash);
                return keys;
            default:
                return null;
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_text);
        CryptographicOperations.ZeroMemory(_ntHash);
    }
}
