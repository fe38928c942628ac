namespace Pptp.Appliance.Sessions;

/// <summary>The <c>session-timeout</c> and <c>idle-timeout</c> of a session that has come up now.</summary>
/// <param name="session">How long it may last; null: no matter how long.</param>
/// <param name="idle">How long it may carry no IP either way; null: no matter how long.</param>
/// <param name="now">The time.</param>
internal sealed class SessionTimeouts(TimeSpan? session, TimeSpan? idle, TimeSpan now)
{
    private readonly TimeSpan? _end = now + session;
    private TimeSpan? _idleUntil = now + idle;

    /// <summary>When <see cref="Advance"/> next has something to say; null: never.</summary>
    public TimeSpan? NextDeadline => _end is null || _idleUntil < _end ? _idleUntil : _end;

    /// <param name="lastTraffic">When IP last went either way. Traffic moves the deadline only when it is looked at.</param>
    /// <param name="now">The time.</param>
    /// <returns>Which of the two has run out; null: neither.</returns>
    public DisconnectReason? Advance(TimeSpan lastTraffic, TimeSpan now)
    {
        if (now >= _end)
            return DisconnectReason.SessionTimeout;
        if (now < _idleUntil || idle is null)
            return null;
        _idleUntil = lastTraffic + idle;
        return now >= _idleUntil ? DisconnectReason.IdleTimeout : null;
    }
}
