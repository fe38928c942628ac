using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pptp.Linux;

namespace Pptp.Appliance.DataPlane.Offload;

/// <summary>
/// Puts what belongs together into one write to a TUN: successive segments of a TCP connection, equal datagrams of a
/// UDP flow. What comes out of the kernel's other side is what came in. Belongs to one worker.
/// </summary>
/// <remarks>
/// A packet is joined only if it could have been cut from the super-packet: headers equal but for what segmentation
/// sets, payloads of one length with at most the last one shorter, checksum verified, since the kernel will believe
/// it. Packets of one flow stay in order; nothing waits longer than to the <see cref="Flush"/> after the batch.
/// </remarks>
internal sealed class Coalescer
{
    /// <summary>The longest packet of IPv4; IPv6 counts without its header, but is not longer here.</summary>
    private const int LongestPacket = ushort.MaxValue;

    /// <summary>The kernel takes no more datagrams in one (UDP_MAX_SEGMENTS of older kernels).</summary>
    private const int MostDatagrams = 64;

    private const int MostFlows = 32;

    private const byte Acknowledgement = 0x10;
    private const byte Push = 0x08;
    private const byte EcnEcho = 0x40;
    private const int TcpChecksumOffset = 16;
    private const int UdpChecksumOffset = 6;
    private const int UdpHeaderLength = 8;

    private readonly Flow[] _flows = new Flow[MostFlows];
    private readonly byte[] _single = GC.AllocateArray<byte>(VirtioHeader.Length + LongestPacket + 1, pinned: true);
    private readonly byte[] _segment = new byte[LongestPacket + 1];
    private int _count;

    /// <summary>The kernel has refused a super-packet of UDP: it knows none.</summary>
    private bool _refusesUdp;

    /// <summary>Packets written to TUNs.</summary>
    public long Written { get; private set; }

    /// <summary>Of these, packets that shared a write with others.</summary>
    public long Coalesced { get; private set; }

    /// <summary>Takes a packet of IP. It is written now, or by <see cref="Flush"/> at the latest.</summary>
    public void Add(ICoalescedPackets owner, ReadOnlySpan<byte> ip)
    {
        if (!FlowKey.TryRead(ip, out FlowKey key))
        {
            WriteSingle(owner, ip);
            return;
        }
        int place = Find(owner, key);
        int headers = HeadersOf(ip, key);
        bool mayJoin = headers > 0 && headers < ip.Length && MayJoin(ip, key) && IsSound(ip, key);
        if (place >= 0)
        {
            if (mayJoin && TryAppend(_flows[place], ip, key, headers))
                return;
            Close(place);
        }
        if (!mayJoin)
        {
            WriteSingle(owner, ip);
            return;
        }
        if (_count == MostFlows)
            Close(0);
        Flow flow = _flows[_count] ??= new Flow();
        _count++;
        flow.Begin(owner, key, ip, headers);
        if (IsPushed(ip, key))
            Close(_count - 1);
    }

    /// <summary>Writes all that is there.</summary>
    public void Flush()
    {
        for (int i = 0; i < _count; i++)
            Write(_flows[i]);
        _count = 0;
    }

    private static int HeadersOf(ReadOnlySpan<byte> ip, in FlowKey key) =>
        key.Protocol == FlowKey.Udp ? key.Transport + UdpHeaderLength : key.Transport + ((ip[key.Transport + 12] >> 4) * 4);

    private bool MayJoin(ReadOnlySpan<byte> ip, in FlowKey key)
    {
        ReadOnlySpan<byte> transport = ip[key.Transport..];
        if (key.Protocol == FlowKey.Udp)
        {
            return !_refusesUdp
                && BinaryPrimitives.ReadUInt16BigEndian(transport[4..]) == transport.Length
                && BinaryPrimitives.ReadUInt16BigEndian(transport[UdpChecksumOffset..]) != 0;
        }
        // Whatever opens, closes, is urgent or answers congestion goes alone.
        return transport[12] >> 4 >= 5 && (transport[13] & ~(Push | EcnEcho)) == Acknowledgement;
    }

