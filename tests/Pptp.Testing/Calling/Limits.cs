namespace Pptp.Testing.Calling;

/// <summary>How long anything may take before a test gives up on it.</summary>
public static class Limits
{
    /// <summary>One exchange with the server; generous, as many tunnels may come up at once.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(20);
}
