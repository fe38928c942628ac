using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Outgoing-Call-Request (RFC 2637 §2.7): what every dial-in client sends to open its tunnel.</summary>
public sealed record OutgoingCallRequest : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.OutgoingCallRequest;

    /// <summary>The PNS's id of the call, the key of the GRE it receives. Zero is an id like any other.</summary>
    public ushort CallId { get; init; }

    /// <summary>For logs only.</summary>
    public ushort CallSerialNumber { get; init; }

    /// <summary>Lowest acceptable line speed, bits per second.</summary>
    public uint MinimumBps { get; init; }

    /// <summary>Highest acceptable line speed, bits per second.</summary>
    public uint MaximumBps { get; init; }
    public uint BearerType { get; init; }
    public uint FramingType { get; init; }

    /// <summary>Packets the PNS buffers for this call.</summary>
    public ushort PacketReceiveWindowSize { get; init; }

    /// <summary>Tenths of a second.</summary>
    public ushort PacketProcessingDelay { get; init; }

    /// <summary>Any text, at most 64 octets.</summary>
    public string PhoneNumber { get; init; } = "";

    /// <summary>Any text, at most 64 octets.</summary>
    public string Subaddress { get; init; } = "";

    internal static OutgoingCallRequest Read(ReadOnlySpan<byte> message) => new()
    {
        CallId = ReadUInt16BigEndian(message[12..]),
        CallSerialNumber = ReadUInt16BigEndian(message[14..]),
        MinimumBps = ReadUInt32BigEndian(message[16..]),
        MaximumBps = ReadUInt32BigEndian(message[20..]),
        BearerType = ReadUInt32BigEndian(message[24..]),
        FramingType = ReadUInt32BigEndian(message[28..]),
        PacketReceiveWindowSize = ReadUInt16BigEndian(message[32..]),
        PacketProcessingDelay = ReadUInt16BigEndian(message[34..]),
        PhoneNumber = ControlText.ReadDigits(message.Slice(40, 64), ReadUInt16BigEndian(message[36..])),
        Subaddress = ControlText.Read(message.Slice(104, 64)),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], CallId);
        WriteUInt16BigEndian(message[14..], CallSerialNumber);
        WriteUInt32BigEndian(message[16..], MinimumBps);
        WriteUInt32BigEndian(message[20..], MaximumBps);
        WriteUInt32BigEndian(message[24..], BearerType);
        WriteUInt32BigEndian(message[28..], FramingType);
        WriteUInt16BigEndian(message[32..], PacketReceiveWindowSize);
        WriteUInt16BigEndian(message[34..], PacketProcessingDelay);
        int digits = ControlText.Write(message.Slice(40, 64), PhoneNumber);
        WriteUInt16BigEndian(message[36..], (ushort)digits);
        ControlText.Write(message.Slice(104, 64), Subaddress);
    }
}
