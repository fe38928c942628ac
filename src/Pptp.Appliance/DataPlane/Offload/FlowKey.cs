using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pptp.Appliance.DataPlane.Offload;

/// <summary>What the packets of one TCP connection or UDP flow share, and where their parts are.</summary>
/// <param name="Transport">Octets of the IP header.</param>
/// <param name="Protocol">TCP's or UDP's number.</param>
/// <param name="Addresses">Both, as the rest in the form in which they stand in the packet.</param>
/// <param name="MoreAddress">Of IPv6, what is longer.</param>
/// <param name="LastAddress">Likewise.</param>
/// <param name="Ports">Both.</param>
internal readonly record struct FlowKey(
    int Transport, byte Protocol, ulong Addresses, UInt128 MoreAddress, ulong LastAddress, uint Ports)
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    private const int Ipv4HeaderLength = 20;
    private const int TcpHeaderLength = 20;
    private const int UdpHeaderLength = 8;

    /// <summary>
    /// Reads a packet that may be coalesced with others: whole, with nothing behind it, no fragment, no options or
    /// extension headers of IP, and a whole transport header.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> ip, out FlowKey key)
    {
        key = default;
        byte protocol;
        int transport;
        if (ip.Length >= Ipv4HeaderLength && ip[0] == 0x45)
        {
            // More fragments, or an offset: the transport header is not all of it.
            if ((BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x3FFF) != 0
                || BinaryPrimitives.ReadUInt16BigEndian(ip[2..]) != ip.Length)
            {
                return false;
            }
            protocol = ip[9];
            transport = Ipv4HeaderLength;
        }
        else if (Ipv6Packet.IsWhole(ip))
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(ip[4..]) + Ipv6Packet.HeaderLength != ip.Length)
                return false;
            protocol = Ipv6Packet.NextHeader(ip);
            transport = Ipv6Packet.HeaderLength;
        }
        else
        {
            return false;
        }
        if (protocol is not (Tcp or Udp)
            || ip.Length < transport + (protocol == Tcp ? TcpHeaderLength : UdpHeaderLength))
        {
            return false;
        }
        uint ports = MemoryMarshal.Read<uint>(ip[transport..]);
        key = transport == Ipv4HeaderLength
            ? new FlowKey(transport, protocol, MemoryMarshal.Read<ulong>(ip[12..]), 0, 0, ports)
            : new FlowKey(
                transport, protocol, MemoryMarshal.Read<ulong>(ip[8..]), MemoryMarshal.Read<UInt128>(ip[16..]),
                MemoryMarshal.Read<ulong>(ip[32..]), ports);
        return true;
    }
}
