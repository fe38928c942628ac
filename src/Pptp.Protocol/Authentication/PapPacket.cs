using System.Buffers.Binary;

namespace Pptp.Protocol.Authentication;

/// <summary>A PAP packet (RFC 1334 §2.2): code, identifier, length, data.</summary>
internal readonly ref struct PapPacket
{
    /// <summary>The longest name, password or message, in bytes: each has a length byte before it.</summary>
    public const int MaximumFieldLength = byte.MaxValue;

    private const int HeaderLength = 4;

    private PapPacket(PapCode code, byte identifier, ReadOnlySpan<byte> data)
    {
        Code = code;
        Identifier = identifier;
        Data = data;
    }

    public PapCode Code { get; }

    public byte Identifier { get; }

    /// <summary>What follows the header, without padding.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>False when the length field does not fit the bytes. Bytes after that length are padding.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out PapPacket packet)
    {
        packet = default;
        if (bytes.Length < HeaderLength)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (length < HeaderLength || length > bytes.Length)
            return false;
        packet = new PapPacket((PapCode)bytes[0], bytes[1], bytes[HeaderLength..length]);
        return true;
    }

    /// <summary>Splits the data of an Authenticate-Request (§2.2.1). False when a field does not fit.</summary>
    public bool TryReadRequest(out ReadOnlySpan<byte> userName, out ReadOnlySpan<byte> password)
    {
        password = default;
        return TryReadField(Data, out userName) && TryReadField(Data[(1 + userName.Length)..], out password);
    }

    /// <summary>The message of an Ack or a Nak (§2.2.2). Peers leave it out, its length byte included.</summary>
    public ReadOnlySpan<byte> ReadMessage() => TryReadField(Data, out ReadOnlySpan<byte> message) ? message : default;

    public static byte[] EncodeRequest(byte identifier, ReadOnlySpan<byte> userName, ReadOnlySpan<byte> password) =>
        Encode(
            PapCode.AuthenticateRequest,
            identifier,
            [checked((byte)userName.Length), .. userName, checked((byte)password.Length), .. password]);

    /// <summary>An Ack or a Nak.</summary>
    public static byte[] EncodeReply(PapCode code, byte identifier, ReadOnlySpan<byte> message) =>
        Encode(code, identifier, [checked((byte)message.Length), .. message]);

    private static byte[] Encode(PapCode code, byte identifier, ReadOnlySpan<byte> data)
    {
        byte[] packet = new byte[HeaderLength + data.Length];
        packet[0] = (byte)code;
        packet[1] = identifier;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        data.CopyTo(packet.AsSpan(HeaderLength));
        return packet;
    }

    private static bool TryReadField(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (data.IsEmpty || data.Length < 1 + data[0])
            return false;
        field = data.Slice(1, data[0]);
        return true;
    }
}
