using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces.Hooks;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <content>on-up and on-down.</content>
internal sealed partial class ClientTunnel
{
    private void RunHook(string property, HookScript? script, HookUsage? usage = null)
    {
        if (script is null)
            return;
        _services.Hooks.Run(new HookRun(Client.Name, $"{Client.Name}: {property}", script, new HookVariables
        {
            User = Client.User,
            LocalAddress = _network!.LocalAddress,
            RemoteAddress = _network.RemoteAddress,
            CallerId = _local,
            CalledId = _remote,
            Interface = Client.Name,
            Usage = usage,
        }));
    }

    private void RunDownHook(DataPathCounters counters) => RunHook(
        "on-down", _settings.OnDown, new HookUsage(_uptime ?? default, counters.RxBytes, counters.TxBytes, _reason!));
}
