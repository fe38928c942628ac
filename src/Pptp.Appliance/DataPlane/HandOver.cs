using System.Runtime.InteropServices;
using Pptp.Linux;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// GRE packets on their way from the dispatcher, which alone puts them in, to the thread that holds the worker, which
/// alone takes them out. No lock; memory is taken once.
/// </summary>
internal sealed unsafe class HandOver : IDisposable
{
    /// <summary>Packets that wait, at most. A power of two.</summary>
    public const int Capacity = 2048;

    private const int SlotSize = GreBatch.DefaultSlotSize;

    private readonly DataPath?[] _paths = new DataPath?[Capacity];
    private readonly int[] _lengths = new int[Capacity];
    private byte* _memory;
    private uint _added;
    private uint _taken;

    public bool IsEmpty => Count == 0;

    public int Count => (int)(Volatile.Read(ref _added) - Volatile.Read(ref _taken));

    /// <summary>
    /// Puts a packet in. False: there is no room, or the call has its share of it already: one that floods must not
    /// lose its neighbours' packets.
    /// </summary>
    public bool TryAdd(DataPath path, ReadOnlySpan<byte> packet)
    {
        int count = Count;
        if (count == Capacity || packet.Length > SlotSize
            || (count >= Capacity / 2 && path.HandedOver >= Capacity / 4))
        {
            return false;
        }
        if (_memory is null)
            _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(Capacity * SlotSize), 64);
        uint place = _added % Capacity;
        _paths[place] = path;
        _lengths[place] = packet.Length;
        packet.CopyTo(new Span<byte>(_memory + (place * SlotSize), SlotSize));
        path.OnHandedOver();
        Volatile.Write(ref _added, _added + 1);
        return true;
    }

    /// <summary>The packet that is so many after the oldest; stays where it is until <see cref="Remove"/>.</summary>
    public ReadOnlySpan<byte> Packet(int index)
    {
        uint place = (_taken + (uint)index) % Capacity;
        return new ReadOnlySpan<byte>(_memory + (place * SlotSize), _lengths[place]);
    }

    /// <inheritdoc cref="Packet"/>
    public DataPath PathOf(int index) => _paths[(_taken + (uint)index) % Capacity]!;

    /// <summary>Takes the oldest out.</summary>
    public void Remove(int count)
    {
        for (int i = 0; i < count; i++)
        {
            uint place = (_taken + (uint)i) % Capacity;
            _paths[place]!.OnTakenOver();
            _paths[place] = null;
        }
        Volatile.Write(ref _taken, _taken + (uint)count);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
