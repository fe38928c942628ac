using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pptp.Appliance.DataPlane.Mppe;

/// <summary>
/// RC4 with up to four ciphers at a time. One step of RC4 waits for the one before; steps of other ciphers fill the
/// wait. S-boxes are octets and lie side by side, so that one register addresses all of them.
/// </summary>
internal static unsafe class Rc4Lanes
{
    /// <summary>Octets of an S-box.</summary>
    public const int BoxSize = 256;

    /// <summary>Octets of a key; shorter ones are repeated up to this length, which changes nothing.</summary>
    public const int KeySize = 16;

    /// <summary>Octets from one lane's key stream to the next lane's. No power of two, so that they share no cache sets.</summary>
    public const int Stride = ChunkSize + 64;

    /// <summary>Octets of key stream that are made at a time, at most.</summary>
    public const int ChunkSize = 2048;

    /// <summary>The most lanes there are.</summary>
    public const int Most = 4;

    /// <summary>Octets that <see cref="StreamFour"/> makes at a time.</summary>
    public const int Step = 16;

    private const int KeyMask = KeySize - 1;

    /// <summary>The key schedule of one cipher.</summary>
    public static void Schedule(byte* s, byte* key)
    {
        Identity(s);
        nuint j = 0;
        for (nuint n = 0; n < BoxSize; n++)
        {
            nuint a = s[n];
            j = (byte)(j + a + key[n & KeyMask]);
            s[n] = s[j];
            s[j] = (byte)a;
        }
    }

    /// <summary>The key schedules of two ciphers, wherever their boxes are.</summary>
    public static void Schedule(byte* s, byte* key, byte* t, byte* other)
    {
        Identity(s);
        Identity(t);
        nuint j = 0, k = 0;
        for (nuint n = 0; n < BoxSize; n++)
        {
            nuint a = s[n], b = t[n];
            j = (byte)(j + a + key[n & KeyMask]);
            k = (byte)(k + b + other[n & KeyMask]);
            s[n] = s[j];
            t[n] = t[k];
            s[j] = (byte)a;
            t[k] = (byte)b;
        }
    }

    /// <summary>The key schedules of four ciphers, boxes and keys each side by side.</summary>
    public static void ScheduleFour(byte* s, byte* keys)
    {
        for (int lane = 0; lane < Most; lane++)
            Identity(s + (lane * BoxSize));
        nuint j = 0, k = 0, l = 0, m = 0;
        for (nuint n = 0; n < BoxSize; n++)
        {
            byte* p = s + n;
            byte* key = keys + (n & KeyMask);
            nuint a = p[0], b = p[BoxSize], c = p[2 * BoxSize], d = p[3 * BoxSize];
            j = (byte)(j + a + key[0]);
            k = (byte)(k + b + key[KeySize]);
            l = (byte)(l + c + key[2 * KeySize]);
            m = (byte)(m + d + key[3 * KeySize]);
            p[0] = s[j];
            s[j] = (byte)a;
            p[BoxSize] = s[k + BoxSize];
            s[k + BoxSize] = (byte)b;
            p[2 * BoxSize] = s[l + (2 * BoxSize)];
            s[l + (2 * BoxSize)] = (byte)c;
            p[3 * BoxSize] = s[m + (3 * BoxSize)];
            s[m + (3 * BoxSize)] = (byte)d;
        }
    }

    /// <summary>Key stream of one cipher.</summary>
    /// <param name="s">Its box.</param>
    /// <param name="i">How many octets of its stream have been made.</param>
    /// <param name="j">RFC 6229's j; changed.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="count">How many octets.</param>
    public static void Stream(byte* s, nuint i, byte* j, byte* stream, int count)
    {
        nuint k = *j;
        i = (byte)i;
        for (byte* end = stream + count; stream < end; stream++)
        {
            i = (byte)(i + 1);
            nuint a = s[i];
            k = (byte)(k + a);
            nuint b = s[k];
            s[i] = (byte)b;
            s[k] = (byte)a;
            *stream = s[(byte)(a + b)];
        }
        *j = (byte)k;
    }

    /// <summary>Key stream of two ciphers that have made equally much of theirs.</summary>
    public static void Stream(byte* s, byte* t, nuint i, byte* j, byte* k, byte* stream, byte* other, int count)
    {
        nuint l = *j, m = *k;
        i = (byte)i;
        for (nuint n = 0; n < (nuint)count; n++)
        {
            i = (byte)(i + 1);
            nuint a = s[i], c = t[i];
            l = (byte)(l + a);
            m = (byte)(m + c);
            nuint b = s[l], d = t[m];
            s[i] = (byte)b;
            s[l] = (byte)a;
            t[i] = (byte)d;
            t[m] = (byte)c;
            stream[n] = s[(byte)(a + b)];
            other[n] = t[(byte)(c + d)];
        }
        *j = (byte)l;
        *k = (byte)m;
    }

