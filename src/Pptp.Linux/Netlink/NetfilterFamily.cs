namespace Pptp.Linux;

/// <summary>The family of an nftables table; the values are the kernel's (NFPROTO_*).</summary>
public enum NetfilterFamily
{
    /// <summary>IPv4 and IPv6 together.</summary>
    Inet = 1,
    Ipv4 = 2,
    Arp = 3,
    Netdev = 5,
    Bridge = 7,
    Ipv6 = 10,
}
