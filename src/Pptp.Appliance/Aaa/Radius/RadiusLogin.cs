using System.Net;
using System.Text;
using Pptp.Protocol.Authentication;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>A login as an Access-Request, with the attributes and in the order RouterOS has them.</summary>
internal static class RadiusLogin
{
    // RFC 2865 §5.6, §5.7, §5.41.
    private const uint Framed = 2;
    private const uint Ppp = 1;
    private const uint Virtual = 5;

    // RFC 2548 §2.3.3 and §2.3.4: each value begins with the code of the packet it was in.
    private const byte ChangePasswordCode = 7;
    private const byte EncryptedPasswordCode = 6;
    private const int EncryptedPasswordHead = 4;

    private const int ReservedLength = 8;

    /// <summary>EAP's head with its type, and the flags and length of EAP-TLS (RFC 5216 §3.1).</summary>
    private const int EapTlsHead = 10;

    /// <param name="request">Its user name is usable, see <see cref="LoginName.IsUsable"/>.</param>
    /// <param name="identity">NAS-Identifier.</param>
    /// <returns>Null: the password is longer than RADIUS can carry.</returns>
    public static RadiusRequest? Describe(AccessRequest request, string identity)
    {
        PeerCredentials credentials = request.Credentials;
        if (credentials is PapCredentials { Password.Length: > RadiusCrypto.LongestPassword })
            return null;
        List<RadiusValue> values =
        [
            RadiusValue.Of(RadiusAttributes.ServiceType, Framed),
            RadiusValue.Of(RadiusAttributes.FramedProtocol, Ppp),
        ];
        if (request.Session is { } numbered)
            values.Add(RadiusValue.Of(RadiusAttributes.NasPort, numbered.NasPort));
        values.Add(RadiusValue.Of(RadiusAttributes.NasPortType, Virtual));
        // RFC 3579 §2.4: for the fragments of EAP's methods; before a login it is no offer. It means the whole packet,
        // and FreeRADIUS counts what is after the heads.
        if (request is { Credentials: EapCredentials, PeerMru: { } mru })
            values.Add(RadiusValue.Of(RadiusAttributes.FramedMtu, (uint)(mru - EapTlsHead)));
        values.Add(RadiusValue.Of(RadiusAttributes.UserName, credentials.RawUserName));
        values.Add(RadiusValue.Of(RadiusAttributes.CallingStationId, $"{request.CallerId}"));
        values.Add(RadiusValue.Of(RadiusAttributes.CalledStationId, $"{request.CalledId}"));
        if (request.Session is { } session)
            values.Add(RadiusValue.Of(RadiusAttributes.AcctSessionId, session.AcctSessionId));
        AddDomain(values, credentials, request.CalledId);
        AddCredentials(values, credentials);
        if (request.Continuation is RadiusContinuation { State.Length: > 0 } continuation)
            values.Add(new RadiusValue(RadiusAttributes.State, continuation.State));
        values.Add(RadiusValue.Of(RadiusAttributes.NasIdentifier, identity));
        return new RadiusRequest(RadiusCode.AccessRequest, values);
    }

    /// <summary>The Windows domain, where the client has named one, for servers that do not take names apart.</summary>
    private static void AddDomain(List<RadiusValue> values, PeerCredentials credentials, IPAddress calledId)
    {
        if (new RadiusQuery(credentials.UserName, calledId).Domain is not { } domain)
            return;
        byte[] name = Encoding.UTF8.GetBytes(domain);
        if (name.Length >= RadiusValue.MaximumVendorLength)
            return;
        // RFC 2548 §2.1.4 has the identifier of the response before the name.
        if (IdentifierOf(credentials) is { } identifier)
            values.Add(RadiusValue.Of(RadiusAttributes.MsChapDomain, (byte[])[identifier, .. name]));
        values.Add(RadiusValue.Of(RadiusAttributes.MikrotikRealm, name));
    }

    private static byte? IdentifierOf(PeerCredentials credentials) => credentials switch
    {
        MsChapV1Credentials chap => chap.Identifier,
        MsChapV2Credentials chap => chap.Identifier,
        MsChapV2PasswordChange change => change.Login.Identifier,
        _ => null,
    };

    private static void AddCredentials(List<RadiusValue> values, PeerCredentials credentials)
    {
        switch (credentials)
        {
            case PapCredentials pap:
                values.Add(RadiusValue.Of(RadiusAttributes.UserPassword, (byte[])[.. pap.Password]));
                break;
            case ChapMd5Credentials chap:
                values.Add(RadiusValue.Of(RadiusAttributes.ChapChallenge, chap.Challenge));
                values.Add(RadiusValue.Of(
                    RadiusAttributes.ChapPassword, (byte[])[chap.Identifier, .. chap.Response]));
                break;
            case MsChapV1Credentials chap:
                values.Add(RadiusValue.Of(RadiusAttributes.MsChapChallenge, chap.Challenge));
                // RFC 2548 §2.1.3: the NT response counts.
                values.Add(RadiusValue.Of(
                    RadiusAttributes.MsChapResponse,
                    (byte[])[chap.Identifier, 1, .. chap.LmResponse, .. chap.NtResponse]));
                break;
            case MsChapV2Credentials chap:
                values.Add(RadiusValue.Of(RadiusAttributes.MsChapChallenge, chap.AuthenticatorChallenge));
                values.Add(RadiusValue.Of(
                    RadiusAttributes.MsChap2Response,
                    (byte[])
                    [
                        chap.Identifier, chap.Flags, .. chap.PeerChallenge, .. new byte[ReservedLength],
                        .. chap.NtResponse,
                    ]));
                break;
            case MsChapV2PasswordChange change:
                AddPasswordChange(values, change);
                break;
            case EapCredentials eap:
                // RFC 3579 §3.1: one packet over several attributes.
                values.AddRange(eap.Packet.Chunk(RadiusValue.MaximumLength)
                    .Select(piece => RadiusValue.Of(RadiusAttributes.EapMessage, piece)));
                break;
        }
    }

    private static void AddPasswordChange(List<RadiusValue> values, MsChapV2PasswordChange change)
    {
        MsChapV2Credentials login = change.Login;
        values.Add(RadiusValue.Of(RadiusAttributes.MsChapChallenge, login.AuthenticatorChallenge));
        // RFC 2548 §2.3.3, with two octets of flags, which RFC 2759 §7 has as zero.
        values.Add(RadiusValue.Of(
            RadiusAttributes.MsChap2ChangedPassword,
            (byte[])
            [
                ChangePasswordCode, login.Identifier, .. change.EncryptedHash, .. login.PeerChallenge,
                .. new byte[ReservedLength], .. login.NtResponse, 0, 0,
            ]));
        // RFC 2548 §2.3.4: too long for one attribute; its parts are numbered from 1.
        byte part = 0;
        foreach (byte[] piece in change.EncryptedPassword.Chunk(RadiusValue.MaximumVendorLength - EncryptedPasswordHead))
        {
            values.Add(RadiusValue.Of(
                RadiusAttributes.MsChapNtEncryptedPassword,
                (byte[])[EncryptedPasswordCode, login.Identifier, 0, ++part, .. piece]));
        }
    }
}
