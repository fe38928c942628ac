namespace Pptp.Model;

/// <summary>The authentication methods, weakest first.</summary>
[Flags]
public enum AuthenticationMethods
{
    None = 0,

    /// <summary>PAP, RFC 1334: the password in clear.</summary>
    Pap = 1,

    /// <summary>CHAP with MD5, RFC 1994.</summary>
    Chap = 2,

    /// <summary>MS-CHAPv1, RFC 2433.</summary>
    MsChap1 = 4,

    /// <summary>MS-CHAPv2, RFC 2759.</summary>
    MsChap2 = 8,

    /// <summary>EAP, RFC 3748, between the client and the RADIUS server. Ours.</summary>
    Eap = 16,
}
