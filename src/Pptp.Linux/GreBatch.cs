using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// Up to 64 GRE packets in native memory, for one <see cref="GreSocket.Receive"/> or <see cref="GreSocket.Send"/>.
/// Belongs to one thread. Spans into it are good until the next Receive, Send, <see cref="Clear"/> or Dispose.
/// </summary>
/// <remarks>
/// To send: write the packet into <c>Slot(Count)</c> and call <see cref="Add"/>. A batch serves both directions, but
/// not at once.
/// </remarks>
public sealed unsafe class GreBatch : IDisposable
{
    /// <summary>Packets a batch holds.</summary>
    public const int Capacity = 64;

    /// <summary>
    /// The default slot in bytes. Not a power of two: slots 4096 bytes apart would compete for the same cache sets.
    /// </summary>
    public const int DefaultSlotSize = 2304;

    // An IPv4 header with all its options.
    private const int MaximumIpHeader = 60;
    private const int MinimumIpHeader = 20;
    private const int CacheLine = 64;

    private readonly int _stride;
    private readonly byte* _slots;
    private readonly NativeMethods.IoVector* _vectors;
    private readonly NativeMethods.InternetAddress* _names;
    private readonly NativeMethods.PacketInfoControl* _controls;
    private readonly NativeMethods.MessageVector* _receiveHeaders;
    private readonly NativeMethods.MessageVector* _sendHeaders;
    private readonly Entry[] _entries = new Entry[Capacity];
    private void* _memory;

    /// <param name="slotSize">The longest GRE packet (header and payload) in bytes, 64 to 65535.</param>
    public GreBatch(int slotSize = DefaultSlotSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slotSize, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slotSize, ushort.MaxValue);
        SlotSize = slotSize;
        _stride = (slotSize + MaximumIpHeader + CacheLine - 1) / CacheLine * CacheLine;
        int perPacket = _stride + sizeof(NativeMethods.IoVector) + sizeof(NativeMethods.InternetAddress)
            + sizeof(NativeMethods.PacketInfoControl) + (2 * sizeof(NativeMethods.MessageVector));
        nuint size = (nuint)(perPacket * Capacity);
        _memory = NativeMemory.AlignedAlloc(size, CacheLine);
        NativeMemory.Clear(_memory, size);

