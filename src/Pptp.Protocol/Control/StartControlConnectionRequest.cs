using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Start-Control-Connection-Request (RFC 2637 §2.1).</summary>
public sealed record StartControlConnectionRequest : ControlMessage
{
    /// <summary>Version 1, revision 0: the only one there is.</summary>
    public const ushort SupportedVersion = 0x0100;

    public override ControlMessageType Type => ControlMessageType.StartControlConnectionRequest;

    public ushort ProtocolVersion { get; init; } = SupportedVersion;
    public uint FramingCapabilities { get; init; }
    public uint BearerCapabilities { get; init; }

    /// <summary>Individual sessions a PAC can carry; 0 from a PNS.</summary>
    public ushort MaximumChannels { get; init; }
    public ushort FirmwareRevision { get; init; }

    /// <summary>At most 64 octets.</summary>
    public string HostName { get; init; } = "";

    /// <summary>At most 64 octets.</summary>
    public string VendorName { get; init; } = "";

    internal static StartControlConnectionRequest Read(ReadOnlySpan<byte> message) => new()
    {
        ProtocolVersion = ReadUInt16BigEndian(message[12..]),
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
        WriteUInt32BigEndian(message[16..], FramingCapabilities);
        WriteUInt32BigEndian(message[20..], BearerCapabilities);
        WriteUInt16BigEndian(message[24..], MaximumChannels);
        WriteUInt16BigEndian(message[26..], FirmwareRevision);
        ControlText.Write(message.Slice(28, 64), HostName);
        ControlText.Write(message.Slice(92, 64), VendorName);
    }
}
