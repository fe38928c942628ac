namespace Pptp.Protocol.Ppp;

/// <summary>Why a PPP link closed.</summary>
public enum LinkCloseCause
{
    /// <summary>The peer sent an LCP Terminate-Request.</summary>
    PeerRequest,

    /// <summary>The owner called <see cref="PppLink.Terminate"/>.</summary>
    LocalRequest,

    /// <summary>No LCP packet of the peer was ever seen.</summary>
    NoAnswer,

    /// <summary>LCP did not come to an agreement in bounded time.</summary>
    LcpFailed,

    /// <summary>The peer does none of the login methods we allow, or asks us for none of them.</summary>
    AuthenticationMethodRefused,

    /// <summary>The login failed.</summary>
    AuthenticationFailed,

    /// <summary>Encryption is required and was not agreed.</summary>
    EncryptionRejected,

    /// <summary>Encryption was agreed and CCP went down or was negotiated again.</summary>
    EncryptionLost,

    /// <summary>IPCP came to no agreement.</summary>
    NetworkFailed,

    /// <summary>IPCP was up and went down.</summary>
    NetworkLost,

    /// <summary>The peer began LCP anew after it had answered a challenge.</summary>
    Renegotiated,

    /// <summary>What we send comes back to us (RFC 1661 §6.4).</summary>
    LoopedBack,

    /// <summary>The peer rejected what no link can do without (RFC 1661 §4.3, RXJ-).</summary>
    ProtocolError,
}
