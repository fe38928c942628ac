namespace Pptp.Protocol.Ppp;

/// <summary>PPP protocol numbers (RFC 1661 §2 and the IANA registry).</summary>
public static class PppProtocol
{
    public const ushort Ipv4 = 0x0021;
    public const ushort Multilink = 0x003D;
    public const ushort Ipv6 = 0x0057;

    /// <summary>A compressed datagram: with MPPE an encrypted one (RFC 3078 §3).</summary>
    public const ushort Compressed = 0x00FD;

    public const ushort Ipcp = 0x8021;
    public const ushort Ipv6cp = 0x8057;
    public const ushort Ccp = 0x80FD;
    public const ushort Lcp = 0xC021;
    public const ushort Pap = 0xC023;
    public const ushort Chap = 0xC223;
    public const ushort Eap = 0xC227;
}
