namespace Pptp.Protocol.Control;

/// <summary>Result code of an Echo-Reply (RFC 2637 §2.6).</summary>
public enum EchoResult
{
    Ok = 1,
    GeneralError = 2,
}
