using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Ppp;

/// <summary>One configuration option: a type and its data (RFC 1661 §6).</summary>
internal sealed record PppOption(byte Type, byte[] Data)
{
    private const int OptionHeaderLength = 2;

    public static PppOption Of(byte type) => new(type, []);

    public static PppOption Of(byte type, ushort value)
    {
        byte[] data = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(data, value);
        return new PppOption(type, data);
    }

    public static PppOption Of(byte type, uint value)
    {
        byte[] data = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(data, value);
        return new PppOption(type, data);
    }

    /// <summary>
    /// Reads a list of options. False when a length is below two or runs past the end: the packet is then
    /// invalid as a whole, for nothing tells where its options begin.
    /// </summary>
    public static bool TryParseList(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IReadOnlyList<PppOption>? options)
    {
        List<PppOption> found = [];
        options = null;
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < OptionHeaderLength) return false;
            int length = bytes[1];
            if (length < OptionHeaderLength || length > bytes.Length) return false;
            found.Add(new PppOption(bytes[0], bytes[OptionHeaderLength..length].ToArray()));
            bytes = bytes[length..];
        }
        options = found;
        return true;
    }

    public static byte[] EncodeList(IReadOnlyList<PppOption> options)
    {
        int length = 0;
        foreach (PppOption option in options) length += OptionHeaderLength + option.Data.Length;
        byte[] bytes = new byte[length];
        int offset = 0;
        foreach (PppOption option in options)
        {
            bytes[offset] = option.Type;
            bytes[offset + 1] = (byte)(OptionHeaderLength + option.Data.Length);
            option.Data.CopyTo(bytes, offset + OptionHeaderLength);
            offset += OptionHeaderLength + option.Data.Length;
        }
        return bytes;
    }

    public bool HasSameBytes(PppOption other) => Type == other.Type && Data.AsSpan().SequenceEqual(other.Data);

    /// <summary>The data as an unsigned number of two octets, if it is two octets long.</summary>
    public bool TryReadUInt16(out ushort value) => BinaryPrimitives.TryReadUInt16BigEndian(Data, out value)
        && Data.Length == 2;

    /// <summary>The data as an unsigned number of four octets, if it is four octets long.</summary>
    public bool TryReadUInt32(out uint value) => BinaryPrimitives.TryReadUInt32BigEndian(Data, out value)
        && Data.Length == 4;
}
