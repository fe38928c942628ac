using System.Buffers.Binary;
using System.Numerics;

namespace Pptp.Protocol.Authentication;

/// <summary>The MD4 message digest (RFC 1320), which makes an NT hash out of a password.</summary>
internal static class Md4
{
    /// <summary>Bytes in a digest.</summary>
    public const int HashSize = 16;

    private const int BlockSize = 64;

    /// <summary>Hashes all of <paramref name="source"/> into the 16 bytes of <paramref name="destination"/>.</summary>
    public static void HashData(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, HashSize);
        Span<uint> state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]; // RFC 1320 §3.3

        ReadOnlySpan<byte> rest = source;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
            Compress(state, rest[..BlockSize]);

        // RFC 1320 §3.1-3.2: one bit, zeros up to 56 mod 64, the length in bits.
        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        int tailLength = rest.Length < BlockSize - 8 ? BlockSize : 2 * BlockSize;
        BinaryPrimitives.WriteUInt64LittleEndian(tail[(tailLength - 8)..], (ulong)source.Length << 3);
        for (int at = 0; at < tailLength; at += BlockSize)
            Compress(state, tail.Slice(at, BlockSize));
        tail.Clear();

        for (int i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(4 * i)..], state[i]);
    }

    // RFC 1320 §3.4. Each round takes the block's words in its own order, with four shifts in turn.
    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<byte> order2 = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];
        ReadOnlySpan<byte> order3 = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];
        ReadOnlySpan<byte> shifts = [3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15];

        Span<uint> x = stackalloc uint[16];
        for (int i = 0; i < x.Length; i++)
            x[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);

        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        for (int step = 0; step < 48; step++)
        {
            int i = step & 15;
            uint mixed = (step >> 4) switch
            {
                0 => (b & c | ~b & d) + x[i],
                1 => (b & c | b & d | c & d) + x[order2[i]] + 0x5A827999,
                _ => (b ^ c ^ d) + x[order3[i]] + 0x6ED9EBA1,
            };
            uint next = BitOperations.RotateLeft(a + mixed, shifts[(step >> 4) * 4 + (step & 3)]);
            (a, b, c, d) = (d, next, b, c);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        x.Clear();
    }
}
