using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Call-Disconnect-Notify (RFC 2637 §2.13): the PAC says that a call is gone.</summary>
public sealed record CallDisconnectNotify : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.CallDisconnectNotify;

    /// <summary>The id the PAC, its sender, gave the call.</summary>
    public ushort CallId { get; init; }
    public CallDisconnectResult ResultCode { get; init; }
    public ControlError ErrorCode { get; init; }
    public ushort CauseCode { get; init; }

    /// <summary>Vendor's text, at most 128 octets.</summary>
    public string CallStatistics { get; init; } = "";

    internal static CallDisconnectNotify Read(ReadOnlySpan<byte> message) => new()
    {
        CallId = ReadUInt16BigEndian(message[12..]),
        ResultCode = (CallDisconnectResult)message[14],
        ErrorCode = (ControlError)message[15],
        CauseCode = ReadUInt16BigEndian(message[16..]),
        CallStatistics = ControlText.Read(message.Slice(20, 128)),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], CallId);
        message[14] = (byte)ResultCode;
        message[15] = (byte)ErrorCode;
        WriteUInt16BigEndian(message[16..], CauseCode);
        ControlText.Write(message.Slice(20, 128), CallStatistics);
    }
}
