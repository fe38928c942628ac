namespace Pptp.Protocol.Control;

/// <summary>Result code of a Stop-Control-Connection-Reply (RFC 2637 §2.4).</summary>
public enum StopControlConnectionResult
{
    Ok = 1,
    GeneralError = 2,
}
