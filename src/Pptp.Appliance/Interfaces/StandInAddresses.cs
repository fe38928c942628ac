using System.Net;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// The addresses of interfaces that wait for a packet to dial. As RouterOS has it, the way into each leads to an
/// address of its own in 10.112.112.0/24.
/// </summary>
internal sealed class StandInAddresses
{
    private const int First = 2;
    private const int Last = 254;

    private readonly Lock _lock = new();
    private readonly HashSet<int> _taken = [];

    /// <summary>The source of what the host itself sends meanwhile, the same on all of them.</summary>
    public static IPAddress Local { get; } = Address(1);

    /// <summary>The other end. Where all are taken some share one: the interface decides, not the address.</summary>
    public IPAddress Take()
    {
        lock (_lock)
        {
            int number = First;
            while (number < Last && !_taken.Add(number))
                number++;
            return Address(number);
        }
    }

    public void Release(IPAddress address)
    {
        lock (_lock)
            _taken.Remove(address.GetAddressBytes()[3]);
    }

    private static IPAddress Address(int number) => new([10, 112, 112, (byte)number]);
}
