using System.Net;
using System.Net.Sockets;
using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>The addresses of one <c>/ip pool</c>.</summary>
/// <remarks>Not for several threads at once: <see cref="AddressPools"/> sees to that.</remarks>
internal sealed class AddressPool(string name, AddressesInUse inUse, ILeaseMemory memory)
    : LeasePool<uint>(name, 1, memory)
{
    private long _total;

    /// <summary>The pool to go on with when this one has nothing left; null: none.</summary>
    public string? Next { get; set; }

    public PoolUsage Usage => new(_total, Lent.Count, _total - inUse.All.LongCount(Contains));

    /// <summary>Sets the ranges; addresses in use stay in use, also where they are no longer in a range.</summary>
    public void SetRanges(IReadOnlyList<Ipv4Range> ranges)
    {
        _total = ranges.Sum(range => range.Count);
        SetRanges([.. ranges.Select(range => (range.First, range.Last))], 1);
    }

    protected override uint? EndOfUse(uint number) => inUse.Contains(number) ? number : null;

    protected override void Take(uint number, string owner) => inUse.TryTake(number, owner);

    protected override void Return(uint number) => inUse.Return(number);

    protected override IPAddress ToAddress(uint number) => Ipv4Range.ToAddress(number);

    protected override bool TryToNumber(IPAddress address, out uint number)
    {
        bool isOurs = address.AddressFamily == AddressFamily.InterNetwork;
        number = isOurs ? Ipv4Range.ToNumber(address) : 0;
        return isOurs;
    }
}
