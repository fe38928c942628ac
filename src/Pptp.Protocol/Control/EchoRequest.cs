using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Echo-Request (RFC 2637 §2.5).</summary>
public sealed record EchoRequest : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.EchoRequest;

    /// <summary>Comes back in the reply.</summary>
    public uint Identifier { get; init; }

    internal static EchoRequest Read(ReadOnlySpan<byte> message) => new()
    {
        Identifier = ReadUInt32BigEndian(message[12..]),
    };

    private protected override void WriteFields(Span<byte> message) =>
        WriteUInt32BigEndian(message[12..], Identifier);
}
