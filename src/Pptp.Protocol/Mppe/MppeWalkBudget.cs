namespace Pptp.Protocol.Mppe;

/// <summary>
/// Bounds what walks over lost packets may cost, so that neither forged packets nor a hostile peer can keep the
/// processor busy. A step is a SHA-1 and an RC4 key schedule, about a microsecond.
/// </summary>
internal sealed class MppeWalkBudget
{
    /// <summary>Steps that come back each second.</summary>
    public const int PerSecond = 65_536;

    /// <summary>Steps that can be saved up: two of the longest walks.</summary>
    public const int Most = 2 * MppeDecryptor.LongestWalk;

    private double _left = Most;
    private TimeSpan _at;

    public bool TrySpend(int steps, TimeSpan now)
    {
        if (now > _at)
        {
            _left = Math.Min(Most, _left + ((now - _at).TotalSeconds * PerSecond));
            _at = now;
        }
        if (steps > _left)
            return false;
        _left -= steps;
        return true;
    }
}
