namespace Pptp.Protocol.Control;

/// <summary>How a call on a control connection came to its end without its owner asking for it.</summary>
public enum CallEndReason
{
    /// <summary>The peer sent Call-Clear-Request; the Call-Disconnect-Notify is already queued.</summary>
    ClearedByPeer,

    /// <summary>The peer sent Call-Disconnect-Notify.</summary>
    DisconnectedByPeer,

    /// <summary>The peer sent Stop-Control-Connection-Request, which clears every call (RFC 2637 §2.3).</summary>
    StoppedByPeer,

    /// <summary>We stopped the control connection while the call was open.</summary>
    StoppedLocally,

    /// <summary>The peer answered the call with the id of another call.</summary>
    ReplyUnusable,

    /// <summary>The control connection broke: an error, a timer, or the TCP connection under it.</summary>
    ConnectionLost,
}
