using System.Buffers.Binary;

namespace Pptp.Testing.Calling;

/// <summary>The numbers and forms of PPP (RFC 1661) as a caller needs them.</summary>
public static class PppWire
{
    public const ushort Ip = 0x0021;
    public const ushort Multilink = 0x003D;
    public const ushort Ipv6 = 0x0057;
    public const ushort Compressed = 0x00FD;
    public const ushort Ipcp = 0x8021;
    public const ushort Ipv6cp = 0x8057;
    public const ushort Ccp = 0x80FD;
    public const ushort Lcp = 0xC021;
    public const ushort Pap = 0xC023;
    public const ushort Chap = 0xC223;
    public const ushort Eap = 0xC227;

    public const byte ConfigureRequest = 1;
    public const byte ConfigureAck = 2;
    public const byte ConfigureNak = 3;
    public const byte ConfigureReject = 4;
    public const byte TerminateRequest = 5;
    public const byte TerminateAck = 6;
    public const byte CodeReject = 7;
    public const byte ProtocolReject = 8;
    public const byte EchoRequest = 9;
    public const byte EchoReply = 10;
    public const byte DiscardRequest = 11;
    public const byte ResetRequest = 14;
    public const byte ResetAck = 15;

    /// <summary>FF 03, a protocol of two octets, and the information.</summary>
    public static byte[] Frame(ushort protocol, ReadOnlySpan<byte> information)
    {
        byte[] frame = new byte[4 + information.Length];
        frame[0] = 0xFF;
        frame[1] = 0x03;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), protocol);
        information.CopyTo(frame.AsSpan(4));
        return frame;
    }

    /// <summary>Code, identifier, length, data.</summary>
    public static byte[] Packet(byte code, byte identifier, ReadOnlySpan<byte> data)
    {
        byte[] packet = new byte[4 + data.Length];
        packet[0] = code;
        packet[1] = identifier;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        data.CopyTo(packet.AsSpan(4));
        return packet;
    }

    /// <summary>Reads a frame's head, whatever of it is left out (§6.5, §6.6). False: too short.</summary>
    internal static bool TryReadFrame(ReadOnlySpan<byte> frame, out ushort protocol, out ReadOnlySpan<byte> information)
    {
        protocol = 0;
        information = default;
        if (frame.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x03]))
            frame = frame[2..];
        int length = !frame.IsEmpty && (frame[0] & 1) != 0 ? 1 : 2;
        if (frame.Length < length)
            return false;
        protocol = length == 1 ? frame[0] : BinaryPrimitives.ReadUInt16BigEndian(frame);
        information = frame[length..];
        return true;
    }

    /// <summary>Type and data of each option; stops at one that does not fit.</summary>
    internal static List<(byte Type, byte[] Data)> ReadOptions(ReadOnlySpan<byte> options)
    {
        List<(byte, byte[])> read = [];
        while (options.Length >= 2 && options[1] >= 2 && options[1] <= options.Length)
        {
            read.Add((options[0], options[2..options[1]].ToArray()));
            options = options[options[1]..];
        }

        return read;
    }

    internal static byte[] WriteOptions(IEnumerable<(byte Type, byte[] Data)> options) =>
        [.. options.SelectMany(o => (IEnumerable<byte>)[o.Type, (byte)(o.Data.Length + 2), .. o.Data])];
}
