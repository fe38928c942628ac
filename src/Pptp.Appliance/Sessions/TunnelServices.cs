using Pptp.Appliance.Aaa;
using Pptp.Appliance.Aaa.Accounting;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Diagnosis;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Interfaces.Hooks;
using Pptp.Appliance.State;
using Pptp.Model;
using Pptp.Protocol;

namespace Pptp.Appliance.Sessions;

/// <summary>What all tunnels share.</summary>
internal sealed record TunnelServices
{
    public required MonotonicClock Clock { get; init; }

    public required IRandomSource Random { get; init; }

    /// <summary>The configuration in force now; a session reads it when it begins.</summary>
    public required Func<PptpConfiguration> Configuration { get; init; }

    public required IAccessService Access { get; init; }

    public required AddressPools Pools { get; init; }

    public PrefixPools PrefixPools { get; init; } = new();

    public required IInterfaceTable Interfaces { get; init; }

    public required IDataPlane DataPlane { get; init; }

    public required CallIdTable CallIds { get; init; }

    /// <summary>By source address.</summary>
    public required ConnectionLimiter ConnectionLimiter { get; init; }

    /// <summary>By the network the source address is in.</summary>
    public required ConnectionLimiter NetworkLimiter { get; init; }

    /// <summary>Null: no session may be given an entry.</summary>
    public ProxyArp? ProxyArp { get; init; }

    public required SessionTable Sessions { get; init; }

    public SessionIds SessionIds { get; init; } = new();

    public IAccounting Accounting { get; init; } = NoAccounting.Instance;

    /// <summary>Why somebody could not get in.</summary>
    public required AttemptBook Attempts { get; init; }

    public IHooks Hooks { get; init; } = NoHooks.Instance;

    public ISessionObserver Observer { get; init; } = NoSessionObserver.Instance;

    public required TopicLoggers Loggers { get; init; }
}
