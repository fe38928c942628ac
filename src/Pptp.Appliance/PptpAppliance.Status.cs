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
}
