using System.Runtime.InteropServices;

namespace Pptp.Appliance.DataPlane;

/// <summary>Packets in order, in memory that is taken once.</summary>
/// <param name="capacity">Octets, with <see cref="LengthOctets"/> more for each packet.</param>
internal sealed class PacketRing(int capacity)
{
    /// <summary>What a packet takes beside its own octets.</summary>
    public const int LengthOctets = 2;

    private readonly byte[] _octets = new byte[capacity];
    private int _first;
    private int _used;

    public bool IsEmpty => _used == 0;

    /// <summary>False: there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> packet)
    {
        if (_used + LengthOctets + packet.Length > capacity)
            return false;
        ushort length = (ushort)packet.Length;
        Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ushort>(in length)));
        Write(packet);
        return true;
    }

    /// <summary>Takes the oldest.</summary>
    /// <returns>Its length; 0: there is none.</returns>
    public int Take(Span<byte> destination)
    {
        if (IsEmpty)
            return 0;
        ushort length = 0;
        Read(MemoryMarshal.AsBytes(new Span<ushort>(ref length)));
        Read(destination[..length]);
        return length;
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        int at = (_first + _used) % capacity;
        int beforeEnd = Math.Min(octets.Length, capacity - at);
        octets[..beforeEnd].CopyTo(_octets.AsSpan(at));
        octets[beforeEnd..].CopyTo(_octets);
        _used += octets.Length;
    }

    private void Read(Span<byte> destination)
    {
        int beforeEnd = Math.Min(destination.Length, capacity - _first);
        _octets.AsSpan(_first, beforeEnd).CopyTo(destination);
        _octets.AsSpan(0, destination.Length - beforeEnd).CopyTo(destination[beforeEnd..]);
        _first = (_first + destination.Length) % capacity;
        _used -= destination.Length;
    }
}
