using System.Buffers.Binary;

namespace Pptp.Protocol.Gre;

/// <summary>
/// A view of one enhanced GRE packet (RFC 2637 §4.1), without the IP header. The payload is a PPP frame
/// without media framing: no flags, escapes or checksum.
/// </summary>
public readonly ref struct GrePacket
{
    /// <summary>Flags, protocol, payload length and call id, in octets.</summary>
    public const int MinimumHeaderLength = 8;

    /// <summary>With sequence and acknowledgement number, in octets.</summary>
    public const int MaximumHeaderLength = 16;

    /// <summary>The ether type of PPP in GRE.</summary>
    public const ushort PppProtocol = 0x880B;

    internal const byte KeyPresent = 0x20;
    internal const byte SequencePresent = 0x10;
    internal const byte AcknowledgementPresent = 0x80;
    internal const byte Version = 1;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _payloadLength;

    private GrePacket(ReadOnlySpan<byte> packet, int payloadLength)
    {
        _packet = packet;
        _payloadLength = payloadLength;
    }

    /// <summary>The low half of the key: the receiver's id of the call.</summary>
    public ushort CallId => BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]);

    /// <summary>There is a sequence number, and so a payload.</summary>
    public bool HasSequence => (_packet[0] & SequencePresent) != 0;

    /// <summary>Meaningful only if <see cref="HasSequence"/>.</summary>
    public uint Sequence => HasSequence ? BinaryPrimitives.ReadUInt32BigEndian(_packet[8..]) : 0;

    /// <summary>There is an acknowledgement number.</summary>
    public bool HasAcknowledgement => (_packet[1] & AcknowledgementPresent) != 0;

    /// <summary>Meaningful only if <see cref="HasAcknowledgement"/>.</summary>
    public uint Acknowledgement =>
        HasAcknowledgement ? BinaryPrimitives.ReadUInt32BigEndian(_packet[(HasSequence ? 12 : 8)..]) : 0;

    /// <summary>Where the payload begins in what was parsed, in octets: the length of the header.</summary>
    public int PayloadOffset => MinimumHeaderLength + (HasSequence ? 4 : 0) + (HasAcknowledgement ? 4 : 0);

    /// <summary>The PPP frame; empty if there is no sequence number.</summary>
    public ReadOnlySpan<byte> Payload => _packet.Slice(PayloadOffset, _payloadLength);

    /// <summary>
    /// Looks at <paramref name="gre"/>. False for anything but a whole PPTP packet: checksum, routing, source route
    /// or recursion present, reserved flags set (both widespread receivers discard such packets too, so nobody
    /// sends them), no key, another version or protocol, a payload longer than what arrived, a payload
    /// without a sequence number or a sequence number without a payload. Octets after the payload are ignored.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> gre, out GrePacket packet)
    {
        packet = default;
        if (gre.Length < MinimumHeaderLength
            || (gre[0] & ~SequencePresent) != KeyPresent
            || (gre[1] & ~AcknowledgementPresent) != Version
            || BinaryPrimitives.ReadUInt16BigEndian(gre[2..]) != PppProtocol)
        {
            return false;
        }

        int payloadLength = BinaryPrimitives.ReadUInt16BigEndian(gre[4..]);
        var parsed = new GrePacket(gre, payloadLength);
        if (parsed.HasSequence != payloadLength > 0 || parsed.PayloadOffset + payloadLength > gre.Length)
            return false;
        packet = parsed;
        return true;
    }
}
