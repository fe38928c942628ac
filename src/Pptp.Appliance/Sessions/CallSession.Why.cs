using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Diagnosis;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <content>Takes down how far the call gets, and why no further.</content>
internal sealed partial class CallSession
{
    /// <summary>How long the first GRE may take before its absence is told.</summary>
    private static readonly TimeSpan FirstGreTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What an LCP Echo-Request is longer by than its data: its head, and the magic number.</summary>
    private const int EchoOverhead = 8;

    private readonly Attempt _story;
    private TimeSpan? _greDeadline;
    private TimeSpan _greSince;
    private PathProbe? _probe;
    private AuthenticationMethod? _method;
    private bool _hasHeard;
    private bool _isAnswered;
    private bool _isWindows;
    private bool _hasCredentials;
    private bool _wantsMppe;
    private bool _isTold;

    private void TellBegin(TimeSpan now)
    {
        string methods = string.Join(",", LoginMethods.Of(_server.Authentication).Select(LoginMethods.Word));
        _story.Note(AttemptPhase.Lcp, $"we ask for a login by {methods}");
        _greSince = now;
        _greDeadline = now + FirstGreTimeout;
    }

    /// <summary>A control frame of the peer: the first shows that its GRE gets through.</summary>
    private void TellFrame(ReadOnlySpan<byte> frame)
    {
        if (!_hasHeard)
        {
            _hasHeard = true;
            _greDeadline = null;
            _story.Absolve();
            _story.Note(AttemptPhase.Gre, "the first packet of the client has come");
        }
        if (_isAnswered && _wantsMppe)
            return;
        if (!PppFrame.TryParse(frame, out ushort protocol, out int at) || at >= frame.Length)
            return;
        // 2 to 4: Ack, Nak and Reject, which only come of what we have sent.
        _isAnswered |= protocol == PppProtocol.Lcp && frame[at] is >= 2 and <= 4;
        _wantsMppe |= protocol == PppProtocol.Ccp;
    }

    private void Receive(byte[] frame, TimeSpan now)
    {
        TellFrame(frame);
        _link.Receive(frame, now);
    }

    private void EndUnheard(TimeSpan now)
    {
        if (_connected)
            _story.Blame(AttemptCauses.KeepaliveLost);
        End("peer is not responding", DisconnectReason.HungUp, CallDisconnectResult.LostCarrier, now);
    }

    private void AdvanceStory(TimeSpan now)
    {
        if (_greDeadline <= now)
        {
            _greDeadline = null;
            _story.Note(AttemptPhase.Gre, "no packet of the client has come in 5 s");
            BlameSilence();
            LogFailure();
        }
        if (_probe is not { Result: null } probe)
            return;
        probe.Advance(now, length => _link.SendEchoRequest(now, length));
        if (probe.Result is not PathProbeResult.LargeAreLost)
            return;
        int small = PathProbe.SmallData + EchoOverhead;
        _story.Note(AttemptPhase.Session, $"echoes of {small} octets are answered, those of {LargeEcho} never");
        _story.Blame(AttemptCauses.MtuBlackHole, $"those of {LargeEcho} octets are lost");
        LogFailure();
    }

    private int LargeEcho => Math.Min(Math.Min(_network!.PeerMru, _network.Mru), _network.LinkMtu);

    private bool LooksLikeCredentialGuard => _isWindows && _method == AuthenticationMethod.MsChapV2;

    private void BlameSilence()
    {
        switch (_path.FindStray(_greSince))
        {
            case { CallId: var id, Source: var source } when id == CallId:
                _story.Blame(AttemptCauses.GreFromElsewhere, $"{source} instead of {_host.Remote}");
                break;
            case { CallId: var id }:
                _story.Blame(AttemptCauses.CallIdMismatch, $"{id} instead of {CallId}");
                break;
            default:
                _story.Blame(AttemptCauses.NoGre);
                break;
        }
    }

