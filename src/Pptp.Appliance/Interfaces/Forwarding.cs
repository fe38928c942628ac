using Microsoft.Extensions.Logging;
using Pptp.Appliance.Diagnosis;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>Lets packets pass between interfaces where the network namespace is ours, and says where they do not.</summary>
internal static partial class Forwarding
{
    /// <summary>Before the first interface is made.</summary>
    public static void Prepare(PptpConfiguration configuration, ILogger logger)
    {
        if (configuration.System.OwnNamespace)
        {
            // IPv6 is most of what an interface costs; one that carries it turns it on for itself.
            KernelSettings.TrySetIpv6("default", "disable_ipv6", 1);
            if (KernelProbes.IsForwardingIpv4() != true && !KernelSettings.TryForwardIpv4())
                Log.CannotForward(logger, "net.ipv4.ip_forward");
            if (HostDoctor.UsesIpv6(configuration) && !KernelSettings.TryForwardIpv6())
                Log.CannotForward(logger, "net.ipv6.conf.all.forwarding");
        }
        else if (HostDoctor.NeedsForwarding(configuration) is { } property && KernelProbes.IsForwardingIpv4() != true)
        {
            Log.NotForwarding(logger, property);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "net.ipv4.ip_forward is off, so {Property} has no effect: sysctl -w net.ipv4.ip_forward=1")]
        public static partial void NotForwarding(ILogger logger, string property);

        [LoggerMessage(LogLevel.Warning, "{Setting} cannot be turned on here: clients reach this host and nothing behind it")]
        public static partial void CannotForward(ILogger logger, string setting);
    }
}
