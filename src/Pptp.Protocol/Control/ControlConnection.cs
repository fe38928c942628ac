using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Control;

/// <summary>
/// One end of a PPTP control connection (RFC 2637 §2, §3), which the peer starts, or we by <see cref="Dial"/>. The
/// peer's Outgoing-Call-Requests make us the PAC of a call; its Incoming-Call-Requests and the calls we place, the PNS.
/// Several calls may share the connection.
/// Octets, time and answers go in; <see cref="ControlEvent"/>s come out. Not safe for concurrent use.
/// </summary>
public sealed partial class ControlConnection
{
    private readonly ControlConnectionOptions _options;
    private readonly ControlMessageReader _reader = new();
    private readonly Queue<ControlEvent> _events = new();
    private readonly ControlCallTable _calls = new();
    private State _state = State.Idle;
    private TimeSpan _stateEntered;
    private TimeSpan _lastReceived;
    private TimeSpan? _echoSent;
    private uint _echoIdentifier;

    /// <summary>The answering end: starts the clock for the peer's Start-Control-Connection-Request.</summary>
    public ControlConnection(ControlConnectionOptions options, IRandomSource random, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        _options = options;
        _stateEntered = now;
        _lastReceived = now;
        Span<byte> identifier = stackalloc byte[4];
        random.Fill(identifier);
        _echoIdentifier = BinaryPrimitives.ReadUInt32BigEndian(identifier);
    }

    private enum State
    {
        Idle,
        WaitStartReply,
        Established,
        WaitStopReply,
        Closed,
    }

    /// <summary>Started and not ended since, nor about to end.</summary>
    public bool IsEstablished => _state == State.Established;

    /// <summary>We have sent a Stop-Control-Connection-Request and wait for the answer.</summary>
    public bool IsStopping => _state == State.WaitStopReply;

    /// <summary>The last event is queued or taken; nothing will come any more.</summary>
    public bool IsClosed => _state == State.Closed;

    /// <summary>Calls accepted or placed, waiting for an answer, or whose end is not confirmed.</summary>
    public int Calls => _calls.Count;

    /// <summary>When <see cref="Advance"/> next has something to do; null: never.</summary>
    public TimeSpan? NextDeadline => _state switch
    {
        State.Idle or State.WaitStartReply => _stateEntered + _options.StartTimeout,
        State.Established => Earlier(EchoDeadline, CallDeadline),
        State.WaitStopReply => _stateEntered + _options.StopTimeout,
        _ => null,
    };

    private TimeSpan? EchoDeadline =>
        _echoSent is TimeSpan sent ? sent + _options.EchoTimeout
        : _options.EchoInterval > TimeSpan.Zero ? _lastReceived + _options.EchoInterval
        : null;

    private TimeSpan? CallDeadline => _calls.OldestTransition + _options.CallTimeout;

    /// <summary>The next thing to do, in order; false when there is nothing for now.</summary>
    public bool TryTake([NotNullWhen(true)] out ControlEvent? next) => _events.TryDequeue(out next);

    /// <summary>
    /// Takes octets from TCP, cut anywhere. Whatever they are, nothing is thrown. Drain <see cref="TryTake"/> after,
    /// and read no more while what came out cannot be sent: the queue is bounded by what was received.
    /// </summary>
    public void Receive(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        while (_state != State.Closed && !bytes.IsEmpty)
        {
            ControlDecodeError error = _reader.Read(ref bytes, out ControlMessage? message);
            if (error != ControlDecodeError.None)
            {
                // RFC 2637 §1.4: a stream out of step is closed at once, without an answer.
                Close(ControlCloseReason.MalformedMessage, $"not a control message: {Describe(error)}");
                return;
            }

            if (message is not null)
                Process(message, now);
        }
    }

    /// <summary>Does what has come due.</summary>
    public void Advance(TimeSpan now)
    {
        switch (_state)
        {
            case State.Idle when now >= _stateEntered + _options.StartTimeout:
                Close(ControlCloseReason.StartTimeout, "no Start-Control-Connection-Request in time");
                break;
            case State.WaitStartReply when now >= _stateEntered + _options.StartTimeout:
                Close(ControlCloseReason.StartTimeout, "no Start-Control-Connection-Reply in time");
                break;
            case State.WaitStopReply when now >= _stateEntered + _options.StopTimeout:
                Close(ControlCloseReason.StopTimeout, "no Stop-Control-Connection-Reply in time");
                break;
            case State.Established when CallDeadline is TimeSpan call && now >= call:
                // RFC 2637 §3.2.1
                Close(ControlCloseReason.CallTimeout, "a call was neither answered, connected nor cleared in time");
                break;
            case State.Established when EchoDeadline is TimeSpan echo && now >= echo:
                AdvanceEcho(now);
                break;
        }
    }

