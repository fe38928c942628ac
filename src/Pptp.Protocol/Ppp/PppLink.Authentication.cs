using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Ppp;

/// <content>The authentication phase (RFC 1661 §3.5).</content>
public sealed partial class PppLink
{
    private const int BadCredentials = 691;

    private ILoginSide? _login;
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
        if (!_awaitsVerdict || _login is not Authenticator authenticator) return;
        _awaitsVerdict = false;
        _authorization ??= authorization;
        authenticator.Decide(new AuthenticationVerdict.Accept(authorization.SuccessMessage, authorization.EapPacket), now);
        DrainLogin(now);
    }

    /// <summary>
    /// Answers the EAP Response last received by a further Request of whoever decides. Does nothing where no verdict is
    /// awaited, or the login is by another method.
    /// </summary>
    public void Challenge(byte[] eapRequest, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(eapRequest);
        if (!_awaitsVerdict || _login is not EapAuthenticator authenticator) return;
        _awaitsVerdict = false;
        authenticator.Decide(new AuthenticationVerdict.Continue(eapRequest), now);
        DrainLogin(now);
    }

    /// <summary>Refuses the credentials last received. Does nothing where no verdict is awaited.</summary>
    /// <param name="mayRetry">The peer may ask its user again.</param>
    /// <param name="message">Shown to the user by some clients.</param>
    /// <param name="now">The time.</param>
    /// <param name="errorCode">RFC 2759 §6: 646 hours, 647 disabled, 648 expired, 649 no dial-in, 691 bad, 709 change failed.</param>
    /// <param name="eapPacket">With EAP: the Failure of whoever decided; null: ours.</param>
    public void Refuse(
        bool mayRetry, string message, TimeSpan now, int errorCode = BadCredentials, byte[]? eapPacket = null)
    {
        if (!_awaitsVerdict || _login is not Authenticator authenticator) return;
        _awaitsVerdict = false;
        authenticator.Decide(new AuthenticationVerdict.Reject(mayRetry, errorCode, message, eapPacket), now);
        DrainLogin(now);
    }

    private void StartAuthentication(AuthenticationMethod method, TimeSpan now)
    {
        Phase = LinkPhase.Authenticate;
        _awaitsVerdict = false;
        _login = _options.Login is { } login
            ? new LoginAttempt(login.CreatePeer(method, _random), _options.ChapTimers)
            : AuthenticatorFactory.Create(method, _options, PeerMru, _random);
        _login.Start(now);
        DrainLogin(now);
    }

    private void DrainLogin(TimeSpan now)
    {
        // What an event sets off may end the link, and the login with it.
        while (_login is { } login && login.TryTake(out AuthenticationEvent? happened))
        {
            switch (happened)
            {
                case AuthenticationEvent.Send send:
                    Emit(new PppEvent.Send(PppFrame.Create(login.Protocol, send.Packet)));
                    break;
                case AuthenticationEvent.CredentialsReceived received:
                    _hasSeenCredentials = true;
                    _awaitsVerdict = true;
                    Emit(new PppEvent.CredentialsReceived(received.Credentials));
                    break;
                case AuthenticationEvent.Succeeded when !IsAuthenticated:
                    Succeeded(login, now);
                    break;
                case AuthenticationEvent.Failed failed:
                    End(LinkCloseCause.AuthenticationFailed, failed.Detail, "authentication failed", now);
                    break;
                default:
                    break;
            }
        }
    }

    private void Succeeded(ILoginSide login, TimeSpan now)
    {
        PppEvent happened = new PppEvent.Authenticated();
        if (login is LoginAttempt attempt)
        {
            MppeStartKeys? keys = attempt.DeriveKeys();
            _authorization = _options.Login!.Authorize(keys);
            happened = new PppEvent.LoggedIn(keys);
        }
        if (_authorization is not { } authorization) return;
        IsAuthenticated = true;
        Phase = LinkPhase.Network;
        Emit(happened);
        StartNetwork(authorization, now);
    }

    private void ForgetLogin()
    {
        (_login as IDisposable)?.Dispose();
        _login = null;
    }
}
