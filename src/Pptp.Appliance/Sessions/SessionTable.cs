using System.Collections.Concurrent;
using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <summary>Every call there is, and the numbers they are told apart by before their user is known.</summary>
internal sealed class SessionTable
{
    private readonly ConcurrentDictionary<long, CallSession> _calls = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<CallSession>> _byUser = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _limits = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, int> _startingFrom = [];
    private long _lastNumber;
    private int _loggedIn;

    /// <summary>Calls that have not logged in yet.</summary>
    public int Starting => _calls.Count - Volatile.Read(ref _loggedIn);

    /// <summary>Calls that have logged in.</summary>
    public int LoggedIn => Volatile.Read(ref _loggedIn);

    /// <summary>Calls from this address that have not logged in yet.</summary>
    public int StartingFrom(IPAddress source)
    {
        lock (_lock)
            return _startingFrom.GetValueOrDefault(source);
    }

    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    public void Add(CallSession call)
    {
        _calls[call.Number] = call;
        lock (_lock)
            _startingFrom[call.Remote] = _startingFrom.GetValueOrDefault(call.Remote) + 1;
    }

    /// <summary>Every call there is now.</summary>
    public IReadOnlyList<CallSession> All => [.. _calls.Values];

    /// <summary>The session that has the interface of this Linux name; null: none has.</summary>
    public CallSession? OfInterface(string name) => _calls.Values.FirstOrDefault(call => call.InterfaceName == name);

    /// <summary>The sessions a user has now; some of them may be ending.</summary>
    /// <param name="user">The secret's name.</param>
    public IReadOnlyList<CallSession> OfUser(string user)
    {
        lock (_lock)
            return _byUser.TryGetValue(user, out List<CallSession>? calls) ? [.. calls] : [];
    }

    /// <summary>
    /// Puts a call among the sessions of its user, where the rule lets it: of two at the same instant one is first.
    /// </summary>
    /// <param name="call">Its user has proven who he is.</param>
    /// <param name="rule">Not <see cref="OnlyOne.Default"/>.</param>
    /// <param name="most">Sessions the user may have, unless <see cref="Limit"/> has said; null: any number.</param>
    /// <returns>The sessions that must be gone before it comes up; null: it may not come up at all.</returns>
    public IReadOnlyList<CallSession>? Enter(CallSession call, OnlyOne rule, int? most = null)
    {
        lock (_lock)
        {
            List<CallSession> calls = _byUser.GetValueOrDefault(call.User!) ?? [];
            if (rule == OnlyOne.Yes && calls.Any(other => !other.IsEnding))
                return null;
            if (_limits.TryGetValue(call.User!, out int changed))
                most = changed;
            if (calls.Count(other => !other.IsEnding) >= most)
                return null;
            CallSession[] before = rule == OnlyOne.No ? [] : [.. calls];
            calls.Add(call);
            _byUser[call.User!] = calls;
            return before;
        }
    }

    /// <summary>
    /// From now on a user may have this many sessions, whatever is said at a login, until he has none any more. Those
    /// that are beyond it stay.
    /// </summary>
    /// <param name="user">One who has a session; else nothing is changed.</param>
    /// <param name="most">0: he may have none beside those he has.</param>
    public void Limit(string user, int most)
    {
        lock (_lock)
        {
            if (_byUser.ContainsKey(user))
                _limits[user] = most;
        }
    }

    /// <summary>Counts a call among those that have logged in. False: there are as many as there may be.</summary>
    /// <param name="call">One that is added.</param>
    /// <param name="most">0: any number.</param>
    public bool TryMarkLoggedIn(CallSession call, int most)
    {
        lock (_lock)
        {
            if (most > 0 && _loggedIn >= most)
                return false;
            Interlocked.Increment(ref _loggedIn);
        }
        HasStarted(call.Remote);
        return true;
    }

    public void Remove(CallSession call)
    {
        if (!_calls.TryRemove(call.Number, out _))
            return;
        if (call.IsLoggedIn)
            Interlocked.Decrement(ref _loggedIn);
        else
            HasStarted(call.Remote);
        if (call.User is not { } user)
            return;
        lock (_lock)
        {
            if (_byUser.TryGetValue(user, out List<CallSession>? calls) && calls.Remove(call) && calls.Count == 0)
            {
                _byUser.Remove(user);
                _limits.Remove(user);
            }
        }
    }

    private void HasStarted(IPAddress source)
    {
        lock (_lock)
        {
            if (--_startingFrom[source] == 0)
                _startingFrom.Remove(source);
        }
    }
}
