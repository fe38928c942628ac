using System.Collections.Concurrent;
using Pptp.Appliance.Aaa.Accounting;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Radius;

namespace Pptp.Appliance.Tests.Aaa.Accounting;

/// <summary>Servers that write down what they are told, and answer while they are up.</summary>
internal sealed class FakeServers : IAccountingPort
{
    /// <summary>What came, whether it was taken or not.</summary>
    public BlockingCollection<FakeRecord> Came { get; } = [];

    public bool IsUp { get; set; } = true;

    public bool AreConfigured { get; set; } = true;

    /// <summary>Comes between a request and its answer.</summary>
    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    private readonly Lock _lock = new();
    private bool _isCutOff;

    public bool Reaches(RadiusQuery query) => AreConfigured;

    public async Task<bool> SendAsync(RadiusRequest request, RadiusQuery query, CancellationToken cancellation)
    {
        bool taken;
        lock (_lock)
        {
            if (_isCutOff)
                return false;
            taken = IsUp;
            Came.Add(new FakeRecord(request, taken), cancellation);
        }
        await BeforeAnswer();
        return taken;
    }

    /// <summary>From now on nothing comes any more, as from a daemon that was killed at this moment.</summary>
    public void CutOff()
    {
        lock (_lock)
            _isCutOff = true;
    }

    public FakeRecord Next() => Came.TryTake(out FakeRecord? record, TimeSpan.FromSeconds(30))
        ? record
        : throw new AssertionException("the servers were told nothing more");

    public FakeRecord NextTaken()
    {
        FakeRecord record;
        do
            record = Next();
        while (!record.IsTaken);
        return record;
    }
}
