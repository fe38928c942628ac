using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Incoming-Call-Request (RFC 2637 §2.9): a PAC offers a call that rang at its end.</summary>
public sealed record IncomingCallRequest : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.IncomingCallRequest;

    /// <summary>The PAC's id of the call.</summary>
    public ushort CallId { get; init; }
    public ushort CallSerialNumber { get; init; }
    public uint CallBearerType { get; init; }
    public uint PhysicalChannelId { get; init; }

    /// <summary>The number that was called, at most 64 octets.</summary>
    public string DialedNumber { get; init; } = "";

    /// <summary>The number that called, at most 64 octets.</summary>
    public string DialingNumber { get; init; } = "";

    /// <summary>At most 64 octets.</summary>
    public string Subaddress { get; init; } = "";

    internal static IncomingCallRequest Read(ReadOnlySpan<byte> message) => new()
    {
        CallId = ReadUInt16BigEndian(message[12..]),
        CallSerialNumber = ReadUInt16BigEndian(message[14..]),
        CallBearerType = ReadUInt32BigEndian(message[16..]),
        PhysicalChannelId = ReadUInt32BigEndian(message[20..]),
        DialedNumber = ControlText.ReadDigits(message.Slice(28, 64), ReadUInt16BigEndian(message[24..])),
        DialingNumber = ControlText.ReadDigits(message.Slice(92, 64), ReadUInt16BigEndian(message[26..])),
        Subaddress = ControlText.Read(message.Slice(156, 64)),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], CallId);
        WriteUInt16BigEndian(message[14..], CallSerialNumber);
        WriteUInt32BigEndian(message[16..], CallBearerType);
        WriteUInt32BigEndian(message[20..], PhysicalChannelId);
        int dialed = ControlText.Write(message.Slice(28, 64), DialedNumber);
        WriteUInt16BigEndian(message[24..], (ushort)dialed);
        int dialing = ControlText.Write(message.Slice(92, 64), DialingNumber);
        WriteUInt16BigEndian(message[26..], (ushort)dialing);
        ControlText.Write(message.Slice(156, 64), Subaddress);
    }
}
