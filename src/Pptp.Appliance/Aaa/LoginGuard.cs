using System.Net;

namespace Pptp.Appliance.Aaa;

/// <summary>
/// Makes guessing slow: too many failures lock a user for the source they came from, and nobody elsewhere. A source
/// that fails with many names is locked for all of them.
/// </summary>
internal sealed class LoginGuard(MonotonicClock clock)
{
    /// <summary>Users and sources remembered at most, each.</summary>
    public const int Capacity = 4096;

    /// <summary>
    /// A source may fail so many times as often as one user from it: behind one address there may be an office.
    /// </summary>
    public const int NamesPerSource = 10;

    private readonly Lock _gate = new();
    private readonly FailureTable<(string User, IPAddress Source)> _users = new(Capacity);
    private readonly FailureTable<IPAddress> _sources = new(Capacity);

    /// <summary>
    /// Whether a login may be tried. If so it counts as a failure until <see cref="Forgive"/> takes that back, so that
    /// tries at the same time do not get past each other.
    /// </summary>
    /// <param name="limit">Failures that lock a user; 0: nobody is ever locked.</param>
    public bool TryBegin(string user, IPAddress source, int limit)
    {
        if (limit == 0)
            return true;
        TimeSpan now = clock.Now;
        lock (_gate)
        {
            if (_users.IsLocked((user, source), now) || _sources.IsLocked(source, now))
                return false;
            _users.Charge((user, source), limit, now);
            _sources.Charge(source, limit * NamesPerSource, now);
            return true;
        }
    }

    /// <summary>The login that began came to no verdict: it counts for nothing.</summary>
    public void Withdraw(string user, IPAddress source)
    {
        lock (_gate)
        {
            _users.Refund((user, source));
            _sources.Refund(source);
        }
    }

    /// <summary>The login that began was good: the user's failures are forgotten, those of the source stay.</summary>
    public void Forgive(string user, IPAddress source)
    {
        lock (_gate)
        {
            _users.Clear((user, source));
            _sources.Refund(source);
        }
    }
}
