using System.Security.Cryptography;

namespace Pptp.Benchmarks;

/// <summary>
/// Stateless MPPE-128 (RFC 3078) as the text says it, one packet after the other: what the naive forwarder does, and
/// what the engine is compared with. One direction.
/// </summary>
internal sealed unsafe class PlainMppe
{
    private const int KeyLength = 16;
    private const int CountMask = 0x0FFF;

    private readonly byte[] _material = new byte[112];
    private readonly byte[] _box = new byte[256];
    private int _count;

    public PlainMppe(ReadOnlySpan<byte> key)
    {
        key.CopyTo(_material);
        key.CopyTo(_material.AsSpan(56));
        _material.AsSpan(72).Fill(0xF2);
    }

    /// <summary>Writes header and ciphertext; two octets longer than the source.</summary>
    public void Encrypt(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Advance();
        destination[0] = (byte)(0x90 | (_count >> 8));
        destination[1] = (byte)_count;
        _count = (_count + 1) & CountMask;
        Schedule(_material.AsSpan(56, KeyLength));
        Transform(source, destination[2..]);
    }

    /// <summary>Decrypts a packet, over those that are missing before it.</summary>
    public void Decrypt(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int count = ((source[0] << 8) | source[1]) & CountMask;
        for (int gap = (count - _count) & CountMask; gap >= 0; gap--)
            Advance();
        _count = (count + 1) & CountMask;
        Schedule(_material.AsSpan(56, KeyLength));
        Transform(source[2..], destination);
    }

    private void Advance()
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(_material, digest);
        Schedule(digest[..KeyLength]);
        Transform(digest[..KeyLength], _material.AsSpan(56, KeyLength));
    }

    private void Schedule(ReadOnlySpan<byte> key)
    {
        fixed (byte* s = _box, k = key)
        {
            for (int n = 0; n < 256; n++)
                s[n] = (byte)n;
            byte j = 0;
            for (int n = 0; n < 256; n++)
            {
                byte a = s[n];
                j += (byte)(a + k[n & (KeyLength - 1)]);
                s[n] = s[j];
                s[j] = a;
            }
        }
    }

    private void Transform(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* s = _box, from = source, to = destination)
        {
            uint i = 0, j = 0;
            for (int n = 0; n < source.Length; n++)
            {
                i = (byte)(i + 1);
                uint a = s[i];
                j = (byte)(j + a);
                uint b = s[j];
                s[i] = (byte)b;
                s[j] = (byte)a;
                to[n] = (byte)(from[n] ^ s[(byte)(a + b)]);
            }
        }
    }
}
