namespace Pptp.Protocol.Control;

/// <summary>Why a control connection is over.</summary>
public enum ControlCloseReason
{
    /// <summary>The peer sent Stop-Control-Connection-Request and was answered.</summary>
    StoppedByPeer,

    /// <summary>We sent Stop-Control-Connection-Request and the peer answered.</summary>
    Stopped,

    /// <summary>We sent Stop-Control-Connection-Request and the peer did not answer in time.</summary>
    StopTimeout,

    /// <summary>No Start-Control-Connection-Request, or no reply to ours, within the time of RFC 2637 §3.1.4.</summary>
    StartTimeout,

    /// <summary>The peer answered our Start-Control-Connection-Request with a refusal.</summary>
    StartRefused,

    /// <summary>An Echo-Request was not answered within the time of RFC 2637 §3.1.4.</summary>
    EchoTimeout,

    /// <summary>A call was in a state of transition longer than RFC 2637 §3.2.1 allows.</summary>
    CallTimeout,

    /// <summary>
    /// The peer speaks another protocol version. If it opened the connection it was told so (result 5).
    /// </summary>
    UnsupportedVersion,

    /// <summary>The bytes are not a control message: length, message type, cookie or control message type.</summary>
    MalformedMessage,

    /// <summary>A message before the Start-Control-Connection-Request, or before the reply to ours.</summary>
    UnexpectedMessage,

    /// <summary>The TCP connection ended under us.</summary>
    TransportClosed,
}
