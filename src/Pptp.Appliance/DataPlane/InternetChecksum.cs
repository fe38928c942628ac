namespace Pptp.Appliance.DataPlane;

/// <summary>The checksum of IP, TCP and UDP (RFC 1071), repaired where a part of what it covers changes.</summary>
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

    private static uint Inverse(uint word) => (ushort)~word;

    private static uint Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (sum & 0xFFFF) + (sum >> 16);
    }
}
