using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pptp.Model;

/// <summary>IPv4 addresses from <paramref name="First"/> to <paramref name="Last"/>, both included, as numbers
/// in host order.</summary>
public readonly record struct Ipv4Range(uint First, uint Last)
{
    public IPAddress FirstAddress => ToAddress(First);

    public IPAddress LastAddress => ToAddress(Last);

    /// <summary>How many addresses it holds: 1 to 2^32.</summary>
    public long Count => (long)Last - First + 1;

    public bool Contains(uint address) => address >= First && address <= Last;

    /// <summary>False for an IPv6 address.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily == AddressFamily.InterNetwork && Contains(ToNumber(address));
    }

    public bool Overlaps(Ipv4Range other) => First <= other.Last && other.First <= Last;

    public override string ToString() => First == Last ? $"{FirstAddress}" : $"{FirstAddress}-{LastAddress}";

    /// <summary>The address as a number: 10.0.0.1 is 0x0A000001.</summary>
    /// <exception cref="ArgumentException">Not an IPv4 address.</exception>
    public static uint ToNumber(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[4];
        if (address.AddressFamily != AddressFamily.InterNetwork || !address.TryWriteBytes(bytes, out _))
        {
            throw new ArgumentException("Not an IPv4 address.", nameof(address));
        }

        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>The address of a number: 0x0A000001 is 10.0.0.1.</summary>
    public static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
