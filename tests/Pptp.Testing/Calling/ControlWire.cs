using System.Buffers.Binary;
using System.Text;

namespace Pptp.Testing.Calling;

/// <summary>
/// Control messages as RFC 2637 §2 draws them, written a second time: a judge of the server must not share its codec.
/// </summary>
public static class ControlWire
{
    public const byte StartRequest = 1;
    public const byte StartReply = 2;
    public const byte StopRequest = 3;
    public const byte StopReply = 4;
    public const byte EchoRequest = 5;
    public const byte EchoReply = 6;
    public const byte OutgoingCallRequest = 7;
    public const byte OutgoingCallReply = 8;
    public const byte IncomingCallRequest = 9;
    public const byte IncomingCallReply = 10;
    public const byte IncomingCallConnected = 11;
    public const byte CallClearRequest = 12;
    public const byte CallDisconnectNotify = 13;
    public const byte WanErrorNotify = 14;
    public const byte SetLinkInfo = 15;

    public const int HeaderLength = 12;

    private const uint Cookie = 0x1A2B3C4D;

    /// <summary>Octets of each message, by its type; there is no type 0.</summary>
    private static readonly int[] Lengths = [0, 156, 156, 16, 16, 16, 20, 168, 32, 220, 24, 28, 16, 148, 40, 24];

    /// <summary>All fifteen types.</summary>
    public static IEnumerable<byte> Types => Enumerable.Range(1, 15).Select(type => (byte)type);

    /// <summary>A message with a good header and nothing but zeros after it.</summary>
    public static byte[] Message(byte type)
    {
        byte[] message = new byte[Lengths[type]];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)message.Length);
        message[3] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), Cookie);
        message[9] = type;
        return message;
    }

    /// <summary>Start-Control-Connection-Request (§2.1).</summary>
    public static byte[] Start(ushort version = 0x0100)
    {
        byte[] message = Message(StartRequest);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), version);
        message[19] = 3;
        message[23] = 3;
        Encoding.ASCII.GetBytes("scripted-caller", message.AsSpan(28));
        Encoding.ASCII.GetBytes("Pptp.Testing", message.AsSpan(92));
        return message;
    }

    /// <summary>Start-Control-Connection-Reply (§2.2), result "successful".</summary>
    public static byte[] Started()
    {
        byte[] message = Message(StartReply);
        message[12] = 1;
        message[14] = 1;
        message[19] = 3;
        message[23] = 3;
        return message;
    }

    /// <summary>Outgoing-Call-Reply (§2.8), result "connected".</summary>
    /// <param name="callId">The answering end's id.</param>
    /// <param name="peerCallId">That of the request.</param>
    /// <param name="window">Packets the answering end buffers.</param>
    public static byte[] Answered(ushort callId, ushort peerCallId, ushort window = 64)
    {
        byte[] message = Message(OutgoingCallReply);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), callId);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(14), peerCallId);
        message[16] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(20), 100_000_000);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(24), window);
        return message;
    }

    /// <summary>Outgoing-Call-Request (§2.7).</summary>
    /// <param name="callId">The caller's id.</param>
    /// <param name="window">Packets the caller buffers.</param>
    public static byte[] Call(ushort callId, ushort window = 64)
    {
        byte[] message = Message(OutgoingCallRequest);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), callId);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(14), callId);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(16), 300);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(20), 100_000_000);
        message[27] = 3;
        message[31] = 3;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(32), window);
        return message;
    }

    /// <summary>Incoming-Call-Request (§2.9).</summary>
    /// <param name="callId">The caller's id.</param>
    public static byte[] Ring(ushort callId)
    {
        byte[] message = Message(IncomingCallRequest);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), callId);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(14), callId);
        message[19] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(24), 3);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(26), 3);
        Encoding.ASCII.GetBytes("100", message.AsSpan(28));
        Encoding.ASCII.GetBytes("200", message.AsSpan(92));
        return message;
    }

    /// <summary>Incoming-Call-Connected (§2.11).</summary>
    /// <param name="peerCallId">The server's id.</param>
    /// <param name="window">Packets the caller buffers.</param>
    public static byte[] Connected(ushort peerCallId, ushort window = 64)
    {
        byte[] message = Message(IncomingCallConnected);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), peerCallId);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(16), 64_000);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(20), window);
        message[27] = 1;
        return message;
    }

    /// <summary>Call-Disconnect-Notify (§2.13), result "lost carrier".</summary>
    /// <param name="callId">The caller's id.</param>
    public static byte[] Disconnected(ushort callId)
    {
        byte[] message = Message(CallDisconnectNotify);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), callId);
        message[14] = 1;
        return message;
    }

    /// <summary>WAN-Error-Notify (§2.14) with one CRC error.</summary>
    /// <param name="peerCallId">The server's id.</param>
    public static byte[] LineErrors(ushort peerCallId)
    {
        byte[] message = Message(WanErrorNotify);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), peerCallId);
        message[19] = 1;
        return message;
    }

    /// <summary>Call-Clear-Request (§2.12).</summary>
    /// <param name="callId">The caller's id.</param>
    public static byte[] Clear(ushort callId)
    {
        byte[] message = Message(CallClearRequest);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(12), callId);
        return message;
    }

    /// <summary>Stop-Control-Connection-Request (§2.3).</summary>
    public static byte[] Stop()
    {
        byte[] message = Message(StopRequest);
        message[12] = 1;
        return message;
    }

    /// <summary>Echo-Request (§2.5).</summary>
    public static byte[] Echo(uint identifier)
    {
        byte[] message = Message(EchoRequest);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(12), identifier);
        return message;
    }

    /// <summary>Stop-Control-Connection-Reply (§2.4), result "OK".</summary>
    internal static byte[] StopAnswer()
    {
        byte[] message = Message(StopReply);
        message[12] = 1;
        return message;
    }

    /// <summary>Echo-Reply (§2.6) to a request, result "OK".</summary>
    internal static byte[] EchoAnswer(ReadOnlySpan<byte> request)
    {
        byte[] message = Message(EchoReply);
        request.Slice(12, 4).CopyTo(message.AsSpan(12));
        message[16] = 1;
        return message;
    }

    /// <summary>Takes one whole message off the front of a stream; null: it has not all arrived.</summary>
    /// <exception cref="InvalidDataException">The server sent what is no control message.</exception>
    internal static byte[]? Take(List<byte> stream)
    {
        if (stream.Count < HeaderLength)
            return null;
        byte type = stream[9];
        int length = (stream[0] << 8) | stream[1];
        bool good = stream[2] == 0 && stream[3] == 1 && stream[4] == 0x1A && stream[5] == 0x2B && stream[6] == 0x3C
            && stream[7] == 0x4D && stream[8] == 0 && type is > 0 and <= SetLinkInfo && length == Lengths[type];
        if (!good)
        {
            throw new InvalidDataException(
                $"the server sent no control message: {Convert.ToHexString([.. stream.Take(HeaderLength)])}");
        }

        if (stream.Count < length)
            return null;
        byte[] message = [.. stream.Take(length)];
        stream.RemoveRange(0, length);
        return message;
    }
}
