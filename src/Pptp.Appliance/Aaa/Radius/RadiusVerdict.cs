using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>What a server's answer to a login comes to.</summary>
internal static class RadiusVerdict
{
    // RFC 2865 §5.6.
    private const uint Framed = 2;

    /// <summary>RFC 2759 §5: "S=" and 40 hexadecimal digits.</summary>
    private const int ProofLength = 42;

    /// <summary>Of a text for the user.</summary>
    private const int LongestMessage = 128;

    private const int LmKeyLength = 8;

    private const int PasswordExpired = 648;

    /// <param name="request">What was asked.</param>
    /// <param name="reply">Verified.</param>
    /// <param name="server">Whose it is.</param>
    /// <param name="configuration">In force.</param>
    public static AccessDecision Of(
        AccessRequest request, RadiusOutcome.Reply reply, RadiusPeer server, PptpConfiguration configuration)
    {
        RadiusPacket packet = reply.Packet;
        byte[]? eap =
            request.Credentials is EapCredentials && packet.Join(RadiusAttributes.EapMessage) is { Length: > 0 } joined
                ? joined
                : null;
        // RFC 3579 §3.2: with EAP it is required, whatever the row says; without it what lets in could be forged, by who
        // leaves the EAP out. A server that does not know EAP may refuse so.
        bool mayBeForged = eap is not null
            || (request.Credentials is EapCredentials && packet.Code != RadiusCode.AccessReject);
        if (mayBeForged && !packet.HasMessageAuthenticator)
            return new AccessDecision.Reject(RefusalCause.RadiusUnsigned);
        return packet.Code switch
        {
            RadiusCode.AccessAccept => Accept(request, reply, configuration, eap),
            RadiusCode.AccessChallenge when eap is not null => new AccessDecision.Challenge(
                eap, new RadiusContinuation(packet.Find(RadiusAttributes.State)?.Octets ?? default, server)),
            RadiusCode.AccessChallenge => new AccessDecision.Reject(RefusalCause.RadiusChallenge, MessageOf(packet)),
            _ => Reject(request.Credentials, packet, eap),
        };
    }

    private static AccessDecision Accept(
        AccessRequest request, RadiusOutcome.Reply reply, PptpConfiguration configuration, byte[]? eap)
    {
        PeerCredentials credentials = request.Credentials;
        string? message = MessageOf(reply.Packet);
        MsChapV2Credentials? proven =
            credentials as MsChapV2Credentials ?? (credentials as MsChapV2PasswordChange)?.Login;
        if (proven is not null)
        {
            if (ProofOf(reply.Packet, proven.Identifier) is not { } proof)
                return new AccessDecision.Reject(RefusalCause.RadiusNoProof);
            message = message is null ? proof : $"{proof} M={message}";
        }
        SessionParameters parameters = Resolve(configuration, credentials, GrantOf(reply.Packet, configuration));
        MppeStartKeys? keys = KeysOf(credentials, reply);
        if (keys is null && parameters.Encryption == EncryptionPolicy.Required && KeyNamesOf(credentials) is { } missing)
            return new AccessDecision.Reject(RefusalCause.RadiusNoKeys, missing);
        return new AccessDecision.Accept(parameters, message, keys, credentials is MsChapV2PasswordChange)
        {
            EapPacket = eap,
        };
    }

    /// <summary>What a user has whom a server gives this.</summary>
    public static SessionParameters Resolve(
        PptpConfiguration configuration, PeerCredentials credentials, RadiusGrant grant)
    {
        string user = grant.UserName is { } name && LoginName.IsUsable(Encoding.UTF8.GetBytes(name))
            ? name
            : credentials.UserName;
        return SessionParameters.Resolve(configuration, user, grant);
    }

    /// <summary>
    /// RFC 2865 §5.6 has a service that is none of ours refused. RouterOS does not look at it, and who comes from there
    /// may have users of another type: they come in, with a warning.
    /// </summary>
    private static RadiusGrant GrantOf(RadiusPacket packet, PptpConfiguration configuration)
    {
        RadiusGrant grant = RadiusGrantReader.Read(packet).Within(configuration);
        return packet.Find(RadiusAttributes.ServiceType) is { } service && service.AsInteger() != Framed
            ? grant with { Warnings = [.. grant.Warnings, $"{service} is ignored: sessions are framed (2)"] }
            : grant;
    }

