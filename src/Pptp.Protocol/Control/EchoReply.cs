using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Echo-Reply (RFC 2637 §2.6).</summary>
public sealed record EchoReply : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.EchoReply;

    /// <summary>The identifier of the request.</summary>
    public uint Identifier { get; init; }
    public EchoResult ResultCode { get; init; }
    public ControlError ErrorCode { get; init; }

    internal static EchoReply Read(ReadOnlySpan<byte> message) => new()
    {
        Identifier = ReadUInt32BigEndian(message[12..]),
        ResultCode = (EchoResult)message[16],
        ErrorCode = (ControlError)message[17],
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt32BigEndian(message[12..], Identifier);
        message[16] = (byte)ResultCode;
        message[17] = (byte)ErrorCode;
    }
}
