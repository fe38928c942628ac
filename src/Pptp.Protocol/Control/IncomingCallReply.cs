using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Incoming-Call-Reply (RFC 2637 §2.10).</summary>
public sealed record IncomingCallReply : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.IncomingCallReply;

    /// <summary>The PNS's id of the call.</summary>
    public ushort CallId { get; init; }

    /// <summary>The PAC's id, from the request.</summary>
    public ushort PeersCallId { get; init; }
    public IncomingCallResult ResultCode { get; init; }
    public ControlError ErrorCode { get; init; }

    /// <summary>Packets the PNS buffers for this call.</summary>
    public ushort PacketReceiveWindowSize { get; init; }

    /// <summary>Tenths of a second.</summary>
    public ushort PacketTransmitDelay { get; init; }

    internal static IncomingCallReply Read(ReadOnlySpan<byte> message) => new()
    {
        CallId = ReadUInt16BigEndian(message[12..]),
        PeersCallId = ReadUInt16BigEndian(message[14..]),
        ResultCode = (IncomingCallResult)message[16],
        ErrorCode = (ControlError)message[17],
        PacketReceiveWindowSize = ReadUInt16BigEndian(message[18..]),
        PacketTransmitDelay = ReadUInt16BigEndian(message[20..]),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], CallId);
        WriteUInt16BigEndian(message[14..], PeersCallId);
        message[16] = (byte)ResultCode;
        message[17] = (byte)ErrorCode;
        WriteUInt16BigEndian(message[18..], PacketReceiveWindowSize);
        WriteUInt16BigEndian(message[20..], PacketTransmitDelay);
    }
}
