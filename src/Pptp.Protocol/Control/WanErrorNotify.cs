using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>WAN-Error-Notify (RFC 2637 §2.14): counts since the call began.</summary>
public sealed record WanErrorNotify : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.WanErrorNotify;

    /// <summary>The PNS's id of the call.</summary>
    public ushort PeersCallId { get; init; }
    public uint CrcErrors { get; init; }
    public uint FramingErrors { get; init; }
    public uint HardwareOverruns { get; init; }
    public uint BufferOverruns { get; init; }
    public uint TimeoutErrors { get; init; }
    public uint AlignmentErrors { get; init; }

    internal static WanErrorNotify Read(ReadOnlySpan<byte> message) => new()
    {
        PeersCallId = ReadUInt16BigEndian(message[12..]),
        CrcErrors = ReadUInt32BigEndian(message[16..]),
        FramingErrors = ReadUInt32BigEndian(message[20..]),
        HardwareOverruns = ReadUInt32BigEndian(message[24..]),
        BufferOverruns = ReadUInt32BigEndian(message[28..]),
        TimeoutErrors = ReadUInt32BigEndian(message[32..]),
        AlignmentErrors = ReadUInt32BigEndian(message[36..]),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], PeersCallId);
        WriteUInt32BigEndian(message[16..], CrcErrors);
        WriteUInt32BigEndian(message[20..], FramingErrors);
        WriteUInt32BigEndian(message[24..], HardwareOverruns);
        WriteUInt32BigEndian(message[28..], BufferOverruns);
        WriteUInt32BigEndian(message[32..], TimeoutErrors);
        WriteUInt32BigEndian(message[36..], AlignmentErrors);
    }
}
