using System.Collections.Concurrent;

namespace Pptp.Appliance.Sessions;

/// <summary>Every call there is, and the numbers they are told apart by before their user is known.</summary>
internal sealed class SessionTable
{
    private readonly ConcurrentDictionary<long, CallSession> _calls = new();
    private long _lastNumber;
    private int _loggedIn;

    /// <summary>Calls that have not logged in yet.</summary>
    public int Starting => _calls.Count - Volatile.Read(ref _loggedIn);

    /// <summary>Calls that have logged in.</summary>
    public int LoggedIn => Volatile.Read(ref _loggedIn);

    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    public void Add(CallSession call) => _calls[call.Number] = call;

    /// <summary>The sessions a user has now; some of them may be ending.</summary>
    /// <param name="user">The secret's name.</param>
    public IReadOnlyList<CallSession> OfUser(string user) => [.. _calls.Values.Where(call => call.User == user)];

    public void MarkLoggedIn() => Interlocked.Increment(ref _loggedIn);

    public void Remove(CallSession call)
    {
        if (_calls.TryRemove(call.Number, out _) && call.IsLoggedIn)
            Interlocked.Decrement(ref _loggedIn);
    }
}
