using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// Decrypts what one side receives (RFC 3078). Makes no object per packet. One owner, no locking.
/// </summary>
/// <remarks>
/// MPPE has no integrity check, so a forged packet must not be able to move the keys. Every packet is tried on a copy
/// of the key state, which replaces the real one only when the plaintext passes <see cref="MppePlaintext"/>; a packet
/// that fails costs time and nothing else.
/// <para>
/// A count is always read as "ahead": the gap is (count - expected) mod 4096, up to 4095. GRE hands packets up in
/// order and never late (RFC 2637 §4.3), so a count that seems to lie behind really is one more than 2048 packets
/// ahead, after an outage; treating it as old would leave the link deaf for good.
/// </para>
/// </remarks>
public sealed class MppeDecryptor : IDisposable
{
    /// <summary>The largest gap a 12-bit count can express, in packets.</summary>
    public const int MaximumGap = MppeHeader.CountMask;

    private readonly MppeKeyChain _keys;
    private readonly Rc4 _cipher = new();
    private readonly Rc4 _saved = new();
    private readonly bool _stateless;
    private int _expected;
    private bool _awaitingReset;

    /// <param name="startKey">RFC 3079's start key for receiving, 16 bytes; copied.</param>
    /// <param name="strength">The strength CCP agreed on.</param>
    /// <param name="stateless">True when CCP agreed on the H bit: a new key for every packet.</param>
    public MppeDecryptor(ReadOnlySpan<byte> startKey, MppeStrength strength, bool stateless)
    {
        _keys = new MppeKeyChain(startKey, strength);
        _stateless = stateless;
        if (!stateless)
            _cipher.Initialize(_keys.Key);
    }

    /// <summary>Packets the count skipped, so far: lost on the way, or refused here.</summary>
    public long Lost { get; private set; }

    /// <summary>Times a gap had to be walked (stateless) or a reset was asked for (stateful).</summary>
    public long Resynchronisations { get; private set; }

    /// <summary>Packets refused, for any reason.</summary>
    public long Rejected { get; private set; }

    /// <summary>
    /// Packets refused since the last good one. When it only grows, the two sides share no key any more and the link
    /// cannot be saved.
    /// </summary>
    public long RejectedInARow { get; private set; }

    /// <summary>Decrypts one packet.</summary>
    /// <param name="mppe">What follows the protocol number 0x00FD: the header and the ciphertext.</param>
    /// <param name="destination">
    /// Takes the protocol field and the information, at most the length of <paramref name="mppe"/> less 2. May be the
    /// same memory as the ciphertext, or begin before it. Written to only when the result is
    /// <see cref="MppeDecryptResult.Ok"/>.
    /// </param>
    /// <param name="written">Bytes written.</param>
    /// <param name="maximumGap">
    /// How many packets can have been lost before this one, 0 to <see cref="MaximumGap"/>. A caller that knows the
    /// GRE sequence numbers gives what is missing there since the last good packet: each PPP frame has a number of
    /// its own, so the count cannot have skipped more.
    /// </param>
    public MppeDecryptResult Decrypt(
        ReadOnlySpan<byte> mppe, Span<byte> destination, out int written, int maximumGap = MaximumGap)
    {
        MppeDecryptResult result = Try(mppe, destination, maximumGap);
        if (result == MppeDecryptResult.Ok)
        {
            written = mppe.Length - MppeHeader.Length;
            RejectedInARow = 0;
        }
        else
        {
            written = 0;
            Rejected++;
            RejectedInARow++;
        }
        return result;
    }

    /// <summary>Zeroes all keys. No further call is meaningful.</summary>
    public void Dispose()
    {
        _keys.Dispose();
        _cipher.Dispose();
        _saved.Dispose();
    }

    private MppeDecryptResult Try(ReadOnlySpan<byte> mppe, Span<byte> destination, int maximumGap)
    {
        if (mppe.Length <= MppeHeader.Length)
            return MppeDecryptResult.TooShort;
        int header = BinaryPrimitives.ReadUInt16BigEndian(mppe);
        ReadOnlySpan<byte> ciphertext = mppe[MppeHeader.Length..];
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, ciphertext.Length);

