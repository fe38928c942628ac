namespace Pptp.Protocol.Authentication;

/// <summary>
/// One EAP Response (RFC 3748 §4.1), for an authentication server to judge or to ask more. The name is that of the
/// Response/Identity, in every round (RFC 3579 §2.1).
/// </summary>
/// <param name="UserName">For people and look-ups. Some methods hide the true one and name the realm alone.</param>
/// <param name="RawUserName">The bytes of the Type-Data field of the Response/Identity.</param>
/// <param name="Packet">
/// The Response without padding, at most <see cref="EapAuthenticator.MaximumLength"/> bytes. What its method says is
/// not looked at.
/// </param>
public sealed record EapCredentials(string UserName, byte[] RawUserName, byte[] Packet)
    : PeerCredentials(UserName, RawUserName);
