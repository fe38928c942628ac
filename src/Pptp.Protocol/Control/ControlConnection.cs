using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Control;

/// <summary>
/// The answering side of a PPTP control connection (RFC 2637 §2, §3): the peer opens TCP and the connection,
/// and its Outgoing-Call-Requests make us the PAC of each call. Several calls may share the connection.
/// Octets, time and answers go in; <see cref="ControlEvent"/>s come out. Not safe for concurrent use.
/// </summary>
public sealed class ControlConnection
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

    /// <summary>Starts the clock for the peer's Start-Control-Connection-Request.</summary>
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
        Established,
        WaitStopReply,
        Closed,
    }

    /// <summary>Started by the peer and not ended since, nor about to end.</summary>
    public bool IsEstablished => _state == State.Established;

    /// <summary>The last event is queued or taken; nothing will come any more.</summary>
    public bool IsClosed => _state == State.Closed;

    /// <summary>Calls accepted or waiting for an answer.</summary>
    public int Calls => _calls.Count;

    /// <summary>When <see cref="Advance"/> next has something to do; null: never.</summary>
    public TimeSpan? NextDeadline => _state switch
    {
        State.Idle => _stateEntered + _options.StartTimeout,
        State.Established => Earlier(EchoDeadline, CallDeadline),
        State.WaitStopReply => _stateEntered + _options.StopTimeout,
        _ => null,
    };

    private TimeSpan? EchoDeadline =>
        _echoSent is TimeSpan sent ? sent + _options.EchoTimeout
        : _options.EchoInterval > TimeSpan.Zero ? _lastReceived + _options.EchoInterval
        : null;

    private TimeSpan? CallDeadline => _calls.OldestUndecided + _options.CallTimeout;

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
            case State.WaitStopReply when now >= _stateEntered + _options.StopTimeout:
                Close(ControlCloseReason.StopTimeout, "no Stop-Control-Connection-Reply in time");
                break;
            case State.Established when CallDeadline is TimeSpan undecided && now >= undecided:
                // RFC 2637 §3.2.1
                Close(ControlCloseReason.CallTimeout, "a call was not decided in time");
                break;
            case State.Established when EchoDeadline is TimeSpan echo && now >= echo:
                AdvanceEcho(now);
                break;
        }
    }

    /// <summary>
    /// Answers a <see cref="ControlEvent.CallRequested"/> with an Outgoing-Call-Reply of result 1. If the peer
    /// has cleared the call meanwhile, the Call-Disconnect-Notify and <see cref="ControlEvent.CallEnded"/> follow
    /// at once.
    /// </summary>
    /// <param name="peerCallId">The CallId of the request.</param>
    /// <param name="callId">Our id for the call, unused on this connection.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when no such request waits any more, the connection having ended: the id was not used.</returns>
    /// <exception cref="ArgumentException"><paramref name="callId"/> is in use on this connection.</exception>
    public bool AcceptCall(ushort peerCallId, ushort callId, TimeSpan now)
    {
        if (_state != State.Established || !_calls.TryGetUndecided(peerCallId, out ControlCall? call))
            return false;
        if (_calls.HasId(callId))
            throw new ArgumentException($"call id {callId} is in use", nameof(callId));

        _calls.Accept(call, callId);
        Send(new OutgoingCallReply
        {
            CallId = callId,
            PeersCallId = peerCallId,
            ResultCode = OutgoingCallResult.Connected,
            ConnectSpeed = SpeedFor(call.Request),
            PacketReceiveWindowSize = _options.ReceiveWindowSize,
        });
        if (call.Withdrawn)
            Clear(call);
        return true;
    }

    /// <summary>
    /// Answers a <see cref="ControlEvent.CallRequested"/> with a refusal. <paramref name="error"/> means something
    /// beside <see cref="OutgoingCallResult.GeneralError"/> only. Does nothing when no such request waits any more.
    /// </summary>
    public void RefuseCall(ushort peerCallId, OutgoingCallResult result, ControlError error, TimeSpan now)
    {
        if (_state != State.Established || !_calls.TryGetUndecided(peerCallId, out ControlCall? call))
            return;
        _calls.Remove(call);
        Refuse(peerCallId, result, error);
    }

    /// <summary>Ends an accepted call with a Call-Disconnect-Notify; no event follows.</summary>
    public void DisconnectCall(ushort callId, CallDisconnectResult result, TimeSpan now)
    {
        if (_state == State.Established && _calls.TryGetById(callId, out ControlCall? call))
            Disconnect(call, result);
    }

    /// <summary>
    /// Ends the connection: a Call-Disconnect-Notify for each call, a Stop-Control-Connection-Request, and
    /// <see cref="ControlEvent.Closed"/> when the peer answers or <see cref="ControlConnectionOptions.StopTimeout"/>
    /// has passed. A connection that never started closes at once.
    /// </summary>
    public void Stop(StopControlConnectionReason reason, TimeSpan now)
    {
        switch (_state)
        {
            case State.Idle:
                Close(ControlCloseReason.Stopped, "stopped before it was established");
                break;
            case State.Established:
                foreach (ControlCall call in _calls.Accepted)
                    Disconnect(call, CallDisconnectResult.AdminShutdown, CallEndReason.StoppedLocally);
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
            case OutgoingCallRequest request:
                RequestCall(request, now);
                break;
            case CallClearRequest clear:
                if (_calls.TryGetByPeerId(clear.CallId, out ControlCall? cleared))
                    Clear(cleared);
                break;
            case CallDisconnectNotify notify:
                DisconnectByPeer(notify.CallId);
                break;
            case SetLinkInfo info:
                if (_calls.HasId(info.PeersCallId))
                    _events.Enqueue(new ControlEvent.LinkInfo(info.PeersCallId, info.SendAccm, info.ReceiveAccm));
                break;
            case IncomingCallRequest incoming:
                // RFC 2637 §2.10: "do not accept". No call of ours exists, so it has no id.
                Send(new IncomingCallReply
                {
                    PeersCallId = incoming.CallId,
                    ResultCode = IncomingCallResult.DoNotAccept,
                });
                break;
            default:
                // Replies to nothing we asked, and what a PAC tells a PNS, are of no use here.
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

    private void RequestCall(OutgoingCallRequest request, TimeSpan now)
    {
        if (_calls.HasPeerId(request.CallId))
        {
            // Two calls with one id could not be told apart in Call-Clear-Request nor in GRE.
            Refuse(request.CallId, OutgoingCallResult.GeneralError, ControlError.BadCallId);
            return;
        }

        if (_calls.Count >= _options.MaximumChannels)
        {
            Refuse(request.CallId, OutgoingCallResult.GeneralError, ControlError.NoResource);
            return;
        }

        _calls.Add(request, now);
        _events.Enqueue(new ControlEvent.CallRequested(request));
    }

    /// <summary>
    /// RFC 2637 §2.12, §3.2.4.1: a Call-Clear-Request is answered with Call-Disconnect-Notify. That carries our id,
    /// which an undecided call does not have yet, and the peer could not know: so the call keeps its place, and its
    /// peer id stays taken, until the owner has decided. What goes out then is what would have gone out had
    /// the request crossed our reply.
    /// </summary>
    private void Clear(ControlCall call)
    {
        if (!call.Accepted)
        {
            call.Withdrawn = true;
            return;
        }

        Disconnect(call, CallDisconnectResult.Request, CallEndReason.ClearedByPeer);
    }

    private void DisconnectByPeer(ushort callId)
    {
        // A PNS has no business with Call-Disconnect-Notify. If one sends it, it may mean the PAC's id, as the
        // message does (RFC 2637 §2.13), or its own, as any sender of it does.
        if (_calls.TryGetById(callId, out ControlCall? call)
            || (_calls.TryGetByPeerId(callId, out call) && call.Accepted))
        {
            _calls.Remove(call);
            _events.Enqueue(new ControlEvent.CallEnded(call.CallId, CallEndReason.DisconnectedByPeer));
        }
    }

    private void Disconnect(ControlCall call, CallDisconnectResult result, CallEndReason? reason = null)
    {
        _calls.Remove(call);
        Send(new CallDisconnectNotify { CallId = call.CallId, ResultCode = result });
        if (reason is CallEndReason told)
            _events.Enqueue(new ControlEvent.CallEnded(call.CallId, told));
    }

    private void Refuse(ushort peerCallId, OutgoingCallResult result, ControlError error) =>
        Send(new OutgoingCallReply { PeersCallId = peerCallId, ResultCode = result, ErrorCode = error });

    private uint SpeedFor(OutgoingCallRequest request) =>
        request.MaximumBps >= request.MinimumBps && request.MaximumBps > 0
            ? Math.Clamp(_options.ConnectSpeed, request.MinimumBps, request.MaximumBps)
            : _options.ConnectSpeed;

    private void EndCalls(CallEndReason reason)
    {
        foreach (ControlCall call in _calls.Accepted)
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
