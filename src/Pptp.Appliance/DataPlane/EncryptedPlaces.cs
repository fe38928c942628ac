using Pptp.Protocol.Mppe;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Counts, by their GRE numbers, the frames that are or may have been encrypted: those that came encrypted, and those
/// that did not come. So it is known how many MPPE packets can be missing before one, over any number of control
/// frames. A number that goes back, after a forgery was believed, takes back what it had counted.
/// </summary>
internal sealed class EncryptedPlaces
{
    private uint? _last;
    private long _next;
    private long? _nextGood;

    /// <summary>Takes the next frame in GRE order.</summary>
    /// <returns>Its place among the encrypted frames.</returns>
    public long Take(uint sequence, bool encrypted)
    {
        _next = Foresee(sequence);
        _last = sequence;
        return encrypted ? _next++ : _next;
    }

    /// <summary>The place a packet with this number would have.</summary>
    public long Foresee(uint sequence) => _last is { } last ? _next + unchecked((int)(sequence - last)) - 1 : _next;

    /// <summary>How many encrypted packets can be missing between the last good one and this, at most.</summary>
    public long MissingBefore(long place) =>
        _nextGood is { } next ? Math.Max(0, place - next) : MppeDecryptor.MaximumGap;

    /// <summary>The packet of this place was good.</summary>
    public void Accept(long place) => _nextGood = place + 1;
}
