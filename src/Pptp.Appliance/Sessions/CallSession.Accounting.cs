using Pptp.Appliance.Aaa.Accounting;
using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Sessions;

/// <content>What servers are told of the session.</content>
internal sealed partial class CallSession
{
    private IAccountedSession? _accounted;

    /// <summary>As the client sent it with its last login.</summary>
    private string _loginName = "";

    private void StartAccounting() => _accounted = _services.Accounting.Start(new AccountedSession
    {
        Identity = Identity,
        User = _parameters!.User,
        LoginName = _loginName,
        CallerId = _host.Remote,
        CalledId = _host.Local,
        Address = _network!.RemoteAddress,
        Ipv6Prefix = _prefix?.Prefix,
        IsOfRadius = _parameters.Radius is not null,
        Classes = _parameters.Radius?.Classes ?? [],
        InterimInterval = _parameters.Radius?.InterimInterval,
        Counters = () => _path.Counters,
    });

    private void StopAccounting(DataPathCounters counters) => _accounted?.Stop(_reason!.Value, counters);
}
