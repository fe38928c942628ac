namespace Pptp.Model;

/// <summary>Whether what a RADIUS peer sends must have a Message-Authenticator (RFC 3579 §3.2).</summary>
public enum RequireMessageAuth
{
    /// <summary>One that is there must be right.</summary>
    No,

    /// <summary>A reply to a login without it is refused: without it replies can be forged.</summary>
    YesForRequestResp,
}
