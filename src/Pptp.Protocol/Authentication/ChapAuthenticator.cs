using System.Globalization;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The authenticator's side of CHAP (RFC 1994): challenges, retransmission, repeated responses, further tries and
/// re-challenges. What a method puts into challenge, response and replies is its own.
/// </summary>
/// <remarks>
/// A challenge is retransmitted unchanged, identifier included, so that an answer to any of its copies counts: with a
/// new identifier each time, a peer further away than the interval would never be heard.
/// <para>
/// Packets other than a Response are not for an authenticator. A Challenge the peer sends is never answered, so ours
/// cannot be turned against us (RFC 1994 §2.2).
/// </para>
/// </remarks>
public abstract class ChapAuthenticator : Authenticator
{
    /// <summary>Told to a peer that is let in, where the verdict has no words.</summary>
    private protected const string DefaultSuccessMessage = "Welcome";

    /// <summary>The longest text in a reply, in bytes of UTF-8.</summary>
    private protected const int MaximumMessageLength = 128;

    // RFC 2759 §6: ERROR_PASSWD_EXPIRED.
    private const int PasswordExpired = 648;

    private readonly byte[] _serverName;
    private readonly IRandomSource _random;
    private readonly ChapTimers _timers;

    private ChapState _state = ChapState.Initial;
    private TimeSpan? _deadline;
    private byte _identifier;
    private byte[] _challengePacket = [];
    private int _transmissions;
    private int _retries;
    private bool _mayChangePassword;
    private bool _hasOfferedChange;
    private ChapCode _responseCode;
    private byte[] _response = []; // the last one acted on
    private byte[]? _reply; // to _response

    private protected ChapAuthenticator(string serverName, IRandomSource random, ChapTimers timers)
    {
        _serverName = ChapText.Encode(serverName, MsChapV2.MaximumUserNameLength);
        _random = random;
        _timers = timers;
    }

    private enum ChapState
    {
        Initial,
        ChallengeSent,
        AwaitingVerdict,
        AwaitingRetry,
        Authenticated,
        Failed,
    }

    /// <inheritdoc/>
    public sealed override ushort Protocol => 0xC223;

    /// <summary>Which CHAP this is, for LCP's option.</summary>
    public abstract ChapAlgorithm Algorithm { get; }

    /// <inheritdoc/>
    public sealed override TimeSpan? NextDeadline => _deadline;

    /// <summary>Packets that were not acted on: malformed, of another code, or out of turn.</summary>
    public long Ignored { get; private set; }

    /// <summary>The value of the challenge that is open.</summary>
    private protected byte[] Challenge { get; private set; } = [];

    private protected abstract int ChallengeLength { get; }

    /// <summary>Whether a Failure hands over the challenge for a further try.</summary>
    private protected virtual bool CanRetry => true;

    /// <summary>Whether a peer that is told that its password has expired may choose another.</summary>
    private protected virtual bool CanChangePassword => false;

    /// <inheritdoc/>
    public sealed override void Start(TimeSpan now)
    {
        if (_state == ChapState.Initial)
        {
            Span<byte> first = stackalloc byte[1];
            _random.Fill(first);
            _identifier = first[0];
        }
        _retries = 0;
        _mayChangePassword = false;
        _hasOfferedChange = false;
        _reply = null;
        SendNewChallenge(now);
    }

    /// <summary>
    /// Challenges an authenticated peer again (RFC 1994 §2). Does nothing while the peer is not authenticated. Keys
    /// in use stay those of the first exchange.
    /// </summary>
    public void Rechallenge(TimeSpan now)
    {
        if (_state == ChapState.Authenticated)
            SendNewChallenge(now);
    }

    /// <inheritdoc/>
    public sealed override void Receive(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (!ChapPacket.TryParse(packet, out ChapPacket parsed)
            || parsed.Code is not (ChapCode.Response or ChapCode.ChangePassword))
        {
            Ignored++;
            return;
        }

        // RFC 1994 §4.1: the peer repeats itself because our reply was lost. A repeat in the middle of a further try
        // has the old bytes; other bytes are the try itself.
        bool repeats = _reply is not null && parsed.Code == _responseCode && parsed.Identifier == _response[0]
            && (_state != ChapState.AwaitingRetry || parsed.Data.SequenceEqual(_response.AsSpan(1)));
        bool isExpected = parsed.Code == ChapCode.Response || _mayChangePassword;
        bool answers = isExpected && _state switch
        {
            ChapState.ChallengeSent => parsed.Identifier == _identifier,
            // RFC 2759 §6 hands a new challenge over inside the Failure and does not number it. The change of a
            // password counts on from the Failure's identifier (§7), and so do peers that try again; one that does
            // not is understood as well.
            ChapState.AwaitingRetry => parsed.Identifier == _identifier
                || parsed.Identifier == (byte)(_identifier + 1),
            _ => false,
        };

        if (repeats)
            Raise(new AuthenticationEvent.Send(_reply!));
        else if (answers)
            TakeResponse(parsed);
        else
            Ignored++;
    }

    /// <inheritdoc/>
    public sealed override void Advance(TimeSpan now)
    {
        if (_deadline is not { } deadline || now < deadline)
            return;
        switch (_state)
        {
            case ChapState.ChallengeSent when _transmissions < _timers.MaximumTransmissions:
                Transmit(now);
                break;
            case ChapState.ChallengeSent:
                Fail(string.Create(CultureInfo.InvariantCulture, $"no answer to {_transmissions} challenges"));
                break;
            case ChapState.AwaitingRetry:
                Fail(string.Create(
                    CultureInfo.InvariantCulture, $"no further try within {_timers.RetryTimeout.TotalSeconds:0} s"));
                break;
            case ChapState.Authenticated:
                SendNewChallenge(now);
                break;
        }
    }

