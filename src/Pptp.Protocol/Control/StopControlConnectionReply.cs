namespace Pptp.Protocol.Control;

/// <summary>Stop-Control-Connection-Reply (RFC 2637 §2.4).</summary>
public sealed record StopControlConnectionReply : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.StopControlConnectionReply;

    public StopControlConnectionResult ResultCode { get; init; }
    public ControlError ErrorCode { get; init; }

    internal static StopControlConnectionReply Read(ReadOnlySpan<byte> message) => new()
    {
        ResultCode = (StopControlConnectionResult)message[12],
        ErrorCode = (ControlError)message[13],
    };

    private protected override void WriteFields(Span<byte> message)
    {
        message[12] = (byte)ResultCode;
        message[13] = (byte)ErrorCode;
    }
}
