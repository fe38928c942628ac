namespace Pptp.Protocol.Control;

/// <content>The calls: RFC 2637 §2.7 to §2.15, §3.2. Those we dial ourselves stand in the other part.</content>
public sealed partial class ControlConnection
{
    /// <summary>
    /// Answers a <see cref="ControlEvent.CallRequested"/> or <see cref="ControlEvent.IncomingCallRequested"/> with a
    /// reply of result 1. If the peer has given the call up meanwhile, <see cref="ControlEvent.CallEnded"/> follows at
    /// once, after the Call-Disconnect-Notify we may owe it.
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

        _calls.Accept(call, callId, now);
        if (call.Outgoing is { } request)
        {
            Send(new OutgoingCallReply
            {
                CallId = callId,
                PeersCallId = peerCallId,
                ResultCode = OutgoingCallResult.Connected,
                ConnectSpeed = SpeedFor(request),
                PacketReceiveWindowSize = _options.ReceiveWindowSize,
            });
            if (call.Withdrawn)
                Disconnect(call, CallDisconnectResult.Request, now, CallEndReason.ClearedByPeer);
        }
        else if (call.Withdrawn)
        {
            // Its PAC has said goodbye and waits for nothing.
            _calls.Remove(call);
            _events.Enqueue(new ControlEvent.CallEnded(callId, CallEndReason.DisconnectedByPeer));
        }
        else
        {
            Send(new IncomingCallReply
            {
                CallId = callId,
                PeersCallId = peerCallId,
                ResultCode = IncomingCallResult.Connect,
                PacketReceiveWindowSize = _options.ReceiveWindowSize,
            });
        }

