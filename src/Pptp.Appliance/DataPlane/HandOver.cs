using System.Runtime.InteropServices;
using Pptp.Linux;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// GRE packets on their way from the dispatcher, which alone puts them in, to the thread that holds the worker, which
/// alone takes them out. No lock.
/// </summary>
/// <param name="capacity">Packets that wait, at most. Memory is touched only as far as it was ever filled.</param>
/// <param name="sharesOf">Of a call's counts the one that is meant.</param>
internal sealed unsafe class HandOver(int capacity, Func<DataPath, HandOverShare> sharesOf) : IDisposable
{
    private const int SlotSize = GreBatch.DefaultSlotSize;

    private readonly DataPath?[] _paths = new DataPath?[capacity];
    private readonly (int Slot, int Length)[] _packets = new (int, int)[capacity];
    private byte* _memory;
    private int _lastSlot;
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
        HandOverShare share = sharesOf(path);
        if (count == capacity || packet.Length > SlotSize || (count >= capacity / 4 * 3 && share.Count >= capacity / 2))
            return false;
        if (_memory is null)
            _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(capacity * SlotSize), 64);
        // What waits lies in a row, so the next slot is free; where nothing waits all are, and the first is warm.
        _lastSlot = count == 0 ? 0 : (_lastSlot + 1) % capacity;
        uint place = _added % (uint)capacity;
        _paths[place] = path;
        _packets[place] = (_lastSlot, packet.Length);
        packet.CopyTo(new Span<byte>(_memory + (_lastSlot * SlotSize), SlotSize));
        share.OnAdded();
        Volatile.Write(ref _added, _added + 1);
        return true;
    }

    /// <summary>The packet that is so many after the oldest; stays where it is until <see cref="Remove"/>.</summary>
    public ReadOnlySpan<byte> Packet(int index)
    {
        (int slot, int length) = _packets[(_taken + (uint)index) % (uint)capacity];
        return new ReadOnlySpan<byte>(_memory + (slot * SlotSize), length);
    }

    /// <inheritdoc cref="Packet"/>
    public DataPath PathOf(int index) => _paths[(_taken + (uint)index) % (uint)capacity]!;

    /// <summary>Takes the oldest out.</summary>
    public void Remove(int count)
    {
        for (int i = 0; i < count; i++)
        {
            uint place = (_taken + (uint)i) % (uint)capacity;
            sharesOf(_paths[place]!).OnTaken();
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
