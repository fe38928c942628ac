using System.Net;

namespace Pptp.Appliance.Diagnosis;

/// <summary>
/// The last attempts to get in, by user and by source address. Bounded in each table and in all: who tries many names
/// pushes out others' made-up names and nobody real, who comes from many addresses the oldest of these. Safe from every
/// thread; a call costs a dictionary's look-up.
/// </summary>
internal sealed class AttemptBook
{
    /// <summary>Users that there are, and source addresses: so many are remembered of each.</summary>
    public const int Capacity = 4096;

    /// <summary>Names that are nobody's.</summary>
    public const int StrangerCapacity = 256;

    /// <summary>Octets that all of it may take.</summary>
    public const long Budget = 32 << 20;

    private readonly Lock _lock = new();
    private readonly AttemptTable<string> _users;
    private readonly AttemptTable<string> _strangers;
    private readonly AttemptTable<IPAddress> _sources;
    private long _weight;

    public AttemptBook(MonotonicClock clock)
    {
        Clock = clock;
        _users = new(Capacity, OnDropped);
        _strangers = new(StrangerCapacity, OnDropped);
        _sources = new(Capacity, OnDropped);
    }

    public MonotonicClock Clock { get; }

    /// <summary>Octets that it takes, as it reckons.</summary>
    public long Weight => Volatile.Read(ref _weight);

    /// <summary>Those who tried last, users before made-up names and these before addresses.</summary>
    /// <param name="most">So many.</param>
    public IReadOnlyList<string> Names(int most)
    {
        lock (_lock)
        {
            IEnumerable<string> sources = _sources.Keys.Select(source => $"{source}");
            return [.. _users.Keys.Concat(_strangers.Keys).Concat(sources).Take(most)];
        }
    }

    /// <summary>The last attempts under this name or from this address, the newest first.</summary>
    public IReadOnlyList<AttemptReport> Find(string name)
    {
        string user = LogText.Escape(name);
        List<Attempt> found;
        lock (_lock)
        {
            found = [.. _users.Find(user), .. _strangers.Find(user)];
            if (IPAddress.TryParse(name, out IPAddress? source))
                found.AddRange(_sources.Find(source));
        }
        // Of two at the same instant that which was filed later is the newer one.
        found.Reverse();
        return [.. found.Distinct().Select(attempt => attempt.Report()).OrderByDescending(report => report.Started)];
    }

    /// <summary>Somebody comes.</summary>
    public Attempt Begin(IPAddress source)
    {
        Attempt attempt = new(this, source);
        lock (_lock)
        {
            _sources.Add(source, attempt);
            _weight += attempt.Weight;
        }
        KeepToBudget();
        return attempt;
    }

    /// <summary>An attempt that is not to be found unless it comes to something.</summary>
    public Attempt BeginHidden(IPAddress source) => new(this, source);

    /// <summary>Somebody was sent away at the door. Again and again is one entry, for the others' sake.</summary>
    public void Refuse(IPAddress source, AttemptCause cause, string detail)
    {
        lock (_lock)
        {
            if (_sources.TryFindLast(source, out Attempt? last) && last.TryRepeat(cause))
                return;
        }
        Attempt attempt = Begin(source);
        attempt.Blame(cause, detail);
        attempt.End("refused and closed");
    }

    /// <summary>What was hidden can be found.</summary>
    public void Show(Attempt attempt)
    {
        lock (_lock)
        {
            if (attempt.Holders > 0)
                return;
            _sources.Add(attempt.Source, attempt);
            _weight += attempt.Weight;
        }
    }

    public void FileUnder(Attempt attempt, string user, bool isKnown)
    {
        lock (_lock)
        {
            if (attempt.Holders == 0)
                _weight += attempt.Weight;
            (isKnown ? _users : _strangers).Add(user, attempt);
        }
        KeepToBudget();
    }

    /// <summary>An attempt has grown by so many octets.</summary>
    public void Weigh(Attempt attempt, long octets)
    {
        lock (_lock)
        {
            attempt.Weight += octets;
            if (attempt.Holders > 0)
                _weight += octets;
        }
        KeepToBudget();
    }

    private void KeepToBudget()
    {
        lock (_lock)
        {
            bool hasMore = true;
            while (_weight > Budget && hasMore)
                hasMore = _strangers.TryForgetOldest() || _sources.TryForgetOldest() || _users.TryForgetOldest();
        }
    }

    // Under the lock, as all that the tables do.
    private void OnDropped(Attempt attempt)
    {
        if (attempt.Holders == 0)
            _weight -= attempt.Weight;
    }
}
