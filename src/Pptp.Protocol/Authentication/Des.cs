using System.Buffers.Binary;
using System.Numerics;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The Data Encryption Standard on single blocks (FIPS 46-3), written table for table as the standard has it.
/// MS-CHAP cuts its keys from a password hash, so any key must work, the weak ones too: the third key of an NT hash
/// that ends in 00 00 is one of them.
/// </summary>
internal static class Des
{
    /// <summary>Bytes in a block, and in a key with its parity bits.</summary>
    public const int BlockSize = 8;

    private static ReadOnlySpan<byte> InitialPermutation =>
    [
        58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4,
        62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
        57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3,
        61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
    ];

    private static ReadOnlySpan<byte> FinalPermutation =>
    [
        40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31,
        38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45, 13, 53, 21, 61, 29,
        36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27,
        34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
    ];

    private static ReadOnlySpan<byte> Expansion =>
    [
        32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17,
        16, 17, 18, 19, 20, 21, 20, 21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1,
    ];

    private static ReadOnlySpan<byte> RoundPermutation =>
    [
        16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10,
        2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
    ];

    private static ReadOnlySpan<byte> PermutedChoice1 =>
    [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ];

    private static ReadOnlySpan<byte> PermutedChoice2 =>
    [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ];

    private static ReadOnlySpan<byte> KeyShifts => [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

    // S1 to S8, each four rows of sixteen.
    private static ReadOnlySpan<byte> Substitution =>
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
        4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,

        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
        0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,

        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
        13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,

        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
        10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,

        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
        4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,

        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
        9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,

        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
        1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,

        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
        7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ];

    /// <summary>
    /// Spreads 56 key bits over eight bytes, seven to a byte, and sets each low bit to odd parity (RFC 2759 §9.3).
    /// </summary>
    public static void ExpandKey(ReadOnlySpan<byte> key7, Span<byte> key8)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key7.Length, BlockSize - 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key8.Length, BlockSize);
        ulong bits = 0;
        foreach (byte b in key7)
            bits = bits << 8 | b;
        for (int i = BlockSize - 1; i >= 0; i--, bits >>= 7)
        {
            uint seven = (uint)bits & 0x7F;
            key8[i] = (byte)(seven << 1 | ~(uint)BitOperations.PopCount(seven) & 1);
        }
    }

    /// <summary>Encrypts one block. Parity bits of <paramref name="key"/> are ignored; no key is refused.</summary>
    public static void EncryptBlock(ReadOnlySpan<byte> key, ReadOnlySpan<byte> clear, Span<byte> cypher) =>
        TransformBlock(key, clear, cypher, decrypt: false);

    /// <summary>Decrypts one block.</summary>
    public static void DecryptBlock(ReadOnlySpan<byte> key, ReadOnlySpan<byte> cypher, Span<byte> clear) =>
        TransformBlock(key, cypher, clear, decrypt: true);

    private static void TransformBlock(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> source, Span<byte> destination, bool decrypt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, BlockSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, BlockSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, BlockSize);
        Span<ulong> roundKeys = stackalloc ulong[16];
        ScheduleKeys(BinaryPrimitives.ReadUInt64BigEndian(key), roundKeys);
        if (decrypt)
            roundKeys.Reverse();

        ulong block = Permute(BinaryPrimitives.ReadUInt64BigEndian(source), 64, InitialPermutation);
        uint left = (uint)(block >> 32);
        uint right = (uint)block;
        foreach (ulong roundKey in roundKeys)
            (left, right) = (right, left ^ Round(right, roundKey));

        // The halves of the last round are not exchanged.
        block = Permute((ulong)right << 32 | left, 64, FinalPermutation);
        BinaryPrimitives.WriteUInt64BigEndian(destination, block);
        roundKeys.Clear();
    }

    private static void ScheduleKeys(ulong key, Span<ulong> roundKeys)
    {
        const uint Half = 0x0FFFFFFF;
        ulong chosen = Permute(key, 64, PermutedChoice1);
        uint c = (uint)(chosen >> 28);
        uint d = (uint)chosen & Half;
        for (int round = 0; round < roundKeys.Length; round++)
        {
            int shift = KeyShifts[round];
            c = (c << shift | c >> (28 - shift)) & Half;
            d = (d << shift | d >> (28 - shift)) & Half;
            roundKeys[round] = Permute((ulong)c << 28 | d, 56, PermutedChoice2);
        }
    }

    private static uint Round(uint half, ulong roundKey)
    {
        ulong mixed = Permute(half, 32, Expansion) ^ roundKey;
        uint substituted = 0;
        for (int box = 0; box < 8; box++)
        {
            int six = (int)(mixed >> (42 - 6 * box)) & 0x3F;
            int row = (six >> 4 & 2) | (six & 1);
            int column = six >> 1 & 0xF;
            substituted = substituted << 4 | Substitution[64 * box + 16 * row + column];
        }
        return (uint)Permute(substituted, 32, RoundPermutation);
    }

    // The standard counts bits from 1 at the most significant end.
    private static ulong Permute(ulong value, int width, ReadOnlySpan<byte> table)
    {
        ulong result = 0;
        foreach (byte position in table)
            result = result << 1 | value >> (width - position) & 1;
        return result;
    }
}
