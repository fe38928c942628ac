using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Ppp;

/// <summary>How a PPP link negotiates. The defaults are RouterOS' and RFC 1661's.</summary>
public sealed record PppLinkOptions
{
    /// <summary>The longest information field we offer to take, in octets: max-mru. 128 to 65535.</summary>
    public int Mru { get; init; } = 1450;

    /// <summary>The upper bound of the interface's MTU, in octets: max-mtu.</summary>
    public int Mtu { get; init; } = 1450;

    /// <summary>
    /// The longest packet we put together from fragments, in octets, 128 to 65535, and with a peer that does so too the
    /// upper bound of the interface's MTU in place of <see cref="Mtu"/>: mrru. Null: no multilink.
    /// </summary>
    public int? Mrru { get; init; }

    /// <summary>
    /// The login methods a peer may use, or may ask us for, strongest first. Never empty: nobody comes in unasked.
    /// </summary>
    public IReadOnlyList<AuthenticationMethod> AuthenticationMethods { get; init; } = [AuthenticationMethod.MsChapV2];

    /// <summary>We called the peer, and log in to it; null: the peer called, and logs in to us.</summary>
    public LinkLogin? Login { get; init; }

    /// <summary>The name in our challenges.</summary>
    public string ServerName { get; init; } = "pptpd";

    /// <summary>How patient the login is.</summary>
    public ChapTimers ChapTimers { get; init; } = ChapTimers.Default;

    /// <summary>
    /// Makes the authenticator for the method that LCP agreed on, once per opening of LCP. Null: the product's own.
    /// </summary>
    public Func<AuthenticationMethod, IRandomSource, Authenticator>? CreateAuthenticator { get; init; }

    /// <summary>Ask the peer to leave out the first octet of protocol numbers below 0x100.</summary>
    public bool RequestProtocolCompression { get; init; }

    /// <summary>Ask the peer to leave out FF 03.</summary>
    public bool RequestAddressCompression { get; init; }

    /// <summary>RFC 1661 §4.6: from a request to its retransmission.</summary>
    public TimeSpan RestartInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>RFC 1661 §4.6: Configure-Requests without a valid answer before a peer is given up.</summary>
    public int MaxConfigure { get; init; } = 10;

    /// <summary>
    /// The same for CCP. Fewer: a peer without CCP that does not say so keeps IP waiting for as long
    /// (this many restart intervals).
    /// </summary>
    public int MaxCcpConfigure { get; init; } = 5;

    /// <summary>RFC 1661 §4.6: Terminate-Requests without an answer before the link closes anyway.</summary>
    public int MaxTerminate { get; init; } = 2;

    /// <summary>RFC 1661 §4.6: Naks before agreement on an option is given up.</summary>
    public int MaxFailure { get; init; } = 5;
}
