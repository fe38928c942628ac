namespace Pptp.Protocol.Control;

/// <summary>Stop-Control-Connection-Request (RFC 2637 §2.3). It clears every call of the connection.</summary>
public sealed record StopControlConnectionRequest : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.StopControlConnectionRequest;

    public StopControlConnectionReason Reason { get; init; }

    internal static StopControlConnectionRequest Read(ReadOnlySpan<byte> message) => new()
    {
        Reason = (StopControlConnectionReason)message[12],
    };

    private protected override void WriteFields(Span<byte> message) => message[12] = (byte)Reason;
}
