using Pptp.Model;

namespace Pptp.Appliance.Interfaces.Hooks;

/// <summary>The programs of <c>on-up</c> or <c>on-down</c> for one session.</summary>
/// <param name="Session">Runs of the same session come one after the other.</param>
/// <param name="Who">For the log: the session, and the property.</param>
/// <param name="Script">What is run.</param>
/// <param name="Variables">Its environment.</param>
internal sealed record HookRun(object Session, string Who, HookScript Script, HookVariables Variables);
