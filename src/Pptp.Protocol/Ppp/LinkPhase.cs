namespace Pptp.Protocol.Ppp;

/// <summary>The phases of a link (RFC 1661 §3.2).</summary>
public enum LinkPhase
{
    Dead,
    Establish,
    Authenticate,
    Network,
    Terminate,

    /// <summary><see cref="PppEvent.Closed"/> has been told; nothing happens any more.</summary>
    Closed,
}