    /// <inheritdoc/>
    public sealed override void Decide(AuthenticationVerdict verdict, TimeSpan now)
    {
        if (_state != ChapState.AwaitingVerdict)
            return;
        switch (verdict)
        {
            case AuthenticationVerdict.Accept accept when TryEncodeSuccess(accept, out byte[] text):
                Reply(ChapCode.Success, text);
                _state = ChapState.Authenticated;
                _deadline = now + _timers.RechallengeInterval;
                Raise(new AuthenticationEvent.Succeeded());
                break;
            case AuthenticationVerdict.Accept:
                ReplyFailure(new AuthenticationVerdict.Reject(false), mayRetry: false);
                Fail("accepted, but without the proof the peer asks of us");
                break;
            case AuthenticationVerdict.Reject reject:
                Refuse(reject, now);
                break;
        }
    }

    /// <summary>Reads a Response; an error is English, for the log.</summary>
    private protected abstract PeerCredentials? ReadResponse(
        byte identifier, ReadOnlySpan<byte> value, ReadOnlySpan<byte> name, out string error);

    /// <summary>Reads a Change-Password packet, asked for only where <see cref="CanChangePassword"/>.</summary>
    private protected virtual PeerCredentials? ReadPasswordChange(
        byte identifier, ReadOnlySpan<byte> data, out string error)
    {
        error = "a change of password this method does not have";
        return null;
    }

    /// <summary>The message of a Success; false when the verdict lacks what the method needs.</summary>
    private protected abstract bool TryEncodeSuccess(AuthenticationVerdict.Accept verdict, out byte[] message);

    /// <summary>The message of a Failure. <see cref="Challenge"/> is already the one for the further try.</summary>
    private protected abstract byte[] EncodeFailure(AuthenticationVerdict.Reject verdict, bool mayRetry);

    private void TakeResponse(ChapPacket packet)
    {
        _identifier = packet.Identifier;
        _responseCode = packet.Code;
        _response = [packet.Identifier, .. packet.Data];
        _reply = null;
        _deadline = null;
        _mayChangePassword = false;

        string error = "a response whose value does not fit into it";
        PeerCredentials? credentials = null;
        if (packet.Code == ChapCode.ChangePassword)
            credentials = ReadPasswordChange(packet.Identifier, packet.Data, out error);
        else if (packet.TryReadValue(out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> name))
            credentials = ReadCheckedResponse(packet.Identifier, value, name, out error);
        if (credentials is null)
        {
            ReplyFailure(new AuthenticationVerdict.Reject(false), mayRetry: false);
            Fail(error);
            return;
        }
        _state = ChapState.AwaitingVerdict;
        Raise(new AuthenticationEvent.CredentialsReceived(credentials));
    }

    private PeerCredentials? ReadCheckedResponse(
        byte identifier, ReadOnlySpan<byte> value, ReadOnlySpan<byte> name, out string error)
    {
        if (name.Length <= MsChapV2.MaximumUserNameLength)
            return ReadResponse(identifier, value, name, out error);
        error = string.Create(CultureInfo.InvariantCulture, $"a user name of {name.Length} bytes");
        return null;
    }

    private void Refuse(AuthenticationVerdict.Reject reject, TimeSpan now)
    {
        // Who has the right password at last may still change it, once.
        _mayChangePassword = CanChangePassword && reject.ErrorCode == PasswordExpired && reject.MayRetry
            && !_hasOfferedChange;
        bool mayRetry = _mayChangePassword
            || (CanRetry && reject.MayRetry && _retries < _timers.MaximumRetries);
        ReplyFailure(reject, mayRetry);
        if (mayRetry)
        {
            if (_mayChangePassword)
                _hasOfferedChange = true;
            else
                _retries++;
            _state = ChapState.AwaitingRetry;
            _deadline = now + _timers.RetryTimeout;
        }
        else
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"{reject.Message} (error {reject.ErrorCode})"));
        }
    }

    private void ReplyFailure(AuthenticationVerdict.Reject reject, bool mayRetry)
    {
        if (CanRetry)
            NewChallenge();
        Reply(ChapCode.Failure, EncodeFailure(reject, mayRetry));
    }

    private void Reply(ChapCode code, ReadOnlySpan<byte> message)
    {
        _reply = ChapPacket.Encode(code, _identifier, message);
        Raise(new AuthenticationEvent.Send(_reply));
    }

    private void Fail(string detail)
    {
        _state = ChapState.Failed;
        _deadline = null;
        Raise(new AuthenticationEvent.Failed(detail));
    }

    private void NewChallenge()
    {
        Challenge = new byte[ChallengeLength];
        _random.Fill(Challenge);
    }

    private void SendNewChallenge(TimeSpan now)
    {
        NewChallenge();
        _identifier++;
        _challengePacket = ChapPacket.EncodeValue(ChapCode.Challenge, _identifier, Challenge, _serverName);
        _transmissions = 0;
        _state = ChapState.ChallengeSent;
        Transmit(now);
    }

    private void Transmit(TimeSpan now)
    {
        _transmissions++;
        _deadline = now + _timers.RetransmitInterval;
        Raise(new AuthenticationEvent.Send(_challengePacket));
    }
}
