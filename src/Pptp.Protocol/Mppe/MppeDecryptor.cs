using System.Buffers.Binary;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// Decrypts what one side receives (RFC 3078). Makes no object per packet. One owner, no locking.
/// </summary>
/// <remarks>
/// MPPE has no integrity check, so a forged packet must not be able to move the keys. Every packet is tried on a copy
/// of the key state, which replaces the real one only when the plaintext passes <see cref="MppePlaintext"/>, and far
/// ahead only when a second packet agrees. A packet that fails costs time and nothing else, and not much of that.
/// <para>
/// A count is always read as "ahead": GRE hands packets up in order and never late (RFC 2637 §4.3), so a count that
/// seems to lie behind really is one more than 2048 packets ahead, after an outage; treating it as old would leave the
/// link deaf for good. Its twelve bits leave open how many times 4096 were lost besides; the GRE numbers tell that.
/// </para>
/// </remarks>
public sealed partial class MppeDecryptor : IMppeKeys, IDisposable
{
    /// <summary>The largest gap a 12-bit count can express, in packets.</summary>
    public const int MaximumGap = MppeHeader.CountMask;

    /// <summary>More lost packets than this are never walked over.</summary>
    public const int LongestWalk = 65_536;

    /// <summary>A gap of more packets than this needs a second packet that agrees.</summary>
    public const int LongestUnconfirmedGap = 1024;

    private readonly MppeKeyWalk _keys;
    private readonly MppeWalkBudget _budget = new();
    private readonly bool _stateless;
    private Rc4 _cipher = new();
    private Rc4 _trial = new();

    // The number of the packet that comes next, of which the count is the low twelve bits.
    private long _expected;

    // The packet that was plausible far ahead, and waits for a second one.
    private long? _candidate;

