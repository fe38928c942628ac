namespace Pptp.Protocol.Mppe;

/// <summary>The two bytes before the ciphertext: bits A to D and the coherency count (RFC 3078 §3.1).</summary>
internal static class MppeHeader
{
    public const int Length = 2;

    /// <summary>Bit A: the encryption tables were initialised before this packet.</summary>
    public const int Flushed = 0x8000;

    /// <summary>Bit C: the packet is compressed, which only MPPC does.</summary>
    public const int Compressed = 0x2000;

    /// <summary>Bit D: the packet is encrypted.</summary>
    public const int Encrypted = 0x1000;

    /// <summary>The coherency count has twelve bits.</summary>
    public const int CountMask = 0x0FFF;

    /// <summary>
    /// Stateful peers change the key on every packet whose count ends in this byte, the "flag" packet
    /// (RFC 3078 §7.2).
    /// </summary>
    public const int FlagCount = 0xFF;
}
