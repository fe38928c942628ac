namespace Pptp.Appliance.Sessions;

/// <summary>
/// Who keeps what outlives a session. Called by the tunnels' actors, on any thread and at the same time: takes note,
/// returns at once, throws nothing.
/// </summary>
internal interface ISessionObserver
{
    /// <summary>A session that had logged in is over. Comes once, with the session's last counters.</summary>
    void LoggedOut(SessionEnd end);
}

/// <summary>Keeps nothing.</summary>
internal sealed class NoSessionObserver : ISessionObserver
{
    public static NoSessionObserver Instance { get; } = new();

    public void LoggedOut(SessionEnd end)
    {
    }
}
