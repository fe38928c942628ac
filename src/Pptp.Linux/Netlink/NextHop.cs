namespace Pptp.Linux;

/// <summary>Where a packet of IPv4 goes on the wire.</summary>
/// <param name="InterfaceIndex">The interface it leaves by.</param>
/// <param name="HardwareAddress">The next hop's Ethernet address, its first octet lowest.</param>
/// <param name="Mtu">Of the interface, in octets.</param>
public readonly record struct NextHop(int InterfaceIndex, ulong HardwareAddress, int Mtu);