    /// <summary>Key stream of four ciphers with boxes side by side, each to a place of its own by <see cref="Stride"/>.</summary>
    /// <param name="s">The four boxes.</param>
    /// <param name="i">How many octets each has made of its stream, a multiple of <see cref="Step"/>.</param>
    /// <param name="js">The four j; changed.</param>
    /// <param name="streams">Where to.</param>
    /// <param name="count">How many octets of each, a multiple of <see cref="Step"/>, at most <see cref="ChunkSize"/>.</param>
    public static void StreamFour(byte* s, nuint i, byte* js, byte* streams, int count)
    {
        // Asked when it runs: it is compiled for processors that have no SSE 4.1 too.
        if (Sse41.IsSupported)
            StreamFourByRegisters(s, i, js, streams, count);
        else
            StreamFourByOctets(s, i, js, streams, count);
    }

    /// <summary><see cref="StreamFour"/> for every processor.</summary>
    public static void StreamFourByOctets(byte* s, nuint i, byte* js, byte* streams, int count)
    {
        nuint j = js[0], k = js[1], l = js[2], m = js[3];
        i = (byte)i;
        for (byte* end = streams + count; streams < end; streams++)
        {
            i = (byte)(i + 1);
            byte* p = s + i;
            nuint a = p[0];
            j = (byte)(j + a);
            nuint b = s[j];
            p[0] = (byte)b;
            s[j] = (byte)a;
            streams[0] = s[(byte)(a + b)];

            a = p[BoxSize];
            k = (byte)(k + a);
            b = s[k + BoxSize];
            p[BoxSize] = (byte)b;
            s[k + BoxSize] = (byte)a;
            streams[Stride] = s[(nuint)(byte)(a + b) + BoxSize];

            a = p[2 * BoxSize];
            l = (byte)(l + a);
            b = s[l + (2 * BoxSize)];
            p[2 * BoxSize] = (byte)b;
            s[l + (2 * BoxSize)] = (byte)a;
            streams[2 * Stride] = s[(nuint)(byte)(a + b) + (2 * BoxSize)];

            a = p[3 * BoxSize];
            m = (byte)(m + a);
            b = s[m + (3 * BoxSize)];
            p[3 * BoxSize] = (byte)b;
            s[m + (3 * BoxSize)] = (byte)a;
            streams[3 * Stride] = s[(nuint)(byte)(a + b) + (3 * BoxSize)];
        }
        js[0] = (byte)j;
        js[1] = (byte)k;
        js[2] = (byte)l;
        js[3] = (byte)m;
    }

    /// <summary><see cref="StreamFour"/> for processors with SSE 4.1.</summary>
    /// <remarks>
    /// With four lanes it is the stores that take the time: two for each octet, into the box. The third, of the key stream,
    /// is saved by gathering 16 octets in a register.
    /// </remarks>
    public static void StreamFourByRegisters(byte* s, nuint i, byte* js, byte* streams, int count)
    {
        nuint j = js[0], k = js[1], l = js[2], m = js[3];
        for (byte* end = streams + count; streams < end; streams += Step)
        {
            byte* p = s + (byte)i + 1;
            i += Step;
            Vector128<byte> v = default, w = default, x = default, y = default;
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 0);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 1);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 2);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 3);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 4);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 5);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 6);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 7);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 8);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 9);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 10);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 11);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 12);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 13);
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 14);
            // Where the box ends this one is its first octet.
            p = s + (byte)i - 15;
            Four(s, p, ref j, ref k, ref l, ref m, ref v, ref w, ref x, ref y, 15);
            v.Store(streams);
            w.Store(streams + Stride);
            x.Store(streams + (2 * Stride));
            y.Store(streams + (3 * Stride));
        }
        js[0] = (byte)j;
        js[1] = (byte)k;
        js[2] = (byte)l;
        js[3] = (byte)m;
    }

    /// <summary>One step of each of four ciphers: octet <paramref name="n"/> of v, w, x and y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(
        byte* s, byte* p, ref nuint j, ref nuint k, ref nuint l, ref nuint m,
        ref Vector128<byte> v, ref Vector128<byte> w, ref Vector128<byte> x, ref Vector128<byte> y,
        [ConstantExpected(Max = Step - 1)] byte n)
    {
        p += n;
        nuint a = p[0];
        j = (byte)(j + a);
        nuint b = s[j];
        p[0] = (byte)b;
        s[j] = (byte)a;
        v = Sse41.Insert(v, s[(byte)(a + b)], n);

        a = p[BoxSize];
        k = (byte)(k + a);
        b = s[k + BoxSize];
        p[BoxSize] = (byte)b;
        s[k + BoxSize] = (byte)a;
        w = Sse41.Insert(w, s[(nuint)(byte)(a + b) + BoxSize], n);

        a = p[2 * BoxSize];
        l = (byte)(l + a);
        b = s[l + (2 * BoxSize)];
        p[2 * BoxSize] = (byte)b;
        s[l + (2 * BoxSize)] = (byte)a;
        x = Sse41.Insert(x, s[(nuint)(byte)(a + b) + (2 * BoxSize)], n);

        a = p[3 * BoxSize];
        m = (byte)(m + a);
        b = s[m + (3 * BoxSize)];
        p[3 * BoxSize] = (byte)b;
        s[m + (3 * BoxSize)] = (byte)a;
        y = Sse41.Insert(y, s[(nuint)(byte)(a + b) + (3 * BoxSize)], n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Identity(byte* s)
    {
        ulong eight = 0x0706_0504_0302_0100;
        for (ulong* p = (ulong*)s; p < s + BoxSize; p++)
        {
            *p = eight;
            eight += 0x0808_0808_0808_0808;
        }
    }
}