        if ((header & MppeHeader.Encrypted) == 0)
            return MppeDecryptResult.NotEncrypted;
        if ((header & MppeHeader.Compressed) != 0)
            return MppeDecryptResult.Compressed;

        int count = header & MppeHeader.CountMask;
        bool flushed = (header & MppeHeader.Flushed) != 0;
        bool mustBeFlushed = _stateless || (count & 0xFF) == MppeHeader.FlagCount;
        if (mustBeFlushed && !flushed)
            return MppeDecryptResult.NotFlushed;

        int gap = (count - _expected) & MppeHeader.CountMask;
        if (gap > maximumGap)
            return MppeDecryptResult.GapTooLarge;

        return _stateless
            ? TryStateless(ciphertext, destination, count, gap)
            : TryStateful(ciphertext, destination, count, gap, flushed);
    }

    private MppeDecryptResult TryStateless(ReadOnlySpan<byte> ciphertext, Span<byte> destination, int count, int gap)
    {
        Span<byte> savedKey = stackalloc byte[MppeKeyChain.MaximumKeyLength];
        _keys.Save(savedKey);

        // RFC 3078 §8.1: one key for each packet, the lost ones too.
        for (int step = 0; step <= gap; step++)
            _keys.Advance();
        _cipher.Initialize(_keys.Key);

        bool good = TryTransform(ciphertext, destination, needsIp: gap > 0);
        if (good)
        {
            _expected = (count + 1) & MppeHeader.CountMask;
            Lost += gap;
            if (gap > 0)
                Resynchronisations++;
        }
        else
        {
            _keys.Restore(savedKey);
        }
        CryptographicOperations.ZeroMemory(savedKey);
        return good ? MppeDecryptResult.Ok : MppeDecryptResult.BadProtocol;
    }

    private MppeDecryptResult TryStateful(
        ReadOnlySpan<byte> ciphertext, Span<byte> destination, int count, int gap, bool flushed)
    {
        if (gap > 0 && !flushed)
        {
            // RFC 3078 §8.2: the cipher's state is gone with the lost packets. Should the expected one still come,
            // then nothing was lost and this one forged.
            if (_awaitingReset)
                return MppeDecryptResult.AwaitingReset;
            _awaitingReset = true;
            Resynchronisations++;
            return MppeDecryptResult.Lost;
        }

        Span<byte> savedKey = stackalloc byte[MppeKeyChain.MaximumKeyLength];
        _keys.Save(savedKey);
        _saved.CopyFrom(_cipher);
        if (flushed)
        {
            // One key for each "flag" packet that was lost, and one for this packet.
            for (int skipped = 0; skipped < gap; skipped++)
            {
                if ((_expected + skipped & 0xFF) == MppeHeader.FlagCount)
                    _keys.Advance();
            }
            _keys.Advance();
            _cipher.Initialize(_keys.Key);
        }

        bool good = TryTransform(ciphertext, destination, needsIp: flushed || _awaitingReset);
        if (good)
        {
            _expected = (count + 1) & MppeHeader.CountMask;
            _awaitingReset = false;
            Lost += gap;
        }
        else
        {
            _keys.Restore(savedKey);
            _cipher.CopyFrom(_saved);
        }
        CryptographicOperations.ZeroMemory(savedKey);
        return good ? MppeDecryptResult.Ok : MppeDecryptResult.BadProtocol;
    }

    // Looks at the first bytes before it writes any, so that a refused packet leaves the buffer as it was.
    private bool TryTransform(ReadOnlySpan<byte> ciphertext, Span<byte> destination, bool needsIp)
    {
        Span<byte> start = stackalloc byte[MppePlaintext.StartLength];
        start = start[..Math.Min(start.Length, ciphertext.Length)];
        _cipher.Transform(ciphertext[..start.Length], start);
        if (!MppePlaintext.IsPlausible(start, ciphertext.Length, needsIp))
            return false;
        _cipher.Transform(ciphertext[start.Length..], destination[start.Length..]);
        start.CopyTo(destination);
        return true;
    }
}
