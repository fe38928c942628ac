using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pptp.Appliance.DataPlane;

/// <summary>The checksum of IP, TCP and UDP (RFC 1071): made, and repaired where a part of what it covers changes.</summary>
internal static class InternetChecksum
{
    /// <summary>RFC 1624 §3, eqn. 3: HC' = ~(~HC + ~m + m').</summary>
    /// <param name="checksum">As it stands in the packet.</param>
    /// <param name="before">What is replaced: one 16-bit word, or the sum of several.</param>
    /// <param name="after">What takes its place, likewise.</param>
    public static ushort Replace(ushort checksum, uint before, uint after)
    {
        uint sum = (ushort)~checksum + Inverse(Fold(before)) + Fold(after);
        return (ushort)~Fold(sum);
    }

    /// <summary>
    /// The sum of 16-bit words, not folded and with the words as this host reads them. Sums of parts that begin at even
    /// offsets may be added up; an odd last octet counts as the first half of a word.
    /// </summary>
    public static ulong Sum(ReadOnlySpan<byte> octets)
    {
        ulong sum = 0;
        if (octets.Length >= Vector128<byte>.Count)
        {
            // Words of 32 bits in two lanes of 64 each: none of them overflows.
            Vector128<ulong> even = default, odd = default;
            ReadOnlySpan<Vector128<uint>> vectors = MemoryMarshal.Cast<byte, Vector128<uint>>(octets);
            foreach (Vector128<uint> vector in vectors)
            {
                (Vector128<ulong> lower, Vector128<ulong> upper) = Vector128.Widen(vector);
                even += lower;
                odd += upper;
            }
            even += odd;
            sum = Fold32(even[0]) + Fold32(even[1]);
            octets = octets[(vectors.Length * Vector128<byte>.Count)..];
        }
        for (; octets.Length >= sizeof(uint); octets = octets[sizeof(uint)..])
            sum += MemoryMarshal.Read<uint>(octets);
        if (octets.Length >= sizeof(ushort))
        {
            sum += MemoryMarshal.Read<ushort>(octets);
            octets = octets[sizeof(ushort)..];
        }
        return octets.IsEmpty ? sum : sum + (BitConverter.IsLittleEndian ? octets[0] : (ulong)octets[0] << 8);
    }

    /// <summary>Ends a <see cref="Sum"/>: what the checksum field takes, as the host writes it.</summary>
    public static ushort Finish(ulong sum) => (ushort)~FoldSum(sum);

    /// <summary>A <see cref="Sum"/> in one word, as the host writes it: what the kernel completes.</summary>
    public static ushort FoldSum(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        return (ushort)Fold((uint)((sum & 0xFFFF) + ((sum >> 16) & 0xFFFF)));
    }

    /// <summary>The <see cref="Sum"/> of the pseudo header of TCP or UDP (RFC 9293 §3.1, RFC 8200 §8.1).</summary>
    /// <param name="ip">A whole header of IPv4 or IPv6.</param>
    /// <param name="protocol">TCP's or UDP's number.</param>
    /// <param name="length">Octets of the transport's header and payload.</param>
    public static ulong SumPseudoHeader(ReadOnlySpan<byte> ip, byte protocol, int length)
    {
        ReadOnlySpan<byte> addresses = ip[0] >> 4 == 4 ? ip.Slice(12, 8) : ip.Slice(8, 32);
        uint rest = (uint)(protocol + length);
        return Sum(addresses)
            + (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness((ushort)rest) + (rest >> 16 << 8) : rest);
    }

    /// <summary>Computes the checksum of an IPv4 header anew.</summary>
    public static void WriteIpv4(Span<byte> ip)
    {
        Span<byte> header = ip[..((ip[0] & 0x0F) * 4)];
        header[10..12].Clear();
        MemoryMarshal.Write(header[10..], Finish(Sum(header)));
    }

    private static ulong Fold32(ulong sum) => (sum & 0xFFFF_FFFF) + (sum >> 32);

    private static uint Inverse(uint word) => (ushort)~word;

    private static uint Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (sum & 0xFFFF) + (sum >> 16);
    }
}
