namespace Pptp.Model;

/// <summary>How requests get to a RADIUS server.</summary>
public enum RadiusProtocol
{
    /// <summary>RFC 2865.</summary>
    Udp,

    /// <summary>TLS over TCP, RFC 6614.</summary>
    RadSec,
}