    private static bool IsSound(ReadOnlySpan<byte> ip, in FlowKey key)
    {
        ReadOnlySpan<byte> transport = ip[key.Transport..];
        return InternetChecksum.FoldSum(
                InternetChecksum.SumPseudoHeader(ip, key.Protocol, transport.Length) + InternetChecksum.Sum(transport))
            == ushort.MaxValue
            && (key.Transport != 20 || InternetChecksum.FoldSum(InternetChecksum.Sum(ip[..20])) == ushort.MaxValue);
    }

    private static bool IsPushed(ReadOnlySpan<byte> ip, in FlowKey key) =>
        key.Protocol == FlowKey.Tcp && (ip[key.Transport + 13] & Push) != 0;

    private int Find(ICoalescedPackets owner, in FlowKey key)
    {
        for (int i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_flows[i].Owner, owner) && _flows[i].Key == key)
                return i;
        }
        return -1;
    }

    private static bool TryAppend(Flow flow, ReadOnlySpan<byte> ip, in FlowKey key, int headers)
    {
        int payload = ip.Length - headers;
        if (headers != flow.Headers || payload > flow.SegmentSize || flow.IsEnded
            || flow.Length + payload > LongestPacket
            || (key.Protocol == FlowKey.Udp && flow.Packets == MostDatagrams)
            || !flow.Continues(ip))
        {
            return false;
        }
        flow.Append(ip, payload);
        bool isPushed = IsPushed(ip, key);
        if (isPushed)
            flow.Packet[key.Transport + 13] |= Push;
        flow.IsEnded = isPushed || payload < flow.SegmentSize;
        return true;
    }

    private void Close(int place)
    {
        Flow flow = _flows[place];
        Write(flow);
        // The others keep their order.
        _count--;
        for (int i = place; i < _count; i++)
            _flows[i] = _flows[i + 1];
        _flows[_count] = flow;
    }

    private void Write(Flow flow)
    {
        ICoalescedPackets owner = flow.Owner;
        if (flow.Packets > 1)
            flow.Finish();
        TunWriteResult result = owner.Write(flow.HeaderAndPacket);
        if (result == TunWriteResult.Rejected && flow.Packets > 1)
        {
            _refusesUdp |= flow.Key.Protocol == FlowKey.Udp;
            WriteSegments(owner, flow);
            return;
        }
        Count(owner, flow.Packets, flow.Octets, result);
    }

    /// <summary>The kernel does not take the super-packet: it gets what that was made of.</summary>
    private void WriteSegments(ICoalescedPackets owner, Flow flow)
    {
        if (!Segmenter.TryRead(flow.HeaderAndPacket, out Segmenter segmenter))
        {
            owner.OnWritten(flow.Packets, flow.Octets, areIn: false);
            return;
        }
        while (segmenter.NextLength is > 0 and int length)
        {
            segmenter.WriteNext(_segment);
            WriteSingle(owner, _segment.AsSpan(0, length));
        }
    }

    private void WriteSingle(ICoalescedPackets owner, ReadOnlySpan<byte> ip)
    {
        ip.CopyTo(_single.AsSpan(VirtioHeader.Length));
        Count(owner, 1, ip.Length, owner.Write(_single.AsSpan(0, VirtioHeader.Length + ip.Length)));
    }

    private void Count(ICoalescedPackets owner, int packets, int octets, TunWriteResult result)
    {
        bool areIn = result == TunWriteResult.Written;
        if (areIn)
        {
            Written += packets;
            if (packets > 1)
                Coalesced += packets;
        }
        owner.OnWritten(packets, octets, areIn);
    }

    /// <summary>A super-packet in the making.</summary>
    private sealed class Flow
    {
        private readonly byte[] _room =
            GC.AllocateUninitializedArray<byte>(VirtioHeader.Length + LongestPacket + 1, pinned: true);

        public ICoalescedPackets Owner { get; private set; } = null!;

        public FlowKey Key { get; private set; }

        public int Headers { get; private set; }

        /// <summary>Octets of each payload but the last.</summary>
        public int SegmentSize { get; private set; }

        public int Packets { get; private set; }

        /// <summary>Octets of the packets as they came.</summary>
        public int Octets { get; private set; }

        /// <summary>Octets of the super-packet.</summary>
        public int Length { get; private set; }

        /// <summary>Nothing may follow.</summary>
        public bool IsEnded { get; set; }

        public Span<byte> Packet => _room.AsSpan(VirtioHeader.Length, Length);

        public Span<byte> HeaderAndPacket => _room.AsSpan(0, VirtioHeader.Length + Length);

        public void Begin(ICoalescedPackets owner, in FlowKey key, ReadOnlySpan<byte> ip, int headers)
        {
            Owner = owner;
            Key = key;
            Headers = headers;
            SegmentSize = ip.Length - headers;
            Packets = 1;
            Octets = ip.Length;
            Length = ip.Length;
            IsEnded = false;
            _room.AsSpan(0, VirtioHeader.Length).Clear();
            ip.CopyTo(Packet);
        }

        /// <summary>Whether the packet's headers are those of the segment that comes next.</summary>
        public bool Continues(ReadOnlySpan<byte> ip)
        {
            ReadOnlySpan<byte> first = Packet[..Headers];
            int transport = Key.Transport;
            return (transport == 20 ? ContinuesIpv4(first, ip) : ContinuesIpv6(first, ip))
                && (Key.Protocol == FlowKey.Udp || ContinuesTcp(first[transport..], ip[transport..]));
        }

        public void Append(ReadOnlySpan<byte> ip, int payload)
        {
            ip[Headers..].CopyTo(_room.AsSpan(VirtioHeader.Length + Length));
            Length += payload;
            Octets += ip.Length;
            Packets++;
        }

        /// <summary>Gives the super-packet its lengths, and the header that tells the kernel what it is.</summary>
        public void Finish()
        {
            Span<byte> ip = Packet;
            bool isUdp = Key.Protocol == FlowKey.Udp;
            bool isIpv4 = Key.Transport == 20;
            VirtioHeader header = new()
            {
                Flags = VirtioHeader.NeedsChecksum,
                Segmentation = isUdp ? VirtioHeader.Udp : isIpv4 ? VirtioHeader.TcpOverIpv4 : VirtioHeader.TcpOverIpv6,
                HeadersLength = (ushort)Headers,
                SegmentSize = (ushort)SegmentSize,
                ChecksumStart = (ushort)Key.Transport,
                ChecksumOffset = (ushort)(isUdp ? UdpChecksumOffset : TcpChecksumOffset),
            };
            MemoryMarshal.Write(_room, header);
            if (isIpv4)
            {
                BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)Length);
                InternetChecksum.WriteIpv4(ip);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(Length - Ipv6Packet.HeaderLength));
            }
            Span<byte> transport = ip[Key.Transport..];
            if (isUdp)
                BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
            MemoryMarshal.Write(
                transport[header.ChecksumOffset..],
                InternetChecksum.FoldSum(InternetChecksum.SumPseudoHeader(ip, Key.Protocol, transport.Length)));
        }

        private bool ContinuesIpv4(ReadOnlySpan<byte> first, ReadOnlySpan<byte> ip)
        {
            const int DontFragment = 0x40;
            // TOS with ECN, flags, TTL. Where fragments may be made of it the identification must count on.
            return ip[1] == first[1] && ip[6] == first[6] && ip[8] == first[8]
                && ((ip[6] & DontFragment) != 0
                    || (ushort)(BinaryPrimitives.ReadUInt16BigEndian(first[4..]) + Packets)
                        == BinaryPrimitives.ReadUInt16BigEndian(ip[4..]));
        }

        /// <summary>Class with ECN, flow label, hop limit.</summary>
        private static bool ContinuesIpv6(ReadOnlySpan<byte> first, ReadOnlySpan<byte> ip) =>
            ip[..4].SequenceEqual(first[..4]) && ip[7] == first[7];

        private bool ContinuesTcp(ReadOnlySpan<byte> first, ReadOnlySpan<byte> tcp)
        {
            uint next = BinaryPrimitives.ReadUInt32BigEndian(first[4..]) + (uint)(Length - Headers);
            // Acknowledgement; ECE; window; urgent pointer and options.
            return BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]) == next
                && tcp[8..13].SequenceEqual(first[8..13])
                && ((tcp[13] ^ first[13]) & EcnEcho) == 0
                && tcp[14..16].SequenceEqual(first[14..16])
                && tcp[18..first.Length].SequenceEqual(first[18..]);
        }
    }
}
