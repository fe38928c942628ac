using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pptp.Linux;

namespace Pptp.Appliance.DataPlane.Offload;

/// <summary>
/// Turns what a TUN with offloads hands over into ordinary packets: completes a checksum that was left open, and cuts
/// segments out of a super-packet, each with headers and checksums of its own.
/// </summary>
internal ref struct Segmenter
{
    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;
    private const int UdpHeaderLength = 8;
    private const int UdpChecksumOffset = 6;
    private const int TcpChecksumOffset = 16;
    private const byte Fin = 0x01;
    private const byte Push = 0x08;
    private const byte CongestionWindowReduced = 0x80;

    private readonly Span<byte> _packet;
    private readonly int _transport;
    private readonly int _headers;
    private readonly int _segmentSize;
    private readonly byte _protocol;
    private int _offset;
    private int _number;

    private Segmenter(Span<byte> packet, int transport, int headers, int segmentSize, byte protocol)
    {
        _packet = packet;
        _transport = transport;
        _headers = headers;
        _segmentSize = segmentSize;
        _protocol = protocol;
        _offset = headers;
    }

    /// <summary>It is a super-packet, to be taken apart with <see cref="WriteNext"/>; else the packet is ready as it is.</summary>
    public readonly bool IsSuper => _segmentSize > 0;

    /// <summary>Octets of the next segment, headers included; 0: there is none left.</summary>
    public readonly int NextLength =>
        _offset < _packet.Length ? _headers + Math.Min(_segmentSize, _packet.Length - _offset) : 0;

    /// <summary>Looks at what was read.</summary>
    /// <param name="headerAndPacket">A <see cref="VirtioHeader"/> and a packet. A checksum that is open is completed in it.</param>
    /// <param name="segmenter">Of the packet; its span lies in what was given.</param>
    /// <returns>False: not a packet of which this header can be true.</returns>
    public static bool TryRead(Span<byte> headerAndPacket, out Segmenter segmenter)
    {
        segmenter = default;
        if (headerAndPacket.Length <= VirtioHeader.Length)
            return false;
        VirtioHeader header = MemoryMarshal.Read<VirtioHeader>(headerAndPacket);
        Span<byte> packet = headerAndPacket[VirtioHeader.Length..];
        int kind = header.Segmentation & ~VirtioHeader.CongestionWindowReduced;
        if (kind == VirtioHeader.None)
            return (header.Flags & VirtioHeader.NeedsChecksum) == 0 || TryComplete(packet, header);
        return kind switch
        {
            VirtioHeader.TcpOverIpv4 or VirtioHeader.TcpOverIpv6 => TryReadTcp(packet, header, out segmenter),
            VirtioHeader.Udp => TryReadUdp(packet, header, out segmenter),
            _ => false,
        };
    }

    /// <summary>Writes the next segment, <see cref="NextLength"/> octets.</summary>
    public void WriteNext(Span<byte> destination)
    {
        int length = NextLength;
        int payload = length - _headers;
        bool isLast = _offset + payload == _packet.Length;
        Span<byte> segment = destination[..length];
        _packet[.._headers].CopyTo(segment);
        _packet.Slice(_offset, payload).CopyTo(segment[_headers..]);
        WriteIpLength(segment);
        Span<byte> transport = segment[_transport..];
        if (_protocol == TcpProtocol)
            WriteTcp(transport, isLast);
        else
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
        WriteChecksum(segment, transport);
        _offset += payload;
        _number++;
    }

    private static bool TryComplete(Span<byte> packet, VirtioHeader header)
    {
        int at = header.ChecksumStart + header.ChecksumOffset;
        if (header.ChecksumStart >= packet.Length || at + sizeof(ushort) > packet.Length)
            return false;
        // The field holds the sum of the pseudo header, and is summed up with the rest.
        ushort checksum = InternetChecksum.Finish(InternetChecksum.Sum(packet[header.ChecksumStart..]));
        bool isUdp = header.ChecksumOffset == UdpChecksumOffset;
        MemoryMarshal.Write(packet[at..], checksum == 0 && isUdp ? ushort.MaxValue : checksum);
        return true;
    }

    private static bool TryReadTcp(Span<byte> packet, VirtioHeader header, out Segmenter segmenter)
    {
        segmenter = default;
        int transport = header.ChecksumStart;
        if (!HasTransport(packet, transport, 20))
            return false;
        int headers = transport + (packet[transport + 12] >> 4) * 4;
        if (headers < transport + 20 || headers >= packet.Length || header.SegmentSize == 0)
            return false;
        segmenter = new Segmenter(packet, transport, headers, header.SegmentSize, TcpProtocol);
        return true;
    }

    private static bool TryReadUdp(Span<byte> packet, VirtioHeader header, out Segmenter segmenter)
    {
        segmenter = default;
        int transport = header.ChecksumStart;
        int headers = transport + UdpHeaderLength;
        if (!HasTransport(packet, transport, UdpHeaderLength) || headers >= packet.Length || header.SegmentSize == 0)
            return false;
        segmenter = new Segmenter(packet, transport, headers, header.SegmentSize, UdpProtocol);
        return true;
    }

    private static bool HasTransport(ReadOnlySpan<byte> packet, int transport, int length) =>
        packet.Length >= transport + length
        && (packet[0] >> 4 == 4
            ? packet.Length >= 20 && transport == (packet[0] & 0x0F) * 4 && transport >= 20
            : Ipv6Packet.IsWhole(packet) && transport >= Ipv6Packet.HeaderLength);

    private readonly void WriteIpLength(Span<byte> segment)
    {
        if (segment[0] >> 4 == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(segment[2..], (ushort)segment.Length);
            // RFC 6864: each has an identification of its own.
            ushort identification = BinaryPrimitives.ReadUInt16BigEndian(segment[4..]);
            BinaryPrimitives.WriteUInt16BigEndian(segment[4..], (ushort)(identification + _number));
            InternetChecksum.WriteIpv4(segment);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(segment[4..], (ushort)(segment.Length - Ipv6Packet.HeaderLength));
        }
    }

    private readonly void WriteTcp(Span<byte> tcp, bool isLast)
    {
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence + (uint)(_offset - _headers));
        if (!isLast)
            tcp[13] &= unchecked((byte)~(Fin | Push));
        // RFC 3168 §6.1.2: said once.
        if (_number > 0)
            tcp[13] &= unchecked((byte)~CongestionWindowReduced);
    }

    private readonly void WriteChecksum(Span<byte> segment, Span<byte> transport)
    {
        int at = _protocol == TcpProtocol ? TcpChecksumOffset : UdpChecksumOffset;
        transport.Slice(at, sizeof(ushort)).Clear();
        ushort checksum = InternetChecksum.Finish(
            InternetChecksum.SumPseudoHeader(segment, _protocol, transport.Length) + InternetChecksum.Sum(transport));
        // RFC 768: zero would say that there is none.
        if (checksum == 0 && _protocol == UdpProtocol)
            checksum = ushort.MaxValue;
        MemoryMarshal.Write(transport[at..], checksum);
    }
}