    /// <summary>
    /// Ends the connection: each call as <see cref="DisconnectCall"/>, a Stop-Control-Connection-Request, and
    /// <see cref="ControlEvent.Closed"/> when the peer answers or <see cref="ControlConnectionOptions.StopTimeout"/>
    /// has passed. A connection that never started closes at once.
    /// </summary>
    public void Stop(StopControlConnectionReason reason, TimeSpan now)
    {
        switch (_state)
        {
            case State.Idle or State.WaitStartReply:
                Close(ControlCloseReason.Stopped, "stopped before it was established");
                break;
            case State.Established:
                foreach (ControlCall call in _calls.Owned)
                    Disconnect(call, CallDisconnectResult.AdminShutdown, now, CallEndReason.StoppedLocally);
                _calls.Clear();
                Send(new StopControlConnectionRequest { Reason = reason });
                _state = State.WaitStopReply;
                _stateEntered = now;
                break;
            default:
                break;
        }
    }

    /// <summary>TCP is gone: ends the calls and closes, with <paramref name="detail"/> for the log.</summary>
    public void TransportClosed(string detail) => Close(ControlCloseReason.TransportClosed, detail);

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    private static string Describe(ControlDecodeError error) => error switch
    {
        ControlDecodeError.Length => "wrong length",
        ControlDecodeError.MessageType => "wrong message type",
        ControlDecodeError.MagicCookie => "wrong magic cookie",
        _ => "unknown control message type",
    };

    private void AdvanceEcho(TimeSpan now)
    {
        if (_echoSent is not null)
        {
            Close(ControlCloseReason.EchoTimeout, "no answer to Echo-Request");
            return;
        }

        _echoSent = now;
        Send(new EchoRequest { Identifier = unchecked(++_echoIdentifier) });
    }

    private void Process(ControlMessage message, TimeSpan now)
    {
        // Any whole message shows that the peer lives, a late or foreign Echo-Reply included.
        _lastReceived = now;
        _echoSent = null;

        switch (_state)
        {
            case State.Idle when message is StartControlConnectionRequest start:
                Start(start, now);
                break;
            case State.Idle:
                Close(ControlCloseReason.UnexpectedMessage, $"{message.Type} before Start-Control-Connection-Request");
                break;
            case State.WaitStartReply when message is StartControlConnectionReply reply:
                StartReplied(reply, now);
                break;
            case State.WaitStartReply:
                Close(ControlCloseReason.UnexpectedMessage, $"{message.Type} before Start-Control-Connection-Reply");
                break;
            case State.Established:
                ProcessEstablished(message, now);
                break;
            case State.WaitStopReply when message is StopControlConnectionReply:
                Close(ControlCloseReason.Stopped, "stopped");
                break;
            case State.WaitStopReply when message is StopControlConnectionRequest stop:
                // Both sides stop at once: each answers the other, and nothing is left to wait for.
                StopByPeer(stop);
                break;
            default:
                break;
        }
    }

    private void ProcessEstablished(ControlMessage message, TimeSpan now)
    {
        switch (message)
        {
            case StartControlConnectionRequest:
                // RFC 2637 §2.2: the channel exists. What runs on it is not disturbed.
                Send(StartReply(StartControlConnectionResult.ChannelAlreadyExists));
                break;
            case StopControlConnectionRequest stop:
                StopByPeer(stop);
                break;
            case EchoRequest echo:
                Send(new EchoReply { Identifier = echo.Identifier, ResultCode = EchoResult.Ok });
                break;
            default:
                ProcessCall(message, now);
                break;
        }
    }

    private void Start(StartControlConnectionRequest request, TimeSpan now)
    {
        if (request.ProtocolVersion != StartControlConnectionRequest.SupportedVersion)
        {
            Send(StartReply(StartControlConnectionResult.ProtocolVersionNotSupported));
            Close(ControlCloseReason.UnsupportedVersion, $"protocol version 0x{request.ProtocolVersion:x4}");
            return;
        }

        _state = State.Established;
        _stateEntered = now;
        Send(StartReply(StartControlConnectionResult.Successful));
        _events.Enqueue(new ControlEvent.Started(request));
    }

    private StartControlConnectionReply StartReply(StartControlConnectionResult result) => new()
    {
        ResultCode = result,
        FramingCapabilities = ControlCapabilities.EitherFraming,
        BearerCapabilities = ControlCapabilities.EitherBearer,
        MaximumChannels = _options.MaximumChannels,
        FirmwareRevision = _options.FirmwareRevision,
        HostName = _options.HostName,
        VendorName = _options.VendorName,
    };

    private void StopByPeer(StopControlConnectionRequest stop)
    {
        EndCalls(CallEndReason.StoppedByPeer);
        Send(new StopControlConnectionReply { ResultCode = StopControlConnectionResult.Ok });
        Close(ControlCloseReason.StoppedByPeer, $"stopped by the peer, reason {(int)stop.Reason}");
    }

    private void EndCalls(CallEndReason reason)
    {
        foreach (ControlCall call in _calls.Owned)
            _events.Enqueue(new ControlEvent.CallEnded(call.CallId, reason));
        _calls.Clear();
    }

    private void Send(ControlMessage message) => _events.Enqueue(new ControlEvent.Send(message.Encode()));

    private void Close(ControlCloseReason reason, string detail)
    {
        if (_state == State.Closed)
            return;
        EndCalls(CallEndReason.ConnectionLost);
        _state = State.Closed;
        _events.Enqueue(new ControlEvent.Closed(reason, detail));
    }
}