        _slots = (byte*)_memory;
        _receiveHeaders = (NativeMethods.MessageVector*)(_slots + (_stride * Capacity));
        _sendHeaders = _receiveHeaders + Capacity;
        _controls = (NativeMethods.PacketInfoControl*)(_sendHeaders + Capacity);
        _vectors = (NativeMethods.IoVector*)(_controls + Capacity);
        _names = (NativeMethods.InternetAddress*)(_vectors + Capacity);
        for (int i = 0; i < Capacity; i++)
        {
            InitialiseHeaders(i);
        }
    }

    ~GreBatch() => Release();

    /// <summary>The longest packet a slot takes, in bytes.</summary>
    public int SlotSize { get; }

    /// <summary>Packets in the batch, 0 to <see cref="Capacity"/>.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>
    /// The whole slot of the packet that is or becomes number <paramref name="index"/>, to write into.
    /// </summary>
    /// <remarks>After a Receive, call <see cref="Clear"/> before writing: a slot may lie where a packet was.</remarks>
    public Span<byte> Slot(int index)
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Capacity, nameof(index));
        return new Span<byte>(_slots + (index * _stride), SlotSize);
    }

    /// <summary>
    /// Packet <paramref name="index"/>: GRE header and payload, without the IP header. May be changed in place.
    /// </summary>
    public Span<byte> Packet(int index)
    {
        ref readonly Entry entry = ref At(index);
        return new Span<byte>(_slots + entry.Offset, entry.Length);
    }

    /// <summary>The length of packet <paramref name="index"/>: GRE header and payload, in bytes.</summary>
    public int Length(int index) => At(index).Length;

    /// <summary>Our address of packet <paramref name="index"/>; see <see cref="Ipv4"/> for the form.</summary>
    public uint LocalAddress(int index) => At(index).Local;

    /// <summary>The peer's address of packet <paramref name="index"/>; see <see cref="Ipv4"/> for the form.</summary>
    public uint RemoteAddress(int index) => At(index).Remote;

    /// <summary>
    /// Takes the first <paramref name="length"/> bytes of <c>Slot(Count)</c> as the next packet to send.
    /// </summary>
    /// <param name="length">GRE header and payload, in bytes.</param>
    /// <param name="localAddress">The address to send from, one of the host's; 0 lets the kernel choose.</param>
    /// <param name="remoteAddress">Where to.</param>
    public void Add(int length, uint localAddress, uint remoteAddress)
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, SlotSize);
        if (IsFull)
        {
            throw new InvalidOperationException("The batch is full; send it first.");
        }

        int i = Count++;
        _entries[i] = new Entry(i * _stride, length, localAddress, remoteAddress);
    }

    /// <summary>Forgets all packets.</summary>
    public void Clear() => Count = 0;

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>The headers for recvmmsg, with every slot empty.</summary>
    internal NativeMethods.MessageVector* PrepareReceive()
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        Count = 0;
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[i].Base = _slots + (i * _stride);
            _vectors[i].Length = (nuint)(SlotSize + MaximumIpHeader);
        }

        return _receiveHeaders;
    }

    /// <summary>Takes what recvmmsg put into the first <paramref name="received"/> slots.</summary>
    /// <returns>How many packets were longer than a slot, and left out.</returns>
    internal int CompleteReceive(int received)
    {
        int truncated = 0;
        for (int i = 0; i < received; i++)
        {
            byte* packet = _slots + (i * _stride);
            int header = (packet[0] & 0x0F) * 4;
            int length = (int)_receiveHeaders[i].Length - header;
            if ((_receiveHeaders[i].Header.Flags & MSG_TRUNC) != 0 || length > SlotSize)
            {
                truncated++;
            }
            else if (header >= MinimumIpHeader && length > 0)
            {
                // RFC 791 §3.1: the source address lies at 12, the destination at 16. A raw socket hands over the
                // header, so they need not be asked for again as msg_name and IP_PKTINFO.
                _entries[Count++] = new Entry(
                    (int)(packet + header - _slots), length, *(uint*)(packet + 16), *(uint*)(packet + 12));
            }
        }

        return truncated;
    }

    /// <summary>Where packet <paramref name="index"/> lies.</summary>
    internal byte* PointerTo(int index) => _slots + At(index).Offset;

    /// <summary>Takes a copy of what came with its IP header. False: it is not whole, or longer than a slot.</summary>
    internal bool TryTake(ReadOnlySpan<byte> ip)
    {
        if (ip.Length < MinimumIpHeader || ip[0] >> 4 != 4)
        {
            return false;
        }

        int header = (ip[0] & 0x0F) * 4;
        // Ethernet pads what is short.
        int total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        if (header < MinimumIpHeader || total > ip.Length || total <= header || total - header > SlotSize)
        {
            return false;
        }

        int i = Count++;
        ip[header..total].CopyTo(new Span<byte>(_slots + (i * _stride), SlotSize));
        _entries[i] = new Entry(
            i * _stride, total - header, MemoryMarshal.Read<uint>(ip[16..]), MemoryMarshal.Read<uint>(ip[12..]));
        return true;
    }

    /// <summary>The headers for sendmmsg, one for each packet.</summary>
    internal NativeMethods.MessageVector* PrepareSend()
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        for (int i = 0; i < Count; i++)
        {
            ref readonly Entry entry = ref _entries[i];
            _vectors[i].Base = _slots + entry.Offset;
            _vectors[i].Length = (nuint)entry.Length;
            _names[i].Address = entry.Remote;
            _controls[i].SpecifiedDestination = entry.Local;
        }

        return _sendHeaders;
    }

    private void InitialiseHeaders(int i)
    {
        _receiveHeaders[i].Header.Vectors = _vectors + i;
        _receiveHeaders[i].Header.VectorCount = 1;

        _names[i].Family = (ushort)(int)AF_INET;
        _controls[i].ControlLength = (nuint)(sizeof(nuint) + (2 * sizeof(int)) + (3 * sizeof(int)));
        _controls[i].Level = SOL_IP;
        _controls[i].Type = IP_PKTINFO;
        ref NativeMethods.MessageHeader header = ref _sendHeaders[i].Header;
        header.Name = _names + i;
        header.NameLength = (uint)sizeof(NativeMethods.InternetAddress);
        header.Vectors = _vectors + i;
        header.VectorCount = 1;
        header.Control = _controls + i;
        header.ControlLength = (nuint)sizeof(NativeMethods.PacketInfoControl);
    }

    private ref readonly Entry At(int index)
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return ref _entries[index];
    }

    private void Release()
    {
        void* memory = _memory;
        _memory = null;
        NativeMemory.AlignedFree(memory);
    }

    private readonly record struct Entry(int Offset, int Length, uint Local, uint Remote);
}
