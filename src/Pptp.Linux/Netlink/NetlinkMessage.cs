using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Pptp.Linux;

/// <summary>Builds one netlink message, or several in a row: header, body, attributes, nested attributes.</summary>
internal sealed class NetlinkMessage
{
    private const int HeaderLength = 16;
    private const int AttributeHeaderLength = 4;
    private const ushort NestedFlag = 0x8000;

    private byte[] _buffer = new byte[512];
    private int _length;
    private int _start;

    internal NetlinkMessage(ushort type, ushort flags) => Begin(type, flags);

    internal ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>How many messages stand in the buffer.</summary>
    internal int Count { get; private set; }

    /// <summary>Starts a message; what is written from here on belongs to it.</summary>
    internal NetlinkMessage Begin(ushort type, ushort flags)
    {
        Align();
        _start = _length;
        Count++;
        Span<byte> header = Reserve(HeaderLength);
        MemoryMarshal.Write(header, HeaderLength);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], flags);
        return this;
    }

    /// <summary>Numbers the messages from <paramref name="sequence"/> on.</summary>
    internal void SetSequence(uint sequence)
    {
        for (int offset = 0; offset < _length;)
        {
            Span<byte> header = _buffer.AsSpan(offset);
            MemoryMarshal.Write(header[8..], sequence++);
            offset += Aligned(MemoryMarshal.Read<int>(header));
        }
    }

    internal NetlinkMessage Body<T>(in T value)
        where T : unmanaged
    {
        Align();
        MemoryMarshal.Write(Reserve(Unsafe.SizeOf<T>()), value);
        return Close();
    }

    internal NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Align();
        Span<byte> attribute = Reserve(AttributeHeaderLength + value.Length);
        MemoryMarshal.Write(attribute, (ushort)attribute.Length);
        MemoryMarshal.Write(attribute[2..], type);
        value.CopyTo(attribute[AttributeHeaderLength..]);
        return Close();
    }

    internal NetlinkMessage Attribute(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>Netfilter's numbers are big-endian, all others the host's.</summary>
    internal NetlinkMessage AttributeBigEndian(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Attribute(type, bytes);
    }

    internal NetlinkMessage Attribute(ushort type, byte value) => Attribute(type, new ReadOnlySpan<byte>(in value));

    internal NetlinkMessage Attribute(ushort type, IPAddress value)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = value.TryWriteBytes(bytes, out int length);
        return Attribute(type, bytes[..length]);
    }

    /// <summary>A string with the closing zero that names must have.</summary>
    internal NetlinkMessage AttributeString(ushort type, string value) =>
        Attribute(type, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>Opens an attribute that holds attributes; to be handed to <see cref="EndNested"/>.</summary>
    internal int BeginNested(ushort type)
    {
        Align();
        int offset = _length;
        Span<byte> attribute = Reserve(AttributeHeaderLength);
        MemoryMarshal.Write(attribute[2..], (ushort)(type | NestedFlag));
        return offset;
    }

    internal NetlinkMessage EndNested(int offset)
    {
        MemoryMarshal.Write(_buffer.AsSpan(offset), (ushort)(_length - offset));
        return Close();
    }

    internal static int Aligned(int length) => (length + 3) & ~3;

    private NetlinkMessage Close()
    {
        MemoryMarshal.Write(_buffer.AsSpan(_start), _length - _start);
        return this;
    }

    private void Align()
    {
        int padding = Aligned(_length) - _length;
        if (padding > 0)
        {
            _ = Reserve(padding);
            if (_length > _start + HeaderLength)
            {
                _ = Close();
            }
        }
    }

    private Span<byte> Reserve(int length)
    {
        if (_length + length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + length));
        }

        Span<byte> span = _buffer.AsSpan(_length, length);
        span.Clear();
        _length += length;
        return span;
    }
}
