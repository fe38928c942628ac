using System.Security.Cryptography;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// The RC4 stream cipher in its plain form: the oracle for any faster one. One object is one cipher state; it is
/// keyed again and again and allocates only when it is made.
/// </summary>
internal sealed unsafe class Rc4 : IDisposable
{
    private readonly byte[] _s = new byte[256];
    private byte _i;
    private byte _j;

    /// <summary>Starts a new key stream.</summary>
    /// <param name="key">1 to 256 bytes.</param>
    public void Initialize(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(key.Length);
        byte[] s = _s;
        for (int n = 0; n < s.Length; n++)
            s[n] = (byte)n;

        byte j = 0;
        int k = 0;
        for (int n = 0; n < s.Length; n++)
        {
            byte sn = s[n];
            j += (byte)(sn + key[k]);
            s[n] = s[j];
            s[j] = sn;
            if (++k == key.Length)
                k = 0;
        }
        _i = 0;
        _j = 0;
    }

    /// <summary>
    /// Encrypts or decrypts the next bytes of the stream. <paramref name="destination"/> must be as long as
    /// <paramref name="source"/> at least, and may be the same memory or begin before it.
    /// </summary>
    public void Transform(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, source.Length);
        uint i = _i;
        uint j = _j;
        fixed (byte* s = _s, from = source, to = destination)
        {
            for (nuint n = 0; n < (nuint)source.Length; n++)
            {
                i = (byte)(i + 1);
                uint si = s[i];
                j = (byte)(j + si);
                uint sj = s[j];
                s[i] = (byte)sj;
                s[j] = (byte)si;
                to[n] = (byte)(from[n] ^ s[(byte)(si + sj)]);
            }
        }
        _i = (byte)i;
        _j = (byte)j;
    }

    /// <summary>Lets bytes of the stream go by.</summary>
    public void Skip(int count)
    {
        byte[] s = _s;
        for (; count > 0; count--)
        {
            byte si = s[++_i];
            byte sj = s[_j += si];
            s[_i] = sj;
            s[_j] = si;
        }
    }

    /// <summary>Takes over the state of <paramref name="other"/>.</summary>
    public void CopyFrom(Rc4 other)
    {
        other._s.CopyTo(_s, 0);
        _i = other._i;
        _j = other._j;
    }

    /// <summary>Wipes the state.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_s);
}
