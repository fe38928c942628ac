using System.Buffers.Binary;

namespace Pptp.Protocol.Control;

/// <summary>Lengths and framing of control messages (RFC 2637 §1.4 and §2).</summary>
public static class ControlMessageCodec
{
    /// <summary>Length, PPTP Message Type, Magic Cookie, Control Message Type and Reserved0, in octets.</summary>
    public const int HeaderLength = 12;

    /// <summary>The longest message there is, the Incoming-Call-Request, in octets.</summary>
    public const int MaximumLength = 220;

    internal const ushort ControlMessage = 1;
    internal const uint MagicCookie = 0x1A2B3C4D;

    private static ReadOnlySpan<byte> MessageTypeAndCookie => [0x00, 0x01, 0x1A, 0x2B, 0x3C, 0x4D];

    /// <summary>The only length a message of this type may have, in octets; 0 for a type that does not exist.</summary>
    public static int LengthOf(ControlMessageType type) => type switch
    {
        ControlMessageType.StartControlConnectionRequest => 156,
        ControlMessageType.StartControlConnectionReply => 156,
        ControlMessageType.StopControlConnectionRequest => 16,
        ControlMessageType.StopControlConnectionReply => 16,
        ControlMessageType.EchoRequest => 16,
        ControlMessageType.EchoReply => 20,
        ControlMessageType.OutgoingCallRequest => 168,
        ControlMessageType.OutgoingCallReply => 32,
        ControlMessageType.IncomingCallRequest => 220,
        ControlMessageType.IncomingCallReply => 24,
        ControlMessageType.IncomingCallConnected => 28,
        ControlMessageType.CallClearRequest => 16,
        ControlMessageType.CallDisconnectNotify => 148,
        ControlMessageType.WanErrorNotify => 40,
        ControlMessageType.SetLinkInfo => 24,
        _ => 0,
    };

    /// <summary>
    /// Looks at however much of a message has arrived and finds the first thing that already cannot be right.
    /// </summary>
    public static ControlDecodeError CheckPrefix(ReadOnlySpan<byte> prefix)
    {
        // No message is longer than 220 octets, so the first octet of a Length is always zero.
        if (prefix.Length >= 1 && prefix[0] != 0)
            return ControlDecodeError.Length;
        if (prefix.Length >= 2 && !IsLength(prefix[1]))
            return ControlDecodeError.Length;
        for (int i = 2; i < Math.Min(prefix.Length, 8); i++)
        {
            if (prefix[i] != MessageTypeAndCookie[i - 2])
                return i < 4 ? ControlDecodeError.MessageType : ControlDecodeError.MagicCookie;
        }

        if (prefix.Length >= 9 && prefix[8] != 0)
            return ControlDecodeError.ControlMessageType;
        if (prefix.Length >= 10)
        {
            int length = LengthOf((ControlMessageType)prefix[9]);
            if (length == 0)
                return ControlDecodeError.ControlMessageType;
            if (length != prefix[1])
                return ControlDecodeError.Length;
        }

        return ControlDecodeError.None;
    }

    /// <summary>Decodes exactly one message. Any other number of octets than its length is an error.</summary>
    public static ControlDecodeError TryDecode(ReadOnlySpan<byte> message, out ControlMessage? decoded)
    {
        decoded = null;
        ControlDecodeError error = CheckPrefix(message);
        if (error != ControlDecodeError.None)
            return error;
        if (message.Length < HeaderLength || message.Length != BinaryPrimitives.ReadUInt16BigEndian(message))
            return ControlDecodeError.Length;

        decoded = (ControlMessageType)message[9] switch
        {
            ControlMessageType.StartControlConnectionRequest => StartControlConnectionRequest.Read(message),
            ControlMessageType.StartControlConnectionReply => StartControlConnectionReply.Read(message),
            ControlMessageType.StopControlConnectionRequest => StopControlConnectionRequest.Read(message),
            ControlMessageType.StopControlConnectionReply => StopControlConnectionReply.Read(message),
            ControlMessageType.EchoRequest => EchoRequest.Read(message),
            ControlMessageType.EchoReply => EchoReply.Read(message),
            ControlMessageType.OutgoingCallRequest => OutgoingCallRequest.Read(message),
            ControlMessageType.OutgoingCallReply => OutgoingCallReply.Read(message),
            ControlMessageType.IncomingCallRequest => IncomingCallRequest.Read(message),
            ControlMessageType.IncomingCallReply => IncomingCallReply.Read(message),
            ControlMessageType.IncomingCallConnected => IncomingCallConnected.Read(message),
            ControlMessageType.CallClearRequest => CallClearRequest.Read(message),
            ControlMessageType.CallDisconnectNotify => CallDisconnectNotify.Read(message),
            ControlMessageType.WanErrorNotify => WanErrorNotify.Read(message),
            _ => SetLinkInfo.Read(message),
        };
        return ControlDecodeError.None;
    }

    private static bool IsLength(byte length) =>
        length is 16 or 20 or 24 or 28 or 32 or 40 or 148 or 156 or 168 or 220;
}