        return true;
    }

    /// <summary>
    /// Answers a request for a call with a refusal. <paramref name="error"/> means something beside
    /// <see cref="OutgoingCallResult.GeneralError"/> only; an Incoming-Call-Reply has no other result but "do not
    /// accept". Does nothing when no such request waits any more.
    /// </summary>
    public void RefuseCall(ushort peerCallId, OutgoingCallResult result, ControlError error, TimeSpan now)
    {
        if (_state != State.Established || !_calls.TryGetUndecided(peerCallId, out ControlCall? call))
            return;
        _calls.Remove(call);
        if (!call.IsOursAsPns)
            Refuse(peerCallId, result, error);
        else if (!call.Withdrawn)
            RefuseIncoming(peerCallId, result, error);
    }

    /// <summary>
    /// Ends an accepted or placed call; no event follows. As its PAC we notify the peer with
    /// <paramref name="result"/>, as its PNS we send a Call-Clear-Request, which has no room for one.
    /// </summary>
    public void DisconnectCall(ushort callId, CallDisconnectResult result, TimeSpan now)
    {
        if (_state == State.Established && _calls.TryGetOwned(callId, out ControlCall? call))
            Disconnect(call, result, now);
    }

    private void ProcessCall(ControlMessage message, TimeSpan now)
    {
        switch (message)
        {
            case OutgoingCallRequest request:
                if (ObstacleTo(request.CallId) is not ControlError.None and var obstacle)
                {
                    Refuse(request.CallId, OutgoingCallResult.GeneralError, obstacle);
                    break;
                }

                _calls.Add(new ControlCall(request, now));
                _events.Enqueue(new ControlEvent.CallRequested(request));
                break;
            case IncomingCallRequest request:
                if (ObstacleTo(request.CallId) is not ControlError.None and var refusal)
                {
                    RefuseIncoming(request.CallId, OutgoingCallResult.GeneralError, refusal);
                    break;
                }

                _calls.Add(new ControlCall(request, now));
                _events.Enqueue(new ControlEvent.IncomingCallRequested(request));
                break;
            case OutgoingCallReply reply:
                Answered(reply, now);
                break;
            case IncomingCallConnected connected:
                Connect(connected, now);
                break;
            case CallClearRequest clear:
                if (_calls.TryGetByPeerId(clear.CallId, out ControlCall? cleared))
                    Clear(cleared, now);
                break;
            case CallDisconnectNotify notify:
                DisconnectByPeer(notify.CallId);
                break;
            case SetLinkInfo info:
                if (_calls.HasOwned(info.PeersCallId))
                    _events.Enqueue(new ControlEvent.LinkInfo(info.PeersCallId, info.SendAccm, info.ReceiveAccm));
                break;
            case WanErrorNotify errors:
                if (_calls.HasOwned(errors.PeersCallId))
                    _events.Enqueue(new ControlEvent.WanErrors(errors.PeersCallId, errors));
                break;
            default:
                // Replies to nothing we asked.
                break;
        }
    }

    private ControlError ObstacleTo(ushort peerCallId) =>
        // Two calls with one id could not be told apart in Call-Clear-Request nor in GRE.
        _calls.HasPeerId(peerCallId) ? ControlError.BadCallId
        : _calls.Count >= _options.MaximumChannels ? ControlError.NoResource
        : ControlError.None;

    private void Connect(IncomingCallConnected connected, TimeSpan now)
    {
        if (!_calls.TryGetById(connected.PeersCallId, out ControlCall? call)
            || call.State != ControlCallState.WaitConnected)
        {
            return;
        }

        _calls.Connect(call, now);
        _events.Enqueue(new ControlEvent.CallConnected(call.CallId, connected));
    }

    /// <summary>
    /// RFC 2637 §2.12, §3.2.4.1: a Call-Clear-Request is answered with Call-Disconnect-Notify. That carries our id,
    /// which an undecided call does not have yet, and the peer could not know: so the call keeps its place, and its
    /// peer id stays taken, until the owner has decided. What goes out then is what would have gone out had
    /// the request crossed our reply.
    /// </summary>
    private void Clear(ControlCall call, TimeSpan now)
    {
        switch (call.State)
        {
            case ControlCallState.Undecided:
                call.Withdrawn = true;
                break;
            case ControlCallState.WaitDisconnect:
                // Both ends clear it at once: the peer knows enough.
                _calls.Remove(call);
                break;
            default:
                // A PAC has no business with Call-Clear-Request; one that sends it waits for the answer to it.
                _calls.Remove(call);
                Send(new CallDisconnectNotify { CallId = call.CallId, ResultCode = CallDisconnectResult.Request });
                _events.Enqueue(new ControlEvent.CallEnded(call.CallId, CallEndReason.ClearedByPeer));
                break;
        }
    }

    /// <summary>
    /// The message names the PAC's id (RFC 2637 §2.13). A PNS has no business with it; if one sends it, it may mean
    /// the PAC's id, as the message does, or its own, as any sender of it does.
    /// </summary>
    private void DisconnectByPeer(ushort callId)
    {
        bool isByPeerId = _calls.TryGetByPeerId(callId, out ControlCall? byPeerId);
        if (isByPeerId && byPeerId!.IsOursAsPns)
            Disconnected(byPeerId);
        else if (_calls.TryGetById(callId, out ControlCall? call) && !call.IsOursAsPns)
            Disconnected(call);
        else if (isByPeerId && byPeerId!.IsOwned)
            Disconnected(byPeerId);
    }

    private void Disconnected(ControlCall call)
    {
        if (call.State == ControlCallState.Undecided)
        {
            call.Withdrawn = true;
            return;
        }

        _calls.Remove(call);
        if (call.State != ControlCallState.WaitDisconnect)
            _events.Enqueue(new ControlEvent.CallEnded(call.CallId, CallEndReason.DisconnectedByPeer));
    }

    private void Disconnect(
        ControlCall call, CallDisconnectResult result, TimeSpan now, CallEndReason? reason = null)
    {
        if (call.IsOursAsPns)
        {
            _calls.WaitForDisconnect(call, now);
            Send(new CallClearRequest { CallId = call.CallId });
        }
        else
        {
            _calls.Remove(call);
            Send(new CallDisconnectNotify { CallId = call.CallId, ResultCode = result });
        }

        if (reason is CallEndReason told)
            _events.Enqueue(new ControlEvent.CallEnded(call.CallId, told));
    }

    private void Refuse(ushort peerCallId, OutgoingCallResult result, ControlError error) =>
        Send(new OutgoingCallReply { PeersCallId = peerCallId, ResultCode = result, ErrorCode = error });

    private void RefuseIncoming(ushort peerCallId, OutgoingCallResult result, ControlError error)
    {
        bool isError = result == OutgoingCallResult.GeneralError;
        Send(new IncomingCallReply
        {
            PeersCallId = peerCallId,
            ResultCode = isError ? IncomingCallResult.GeneralError : IncomingCallResult.DoNotAccept,
            ErrorCode = isError ? error : ControlError.None,
        });
    }

    private uint SpeedFor(OutgoingCallRequest request) =>
        request.MaximumBps >= request.MinimumBps && request.MaximumBps > 0
            ? Math.Clamp(_options.ConnectSpeed, request.MinimumBps, request.MaximumBps)
            : _options.ConnectSpeed;
}
