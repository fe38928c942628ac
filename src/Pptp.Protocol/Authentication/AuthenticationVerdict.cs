namespace Pptp.Protocol.Authentication;

/// <summary>What whoever knows the users decided about a peer's credentials.</summary>
public abstract record AuthenticationVerdict
{
    private AuthenticationVerdict()
    {
    }

    /// <summary>The peer may come in.</summary>
    /// <param name="SuccessMessage">
    /// What the method's Success must carry. MS-CHAPv2 needs <see cref="MsChapV2Credentials.AuthenticatorResponse"/>
    /// here, or the like from an authentication server.
    /// </param>
    /// <param name="EapPacket">With EAP: the server's Success; null where it gave none.</param>
    public sealed record Accept(string? SuccessMessage, byte[]? EapPacket = null) : AuthenticationVerdict;

    /// <summary>With EAP alone: it is not over.</summary>
    /// <param name="Packet">The Request that the peer is to answer.</param>
    public sealed record Continue(byte[] Packet) : AuthenticationVerdict;

    /// <summary>The peer may not come in.</summary>
    /// <param name="MayRetry">Let the peer try again on this link, as often as <see cref="ChapTimers"/> allows.</param>
    /// <param name="ErrorCode">
    /// Told to MS-CHAP peers (RFC 2759 §6): 646 hours, 647 disabled, 648 expired, 649 no dial-in, 691 bad credentials,
    /// 709 password not changed. After 648 with a further try the peer may change its password.
    /// </param>
    /// <param name="Message">
    /// Told to the peer for its user; must not say more than the peer may know. Cut at 128 bytes of UTF-8.
    /// </param>
    /// <param name="EapPacket">With EAP: the server's Failure; null where it gave none.</param>
    public sealed record Reject(
        bool MayRetry, int ErrorCode = 691, string Message = "Authentication failed", byte[]? EapPacket = null)
        : AuthenticationVerdict;
}
