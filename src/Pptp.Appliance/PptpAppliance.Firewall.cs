using Microsoft.Extensions.Logging;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Sessions;
using Pptp.Model;

namespace Pptp.Appliance;

/// <content>Filters and lists of sessions.</content>
public sealed partial class PptpAppliance
{
    private Firewall? _firewall;

    /// <summary>Without it sessions with a filter or list are refused; all others are let in.</summary>
    private void StartFirewall()
    {
        try
        {
            _firewall!.Apply(_configuration);
        }
        catch (FirewallException e)
        {
            FirewallLog.NotSet(_loggers.SystemError, e.Message);
        }
    }

    /// <summary>Ends those whose chain is no longer there: nothing passes them.</summary>
    /// <exception cref="FirewallException">Nothing was changed.</exception>
    private void ApplyFirewall(PptpConfiguration configuration)
    {
        foreach (string name in _firewall!.Apply(configuration))
            _services!.Sessions.OfInterface(name)?.RequestEnd("firewall chain removed", DisconnectReason.NasRequest);
    }

    private static partial class FirewallLog
    {
        [LoggerMessage(LogLevel.Error, "sessions whose profile has a filter or list are refused: {Why}")]
        public static partial void NotSet(ILogger logger, string why);
    }
}
