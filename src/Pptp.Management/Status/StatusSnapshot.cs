using Pptp.Appliance;
using Pptp.Appliance.DataPlane;
using Pptp.Model;

namespace Pptp.Management.Status;

/// <summary>What the appliance tells of its tunnels at one moment.</summary>
/// <param name="Configuration">The one in force.</param>
/// <param name="Clients">Those that are dialled.</param>
/// <param name="Sessions">Those who have dialled in.</param>
/// <param name="At">The moment, on a clock that only its own differences mean something of.</param>
public sealed record StatusSnapshot(
    PptpConfiguration Configuration,
    IReadOnlyList<PptpClientStatus> Clients,
    IReadOnlyList<PptpSessionStatus> Sessions,
    TimeSpan At)
{
    /// <summary>The rows of <c>/radius</c> that are asked.</summary>
    public IReadOnlyList<RadiusServerStatus> Radius { get; init; } = [];

    public RadiusIncomingStatus RadiusIncoming { get; init; } = new(0, 0, 0, 0);

    public AccountingStatus Accounting { get; init; } = new(0, TimeSpan.Zero);

    /// <summary>Null: the data plane does not run.</summary>
    public DataPlaneStatistics? DataPlane { get; init; }

    /// <summary>Whether there is anything to measure.</summary>
    public bool IsRunning => Sessions.Count > 0 || Clients.Any(client => client.Running);
}
