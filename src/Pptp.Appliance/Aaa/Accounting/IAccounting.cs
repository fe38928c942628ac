using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Sessions;

namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>Tells servers of sessions. Never waits and never throws; from any thread.</summary>
internal interface IAccounting
{
    /// <summary>A session has come up.</summary>
    /// <returns>Null: nobody wants to know of it.</returns>
    IAccountedSession? Start(AccountedSession session);
}

/// <summary>A session servers are told of.</summary>
internal interface IAccountedSession
{
    /// <summary>Changes how often a report is sent; null or zero: as the configuration has it.</summary>
    void SetInterim(TimeSpan? interval);

    /// <summary>It is over. What comes after is ignored.</summary>
    void Stop(DisconnectReason reason, DataPathCounters counters);
}

/// <summary>Nobody wants to know of any session.</summary>
internal sealed class NoAccounting : IAccounting
{
    public static NoAccounting Instance { get; } = new();

    public IAccountedSession? Start(AccountedSession session) => null;
}
