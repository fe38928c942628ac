using System.Globalization;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The authenticator's side of EAP in the pass-through role (RFC 3748 §2.3): it asks who the peer is, hands each
/// Response to whoever decides, and each Request of theirs to the peer. It knows no method.
/// </summary>
/// <remarks>
/// Of a Response code, length and identifier are looked at (RFC 3579 §2.2); all that does not fit is passed over, so
/// that nobody ends a login by a forged packet. Success and Failure are sent once: the peer does not answer them, and
/// what it repeats is an answer to a Request that is over (RFC 3748 §4.2).
/// </remarks>
/// <param name="longestRequest">The longest packet the peer takes, in bytes: EAP has no fragments of its own.</param>
/// <param name="random">The first identifier comes from here.</param>
/// <param name="timers">Null: <see cref="ChapTimers.Default"/>.</param>
public sealed class EapAuthenticator(int longestRequest, IRandomSource random, ChapTimers? timers = null)
    : Authenticator
{
    /// <summary>
    /// The longest Response that is heeded, in bytes: with what stands beside it an Access-Request has no room for more
    /// (RFC 2865 §3).
    /// </summary>
    public const int MaximumLength = 3072;

    /// <summary>Requests after the first; a method that needs more never ends.</summary>
    public const int MaximumRounds = 50;

    // RFC 3748 §5.1.
    private const byte Identity = 1;

    private readonly ChapTimers _timers = timers ?? ChapTimers.Default;

    private EapState _state = EapState.Initial;
    private TimeSpan? _deadline;
    private byte _identifier;
    private byte[] _request = [];
    private int _transmissions;
    private int _rounds;
    private byte[]? _userName;

    private enum EapState
    {
        Initial,
        RequestSent,
        AwaitingVerdict,
        Authenticated,
        Failed,
    }

    /// <inheritdoc/>
    public override ushort Protocol => 0xC227;

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline => _deadline;

    /// <summary>Packets that were not acted on: malformed, of another code, or out of turn.</summary>
    public long Ignored { get; private set; }

    /// <inheritdoc/>
    public override void Start(TimeSpan now)
    {
        if (_state == EapState.Initial)
        {
            Span<byte> first = stackalloc byte[1];
            random.Fill(first);
            _identifier = first[0];
        }
        _identifier++;
        _rounds = 0;
        _userName = null;
        Send(AuthenticationPacket.Encode((byte)EapCode.Request, _identifier, [Identity]), now);
    }

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (_state != EapState.RequestSent
            || !AuthenticationPacket.TryParse(packet, out AuthenticationPacket response)
            || !Answers(response))
        {
            Ignored++;
            return;
        }
        TakeResponse(packet[..LengthOf(response)], response);
    }

    /// <inheritdoc/>
    public override void Advance(TimeSpan now)
    {
        if (_deadline is not { } deadline || now < deadline)
            return;
        // RFC 3748 §4.3: the same again, identifier included.
        if (_transmissions < _timers.MaximumTransmissions)
            Transmit(now);
        else
            Fail(string.Create(CultureInfo.InvariantCulture, $"no answer to {_transmissions} EAP requests"));
    }

    /// <inheritdoc/>
    public override void Decide(AuthenticationVerdict verdict, TimeSpan now)
    {
        if (_state != EapState.AwaitingVerdict)
            return;
        switch (verdict)
        {
            case AuthenticationVerdict.Accept accept:
                Conclude(accept.EapPacket, EapCode.Success);
                _state = EapState.Authenticated;
                Raise(new AuthenticationEvent.Succeeded());
                break;
            case AuthenticationVerdict.Continue next:
                Ask(next.Packet, now);
                break;
            case AuthenticationVerdict.Reject reject:
                Conclude(reject.EapPacket, EapCode.Failure);
                Fail(string.Create(CultureInfo.InvariantCulture, $"{reject.Message} (error {reject.ErrorCode})"));
                break;
        }
    }

    private static int LengthOf(AuthenticationPacket packet) =>
        AuthenticationPacket.HeaderLength + packet.Data.Length;

    private bool Answers(AuthenticationPacket packet) =>
        packet.Code == (byte)EapCode.Response
        && packet.Identifier == _identifier
        && !packet.Data.IsEmpty
        && LengthOf(packet) <= MaximumLength
        // Nobody may refuse to say who they are (RFC 3748 §5.3.1).
        && (_userName is not null || packet.Data[0] == Identity);

    private void TakeResponse(ReadOnlySpan<byte> bytes, AuthenticationPacket response)
    {
        _deadline = null;
        _state = EapState.AwaitingVerdict;
        if (_userName is null)
        {
            ReadOnlySpan<byte> name = response.Data[1..];
            if (name.Length > MsChapV2.MaximumUserNameLength)
            {
                Refuse(string.Create(CultureInfo.InvariantCulture, $"a user name of {name.Length} bytes"));
                return;
            }
            _userName = name.ToArray();
        }
        Raise(new AuthenticationEvent.CredentialsReceived(
            new EapCredentials(ChapText.Decode(_userName), _userName, bytes.ToArray())));
    }

    private void Ask(byte[] bytes, TimeSpan now)
    {
        if (!AuthenticationPacket.TryParse(bytes, out AuthenticationPacket request)
            || request.Code != (byte)EapCode.Request || request.Data.IsEmpty)
        {
            Refuse("asked to go on by what is no EAP request");
        }
        else if (LengthOf(request) > longestRequest)
        {
            Refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"an EAP request of {LengthOf(request)} bytes, and the peer takes {longestRequest}"));
        }
        else if (++_rounds > MaximumRounds)
        {
            Refuse(string.Create(CultureInfo.InvariantCulture, $"no end after {MaximumRounds} rounds of EAP"));
        }
        else
        {
            _identifier = request.Identifier;
            Send(bytes[..LengthOf(request)], now);
        }
    }

    private void Refuse(string detail)
    {
        Conclude(null, EapCode.Failure);
        Fail(detail);
    }

    /// <summary>
    /// Sends the last packet: the one that was given, even where it says another thing than the verdict (RFC 3579
    /// §2.6.3), or else one of ours, so that the peer does not wait for nothing.
    /// </summary>
    private void Conclude(byte[]? given, EapCode code)
    {
        bool isLast = AuthenticationPacket.TryParse(given, out AuthenticationPacket packet)
            && (EapCode)packet.Code is EapCode.Success or EapCode.Failure
            && packet.Data.IsEmpty;
        Raise(new AuthenticationEvent.Send(isLast
            ? given![..AuthenticationPacket.HeaderLength]
            : AuthenticationPacket.Encode((byte)code, _identifier, default)));
    }

    private void Send(byte[] request, TimeSpan now)
    {
        _request = request;
        _transmissions = 0;
        _state = EapState.RequestSent;
        Transmit(now);
    }

    private void Transmit(TimeSpan now)
    {
        _transmissions++;
        _deadline = now + _timers.RetransmitInterval;
        Raise(new AuthenticationEvent.Send(_request));
    }

    private void Fail(string detail)
    {
        _state = EapState.Failed;
        _deadline = null;
        Raise(new AuthenticationEvent.Failed(detail));
    }
}
