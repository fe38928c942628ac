using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces.Hooks;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <content>on-up and on-down.</content>
internal sealed partial class CallSession
{
    private void RunHook(string property, HookScript? script, HookUsage? usage = null)
    {
        if (script is null)
            return;
        _services.Hooks.Run(new HookRun(this, $"{Prefix}: {property}", script, new HookVariables
        {
            User = _parameters!.User,
            LocalAddress = _network!.LocalAddress,
            RemoteAddress = _network.RemoteAddress,
            CallerId = _host.Remote,
            CalledId = _host.Local,
            Interface = _interface!.Name.Linux,
            Usage = usage,
        }));
    }

    private void RunDownHook(TimeSpan uptime, DataPathCounters counters) => RunHook(
        "on-down", _parameters!.OnDown, new HookUsage(uptime, counters.RxBytes, counters.TxBytes, _reason!.Value.Word()));
}
