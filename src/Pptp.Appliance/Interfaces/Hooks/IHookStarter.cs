using Pptp.Model;

namespace Pptp.Appliance.Interfaces.Hooks;

/// <summary>Starts a hook's program.</summary>
internal interface IHookStarter
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">The program.</param>
    /// <param name="variables">Its environment.</param>
    /// <param name="withCapabilities">Whether it keeps the daemon's.</param>
    /// <param name="end">Ends it, and all it has started that is still of its process group.</param>
    /// <returns>What became of it; when it was ended, that comes when it is gone.</returns>
    Task<HookResult> RunAsync(
        HookProgram program, IReadOnlyDictionary<string, string> variables, bool withCapabilities, CancellationToken end);
}

/// <summary>What became of a program.</summary>
/// <param name="ExitStatus">0: it has succeeded; null: it could not be started.</param>
/// <param name="Output">The beginning of what it has said, or why it could not be started.</param>
internal sealed record HookResult(int? ExitStatus, string Output);
