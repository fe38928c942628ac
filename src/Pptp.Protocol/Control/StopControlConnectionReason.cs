namespace Pptp.Protocol.Control;

/// <summary>Why a Stop-Control-Connection-Request is sent (RFC 2637 §2.3).</summary>
public enum StopControlConnectionReason
{
    None = 1,
    StopProtocol = 2,
    StopLocalShutdown = 3,
}
