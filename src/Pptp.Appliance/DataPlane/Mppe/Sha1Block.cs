using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pptp.Appliance.DataPlane.Mppe;

/// <summary>SHA-1's compression function (RFC 3174 §6.2), for hosts whose libcrypto does not offer it.</summary>
internal static unsafe class Sha1Block
{
    /// <param name="state">The five words of the hash; changed.</param>
    /// <param name="block">64 octets.</param>
    [SkipLocalsInit]
    public static void Compress(uint* state, byte* block)
    {
        uint* w = stackalloc uint[16];
        for (int t = 0; t < 16; t++)
            w[t] = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(block + (4 * t)));

        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (int t = 0; t < 80; t++)
        {
            if (t >= 16)
            {
                w[t & 15] = BitOperations.RotateLeft(
                    w[(t + 13) & 15] ^ w[(t + 8) & 15] ^ w[(t + 2) & 15] ^ w[t & 15], 1);
            }
            uint f = t switch
            {
                < 20 => (d ^ (b & (c ^ d))) + 0x5A827999,
                < 40 => (b ^ c ^ d) + 0x6ED9EBA1,
                < 60 => ((b & c) | (d & (b | c))) + 0x8F1BBCDC,
                _ => (b ^ c ^ d) + 0xCA62C1D6,
            };
            uint next = BitOperations.RotateLeft(a, 5) + f + e + w[t & 15];
            (e, d, c, b, a) = (d, c, BitOperations.RotateLeft(b, 30), a, next);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}
