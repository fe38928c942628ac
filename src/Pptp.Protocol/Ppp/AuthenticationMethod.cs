namespace Pptp.Protocol.Ppp;

/// <summary>The login methods LCP can agree on: a protocol and, with CHAP, an algorithm.</summary>
public enum AuthenticationMethod
{
    /// <summary>C227 (RFC 3748), for a server of its own to judge. Nobody logs in by it from here.</summary>
    Eap,

    /// <summary>C223, algorithm 81 (RFC 2759).</summary>
    MsChapV2,

    /// <summary>C223, algorithm 80 (RFC 2433).</summary>
    MsChapV1,

    /// <summary>C223, algorithm 05 (RFC 1994).</summary>
    ChapMd5,

    /// <summary>C023 (RFC 1334).</summary>
    Pap,
}
