namespace Pptp.Protocol.Mppe;

/// <content>
/// The stateful mode (RFC 3078 §8.2): one key stream over many packets, which a lost packet breaks until the peer
/// answers a CCP Reset-Request with a flushed packet.
/// </content>
public sealed partial class MppeDecryptor
{
    /// <summary>A Reset-Request without an answer is repeated after this time.</summary>
    public static readonly TimeSpan ResetInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Reset-Requests without an answer before the link is given up.</summary>
    public const int MostResets = 20;

    // What the candidate has left behind, to decrypt the packet after it with.
    private Rc4? _candidateCipher;
    private int _candidateSteps;
    private int _triedSteps;

    private int _resetsAsked;
    private TimeSpan _lastAsked;

    private MppeDecryptResult TryStateful(
        ReadOnlySpan<byte> ciphertext, Span<byte> destination, int gap, bool flushed, TimeSpan now)
    {
        if (flushed)
            return TryFlushed(ciphertext, destination, gap, now);
        if (gap > 0)
        {
            if (_candidateCipher is { } cipher && _candidate == _expected + gap - 1)
                return TryAfterCandidate(cipher, ciphertext, destination, gap, now);
            // The cipher's state is gone with the lost packets. Should the expected one still come, then nothing was
            // lost and this one forged.
            return AskForReset(now);
        }

        _trial.CopyFrom(_cipher);
        if (!TryTransform(_trial, ciphertext, destination, needsIp: true))
        {
            // One may be forged; when the next is noise as well the stream is broken.
            return RejectedInARow > 0 ? AskForReset(now) : MppeDecryptResult.BadProtocol;
        }
        AcceptTrial(gap);
        return MppeDecryptResult.Ok;
    }

    /// <summary>A packet before which the peer has started its cipher anew.</summary>
    /// <remarks>
    /// With which key is not sure. A "flag" packet has the next one. After a Reset-Request RFC 3078 §3.1 has the
    /// present key and Linux the next; and packets that answered earlier requests may be lost, with a key each. All
    /// these are tried: of noise, fewer than one in ten thousand passes for an IP packet.
    /// </remarks>
    private MppeDecryptResult TryFlushed(
        ReadOnlySpan<byte> ciphertext, Span<byte> destination, int gap, TimeSpan now)
    {
        // One key for each "flag" packet that was lost.
        long number = _expected + gap;
        int lostFlags = (int)((number >> 8) - (_expected >> 8));
        int usual = lostFlags + 1;
        int least = (number & 0xFF) == MppeHeader.FlagCount ? usual : lostFlags;
        int most = usual + _resetsAsked;
        if (!_budget.TrySpend(_keys.CostOf(most), now))
            return MppeDecryptResult.TooCostly;

        bool confirmed = IsConfirmed(gap);
        bool good = TryKey(usual, ciphertext, destination, confirmed);
        for (int steps = least; steps <= most && !good; steps++)
            good = steps != usual && TryKey(steps, ciphertext, destination, confirmed);
        if (good && confirmed)
        {
            _keys.Keep();
            AcceptTrial(gap);
            return MppeDecryptResult.Ok;
        }
        if (good)
        {
            _candidate = number;
            _candidateSteps = _triedSteps;
            (_candidateCipher ??= new Rc4()).CopyFrom(_trial);
        }
        _keys.GiveUp();
        if (good)
            return MppeDecryptResult.Unconfirmed;
        return _resetsAsked > 0 ? AskForReset(now) : MppeDecryptResult.BadProtocol;
    }

    private bool TryKey(int steps, ReadOnlySpan<byte> ciphertext, Span<byte> destination, bool mayWrite)
    {
        _triedSteps = steps;
        _keys.Try(steps);
        _trial.Initialize(_keys.Key);
        return TryTransform(_trial, ciphertext, destination, needsIp: true, mayWrite);
    }

    /// <summary>The packet right behind one that was plausible far ahead: it agrees, or is noise.</summary>
    private MppeDecryptResult TryAfterCandidate(
        Rc4 cipher, ReadOnlySpan<byte> ciphertext, Span<byte> destination, int gap, TimeSpan now)
    {
        _trial.CopyFrom(cipher);
        if (!TryTransform(_trial, ciphertext, destination, needsIp: true))
            return AskForReset(now);
        _keys.Try(_candidateSteps);
        _keys.Keep();
        AcceptTrial(gap);
        return MppeDecryptResult.Ok;
    }

    private void AcceptTrial(int gap)
    {
        (_cipher, _trial) = (_trial, _cipher);
        _resetsAsked = 0;
        Accept(gap);
    }

    private MppeDecryptResult AskForReset(TimeSpan now)
    {
        if (_resetsAsked == 0)
            Resynchronisations++;
        else if (now - _lastAsked < ResetInterval)
            return MppeDecryptResult.AwaitingReset;
        else if (_resetsAsked == MostResets)
            return MppeDecryptResult.ResetUnanswered;
        _resetsAsked++;
        _lastAsked = now;
        return MppeDecryptResult.Lost;
    }
}
