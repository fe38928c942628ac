namespace Pptp.Radius;

/// <summary>Counts for <see cref="RadiusCounters"/>, from any thread.</summary>
internal sealed class RadiusTally
{
    private int _pending;
    private long _requests;
    private long _accepts;
    private long _rejects;
    private long _resends;
    private long _timeouts;
    private long _badReplies;
    private long _lastRoundTrip = -1;

    public RadiusCounters Snapshot => new()
    {
        Pending = Volatile.Read(ref _pending),
        Requests = Interlocked.Read(ref _requests),
        Accepts = Interlocked.Read(ref _accepts),
        Rejects = Interlocked.Read(ref _rejects),
        Resends = Interlocked.Read(ref _resends),
        Timeouts = Interlocked.Read(ref _timeouts),
        BadReplies = Interlocked.Read(ref _badReplies),
        LastRequestRtt = Interlocked.Read(ref _lastRoundTrip) is >= 0 and long ticks ? new TimeSpan(ticks) : null,
    };

    public void Begin()
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _pending);
    }

    public void End() => Interlocked.Decrement(ref _pending);

    public void Resend() => Interlocked.Increment(ref _resends);

    public void TimeOut() => Interlocked.Increment(ref _timeouts);

    public void BadReply() => Interlocked.Increment(ref _badReplies);

    public void Answer(RadiusCode code, TimeSpan roundTrip)
    {
        Interlocked.Exchange(ref _lastRoundTrip, roundTrip.Ticks);
        if (code is RadiusCode.AccessAccept or RadiusCode.AccountingResponse)
            Interlocked.Increment(ref _accepts);
        else if (code == RadiusCode.AccessReject)
            Interlocked.Increment(ref _rejects);
    }

    /// <summary>RouterOS' <c>reset-counters</c>; what is pending stays.</summary>
    public void Reset()
    {
        Interlocked.Exchange(ref _requests, 0);
        Interlocked.Exchange(ref _accepts, 0);
        Interlocked.Exchange(ref _rejects, 0);
        Interlocked.Exchange(ref _resends, 0);
        Interlocked.Exchange(ref _timeouts, 0);
        Interlocked.Exchange(ref _badReplies, 0);
        Interlocked.Exchange(ref _lastRoundTrip, -1);
    }
}
