namespace Pptp.Protocol.Control;

/// <summary>Result code of a Start-Control-Connection-Reply (RFC 2637 §2.2).</summary>
public enum StartControlConnectionResult
{
    Successful = 1,
    GeneralError = 2,
    ChannelAlreadyExists = 3,
    RequesterNotAuthorized = 4,
    ProtocolVersionNotSupported = 5,
}
