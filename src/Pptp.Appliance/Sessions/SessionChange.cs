using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.Interfaces;
using Pptp.Radius;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// What a server changes of a session that is up. In two steps, so that of several sessions all are changed or none:
/// first what can fail, then the rest. What is not for any thread belongs to the session's actor.
/// </summary>
/// <param name="session">Whose change it is.</param>
/// <param name="grant">What it is given.</param>
internal sealed class SessionChange(CallSession session, RadiusGrant grant)
{
    private readonly TaskCompletionSource<RadiusRefusal?> _prepared =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CallSession Session { get; } = session;

    public RadiusGrant Grant { get; } = grant;

    /// <summary>Why it cannot be made; null: it can. From any thread; does not come where the session is over.</summary>
    public Task<RadiusRefusal?> Prepared => _prepared.Task;

    /// <summary>It is made, or undone. From any thread; does not come where the session is over.</summary>
    public Task Done => _done.Task;

    /// <summary>Filters and lists before it.</summary>
    public FirewallMembership? Before { get; set; }

    /// <summary>Filters and lists are those after it.</summary>
    public bool IsFirewallSet { get; set; }

    /// <summary>It is not to be made.</summary>
    public bool IsCancelled { get; set; }

    public void Prepare() => _prepared.TrySetResult(null);

    public void Refuse(DynamicAuthorizationError error, string why) =>
        _prepared.TrySetResult(new RadiusRefusal(error, why));

    public void Finish() => _done.TrySetResult();
}
