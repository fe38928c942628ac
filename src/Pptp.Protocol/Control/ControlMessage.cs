using System.Buffers.Binary;

namespace Pptp.Protocol.Control;

/// <summary>
/// A control message of RFC 2637 §2. One sealed record per message, with the RFC's field names. Reserved
/// fields are zero when sent and not looked at when received (§1.4). Numbers are in host order; text is
/// what the peer sent, one character per octet, unescaped.
/// </summary>
public abstract record ControlMessage
{
    private protected ControlMessage()
    {
    }

    /// <summary>The Control Message Type.</summary>
    public abstract ControlMessageType Type { get; }

    /// <summary>The whole message with its header, as long as RFC 2637 says for its type.</summary>
    public byte[] Encode()
    {
        byte[] message = new byte[ControlMessageCodec.LengthOf(Type)];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)message.Length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), ControlMessageCodec.ControlMessage);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), ControlMessageCodec.MagicCookie);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), (ushort)Type);
        WriteFields(message);
        return message;
    }

    /// <summary>Writes the fields after the header; <paramref name="message"/> is the whole, zeroed message.</summary>
    private protected abstract void WriteFields(Span<byte> message);
}
