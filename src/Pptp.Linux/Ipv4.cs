using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <summary>
/// IPv4 addresses as the data path keeps them: the four bytes of the header, unchanged, read as one
/// <see langword="uint"/> (network order in memory, <c>in_addr.s_addr</c>).
/// </summary>
public static class Ipv4
{
    /// <exception cref="ArgumentException">Not an IPv4 address.</exception>
    public static uint FromAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[4];
        if (address.AddressFamily != AddressFamily.InterNetwork || !address.TryWriteBytes(bytes, out _))
        {
            throw new ArgumentException($"{address} is not an IPv4 address.", nameof(address));
        }

        return MemoryMarshal.Read<uint>(bytes);
    }

    public static IPAddress ToAddress(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, address);
        return new IPAddress(bytes);
    }
}
