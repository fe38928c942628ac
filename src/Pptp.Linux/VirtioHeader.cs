using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <summary>
/// What stands before each packet of a <see cref="TunDevice"/> with offloads (struct virtio_net_hdr of linux/virtio_net.h,
/// in the host's octet order).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct VirtioHeader
{
    /// <summary>Octets.</summary>
    public const int Length = 10;

    /// <summary>In <see cref="Flags"/>: the checksum field holds the sum of the pseudo header alone and is to be completed.</summary>
    public const byte NeedsChecksum = 1;

    /// <summary>In <see cref="Segmentation"/>, as the next ones: an ordinary packet.</summary>
    public const byte None = 0;

    /// <summary>Segments of TCP over IPv4.</summary>
    public const byte TcpOverIpv4 = 1;

    /// <summary>Segments of TCP over IPv6.</summary>
    public const byte TcpOverIpv6 = 4;

    /// <summary>Datagrams of UDP, over either.</summary>
    public const byte Udp = 5;

    /// <summary>A bit beside the kind: the first segment of TCP has CWR set.</summary>
    public const byte CongestionWindowReduced = 0x80;

    public byte Flags;

    public byte Segmentation;

    /// <summary>Octets of all headers; a hint.</summary>
    public ushort HeadersLength;

    /// <summary>Octets of payload in each segment but the last.</summary>
    public ushort SegmentSize;

    /// <summary>Where the checksum's range begins: the transport header, in octets from the packet's first.</summary>
    public ushort ChecksumStart;

    /// <summary>Where in that range the checksum field is.</summary>
    public ushort ChecksumOffset;
}
