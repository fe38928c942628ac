using System.Net;
using System.Net.Sockets;
using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>The prefixes of one <c>/ipv6 pool</c>, each by the number of its first address.</summary>
/// <remarks>Not for several threads at once: <see cref="PrefixPools"/> sees to that.</remarks>
internal sealed class PrefixPool(string name, PrefixesInUse inUse, ILeaseMemory memory)
    : LeasePool<UInt128>(name, 1, memory)
{
    /// <summary>In bits.</summary>
    public int PrefixLength { get; private set; }

    /// <summary>The one that all have who reuse it, and how many these are.</summary>
    public (Ipv6Prefix Prefix, int Count) Shared { get; set; }

    /// <summary>Sets what there is to lend; prefixes in use stay in use, also where they are no longer of it.</summary>
    public void SetPrefix(Ipv6Prefix prefix, int prefixLength)
    {
        PrefixLength = prefixLength;
        UInt128 step = UInt128.One << (Ipv6Prefix.LongestLength - prefixLength);
        SetRanges([(prefix.Network, prefix.Last)], step);
    }

    /// <summary>It lends nothing more.</summary>
    public void Empty() => SetRanges([], 1);

    protected override UInt128? EndOfUse(UInt128 number) => inUse.Find(Of(number))?.Last;

    protected override void Take(UInt128 number, string owner) => inUse.TryTake(Of(number), owner, out _);

    protected override void Return(UInt128 number) => inUse.Return(number);

    protected override IPAddress ToAddress(UInt128 number) => Ipv6Prefix.ToAddress(number);

    protected override bool TryToNumber(IPAddress address, out UInt128 number)
    {
        bool isOurs = address.AddressFamily == AddressFamily.InterNetworkV6;
        number = isOurs ? Ipv6Prefix.ToNumber(address) : 0;
        return isOurs;
    }

    private Ipv6Prefix Of(UInt128 number) => new(number, PrefixLength);
}
