namespace Pptp.Protocol.Control;

/// <summary>
/// One call: one the peer dials, where we are the PAC (RFC 2637 §3.2.4.1), one it brings us (§3.2.3.2) or one we dial
/// (§3.2.4.2), where we are the PNS. Idle calls are not kept.
/// </summary>
internal sealed class ControlCall
{
    /// <summary>A call the peer dials.</summary>
    public ControlCall(OutgoingCallRequest request, TimeSpan now)
    {
        Outgoing = request;
        PeerCallId = request.CallId;
        Since = now;
    }

    /// <summary>A call the peer brings.</summary>
    public ControlCall(IncomingCallRequest request, TimeSpan now)
    {
        PeerCallId = request.CallId;
        Since = now;
    }

    /// <summary>A call we dial.</summary>
    public ControlCall(ushort callId, TimeSpan now)
    {
        IsPlaced = true;
        CallId = callId;
        State = ControlCallState.WaitReply;
        Since = now;
    }

    public ControlCallState State { get; set; }

    /// <summary>The owner has accepted or placed it, has it by <see cref="CallId"/>, and is told of its end.</summary>
    public bool IsOwned =>
        State is ControlCallState.WaitReply or ControlCallState.WaitConnected or ControlCallState.Established;

    /// <summary>The peer gave the call up before the owner had decided.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>What the peer dialled with; null: the peer is the PAC.</summary>
    public OutgoingCallRequest? Outgoing { get; }

    /// <summary>We dialled it.</summary>
    public bool IsPlaced { get; }

    /// <summary>We are the PNS of the call: to end it we ask the peer, and the peer notifies us.</summary>
    public bool IsOursAsPns => Outgoing is null;

    /// <summary>When the call came into its state.</summary>
    public TimeSpan Since { get; set; }

    /// <summary>Null while a call we dialled is not answered.</summary>
    public ushort? PeerCallId { get; set; }

    /// <summary>Ours; meaningful once accepted or placed.</summary>
    public ushort CallId { get; set; }
}
