using System.Buffers.Binary;

namespace Pptp.Protocol.Authentication;

/// <summary>A CHAP packet (RFC 1994 §4): code, identifier, length, data.</summary>
internal readonly ref struct ChapPacket
{
    public const int HeaderLength = 4;

    private ChapPacket(ChapCode code, byte identifier, ReadOnlySpan<byte> data)
    {
        Code = code;
        Identifier = identifier;
        Data = data;
    }

    public ChapCode Code { get; }

    public byte Identifier { get; }

    /// <summary>What follows the header, without padding.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>False when the length field does not fit the bytes. Bytes after that length are padding.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ChapPacket packet)
    {
        packet = default;
        if (bytes.Length < HeaderLength)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (length < HeaderLength || length > bytes.Length)
            return false;
        packet = new ChapPacket((ChapCode)bytes[0], bytes[1], bytes[HeaderLength..length]);
        return true;
    }

    /// <summary>
    /// Splits the data of a Challenge or Response (RFC 1994 §4.1): a size byte, the value, the name. False when the
    /// value does not fit.
    /// </summary>
    public bool TryReadValue(out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> name)
    {
        value = name = default;
        if (Data.IsEmpty || Data.Length < 1 + Data[0])
            return false;
        value = Data.Slice(1, Data[0]);
        name = Data[(1 + Data[0])..];
        return true;
    }

    public static byte[] Encode(ChapCode code, byte identifier, ReadOnlySpan<byte> data)
    {
        byte[] packet = new byte[HeaderLength + data.Length];
        packet[0] = (byte)code;
        packet[1] = identifier;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), checked((ushort)packet.Length));
        data.CopyTo(packet.AsSpan(HeaderLength));
        return packet;
    }

    /// <summary>A Challenge or a Response.</summary>
    public static byte[] EncodeValue(
        ChapCode code, byte identifier, ReadOnlySpan<byte> value, ReadOnlySpan<byte> name) =>
        Encode(code, identifier, [checked((byte)value.Length), .. value, .. name]);
}
