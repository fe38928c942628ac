namespace Pptp.Protocol.Control;

/// <summary>
/// One call, either way: one the peer dials, where we are the PAC (RFC 2637 §3.2.4.1), or one it brings us, where we
/// are the PNS (§3.2.3.2). Idle calls are not kept.
/// </summary>
internal sealed class ControlCall
{
    public ControlCall(OutgoingCallRequest request, TimeSpan now)
        : this(request.CallId, now) => Outgoing = request;

    public ControlCall(IncomingCallRequest request, TimeSpan now)
        : this(request.CallId, now)
    {
    }

    private ControlCall(ushort peerCallId, TimeSpan now)
    {
        PeerCallId = peerCallId;
        Since = now;
    }

    public ControlCallState State { get; set; }

    /// <summary>The owner has accepted it and knows it by <see cref="CallId"/>.</summary>
    public bool IsAccepted => State is ControlCallState.WaitConnected or ControlCallState.Established;

    /// <summary>The peer gave the call up before the owner had decided.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>What the peer dialled with; null: the peer is the PAC.</summary>
    public OutgoingCallRequest? Outgoing { get; }

    public bool IsIncoming => Outgoing is null;

    /// <summary>When the call came into its state.</summary>
    public TimeSpan Since { get; set; }

    public ushort PeerCallId { get; }

    /// <summary>Ours; meaningful once accepted.</summary>
    public ushort CallId { get; set; }
}
