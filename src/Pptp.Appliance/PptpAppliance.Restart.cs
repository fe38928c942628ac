using Microsoft.Extensions.Logging;
using Pptp.Model;

namespace Pptp.Appliance;

/// <content>What a new configuration cannot change while the daemon runs.</content>
public sealed partial class PptpAppliance
{
    private void TellOfRestart(PptpConfiguration configuration)
    {
        if (configuration.System.GreSocket != _dataPlane!.Kind)
            Log.WaitsForRestart(_loggers.System, "gre-socket");
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "another {Property} waits until pptpd is started again")]
        public static partial void WaitsForRestart(ILogger logger, string property);
    }
}
