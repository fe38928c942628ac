namespace Pptp.Protocol.Authentication;

/// <summary>What an <see cref="Authenticator"/> or an <see cref="AuthenticationPeer"/> wants done.</summary>
public abstract record AuthenticationEvent
{
    private AuthenticationEvent()
    {
    }

    /// <summary>Send this as the information field of a PPP frame of the authentication protocol.</summary>
    public sealed record Send(byte[] Packet) : AuthenticationEvent;

    /// <summary>
    /// Find out whether these are right, and answer with <see cref="Authenticator.Decide"/>. While no verdict is
    /// given, nothing the peer sends is acted on, and no time runs out.
    /// </summary>
    public sealed record CredentialsReceived(PeerCredentials Credentials) : AuthenticationEvent;

    /// <summary>
    /// The other side is authenticated; comes after the Send that tells it so. Comes again after each re-challenge.
    /// </summary>
    public sealed record Succeeded : AuthenticationEvent;

    /// <summary>It is over: end the link. Comes once.</summary>
    /// <param name="Detail">English, for the log; may hold the peer's text.</param>
    public sealed record Failed(string Detail) : AuthenticationEvent;
}
