using System.Buffers.Binary;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// Tells a decrypted PPP frame from noise, by its first bytes: the only evidence MPPE offers that key and packet
/// belong together.
/// </summary>
internal static class MppePlaintext
{
    /// <summary>How many bytes from the protocol field on are looked at, when there are as many.</summary>
    public const int StartLength = 8;

    // RFC 3078 §3: only these are encrypted. All of them have a zero first byte.
    private const int FirstProtocol = 0x21;
    private const int LastProtocol = 0xFA;

    private const int Ipv4 = 0x21;
    private const int Ipv6 = 0x57;

    /// <summary>Whether the bytes can be a frame.</summary>
    /// <param name="start">The first bytes, from the protocol field on.</param>
    /// <param name="length">The length of the whole plaintext, from the protocol field on.</param>
    /// <param name="needsIp">
    /// True when accepting the packet moves the keys further than the next packet would anyway. A wrong move loses
    /// every packet up to its end, so it asks for an IP header that fits the packet; of noise, fewer than one in ten
    /// thousand has one. The protocol field alone is worth little: one number in two fits a compressed one, which is
    /// why that must be IP in any case. Then noise passes once in a hundred.
    /// </param>
    public static bool IsPlausible(ReadOnlySpan<byte> start, int length, bool needsIp)
    {
        // RFC 1661 §2, §6.5: the last byte of a protocol field is odd, any before it even.
        int fieldLength = (start[0] & 1) != 0 ? 1 : 2;
        if (start.Length < fieldLength || (fieldLength == 2 && start[0] != 0))
            return false;
        int protocol = start[fieldLength - 1];
        if ((protocol & 1) == 0 || protocol is < FirstProtocol or > LastProtocol)
            return false;
        if (fieldLength == 1 && protocol is not (Ipv4 or Ipv6))
            return false;
        return !needsIp || IsIp(protocol, start[fieldLength..], length - fieldLength);
    }

    private static bool IsIp(int protocol, ReadOnlySpan<byte> information, int length)
    {
        switch (protocol)
        {
            case Ipv4 when length >= 20:
                int headerLength = 4 * (information[0] & 0xF);
                int totalLength = BinaryPrimitives.ReadUInt16BigEndian(information[2..]);
                return information[0] >> 4 == 4 && headerLength >= 20
                    && totalLength >= headerLength && totalLength <= length;
            case Ipv6 when length >= 40:
                int payloadLength = BinaryPrimitives.ReadUInt16BigEndian(information[4..]);
                return information[0] >> 4 == 6 && payloadLength + 40 <= length;
            default:
                return false;
        }
    }
}
