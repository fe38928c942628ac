namespace Pptp.Protocol.Control;

/// <summary>Result code of an Incoming-Call-Reply (RFC 2637 §2.10).</summary>
public enum IncomingCallResult
{
    Connect = 1,
    GeneralError = 2,
    DoNotAccept = 3,
}
