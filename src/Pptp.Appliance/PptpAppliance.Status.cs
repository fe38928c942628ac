using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Diagnosis;
using Pptp.Appliance.Sessions;
using Pptp.Model;

namespace Pptp.Appliance;

/// <content>What the appliance tells of itself; from any thread.</content>
public sealed partial class PptpAppliance
{
    /// <summary>The configuration in force.</summary>
    public PptpConfiguration Configuration => _configuration;

    /// <summary>Those who have dialled in and whose tunnel carries IP, who came first first.</summary>
    public IReadOnlyList<PptpSessionStatus> Sessions =>
    [
        .. (_services?.Sessions.All ?? [])
            .OrderBy(call => call.Number)
            .Select(call => call.Status)
            .OfType<PptpSessionStatus>(),
    ];

    /// <summary>What all tunnels together have done; null before the start.</summary>
    public DataPlaneStatistics? DataPlane => _dataPlane?.Statistics;

    /// <summary>The last attempts to get in under this user name or from this address, the newest first.</summary>
    public IReadOnlyList<AttemptReport> AttemptsOf(string name) => _attempts.Find(name);

    /// <summary>Users, made-up names and addresses that have tried, who tried last first.</summary>
    /// <param name="most">So many.</param>
    public IReadOnlyList<string> AttemptNames(int most) => _attempts.Names(most);

    /// <summary>
    /// Ends the sessions of a user, that of an interface, or the tunnel that we dial by this name, which is dialled
    /// again then; from any thread. What ends has not ended when this returns.
    /// </summary>
    /// <param name="name">A user's, or an interface's: RouterOS' or that of Linux.</param>
    /// <returns>How many end.</returns>
    public int Disconnect(string name)
    {
        const string Reason = "disconnected by the administrator";
        List<CallSession> calls =
            [.. (_services?.Sessions.All ?? []).Where(call => call.IsNamed(name) && !call.IsEnding)];
        foreach (CallSession call in calls)
            call.RequestEnd(Reason, DisconnectReason.NasRequest);
        bool isClient = _dialer?.TryHangUp(name, Reason) == true;
        return calls.Count + (isClient ? 1 : 0);
    }
}
