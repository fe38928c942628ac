namespace Pptp.Protocol.Control;

/// <summary>Result code of a Call-Disconnect-Notify (RFC 2637 §2.13).</summary>
public enum CallDisconnectResult
{
    LostCarrier = 1,
    GeneralError = 2,
    AdminShutdown = 3,
    Request = 4,
}
