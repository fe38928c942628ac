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
}
