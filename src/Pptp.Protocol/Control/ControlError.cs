namespace Pptp.Protocol.Control;

/// <summary>
/// General error codes (RFC 2637 §2.16). They mean something only beside a result of 2, General Error;
/// beside any other result the field is zero.
/// </summary>
public enum ControlError
{
    None = 0,
    NotConnected = 1,
    BadFormat = 2,
    BadValue = 3,
    NoResource = 4,
    BadCallId = 5,
    PacError = 6,
}
