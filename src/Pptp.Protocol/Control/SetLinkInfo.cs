using static System.Buffers.Binary.BinaryPrimitives;

namespace Pptp.Protocol.Control;

/// <summary>Set-Link-Info (RFC 2637 §2.15): the PNS tells the PAC the negotiated ACCMs.</summary>
public sealed record SetLinkInfo : ControlMessage
{
    public override ControlMessageType Type => ControlMessageType.SetLinkInfo;

    /// <summary>The PAC's id of the call.</summary>
    public ushort PeersCallId { get; init; }
    public uint SendAccm { get; init; } = 0xFFFFFFFF;
    public uint ReceiveAccm { get; init; } = 0xFFFFFFFF;

    internal static SetLinkInfo Read(ReadOnlySpan<byte> message) => new()
    {
        PeersCallId = ReadUInt16BigEndian(message[12..]),
        SendAccm = ReadUInt32BigEndian(message[16..]),
        ReceiveAccm = ReadUInt32BigEndian(message[20..]),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        WriteUInt16BigEndian(message[12..], PeersCallId);
        WriteUInt32BigEndian(message[16..], SendAccm);
        WriteUInt32BigEndian(message[20..], ReceiveAccm);
    }
}
