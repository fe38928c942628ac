using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Incoming-Call-Connected (RFC 2637 §2.11).</summary>
public sealed record IncomingCallConnected : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.IncomingCallConnected;

    /// <summary>The PNS's id, from the Incoming-Call-Reply.</summary>
    public ushort PeersCallId { get; init; }

    /// <summary>Bits per second.</summary>
    public uint ConnectSpeed { get; init; }

    /// <summary>Packets the PAC buffers for this call.</summary>
    public ushort PacketReceiveWindowSize { get; init; }

    /// <summary>Tenths of a second.</summary>
    public ushort PacketTransmitDelay { get; init; }
    public uint FramingType { get; init; }

    internal static IncomingCallConnected Read(ReadOnlySpan<byte> message) => new()
    {
        PeersCallId = ReadUInt16BigEndian(message[12..]),
        ConnectSpeed = ReadUInt32BigEndian(message[16..]),
        PacketReceiveWindowSize = ReadUInt16BigEndian(message[20..]),
        PacketTransmitDelay = ReadUInt16BigEndian(message[22..]),
        FramingType = ReadUInt32BigEndian(message[24..]),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], PeersCallId);
        WriteUInt32BigEndian(message[16..], ConnectSpeed);
        WriteUInt16BigEndian(message[20..], PacketReceiveWindowSize);
        WriteUInt16BigEndian(message[22..], PacketTransmitDelay);
        WriteUInt32BigEndian(message[24..], FramingType);
    }
}
