using System.Buffers.Binary;

namespace Pptp.Protocol.Ppp;

internal static class RandomSourceExtensions
{
    public static byte NextIdentifier(this IRandomSource random)
    {
        Span<byte> octet = stackalloc byte[1];
        random.Fill(octet);
        return octet[0];
    }

    /// <summary>A magic number: any but zero, which RFC 1661 §6.4 forbids.</summary>
    public static uint NextMagicNumber(this IRandomSource random)
    {
        Span<byte> octets = stackalloc byte[4];
        random.Fill(octets);
        uint value = BinaryPrimitives.ReadUInt32BigEndian(octets);
        return value == 0 ? 1 : value;
    }

    /// <summary>
    /// An interface identifier that is nobody's: not zero, and without the bit that says universally unique
    /// (RFC 5072 §4.1).
    /// </summary>
    public static ulong NextInterfaceIdentifier(this IRandomSource random)
    {
        Span<byte> octets = stackalloc byte[8];
        random.Fill(octets);
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(octets) & ~(0x02UL << 56);
        return value == 0 ? 1 : value;
    }
}
