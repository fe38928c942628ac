using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// Receives GRE out of memory that is shared with the kernel (a packet socket with TPACKET_V2, packet_mmap.rst), without
/// a system call for each batch. Beside it a <see cref="GreSocket"/> that receives nothing must stay open, or the kernel
/// answers each packet with "protocol unreachable".
/// </summary>
/// <remarks>
/// It stands before netfilter: the host's input rules do not see what it takes. Fragments are put together before.
/// </remarks>
public sealed unsafe class GreRing : IGreReceiver, IDisposable
{
    private const int FamilyPacket = 17;
    private const int SolPacket = 263;
    private const int PacketRxRing = 5;
    private const int PacketStatistics = 6;
    private const int PacketVersion = 10;
    private const int PacketFanout = 18;
    private const int PacketIgnoreOutgoing = 23;
    private const int Version2 = 1;

    // PACKET_FANOUT_HASH with _FLAG_UNIQUEID and _FLAG_DEFRAG; this socket is its group's only member.
    private const int FanoutDefragment = (0x2000 | 0x8000) << 16;
    private const ushort EthernetIpv4 = 0x0008; // ETH_P_IP in network order

    private const int FrameSize = 4096;
    private const int FrameCount = 4096;
    private const int BlockSize = 1 << 18;
    private const int RingSize = FrameSize * FrameCount;
    private const uint ForUser = 1; // TP_STATUS_USER
    private const uint ForKernel = 0; // TP_STATUS_KERNEL
    private const string Target = "the GRE ring";

    private readonly byte* _ring;
    private int _descriptor;
    private int _next;
    private long _drops;

    /// <summary>Opens the ring, 16 MiB, in this thread's network namespace.</summary>
    /// <exception cref="LinuxException">EPERM: CAP_NET_RAW is missing. ENOMEM, EMFILE; ENOPROTOOPT: an old kernel.</exception>
    public GreRing()
    {
        // Without a protocol it receives nothing, until it is bound.
        _descriptor = socket(FamilyPacket, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (_descriptor < 0)
            throw new LinuxException("socket(AF_PACKET)", Target, errno);
        try
        {
            GreFilter.AttachToRing(_descriptor);
            Set(PacketVersion, Version2, "setsockopt(PACKET_VERSION)");
            Set(PacketIgnoreOutgoing, 1, "setsockopt(PACKET_IGNORE_OUTGOING)");
            RingRequest request = new()
            {
                BlockSize = BlockSize,
                BlockCount = RingSize / BlockSize,
                FrameSize = FrameSize,
                FrameCount = FrameCount,
            };
            if (setsockopt(_descriptor, SolPacket, PacketRxRing, &request, sizeof(RingRequest)) < 0)
                throw new LinuxException("setsockopt(PACKET_RX_RING)", Target, errno);
            void* ring = mmap(null, RingSize, PROT_READ | PROT_WRITE, MAP_SHARED, _descriptor, 0);
            if (ring == (void*)-1)
                throw new LinuxException("mmap", Target, errno);
            _ring = (byte*)ring;
            NativeMethods.LinkAddress any = new() { Family = FamilyPacket, Protocol = EthernetIpv4 };
            if (bind(_descriptor, (Tmds.Linux.sockaddr*)&any, sizeof(NativeMethods.LinkAddress)) < 0)
                throw new LinuxException("bind(AF_PACKET)", Target, errno);
            Set(PacketFanout, FanoutDefragment, "setsockopt(PACKET_FANOUT)");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Descriptor => _descriptor;

    public int Receive(GreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Clear();
        while (!batch.IsFull)
        {
            byte* frame = _ring + ((long)_next * FrameSize);
            FrameHeader* header = (FrameHeader*)frame;
            if ((Volatile.Read(ref header->Status) & ForUser) == 0)
                break;
            // What is longer than a frame was cut off, and is none of ours.
            if (header->Length == header->Captured && header->Network + header->Captured <= FrameSize)
                batch.TryTake(new ReadOnlySpan<byte>(frame + header->Network, (int)header->Captured));
            Volatile.Write(ref header->Status, ForKernel);
            _next = (_next + 1) % FrameCount;
        }
        return batch.Count;
    }

    public long ReadDrops()
    {
        // Reading them sets them to zero.
        uint* statistics = stackalloc uint[2];
        Tmds.Linux.socklen_t length = 2 * sizeof(uint);
        if (getsockopt(_descriptor, SolPacket, PacketStatistics, statistics, &length) < 0)
            throw new LinuxException("getsockopt(PACKET_STATISTICS)", Target, errno);
        return Interlocked.Add(ref _drops, statistics[1]);
    }

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor < 0)
            return;
        if (_ring is not null)
            _ = munmap(_ring, RingSize);
        _ = close(descriptor);
    }

    private void Set(int option, int value, string call)
    {
        if (setsockopt(_descriptor, SolPacket, option, &value, sizeof(int)) < 0)
            throw new LinuxException(call, Target, errno);
    }

    /// <summary>struct tpacket_req</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RingRequest
    {
        internal uint BlockSize;
        internal uint BlockCount;
        internal uint FrameSize;
        internal uint FrameCount;
    }

    /// <summary>The beginning of struct tpacket2_hdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FrameHeader
    {
        internal uint Status;
        internal uint Length;
        internal uint Captured;
        internal ushort Link;
        internal ushort Network;
    }
}
