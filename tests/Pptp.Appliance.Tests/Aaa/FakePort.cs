using System.Net;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Radius;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>A server that answers as a test wants it.</summary>
internal sealed class FakePort : IRadiusPort
{
    /// <summary>Null: an accept.</summary>
    public Func<RadiusRequest, RadiusOutcome>? Outcome { get; set; }

    public bool AnswersProbes { get; set; }

    public List<int> Tries { get; } = [];

    public List<RadiusRequest> Requests { get; } = [];

    public TaskCompletionSource Closed { get; } = new();

    public RadiusCounters Counters => new();

    public IPAddress? LocalAddress => IPAddress.Parse("192.0.2.254");

    public Task<RadiusOutcome> SendAsync(RadiusRequest request, int tries, CancellationToken cancellation)
    {
        Tries.Add(tries);
        Requests.Add(request);
        return Task.FromResult(Outcome?.Invoke(request) ?? RadiusReplies.Accept());
    }

    public Task<bool> ProbeAsync(CancellationToken cancellation) => Task.FromResult(AnswersProbes);

    public ValueTask DisposeAsync()
    {
        Closed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
