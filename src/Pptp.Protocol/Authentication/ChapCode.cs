namespace Pptp.Protocol.Authentication;

/// <summary>Codes of CHAP packets (RFC 1994 §4; 7 is RFC 2759 §7).</summary>
internal enum ChapCode : byte
{
    Challenge = 1,
    Response = 2,
    Success = 3,
    Failure = 4,
    ChangePassword = 7,
}
