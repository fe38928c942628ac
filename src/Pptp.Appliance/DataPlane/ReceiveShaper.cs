namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Holds the rate of what comes from a peer: what comes faster waits, in order, and what does not find room is lost, so
/// that the peer's TCP settles at the rate.
/// </summary>
internal sealed class ReceiveShaper(DirectionRate rate, TimeSpan now)
{
    /// <summary>Seconds of the rate that may wait.</summary>
    private const double WaitSeconds = 0.05;

    /// <summary>In octets, as the next: with less a TCP connection does not get going.</summary>
    private const int ShortestRing = 8 * 1536;

    private const int LongestRing = 1024 * 1024;

    private readonly RateGate _gate = new(rate, now);

    /// <summary>Null: nothing has had to wait yet.</summary>
    private PacketRing? _waiting;

    /// <summary>When the next of those that wait may go on; null: none waits.</summary>
    public TimeSpan? NextDeadline => HasWaiting ? _gate.OpensAt : null;

    private bool HasWaiting => _waiting is { IsEmpty: false };

    /// <summary>Whether a packet may pass at once.</summary>
    public bool MayPass(int length, TimeSpan now)
    {
        if (HasWaiting || !_gate.IsOpen(now))
            return false;
        _gate.Take(length);
        return true;
    }

    /// <summary>False: there is no room left.</summary>
    public bool TryWait(ReadOnlySpan<byte> packet)
    {
        _waiting ??= new PacketRing((int)Math.Clamp(rate.Rate / 8 * WaitSeconds, ShortestRing, LongestRing));
        if (_waiting.TryAdd(packet))
            return true;
        // One that is longer than all that may wait would never get through.
        if (!_waiting.IsEmpty)
            return false;
        _waiting = new PacketRing(packet.Length + PacketRing.LengthOctets);
        return _waiting.TryAdd(packet);
    }

    /// <summary>The next of those that wait whose turn has come.</summary>
    /// <returns>Its length; 0: none.</returns>
    public int TakeDue(Span<byte> destination, TimeSpan now)
    {
        if (!HasWaiting || !_gate.IsOpen(now))
            return 0;
        int length = _waiting!.Take(destination);
        _gate.Take(length);
        return length;
    }

    /// <summary>The next of those that wait, whether its turn has come or not.</summary>
    /// <returns>Its length; 0: none.</returns>
    public int TakeAny(Span<byte> destination) => _waiting?.Take(destination) ?? 0;
}
