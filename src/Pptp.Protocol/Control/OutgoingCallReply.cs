using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Outgoing-Call-Reply (RFC 2637 §2.8).</summary>
public sealed record OutgoingCallReply : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.OutgoingCallReply;

    /// <summary>The PAC's id of the call.</summary>
    public ushort CallId { get; init; }

    /// <summary>The PNS's id, from the request.</summary>
    public ushort PeersCallId { get; init; }
    public OutgoingCallResult ResultCode { get; init; }
    public ControlError ErrorCode { get; init; }
    public ushort CauseCode { get; init; }

    /// <summary>Bits per second.</summary>
    public uint ConnectSpeed { get; init; }

    /// <summary>Packets the PAC buffers for this call.</summary>
    public ushort PacketReceiveWindowSize { get; init; }

    /// <summary>Tenths of a second.</summary>
    public ushort PacketProcessingDelay { get; init; }
    public uint PhysicalChannelId { get; init; }

    internal static OutgoingCallReply Read(ReadOnlySpan<byte> message) => new()
    {
        CallId = ReadUInt16BigEndian(message[12..]),
        PeersCallId = ReadUInt16BigEndian(message[14..]),
        ResultCode = (OutgoingCallResult)message[16],
        ErrorCode = (ControlError)message[17],
        CauseCode = ReadUInt16BigEndian(message[18..]),
        ConnectSpeed = ReadUInt32BigEndian(message[20..]),
        PacketReceiveWindowSize = ReadUInt16BigEndian(message[24..]),
        PacketProcessingDelay = ReadUInt16BigEndian(message[26..]),
        PhysicalChannelId = ReadUInt32BigEndian(message[28..]),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], CallId);
        WriteUInt16BigEndian(message[14..], PeersCallId);
        message[16] = (byte)ResultCode;
        message[17] = (byte)ErrorCode;
        WriteUInt16BigEndian(message[18..], CauseCode);
        WriteUInt32BigEndian(message[20..], ConnectSpeed);
        WriteUInt16BigEndian(message[24..], PacketReceiveWindowSize);
        WriteUInt16BigEndian(message[26..], PacketProcessingDelay);
        WriteUInt32BigEndian(message[28..], PhysicalChannelId);
    }
}
