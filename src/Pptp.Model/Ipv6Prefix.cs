using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pptp.Model.Types;

namespace Pptp.Model;

/// <summary>IPv6 addresses that begin alike: <c>2001:db8:1::/64</c>. Its host bits are zero.</summary>
public readonly record struct Ipv6Prefix
{
    /// <summary>The number of bits of an address.</summary>
    public const int LongestLength = 128;

    /// <summary>What stateless autoconfiguration makes addresses in (RFC 4862 §5.5.3, RFC 4291 §2.5.1).</summary>
    public const int SubnetLength = 64;

    /// <param name="network">The first address as a number, see <see cref="ToNumber"/>.</param>
    /// <param name="length">0 to 128 bits.</param>
    /// <exception cref="ArgumentException">A bit behind the length is set, or there is no such length.</exception>
    public Ipv6Prefix(UInt128 network, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LongestLength);
        if ((network & HostMask(length)) != 0)
        {
            throw new ArgumentException("A host bit is set.", nameof(network));
        }

        Network = network;
        Length = length;
    }

    /// <summary>The first address as a number.</summary>
    public UInt128 Network { get; }

    /// <summary>In bits: 0 to 128.</summary>
    public int Length { get; }

    /// <summary>The first address.</summary>
    public IPAddress Address => ToAddress(Network);

    /// <summary>The last address as a number.</summary>
    public UInt128 Last => Network | HostMask(Length);

    /// <summary>Whether a host can have its addresses: none is multicast, link-local, or of ::/8 (RFC 4291 §2.4).</summary>
    public bool IsUnicast =>
        !Overlaps(new(0, 8)) && !Overlaps(new((UInt128)0xFE80 << 112, 10)) && !Overlaps(new((UInt128)0xFF << 120, 8));

    public bool Contains(UInt128 address) => (address & ~HostMask(Length)) == Network;

    /// <summary>False for an IPv4 address.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily == AddressFamily.InterNetworkV6 && Contains(ToNumber(address));
    }

    /// <summary>Whether either holds the other.</summary>
    public bool Overlaps(Ipv6Prefix other) =>
        Length <= other.Length ? Contains(other.Network) : other.Contains(Network);

    public IPNetwork ToIPNetwork() => new(Address, Length);

    /// <summary>As RFC 5952 writes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    /// <summary>Takes every way RFC 4291 §2.3 writes a prefix.</summary>
    /// <returns>False also where a host bit is set.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv6Prefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        if (slash < 0
            || !Ipv6Text.TryParse(text[..slash], out IPAddress? address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length > LongestLength
            || (ToNumber(address) & HostMask(length)) != 0)
        {
            return false;
        }

        prefix = new(ToNumber(address), length);
        return true;
    }

    /// <exception cref="FormatException">Not a prefix, or a host bit is set.</exception>
    public static Ipv6Prefix Parse(string text) =>
        TryParse(text, out Ipv6Prefix prefix) ? prefix : throw new FormatException($"{text} is no IPv6 prefix.");

    /// <summary>The address as a number: ::1 is 1.</summary>
    /// <exception cref="ArgumentException">Not an IPv6 address.</exception>
    public static UInt128 ToNumber(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || !address.TryWriteBytes(bytes, out _))
        {
            throw new ArgumentException("Not an IPv6 address.", nameof(address));
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address of a number: 1 is ::1.</summary>
    public static IPAddress ToAddress(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    // A shift by 128 would be one by 0.
    private static UInt128 HostMask(int length) =>
        length == LongestLength ? UInt128.Zero : UInt128.MaxValue >> length;
}
