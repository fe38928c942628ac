using Pptp.Model;

namespace Pptp.Appliance.DataPlane;

/// <content>
/// rate-limit. To the peer the TUN is left unread while the rate is used up; what comes from it waits before the TUN.
/// </content>
internal sealed partial class DataPath
{
    private RateGate? _toPeer;
    private ReceiveShaper? _fromPeer;

    /// <summary>The TUN is not to be read: the rate to the peer is used up for now.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>The worker has stopped to look at the TUN for a pause.</summary>
    public bool IsUnwatched { get; set; }

    private TimeSpan? RateDeadline =>
        Deadline.Earliest(_fromPeer?.NextDeadline, IsPaused ? _toPeer!.OpensAt : null);

    /// <summary>From now on this limit holds, as if nothing had been carried before.</summary>
    /// <param name="limit">Received is what comes from the peer, whoever has dialled. Null: none.</param>
    /// <param name="now">The time.</param>
    public void SetRates(RateLimit? limit, TimeSpan now)
    {
        // What waits has its place before all that comes.
        while (_fromPeer is { } before && _open is { } open && before.TakeAny(_buffers.ToTun) is > 0 and int length)
            WriteTun(open, _buffers.ToTun[..length], now);
        _fromPeer = DirectionRate.OfReceived(limit) is { } received ? new ReceiveShaper(received, now) : null;
        _toPeer = DirectionRate.OfSent(limit) is { } sent ? new RateGate(sent, now) : null;
        IsPaused = false;
    }

    /// <summary>Whether a packet of the peer may go on at once. Else it is kept, or lost where there is no room.</summary>
    private bool MayPass(ReadOnlySpan<byte> ip, TimeSpan now)
    {
        if (_fromPeer is not { } shaper || shaper.MayPass(ip.Length, now))
            return true;
        if (!shaper.TryWait(ip))
            _dropped++;
        return false;
    }

    private void AdvanceRates(TimeSpan now)
    {
        while (_fromPeer is { } shaper && _open is { } open && shaper.TakeDue(_buffers.ToTun, now) is > 0 and int length)
            WriteTun(open, _buffers.ToTun[..length], now);
        if (IsPaused && _toPeer!.IsOpen(now))
            IsPaused = false;
    }
}
