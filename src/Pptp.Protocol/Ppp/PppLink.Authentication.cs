using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Ppp;

/// <content>The authentication phase (RFC 1661 §3.5).</content>
public sealed partial class PppLink
{
    private const int BadCredentials = 691;

    private Authenticator? _authenticator;
    private LinkAuthorization? _authorization;
    private bool _hasSeenCredentials;
    private bool _awaitsVerdict;

    /// <summary>
    /// Lets in the peer whose credentials were last received. Does nothing where no verdict is awaited: the peer
    /// may have hung up meanwhile. After a re-challenge only the success message counts: what the link got stays.
    /// </summary>
    public void Authorize(LinkAuthorization authorization, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        if (!_awaitsVerdict || _authenticator is not { } authenticator) return;
        _awaitsVerdict = false;
        _authorization ??= authorization;
        authenticator.Decide(new AuthenticationVerdict.Accept(authorization.SuccessMessage), now);
        DrainAuthenticator(now);
    }

    /// <summary>Refuses the credentials last received. Does nothing where no verdict is awaited.</summary>
    /// <param name="mayRetry">The peer may ask its user again.</param>
    /// <param name="message">Shown to the user by some clients.</param>
    /// <param name="now">The time.</param>
    /// <param name="errorCode">RFC 2759 §6: 646 hours, 647 disabled, 648 expired, 649 no dial-in, 691 bad, 709 change failed.</param>
    public void Refuse(bool mayRetry, string message, TimeSpan now, int errorCode = BadCredentials)
    {
        if (!_awaitsVerdict || _authenticator is not { } authenticator) return;
        _awaitsVerdict = false;
        authenticator.Decide(new AuthenticationVerdict.Reject(mayRetry, errorCode, message), now);
        DrainAuthenticator(now);
    }

    private void StartAuthentication(TimeSpan now)
    {
        Phase = LinkPhase.Authenticate;
        _awaitsVerdict = false;
        _authenticator = AuthenticatorFactory.Create(_lcp.Method, _options, _random);
        _authenticator.Start(now);
        DrainAuthenticator(now);
    }

    private void DrainAuthenticator(TimeSpan now)
    {
        // What an event sets off may end the link, and the authenticator with it.
        while (_authenticator is { } authenticator && authenticator.TryTake(out AuthenticationEvent? happened))
        {
            switch (happened)
            {
                case AuthenticationEvent.Send send:
                    Emit(new PppEvent.Send(PppFrame.Create(authenticator.Protocol, send.Packet)));
                    break;
                case AuthenticationEvent.CredentialsReceived received:
                    _hasSeenCredentials = true;
                    _awaitsVerdict = true;
                    Emit(new PppEvent.CredentialsReceived(received.Credentials));
                    break;
                case AuthenticationEvent.Succeeded when !IsAuthenticated && _authorization is { } authorization:
                    IsAuthenticated = true;
                    Phase = LinkPhase.Network;
                    Emit(new PppEvent.Authenticated());
                    StartNetwork(authorization, now);
                    break;
                case AuthenticationEvent.Failed failed:
                    End(LinkCloseCause.AuthenticationFailed, failed.Detail, "authentication failed", now);
                    break;
                default:
                    break;
            }
        }
    }
}
