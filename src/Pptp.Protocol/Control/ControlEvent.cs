namespace Pptp.Protocol.Control;

/// <summary>What a <see cref="ControlConnection"/> wants done or known, in order.</summary>
public abstract record ControlEvent
{
    private ControlEvent()
    {
    }

    /// <summary>Write these octets to the TCP connection.</summary>
    public sealed record Send(byte[] Bytes) : ControlEvent;

    /// <summary>The peer has started the control connection; the reply is queued before this.</summary>
    public sealed record Started(StartControlConnectionRequest Request) : ControlEvent;

    /// <summary>The peer has taken our Start-Control-Connection-Request: calls may be placed.</summary>
    public sealed record StartReplied(StartControlConnectionReply Reply) : ControlEvent;

    /// <summary>The peer connects a call we placed; <paramref name="CallId"/> is ours, the reply's the peer's.</summary>
    public sealed record CallAnswered(ushort CallId, OutgoingCallReply Reply) : ControlEvent;

    /// <summary>The peer does not connect a call we placed, which is over; <paramref name="CallId"/> is ours.</summary>
    public sealed record CallRefused(ushort CallId, OutgoingCallReply Reply) : ControlEvent;

    /// <summary>
    /// The peer asks for a call. Answer once, with <see cref="ControlConnection.AcceptCall"/> or
    /// <see cref="ControlConnection.RefuseCall"/>. The request's CallId is the peer's own and may be 0.
    /// </summary>
    public sealed record CallRequested(OutgoingCallRequest Request) : ControlEvent;

    /// <summary>
    /// The peer brings a call, as its PAC. Answer as a <see cref="CallRequested"/>; once accepted it goes live with
    /// <see cref="CallConnected"/>.
    /// </summary>
    public sealed record IncomingCallRequested(IncomingCallRequest Request) : ControlEvent;

    /// <summary>An accepted call of an <see cref="IncomingCallRequested"/> is live; <paramref name="CallId"/> is ours.</summary>
    public sealed record CallConnected(ushort CallId, IncomingCallConnected Message) : ControlEvent;

    /// <summary>An accepted or placed call is over; <paramref name="CallId"/> is ours.</summary>
    public sealed record CallEnded(ushort CallId, CallEndReason Reason) : ControlEvent;

    /// <summary>The peer sent Set-Link-Info for a call; <paramref name="CallId"/> is ours.</summary>
    public sealed record LinkInfo(ushort CallId, uint SendAccm, uint ReceiveAccm) : ControlEvent;

    /// <summary>The peer tells the errors of a call's line so far; <paramref name="CallId"/> is ours.</summary>
    public sealed record WanErrors(ushort CallId, WanErrorNotify Counts) : ControlEvent;

    /// <summary>Always the last: flush what was sent, then close TCP. The detail is English for the log.</summary>
    public sealed record Closed(ControlCloseReason Reason, string Detail) : ControlEvent;
}
