namespace Pptp.Appliance.Sessions;

/// <summary>
/// RouterOS' keepalive: after <c>keepalive-timeout</c> of silence one LCP echo a second, five times; each that
/// brought nothing is a missed reply, and after the fifth the peer is gone. Any frame of the peer is a sign of life.
/// </summary>
/// <param name="timeout">Silence until the first echo; null never asks.</param>
internal sealed class Keepalive(TimeSpan? timeout, TimeSpan now)
{
    public const int EchoLimit = 5;
    private static readonly TimeSpan EchoInterval = TimeSpan.FromSeconds(1);

    private TimeSpan _lastReceived = now;
    private TimeSpan _lastEcho;
    private int _unanswered;

    /// <summary>When <see cref="Advance"/> next has something to say; null: never.</summary>
    public TimeSpan? NextDeadline => timeout switch
    {
        null => null,
        { } silence => _unanswered == 0 ? _lastReceived + silence : _lastEcho + EchoInterval,
    };

    /// <param name="lastReceived">When the peer was last heard.</param>
    public KeepaliveStep Advance(TimeSpan lastReceived, TimeSpan now)
    {
        if (lastReceived > _lastReceived)
        {
            _lastReceived = lastReceived;
            _unanswered = 0;
        }
        if (NextDeadline is not { } due || now < due)
            return KeepaliveStep.None;
        if (_unanswered == EchoLimit)
            return KeepaliveStep.MissedAndLost;
        _lastEcho = now;
        return _unanswered++ == 0 ? KeepaliveStep.SendEcho : KeepaliveStep.MissedAndSendEcho;
    }
}

internal enum KeepaliveStep
{
    None,

    /// <summary>Ask, for the first time since the peer was heard.</summary>
    SendEcho,

    /// <summary>The last echo brought no reply; ask again.</summary>
    MissedAndSendEcho,

    /// <summary>The fifth echo brought no reply: the peer is not responding.</summary>
    MissedAndLost,
}
