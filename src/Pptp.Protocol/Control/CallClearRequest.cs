using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Call-Clear-Request (RFC 2637 §2.12): the PNS wants a call gone.</summary>
public sealed record CallClearRequest : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.CallClearRequest;

    /// <summary>The id the PNS, its sender, gave the call.</summary>
    public ushort CallId { get; init; }

    internal static CallClearRequest Read(ReadOnlySpan<byte> message) => new()
    {
        CallId = ReadUInt16BigEndian(message[12..]),
    };

    private protected override void WriteFields(Span<byte> message) => WriteUInt16BigEndian(message[12..], CallId);
}
