namespace Pptp.Protocol.Control;

/// <summary>Result code of an Outgoing-Call-Reply (RFC 2637 §2.8).</summary>
public enum OutgoingCallResult
{
    Connected = 1,
    GeneralError = 2,
    NoCarrier = 3,
    Busy = 4,
    NoDialTone = 5,
    TimeOut = 6,
    DoNotAccept = 7,
}
