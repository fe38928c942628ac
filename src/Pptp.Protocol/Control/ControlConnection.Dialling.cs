namespace Pptp.Protocol.Control;

/// <content>The calling end: it starts the connection (RFC 2637 §3.1.2) and places calls (§3.2.4.2).</content>
public sealed partial class ControlConnection
{
    // What Windows names: any speed will do.
    private const uint LowestSpeed = 300;

    private ushort _serialNumber;

    /// <summary>
    /// The calling end of a connection whose TCP is open: the Start-Control-Connection-Request is queued, and
    /// <see cref="ControlEvent.StartReplied"/> or <see cref="ControlEvent.Closed"/> follows.
    /// </summary>
    public static ControlConnection Dial(ControlConnectionOptions options, IRandomSource random, TimeSpan now)
    {
        var connection = new ControlConnection(options, random, now) { _state = State.WaitStartReply };
        connection.Send(new StartControlConnectionRequest
        {
            FramingCapabilities = ControlCapabilities.EitherFraming,
            BearerCapabilities = ControlCapabilities.EitherBearer,
            MaximumChannels = options.MaximumChannels,
            FirmwareRevision = options.FirmwareRevision,
            HostName = options.HostName,
            VendorName = options.VendorName,
        });
        return connection;
    }

    /// <summary>
    /// Asks the peer for a call, of which we are the PNS. One of <see cref="ControlEvent.CallAnswered"/>,
    /// <see cref="ControlEvent.CallRefused"/> and <see cref="ControlEvent.CallEnded"/> follows, unless
    /// <see cref="DisconnectCall"/> comes first.
    /// </summary>
    /// <param name="callId">Our id for the call, unused on this connection: not even by a call being ended.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when the connection is not established: the id was not used.</returns>
    /// <exception cref="ArgumentException"><paramref name="callId"/> is in use on this connection.</exception>
    public bool PlaceCall(ushort callId, TimeSpan now)
    {
        if (_state != State.Established)
            return false;
        if (_calls.HasId(callId))
            throw new ArgumentException($"call id {callId} is in use", nameof(callId));

        _calls.Add(new ControlCall(callId, now));
        Send(new OutgoingCallRequest
        {
            CallId = callId,
            CallSerialNumber = unchecked(++_serialNumber),
            MinimumBps = LowestSpeed,
            MaximumBps = Math.Max(LowestSpeed, _options.ConnectSpeed),
            BearerType = ControlCapabilities.EitherBearer,
            FramingType = ControlCapabilities.EitherFraming,
            PacketReceiveWindowSize = _options.ReceiveWindowSize,
            PhoneNumber = _options.PhoneNumber,
        });
        return true;
    }

    /// <summary>
    /// Tells the PAC of an established call the character maps (RFC 2637 §2.15). GRE escapes nothing, so they have no
    /// meaning; Windows sends all ones, pptp-linux nothing. Does nothing for a call of another kind or state.
    /// </summary>
    public void SendLinkInfo(
        ushort callId, uint sendAccm = uint.MaxValue, uint receiveAccm = uint.MaxValue)
    {
        if (_state != State.Established || !_calls.TryGetOwned(callId, out ControlCall? call)
            || call is not { State: ControlCallState.Established, IsOursAsPns: true, PeerCallId: ushort peerCallId })
        {
            return;
        }

        Send(new SetLinkInfo { PeersCallId = peerCallId, SendAccm = sendAccm, ReceiveAccm = receiveAccm });
    }

    private void StartReplied(StartControlConnectionReply reply, TimeSpan now)
    {
        if (reply.ResultCode == StartControlConnectionResult.ProtocolVersionNotSupported)
        {
            Close(ControlCloseReason.UnsupportedVersion, "the peer does not speak version 1 of the protocol");
        }
        else if (reply.ResultCode != StartControlConnectionResult.Successful)
        {
            Close(ControlCloseReason.StartRefused, $"the peer refuses: {DescribeRefusal(reply)}");
        }
        else if (reply.ProtocolVersion != StartControlConnectionRequest.SupportedVersion)
        {
            // RFC 2637 §3.1.2 would have us wait for the answer, which changes nothing.
            Send(new StopControlConnectionRequest { Reason = StopControlConnectionReason.StopProtocol });
            Close(ControlCloseReason.UnsupportedVersion, $"protocol version 0x{reply.ProtocolVersion:x4}");
        }
        else
        {
            _state = State.Established;
            _stateEntered = now;
            _events.Enqueue(new ControlEvent.StartReplied(reply));
        }
    }

    private void Answered(OutgoingCallReply reply, TimeSpan now)
    {
        if (!_calls.TryGetById(reply.PeersCallId, out ControlCall? call)
            || call is not { IsPlaced: true, PeerCallId: null })
        {
            return;
        }

        if (reply.ResultCode != OutgoingCallResult.Connected)
        {
            _calls.Remove(call);
            if (call.State == ControlCallState.WaitReply)
                _events.Enqueue(new ControlEvent.CallRefused(call.CallId, reply));
        }
        else if (_calls.HasPeerId(reply.CallId))
        {
            // Two calls with one id cannot be told apart. Nothing better than to take back the second.
            bool isWanted = call.State == ControlCallState.WaitReply;
            _calls.Remove(call);
            if (!isWanted)
                return;
            Send(new CallClearRequest { CallId = call.CallId });
            _events.Enqueue(new ControlEvent.CallEnded(call.CallId, CallEndReason.ReplyUnusable));
        }
        else
        {
            // The reply to a call that we have cleared meanwhile only tells which notification to wait for.
            _calls.Identify(call, reply.CallId);
            if (call.State != ControlCallState.WaitReply)
                return;
            _calls.Connect(call, now);
            _events.Enqueue(new ControlEvent.CallAnswered(call.CallId, reply));
        }
    }

    private static string DescribeRefusal(StartControlConnectionReply reply) => reply.ResultCode switch
    {
        StartControlConnectionResult.ChannelAlreadyExists => "there is a control connection already",
        StartControlConnectionResult.RequesterNotAuthorized => "not authorized",
        _ => $"result {(int)reply.ResultCode}, error {(int)reply.ErrorCode}",
    };
}
