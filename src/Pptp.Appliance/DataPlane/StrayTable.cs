using Pptp.Linux;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Where the last GRE that belonged to no call came from, by its call id and by its source. A fixed number of places,
/// which later packets take from earlier ones: it explains calls that hear nothing, and proves nothing. The worker
/// writes, calls read.
/// </summary>
internal sealed class StrayTable
{
    private const int Places = 1024;

    /// <summary>One packet may be a late one of a call that is over.</summary>
    private const int Enough = 2;

    private readonly Lock _lock = new();
    private readonly Stray[] _byCallId = new Stray[Places];
    private readonly Stray[] _bySource = new Stray[Places];

    public void Add(CallAddress address, TimeSpan now)
    {
        lock (_lock)
        {
            Count(ref _byCallId[address.CallId % Places], address, now);
            Count(ref _bySource[PlaceOf(address.Remote)], address, now);
        }
    }

    /// <summary>What came since then for this call from elsewhere, or from its client for another call.</summary>
    public StrayGre? Find(CallAddress call, TimeSpan since)
    {
        lock (_lock)
        {
            Stray byCallId = _byCallId[call.CallId % Places];
            if (byCallId.Address.CallId == call.CallId && IsMeant(byCallId, call, since))
                return byCallId.Told;
            Stray bySource = _bySource[PlaceOf(call.Remote)];
            return bySource.Address.Remote == call.Remote && IsMeant(bySource, call, since) ? bySource.Told : null;
        }
    }

    private static bool IsMeant(Stray stray, CallAddress call, TimeSpan since) =>
        stray.Packets >= Enough && stray.Last >= since && stray.Address.Local == call.Local;

    // The last octets are what differs between the clients of a network.
    private static uint PlaceOf(uint source) => (source ^ (source >> 16)) % Places;

    private static void Count(ref Stray place, CallAddress address, TimeSpan now)
    {
        int packets = place.Address == address ? place.Packets : 0;
        place = new Stray(address, Math.Min(packets + 1, Enough), now);
    }

    private readonly record struct Stray(CallAddress Address, int Packets, TimeSpan Last)
    {
        public StrayGre Told => new(Ipv4.ToAddress(Address.Remote), Address.CallId);
    }
}
