using Pptp.Appliance.Aaa;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.State;

namespace Pptp.Appliance;

/// <content>Who decides on logins.</content>
public sealed partial class PptpAppliance
{
    private RadiusAccess MakeAccess(RadiusServers servers)
    {
        LoginGuard guard = new(_clock);
        LocalSecrets local = new(
            () => _configuration, new WrittenSecrets((whyNot, edits) => EditAsync(whyNot, edits)), guard);
        return new RadiusAccess(
            local, servers, () => _configuration, guard, new RadiusMemory(_clock), _loggers.RadiusWarning);
    }
}