    private static AccessDecision.Reject Reject(PeerCredentials credentials, RadiusPacket packet, byte[]? eap)
    {
        string? words = MessageOf(packet);
        MsChapError? error =
            packet.Find(RadiusAttributes.MsChapError) is { } value ? MsChapError.Parse(value.Octets.Span) : null;
        string? detail = (error, words) switch
        {
            (null, _) => words,
            ({ Message: null }, null) => $"E={error.Code}",
            _ => $"E={error.Code} {words ?? error.Message}",
        };
        AccessDecision.Reject reject = new(RefusalCause.RadiusRejected, detail) { EapPacket = eap };
        if (error is not null)
        {
            reject = reject with
            {
                ErrorCode = error.Code,
                // Who says that a password has expired waits for another, whatever it says of trying again.
                MayRetry = error.Code == PasswordExpired ? credentials is MsChapV2Credentials : error.MayRetry,
            };
        }
        return (words ?? Cleaned(error?.Message)) is { } message ? reject with { Message = message } : reject;
    }

    /// <summary>Reply-Message (RFC 2865 §5.18), of one or several; null: there is none.</summary>
    private static string? MessageOf(RadiusPacket packet) =>
        Cleaned(string.Concat(packet.FindAll(RadiusAttributes.ReplyMessage).Select(value => value.AsText())));

    private static string? Cleaned(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        char[] printable = [.. text.Take(LongestMessage).Select(c => char.IsControl(c) ? ' ' : c)];
        return new string(printable).Trim();
    }

    /// <summary>The proof that the server knows the password too (RFC 2548 §2.3.2); null: it is none.</summary>
    private static string? ProofOf(RadiusPacket packet, byte identifier)
    {
        if (packet.Find(RadiusAttributes.MsChap2Success) is not { Octets: { Length: > ProofLength } octets }
            || octets.Span[0] != identifier)
        {
            return null;
        }
        string proof = Encoding.Latin1.GetString(octets.Span.Slice(1, ProofLength));
        return proof.StartsWith("S=", StringComparison.Ordinal) && proof.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0
            ? proof
            : null;
    }

    private static readonly SearchValues<char> HexDigits =
        SearchValues.Create("0123456789ABCDEFabcdef");

    /// <summary>Attributes a server's keys of this method are in; null: the method has no keys.</summary>
    private static string? KeyNamesOf(PeerCredentials credentials) => credentials switch
    {
        PapCredentials or ChapMd5Credentials => null,
        MsChapV1Credentials => $"{RadiusAttributes.MsChapMppeKeys}",
        _ => $"{RadiusAttributes.MsMppeSendKey} and {RadiusAttributes.MsMppeReceiveKey}",
    };

    private static MppeStartKeys? KeysOf(PeerCredentials credentials, RadiusOutcome.Reply reply)
    {
        switch (credentials)
        {
            case PapCredentials or ChapMd5Credentials:
                return null;
            case MsChapV1Credentials chap:
                return reply.ReadChapKeys() is { } both ? KeysOf(chap, both) : null;
            default:
                // Send is what the NAS encrypts with (RFC 2548 §2.4.2). EAP's are longer, and begin with what MPPE
                // takes (RFC 3079 §4).
                byte[]? send = reply.ReadKey(RadiusAttributes.MsMppeSendKey);
                byte[]? receive = reply.ReadKey(RadiusAttributes.MsMppeReceiveKey);
                MppeStartKeys? keys =
                    send?.Length >= MppeStartKeys.KeyLength && receive?.Length >= MppeStartKeys.KeyLength
                        ? new MppeStartKeys(
                            send.AsSpan(0, MppeStartKeys.KeyLength), receive.AsSpan(0, MppeStartKeys.KeyLength))
                        : null;
                CryptographicOperations.ZeroMemory(send);
                CryptographicOperations.ZeroMemory(receive);
                return keys;
        }
    }

    /// <summary>
    /// RFC 2548 §2.4.1: half of the LM hash, then what servers understand by the NT key, the hash of the NT hash. Zeros
    /// are a hash the server does not have.
    /// </summary>
    private static MppeStartKeys? KeysOf(MsChapV1Credentials chap, byte[] both)
    {
        Span<byte> lm = stackalloc byte[MsChapV1.LmPasswordHashLength];
        lm.Clear();
        both.AsSpan(0, LmKeyLength).CopyTo(lm);
        ReadOnlySpan<byte> nt = both.AsSpan(LmKeyLength, MsChapV2.PasswordHashLength);
        MppeStartKeys? keys = nt.ContainsAnyExcept((byte)0)
            ? MppeStartKeys.FromMsChapV1(nt, chap.Challenge, lm.ContainsAnyExcept((byte)0) ? lm : [])
            : null;
        CryptographicOperations.ZeroMemory(lm);
        CryptographicOperations.ZeroMemory(both);
        return keys;
    }
}
