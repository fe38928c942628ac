namespace Pptp.Radius;

/// <summary>What the octets of an attribute are.</summary>
public enum RadiusValueKind
{
    /// <summary>UTF-8, one octet or more (RFC 2865 §5).</summary>
    Text,

    /// <summary>Any octets.</summary>
    Octets,

    /// <summary>32 bits, the highest octet first; dates too, in seconds since 1970. 24 after a tag.</summary>
    Integer,

    /// <summary>An IPv4 address.</summary>
    Address,

    /// <summary>A reserved octet, a length of prefix, and as many octets of it as are needed (RFC 3162 §2.3).</summary>
    Ipv6Prefix,

    /// <summary>Eight octets (RFC 3162 §2.2).</summary>
    InterfaceId,

    /// <summary>An IPv6 address.</summary>
    Ipv6Address,

    /// <summary>A password hidden with the request's authenticator (RFC 2865 §5.2).</summary>
    HiddenPassword,

    /// <summary>Octets under salt encryption (RFC 2548 §2.4.2, RFC 2868 §3.5).</summary>
    SaltEncrypted,
}