    private void TellLinkEvent(PppEvent happened)
    {
        switch (happened)
        {
            case PppEvent.LcpUp up:
                _method = up.Method;
                _story.Note(AttemptPhase.Lcp, $"open: the client takes {up.PeerMru} octets");
                _story.Note(AttemptPhase.Authentication, $"by {LoginMethods.Word(up.Method)}");
                break;
            case PppEvent.CredentialsReceived { Credentials: var credentials }:
                TellCredentials(credentials);
                break;
            case PppEvent.Authenticated:
                _story.Note(AttemptPhase.Login, "the client was told that it is in");
                break;
            case PppEvent.EncryptionUp up:
                _story.Note(AttemptPhase.Encryption, LinkData.EncodingName(up.Strength, up.Stateless));
                break;
            case PppEvent.EncryptionRefused refused:
                _story.Note(AttemptPhase.Encryption, $"none: {refused.Detail}");
                break;
            case PppEvent.NetworkUp { Parameters: var network }:
                _story.Note(AttemptPhase.Ip,
                    $"{network.RemoteAddress} for the client, {network.LocalAddress} for us, mtu {network.Mtu}");
                break;
            case PppEvent.PeerIdentification identification:
                string text = LogText.Escape(identification.Text.AsSpan());
                // What Windows' dialler has called itself since 2000.
                _isWindows |= text.StartsWith("MSRAS", StringComparison.Ordinal);
                _story.Note(AttemptPhase.Lcp, $"the client calls itself {text}");
                break;
            case PppEvent.EchoReply reply:
                _probe?.Answered(reply.Identifier);
                break;
            case PppEvent.Closed closed:
                BlameClosed(closed);
                break;
        }
    }

    private void TellCredentials(PeerCredentials credentials)
    {
        _hasCredentials = true;
        _isTold = false;
        _story.Absolve();
        if (_rounds > 0)
            return;
        PptpConfiguration configuration = _services.Configuration();
        PppSecret? secret = LocalSecrets.Find(configuration, credentials.UserName);
        _story.Note(AttemptPhase.Authentication, $"the client answers as {credentials.UserName}");
        _story.NameUser(secret?.Name ?? credentials.UserName, isKnown: secret is not null);
    }

    private void TellDecision(AccessDecision decision)
    {
        if (decision is AccessDecision.Reject reject)
        {
            _story.Note(AttemptPhase.Login, $"refused: {reject} ({reject.ErrorCode})");
            _story.Blame(CauseOf(reject.Cause), reject.Detail);
            LogFailure();
        }
        else if (decision is AccessDecision.Challenge challenge)
        {
            _story.Note(AttemptPhase.Authentication, RoundText(challenge.EapPacket));
        }
        else
        {
            _story.Note(AttemptPhase.Login, "accepted");
            if (decision is AccessDecision.Accept { Parameters: { Radius: not null, User: var user } })
                _story.NameUser(user, isKnown: true);
        }
    }

    private AttemptCause CauseOf(RefusalCause cause) =>
        cause == RefusalCause.UnknownUser ? AttemptCauses.UnknownUser
        : cause == RefusalCause.BadUserName ? AttemptCauses.BadUserName
        : cause == RefusalCause.PasswordNotKnown ? AttemptCauses.PasswordNotKnown
        : cause == RefusalCause.LanManagerOnly ? AttemptCauses.LanManagerOnly
        : cause == RefusalCause.EapOfLocalUser ? AttemptCauses.EapOfLocalUser
        : cause == RefusalCause.CallerId ? AttemptCauses.CallerIdMismatch
        : cause == RefusalCause.Disabled ? AttemptCauses.SecretDisabled
        : cause == RefusalCause.LockedOut ? AttemptCauses.LockedOut
        : cause == RefusalCause.PasswordExpired || cause == RefusalCause.PasswordExpiredForGood
            || cause == RefusalCause.PasswordNotChanged ? AttemptCauses.PasswordExpired
        : cause == RefusalCause.RadiusSilent || cause == RefusalCause.RadiusNotRemembered ? AttemptCauses.RadiusSilent
        : cause == RefusalCause.RadiusWrongSecret ? AttemptCauses.RadiusWrongSecret
        : cause == RefusalCause.RadiusUnsigned ? AttemptCauses.RadiusUnsigned
        : cause == RefusalCause.RadiusRejected ? AttemptCauses.RadiusRejected
        : cause == RefusalCause.RadiusChallenge ? AttemptCauses.RadiusChallenge
        : cause == RefusalCause.RadiusNoProof ? AttemptCauses.RadiusNoProof
        : cause == RefusalCause.RadiusNoKeys ? AttemptCauses.RadiusNoKeys
        : cause == RefusalCause.WrongPassword || cause == RefusalCause.RadiusPasswordTooLong
            ? _isWindows ? AttemptCauses.WrongPasswordOfWindows : AttemptCauses.WrongPassword
        : AttemptCauses.NotChecked;

