using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Start-Control-Connection-Reply (RFC 2637 §2.2).</summary>
public sealed record StartControlConnectionReply : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.StartControlConnectionReply;

    public ushort ProtocolVersion { get; init; } = StartControlConnectionRequest.SupportedVersion;
    public StartControlConnectionResult ResultCode { get; init; }
    public ControlError ErrorCode { get; init; }
    public uint FramingCapabilities { get; init; }
    public uint BearerCapabilities { get; init; }
    public ushort MaximumChannels { get; init; }
    public ushort FirmwareRevision { get; init; }

    /// <summary>At most 64 octets.</summary>
    public string HostName { get; init; } = "";

    /// <summary>At most 64 octets.</summary>
    public string VendorName { get; init; } = "";

    internal static StartControlConnectionReply Read(ReadOnlySpan<byte> message) => new()
    {
        ProtocolVersion = ReadUInt16BigEndian(message[12..]),
        ResultCode = (StartControlConnectionResult)message[14],
        ErrorCode = (ControlError)message[15],
        FramingCapabilities = ReadUInt32BigEndian(message[16..]),
        BearerCapabilities = ReadUInt32BigEndian(message[20..]),
        MaximumChannels = ReadUInt16BigEndian(message[24..]),
        FirmwareRevision = ReadUInt16BigEndian(message[26..]),
        HostName = ControlText.Read(message.Slice(28, 64)),
        VendorName = ControlText.Read(message.Slice(92, 64)),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], ProtocolVersion);
        message[14] = (byte)ResultCode;
        message[15] = (byte)ErrorCode;
        WriteUInt32BigEndian(message[16..], FramingCapabilities);
        WriteUInt32BigEndian(message[20..], BearerCapabilities);
        WriteUInt16BigEndian(message[24..], MaximumChannels);
        WriteUInt16BigEndian(message[26..], FirmwareRevision);
        ControlText.Write(message.Slice(28, 64), HostName);
        ControlText.Write(message.Slice(92, 64), VendorName);
    }
}
