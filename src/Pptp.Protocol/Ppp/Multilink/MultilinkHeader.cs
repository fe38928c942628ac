using System.Buffers.Binary;

namespace Pptp.Protocol.Ppp.Multilink;

/// <summary>
/// The head of a multilink fragment (RFC 1990 §3), which follows the protocol number 0x003D: two bits that say whether
/// the fragment begins and ends its packet, and a sequence number of 24 bits, or of 12 in the short form.
/// </summary>
public static class MultilinkHeader
{
    /// <summary>Octets of a head with a sequence number of 24 bits.</summary>
    public const int LongLength = 4;

    /// <summary>Octets of a head with a sequence number of 12 bits.</summary>
    public const int ShortLength = 2;

    /// <summary>The first octet's bit of a fragment that begins a packet (B).</summary>
    public const byte Beginning = 0x80;

    /// <summary>The first octet's bit of a fragment that ends a packet (E).</summary>
    public const byte Ending = 0x40;

    /// <summary>A sequence number of 24 bits goes round after this.</summary>
    public const uint LongMask = 0x00FF_FFFF;

    /// <summary>A sequence number of 12 bits goes round after this.</summary>
    public const uint ShortMask = 0x0FFF;

    /// <summary>Whether an information field of protocol 0x003D begins a packet; of bad bytes, no.</summary>
    public static bool Begins(ReadOnlySpan<byte> information) =>
        information.Length >= LongLength && (information[0] & Beginning) != 0;

    /// <summary>Whether an information field of protocol 0x003D holds a whole packet; of bad bytes, no.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> information) =>
        information.Length >= LongLength && (information[0] & (Beginning | Ending)) == (Beginning | Ending);

    /// <summary>Writes a head.</summary>
    /// <param name="destination">At least the head's length.</param>
    /// <param name="flags"><see cref="Beginning"/> and <see cref="Ending"/>, or neither.</param>
    /// <param name="sequence">Only as many bits as the form has are taken.</param>
    /// <param name="shortNumber">The peer has asked for the short form.</param>
    /// <returns>The octets written.</returns>
    public static int Write(Span<byte> destination, byte flags, uint sequence, bool shortNumber)
    {
        if (shortNumber)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(((uint)flags << 8) | (sequence & ShortMask)));
            return ShortLength;
        }
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)flags << 24) | (sequence & LongMask));
        return LongLength;
    }
}