    /// <param name="startKey">RFC 3079's start key for receiving, 16 bytes; copied.</param>
    /// <param name="strength">The strength CCP agreed on.</param>
    /// <param name="stateless">True when CCP agreed on the H bit: a new key for every packet.</param>
    public MppeDecryptor(ReadOnlySpan<byte> startKey, MppeStrength strength, bool stateless)
    {
        _keys = new MppeKeyWalk(startKey, strength);
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
    /// <param name="missing">
    /// How many encrypted packets can be missing between the last good one and this, at most. A caller that knows the
    /// GRE sequence numbers gives what is missing there: each PPP frame has a number of its own, so the count cannot
    /// have skipped more, and of the gaps the count leaves open the largest within it is the true one.
    /// </param>
    /// <param name="now">The time, for the bounds on what refused packets may cost and on waiting for a reset.</param>
    public MppeDecryptResult Decrypt(
        ReadOnlySpan<byte> mppe, Span<byte> destination, out int written,
        long missing = MaximumGap, TimeSpan now = default)
    {
        MppeDecryptResult result = Try(mppe, destination, missing, now);
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

    public MppeStrength Strength => _keys.Strength;

    /// <summary>
    /// Whether a packet looks like the one that comes so many after the next, with none missing before it. Then the
    /// caller may decrypt it itself, with the key that many steps and one further, and ask <see cref="TryAccept"/>.
    /// </summary>
    /// <param name="mppe">What follows the protocol number 0x00FD.</param>
    /// <param name="ahead">Packets that are being decrypted and come before it.</param>
    public bool IsExpected(ReadOnlySpan<byte> mppe, int ahead)
    {
        if (!_stateless || mppe.Length <= MppeHeader.Length)
            return false;
        int expected = (int)((_expected + ahead) & MppeHeader.CountMask);
        const int Flags = MppeHeader.Encrypted | MppeHeader.Flushed;
        return (BinaryPrimitives.ReadUInt16BigEndian(mppe) & (Flags | MppeHeader.Compressed | MppeHeader.CountMask))
            == (Flags | expected);
    }

    /// <summary>
    /// Takes a packet that was decrypted elsewhere as the next one. False: it is none, and nothing has changed;
    /// <see cref="Decrypt"/> tells what it is.
    /// </summary>
    /// <param name="plaintext">From the protocol field on.</param>
    /// <param name="key">The session key it was decrypted with.</param>
    public bool TryAccept(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> start = plaintext[..Math.Min(MppePlaintext.StartLength, plaintext.Length)];
        if (!MppePlaintext.IsPlausible(start, plaintext.Length, needsIp: false))
            return false;
        _keys.Step(key);
        Accept(0);
        RejectedInARow = 0;
        return true;
    }

    public void CopyKeyMaterial(Span<byte> destination) => _keys.CopyMaterial(destination);

    public void MoveTo(ReadOnlySpan<byte> key) => _keys.Step(key);

    /// <summary>
    /// Whether a packet decrypts to an IP packet, behind that many missing ones; it is not taken. No on a stateful
    /// link, unless the peer has started its cipher anew just before.
    /// </summary>
    public bool Vouches(ReadOnlySpan<byte> mppe, long missing, TimeSpan now)
    {
        if (mppe.Length <= MppeHeader.Length)
            return false;
        int header = BinaryPrimitives.ReadUInt16BigEndian(mppe);
        const int Needed = MppeHeader.Encrypted | MppeHeader.Flushed;
        if ((header & (Needed | MppeHeader.Compressed)) != Needed
            || !TryResolve(header & MppeHeader.CountMask, missing, out long gap) || gap > LongestWalk)
        {
            return false;
        }
        // Stateful, the key changes with each "flag" packet, and before this one.
        int steps = _stateless ? (int)gap + 1 : (int)(((_expected + gap) >> 8) - (_expected >> 8)) + 1;
        if (!_budget.TrySpend(_keys.CostOf(steps), now))
            return false;
        _keys.Try(steps);
        _trial.Initialize(_keys.Key);
        bool good = TryTransform(_trial, mppe[MppeHeader.Length..], default, needsIp: true, mayWrite: false);
        _keys.GiveUp();
        return good;
    }

    /// <summary>Zeroes all keys. No further call is meaningful.</summary>
    public void Dispose()
    {
        _keys.Dispose();
        _cipher.Dispose();
        _trial.Dispose();
        _candidateCipher?.Dispose();
    }

    private MppeDecryptResult Try(ReadOnlySpan<byte> mppe, Span<byte> destination, long missing, TimeSpan now)
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

        if (!TryResolve(count, missing, out long gap))
            return MppeDecryptResult.GapTooLarge;
        if (gap > LongestWalk)
            return MppeDecryptResult.Unresolvable;

        return _stateless
            ? TryStateless(ciphertext, destination, (int)gap, now)
            : TryStateful(ciphertext, destination, (int)gap, flushed, now);
    }

    private MppeDecryptResult TryStateless(
        ReadOnlySpan<byte> ciphertext, Span<byte> destination, int gap, TimeSpan now)
    {
        // RFC 3078 §8.1: one key for each packet, the lost ones too.
        int steps = gap + 1;
        if (gap > 0 && !_budget.TrySpend(_keys.CostOf(steps), now))
            return MppeDecryptResult.TooCostly;
        _keys.Try(steps);
        _trial.Initialize(_keys.Key);
        if (!TryTransform(_trial, ciphertext, destination, needsIp: gap > 0, mayWrite: IsConfirmed(gap)))
        {
            _keys.GiveUp();
            return MppeDecryptResult.BadProtocol;
        }
        if (!IsConfirmed(gap))
        {
            _candidate = _expected + gap;
            _keys.GiveUp();
            return MppeDecryptResult.Unconfirmed;
        }
        if (gap > 0)
            Resynchronisations++;
        _keys.Keep();
        Accept(gap);
        return MppeDecryptResult.Ok;
    }

    /// <summary>The largest gap that the count allows and that can be missing.</summary>
    private bool TryResolve(int count, long missing, out long gap)
    {
        long nearest = (count - _expected) & MppeHeader.CountMask;
        gap = nearest + ((missing - nearest) & ~(long)MppeHeader.CountMask);
        return nearest <= missing;
    }

    /// <summary>Whether a plausible packet behind such a gap may move the keys.</summary>
    private bool IsConfirmed(int gap) => gap <= LongestUnconfirmedGap
        || (_candidate is { } candidate && _expected + gap - candidate is > 0 and <= LongestUnconfirmedGap);

    private void Accept(int gap)
    {
        _expected += gap + 1;
        Lost += gap;
        _candidate = null;
    }

    // Looks at the first bytes before it writes any, so that a refused packet leaves the buffer as it was.
    private static bool TryTransform(
        Rc4 cipher, ReadOnlySpan<byte> ciphertext, Span<byte> destination, bool needsIp, bool mayWrite = true)
    {
        Span<byte> start = stackalloc byte[MppePlaintext.StartLength];
        start = start[..Math.Min(start.Length, ciphertext.Length)];
        cipher.Transform(ciphertext[..start.Length], start);
        if (!MppePlaintext.IsPlausible(start, ciphertext.Length, needsIp))
            return false;
        if (!mayWrite)
        {
            cipher.Skip(ciphertext.Length - start.Length);
            return true;
        }
        cipher.Transform(ciphertext[start.Length..], destination[start.Length..]);
        start.CopyTo(destination);
        return true;
    }
}
