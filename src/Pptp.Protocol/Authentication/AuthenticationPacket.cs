using System.Buffers.Binary;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The form the packets of PAP, CHAP and EAP share (RFC 1334 §2.2, RFC 1994 §4, RFC 3748 §4): code, identifier, length,
/// data.
/// </summary>
internal readonly ref struct AuthenticationPacket
{
    /// <summary>Bytes before the data.</summary>
    public const int HeaderLength = 4;

    private AuthenticationPacket(byte code, byte identifier, ReadOnlySpan<byte> data)
    {
        Code = code;
        Identifier = identifier;
        Data = data;
    }

    public byte Code { get; }

    public byte Identifier { get; }

    /// <summary>What follows the header, without padding.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>False when the length field does not fit the bytes. Bytes after that length are padding.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out AuthenticationPacket packet)
    {
        packet = default;
        if (bytes.Length < HeaderLength)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (length < HeaderLength || length > bytes.Length)
            return false;
        packet = new AuthenticationPacket(bytes[0], bytes[1], bytes[HeaderLength..length]);
        return true;
    }

    /// <summary>Splits off a field that has its length in a byte before it. False when it does not fit.</summary>
    public static bool TryReadField(
        ReadOnlySpan<byte> data, out ReadOnlySpan<byte> field, out ReadOnlySpan<byte> rest)
    {
        field = rest = default;
        if (data.IsEmpty || data.Length < 1 + data[0])
            return false;
        field = data.Slice(1, data[0]);
        rest = data[(1 + data[0])..];
        return true;
    }

    public static byte[] Encode(byte code, byte identifier, ReadOnlySpan<byte> data)
    {
        byte[] packet = new byte[HeaderLength + data.Length];
        packet[0] = code;
        packet[1] = identifier;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), checked((ushort)packet.Length));
        data.CopyTo(packet.AsSpan(HeaderLength));
        return packet;
    }
}
