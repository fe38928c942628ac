namespace Pptp.Protocol.Authentication;

/// <summary>Codes of EAP packets (RFC 3748 §4).</summary>
internal enum EapCode : byte
{
    Request = 1,
    Response = 2,
    Success = 3,
    Failure = 4,
}
