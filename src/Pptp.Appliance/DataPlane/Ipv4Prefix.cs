using System.Net;
using Pptp.Model;

namespace Pptp.Appliance.DataPlane;

/// <summary>An IPv4 network, for the check of inner source addresses.</summary>
public readonly record struct Ipv4Prefix
{
    private readonly uint _network;
    private readonly uint _mask;

    /// <param name="address">Any address of the network.</param>
    /// <param name="length">0 to 32.</param>
    public Ipv4Prefix(IPAddress address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 32);
        _mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        _network = Ipv4Range.ToNumber(address) & _mask;
    }

    public bool Contains(uint address) => (address & _mask) == _network;
}
