using System.Net;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>One port of one server.</summary>
internal interface IRadiusPort : IAsyncDisposable
{
    RadiusCounters Counters { get; }

    /// <summary>Where its requests come from; null: there is no way to the server now.</summary>
    IPAddress? LocalAddress { get; }

    /// <exception cref="OperationCanceledException">Cancelled, or closed.</exception>
    Task<RadiusOutcome> SendAsync(RadiusRequest request, int tries, CancellationToken cancellation);

    /// <summary>Asks once whether the server is there.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or closed.</exception>
    Task<bool> ProbeAsync(CancellationToken cancellation);
}