    private void BlameAddress(AddressSource? source, string side) => _story.Blame(
        source is AddressSource.Pool ? AttemptCauses.PoolEmpty : AttemptCauses.NoAddress,
        source switch
        {
            AddressSource.Pool pool => pool.Name,
            null => $"no {side} address is configured",
            _ => $"the {side} address is in use or no address",
        });

    private void BlameClosed(PppEvent.Closed closed)
    {
        switch (closed.Cause)
        {
            case LinkCloseCause.AuthenticationMethodRefused:
                _story.Blame(AttemptCauses.MethodRefused, closed.Detail);
                break;
            case LinkCloseCause.AuthenticationFailed when IsEapUnderWay:
                _story.Blame(AttemptCauses.EapUnfinished, closed.Detail);
                break;
            case LinkCloseCause.EncryptionRejected or LinkCloseCause.EncryptionLost:
                _story.Blame(AttemptCauses.MppeRefused, closed.Detail);
                break;
            case LinkCloseCause.PeerRequest
                when !_connected && _wantsMppe && _parameters?.Encryption == EncryptionPolicy.No:
                _story.Blame(AttemptCauses.MppeRefused, "the client wants encryption, and use-encryption is no");
                break;
            case LinkCloseCause.NetworkFailed or LinkCloseCause.NetworkLost:
                _story.Blame(AttemptCauses.IpRefused, closed.Detail);
                break;
            case LinkCloseCause.Renegotiated or LinkCloseCause.LoopedBack or LinkCloseCause.ProtocolError:
                _story.Blame(AttemptCauses.LinkFault, closed.Detail);
                break;
        }
    }

    private void TellConnected(InterfaceName name, TimeSpan now)
    {
        _story.Note(AttemptPhase.Interface, name.Linux);
        _story.Connect();
        _probe = new PathProbe(LargeEcho - EchoOverhead, now);
    }

    /// <summary>Comes once, when the end begins.</summary>
    private void TellEnd(string text, TimeSpan now)
    {
        if (_connected)
            BlameEndOfSession();
        else
            BlameWhereItStuck(now);
        LogFailure();
        _story.End(text);
    }

    private void BlameEndOfSession()
    {
        switch (_reason)
        {
            case DisconnectReason.SessionTimeout:
                _story.Blame(AttemptCauses.SessionTimeout);
                break;
            case DisconnectReason.IdleTimeout:
                _story.Blame(AttemptCauses.IdleTimeout);
                break;
            case DisconnectReason.Reboot:
                _story.Blame(AttemptCauses.ServerStopping);
                break;
            case DisconnectReason.HungUp:
                _story.Blame(AttemptCauses.ConnectionLost);
                break;
            case DisconnectReason.NasRequest or DisconnectReason.Reset:
                _story.Blame(AttemptCauses.Disconnected);
                break;
            case DisconnectReason.PortError or DisconnectReason.NasError:
                _story.Blame(AttemptCauses.InternalError);
                break;
        }
    }

    private void BlameWhereItStuck(TimeSpan now)
    {
        if (_reason == DisconnectReason.Reboot)
            _story.Blame(AttemptCauses.ServerStopping);
        else if (!_hasHeard)
            BlameSilence();
        else if (_method is null)
            _story.Blame(_isAnswered ? AttemptCauses.LcpFailed : AttemptCauses.OneWayGre);
        else if (!_hasCredentials)
            _story.Blame(LooksLikeCredentialGuard ? AttemptCauses.CredentialGuard : AttemptCauses.NoCredentials);
        else if (IsEapUnderWay)
            _story.Blame(AttemptCauses.EapUnfinished);
        else if (now >= _loginDeadline)
            _story.Blame(AttemptCauses.LoginTimeout);
        else
            _story.Blame(AttemptCauses.LeftAfterLogin);
    }

    private void LogFailure()
    {
        if (_isTold || _story.Cause is not { IsFailure: true } cause)
            return;
        _isTold = true;
        WhyLog.Failed(_services.Loggers.Ppp, Prefix, _host.Remote, _story.Why, cause.Hint);
    }

    private static partial class WhyLog
    {
        [LoggerMessage(LogLevel.Information, "{Call}: {Remote} has trouble - {Why} ({Hint})")]
        public static partial void Failed(ILogger logger, string call, IPAddress remote, string why, string hint);
    }
}
