namespace Pptp.Protocol.Control;

/// <summary>One call as the answering side (PAC) sees it (RFC 2637 §3.2.4.1). Idle calls are not kept.</summary>
internal sealed class ControlCall(OutgoingCallRequest request, TimeSpan requestedAt)
{
    /// <summary>wait_cs_ans until the owner accepts, then established.</summary>
    public bool Accepted { get; set; }

    /// <summary>The peer sent Call-Clear-Request before the owner had decided.</summary>
    public bool Withdrawn { get; set; }

    public OutgoingCallRequest Request { get; } = request;
    public TimeSpan RequestedAt { get; } = requestedAt;
    public ushort PeerCallId => Request.CallId;

    /// <summary>Ours; meaningful once accepted.</summary>
    public ushort CallId { get; set; }
}
