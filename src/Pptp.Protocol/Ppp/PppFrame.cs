using System.Buffers.Binary;

namespace Pptp.Protocol.Ppp;

/// <summary>
/// The head of a PPP frame as it travels in a GRE payload: the HDLC address and control octets, present or
/// absent, and a protocol number of one or two octets. There are no flags, escapes or checksum (RFC 2637 §4.1).
/// </summary>
public static class PppFrame
{
    /// <summary>The most octets a head takes: FF 03 and two octets of protocol.</summary>
    public const int MaximumHeaderLength = 4;

    private const byte AllStations = 0xFF;
    private const byte UnnumberedInformation = 0x03;

    /// <summary>
    /// Reads the head. Both forms of either field are taken at any time, before and after their options are agreed:
    /// real peers send them so.
    /// </summary>
    /// <param name="frame">A whole GRE payload.</param>
    /// <param name="protocol">The protocol number. One that breaks the rule of RFC 1661 §2 (last octet odd, first
    /// even) is returned as it stands: the caller does not know it and treats it so.</param>
    /// <param name="informationOffset">Where the information field begins.</param>
    /// <returns>False when the frame ends before its protocol number does.</returns>
    public static bool TryParse(ReadOnlySpan<byte> frame, out ushort protocol, out int informationOffset)
    {
        int offset = 0;
        if (frame.Length >= 2 && frame[0] == AllStations && frame[1] == UnnumberedInformation) offset = 2;
        protocol = 0;
        informationOffset = 0;
        if (frame.Length <= offset) return false;
        // RFC 1661 §6.5: the least significant bit of the first octet tells a compressed protocol number.
        if ((frame[offset] & 1) != 0)
        {
            protocol = frame[offset];
            informationOffset = offset + 1;
            return true;
        }
        if (frame.Length < offset + 2) return false;
        protocol = BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);
        informationOffset = offset + 2;
        return true;
    }

    /// <summary>How many octets <see cref="WriteHeader"/> writes for the same arguments.</summary>
    public static int HeaderLength(ushort protocol, bool compressProtocol, bool compressAddress)
    {
        // RFC 1661 §6.5, §6.6: LCP frames are never compressed.
        if (protocol == PppProtocol.Lcp) return MaximumHeaderLength;
        return (compressAddress ? 0 : 2) + (compressProtocol && protocol <= 0xFF ? 1 : 2);
    }

    /// <summary>Writes the head of a frame and returns its length, one to four octets.</summary>
    /// <param name="destination">At least <see cref="HeaderLength"/> octets.</param>
    /// <param name="protocol">The protocol number.</param>
    /// <param name="compressProtocol">The peer agreed to take one octet where the number fits (PFC).</param>
    /// <param name="compressAddress">The peer agreed to do without FF 03 (ACFC).</param>
    public static int WriteHeader(
        Span<byte> destination, ushort protocol, bool compressProtocol, bool compressAddress)
    {
        bool isLcp = protocol == PppProtocol.Lcp;
        int offset = 0;
        if (!compressAddress || isLcp)
        {
            destination[0] = AllStations;
            destination[1] = UnnumberedInformation;
            offset = 2;
        }
        if (compressProtocol && protocol <= 0xFF)
        {
            destination[offset] = (byte)protocol;
            return offset + 1;
        }
        BinaryPrimitives.WriteUInt16BigEndian(destination[offset..], protocol);
        return offset + 2;
    }

    /// <summary>A whole frame in the form every receiver takes: FF 03 and two octets of protocol.</summary>
    public static byte[] Create(ushort protocol, ReadOnlySpan<byte> information)
    {
        byte[] frame = new byte[MaximumHeaderLength + information.Length];
        WriteHeader(frame, protocol, false, false);
        information.CopyTo(frame.AsSpan(MaximumHeaderLength));
        return frame;
    }
}
