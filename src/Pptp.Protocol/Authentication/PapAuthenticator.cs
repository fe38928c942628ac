using System.Globalization;
using System.Security.Cryptography;

namespace Pptp.Protocol.Authentication;

/// <summary>The authenticator's side of PAP (RFC 1334 §2): the peer sends its password until it is answered.</summary>
/// <remarks>
/// A repeated request is known by its content, not by its identifier: the RFC wants a new one on each copy, and pppd
/// does so. Only a keyed digest of the content is kept, which no packet can be made from.
/// </remarks>
/// <param name="random">The key of that digest comes from here: must be unpredictable.</param>
/// <param name="timers">
/// Null: <see cref="ChapTimers.Default"/>. A peer that does not ask has as much time as one that does not answer a
/// challenge.
/// </param>
public sealed class PapAuthenticator(IRandomSource random, ChapTimers? timers = null) : Authenticator
{
    private const int MaximumMessageLength = 128;

    private readonly ChapTimers _timers = timers ?? ChapTimers.Default;
    private readonly byte[] _digestKey = new byte[HMACSHA256.HashSizeInBytes];
    private readonly byte[] _request = new byte[HMACSHA256.HashSizeInBytes]; // the last one acted on

    private PapState _state = PapState.Initial;
    private TimeSpan? _deadline;
    private TimeSpan _patience;
    private byte _identifier;
    private int _retries;
    private PapCredentials? _credentials;
    private PapCode _replyCode;
    private byte[] _replyMessage = [];

    private enum PapState
    {
        Initial,
        AwaitingRequest,
        AwaitingVerdict,
        AwaitingRetry,
        Authenticated,
        Failed,
    }

    /// <inheritdoc/>
    public override ushort Protocol => 0xC023;

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline => _deadline;

    /// <summary>Packets that were not acted on: malformed, of another code, or out of turn.</summary>
    public long Ignored { get; private set; }

    /// <inheritdoc/>
    public override void Start(TimeSpan now)
    {
        ForgetPassword();
        random.Fill(_digestKey);
        _retries = 0;
        AwaitRequest(PapState.AwaitingRequest, _timers.MaximumTransmissions * _timers.RetransmitInterval, now);
    }

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (_state == PapState.Initial
            || !PapPacket.TryParse(packet, out PapPacket parsed)
            || parsed.Code != PapCode.AuthenticateRequest
            || !parsed.TryReadRequest(out ReadOnlySpan<byte> userName, out ReadOnlySpan<byte> password))
        {
            Ignored++;
            return;
        }

        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_digestKey, parsed.Data, digest);
        bool repeats = _state != PapState.AwaitingRequest
            && CryptographicOperations.FixedTimeEquals(digest, _request);
        switch (_state)
        {
            case PapState.AwaitingRequest:
            case PapState.AwaitingRetry when !repeats:
                digest.CopyTo(_request);
                _identifier = parsed.Identifier;
                _deadline = null;
                _state = PapState.AwaitingVerdict;
                _credentials = new PapCredentials(ChapText.Decode(userName), userName.ToArray(), password.ToArray());
                Raise(new AuthenticationEvent.CredentialsReceived(_credentials));
                break;
            case PapState.AwaitingVerdict when repeats:
                // The peer waits for an answer to its newest copy.
                _identifier = parsed.Identifier;
                break;
            case PapState.AwaitingRetry or PapState.Authenticated or PapState.Failed when repeats:
                // RFC 1334 §2.2.1: our reply was lost; the same again, in any later phase too.
                Reply(parsed.Identifier);
                break;
            default:
                Ignored++;
                break;
        }
    }

    /// <inheritdoc/>
    public override void Advance(TimeSpan now)
    {
        if (_deadline is not { } deadline || now < deadline)
            return;
        string what = _state == PapState.AwaitingRetry ? "further try" : "login";
        Fail(string.Create(CultureInfo.InvariantCulture, $"no {what} within {_patience.TotalSeconds:0} s"));
    }

    /// <inheritdoc/>
    public override void Decide(AuthenticationVerdict verdict, TimeSpan now)
    {
        if (_state != PapState.AwaitingVerdict)
            return;
        ForgetPassword();
        switch (verdict)
        {
            case AuthenticationVerdict.Accept accept:
                _replyCode = PapCode.AuthenticateAck;
                _replyMessage = ChapText.Encode(accept.SuccessMessage ?? "Welcome", MaximumMessageLength);
                Reply(_identifier);
                _state = PapState.Authenticated;
                Raise(new AuthenticationEvent.Succeeded());
                break;
            case AuthenticationVerdict.Reject reject:
                Refuse(reject, now);
                break;
        }
    }

    private void Refuse(AuthenticationVerdict.Reject reject, TimeSpan now)
    {
        _replyCode = PapCode.AuthenticateNak;
        _replyMessage = ChapText.Encode(reject.Message, MaximumMessageLength);
        Reply(_identifier);
        if (reject.MayRetry && _retries < _timers.MaximumRetries)
        {
            _retries++;
            AwaitRequest(PapState.AwaitingRetry, _timers.RetryTimeout, now);
        }
        else
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"{reject.Message} (error {reject.ErrorCode})"));
        }
    }

    private void AwaitRequest(PapState state, TimeSpan patience, TimeSpan now)
    {
        _state = state;
        _patience = patience;
        _deadline = now + patience;
    }

    private void Reply(byte identifier) =>
        Raise(new AuthenticationEvent.Send(PapPacket.EncodeReply(_replyCode, identifier, _replyMessage)));

    private void Fail(string detail)
    {
        _state = PapState.Failed;
        _deadline = null;
        Raise(new AuthenticationEvent.Failed(detail));
    }

    private void ForgetPassword()
    {
        _credentials?.Clear();
        _credentials = null;
    }
}
