using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <summary>The header of IPv4 (RFC 791 §3.1) before a GRE packet, as the kernel would write it.</summary>
internal static class Ipv4Header
{
    /// <summary>Octets; there are no options.</summary>
    public const int Length = 20;

    private const byte VersionAndLength = 0x45;
    private const byte TimeToLive = 64;
    private const byte Gre = 47;

    /// <summary>Writes the header. "Don't fragment" is clear.</summary>
    /// <param name="destination">20 octets.</param>
    /// <param name="payload">Octets behind it.</param>
    /// <param name="identification">Another for each packet of a while.</param>
    /// <param name="from">See <see cref="Ipv4"/> for the form.</param>
    /// <param name="to">Likewise.</param>
    public static void Write(Span<byte> destination, int payload, ushort identification, uint from, uint to)
    {
        destination = destination[..Length];
        destination.Clear();
        destination[0] = VersionAndLength;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(Length + payload));
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], identification);
        destination[8] = TimeToLive;
        destination[9] = Gre;
        MemoryMarshal.Write(destination[12..], from);
        MemoryMarshal.Write(destination[16..], to);
        uint sum = 0;
        foreach (ushort word in MemoryMarshal.Cast<byte, ushort>(destination))
            sum += word;
        sum = (sum & 0xFFFF) + (sum >> 16);
        MemoryMarshal.Write(destination[10..], (ushort)~(sum + (sum >> 16)));
    }
}
