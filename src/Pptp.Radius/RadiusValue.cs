using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;

namespace Pptp.Radius;

/// <summary>One attribute of a packet and its value, in the clear.</summary>
/// <param name="Attribute">What it is.</param>
/// <param name="Octets">
/// Its value with its tag, without type, length and vendor, of any length its sender liked.
/// </param>
public sealed partial record RadiusValue(RadiusAttribute Attribute, ReadOnlyMemory<byte> Octets)
{
    /// <summary>The longest value of an attribute (RFC 2865 §5).</summary>
    public const int MaximumLength = 253;

    /// <summary>The longest value of a vendor's attribute (RFC 2865 §5.26).</summary>
    public const int MaximumVendorLength = MaximumLength - VendorOverhead;

    /// <summary>The vendor's number, and its own type and length.</summary>
    internal const int VendorOverhead = 6;

    private const int Ipv6AddressLength = 16;

    /// <summary>Octets it may have at most.</summary>
    public static int LongestOf(RadiusAttribute attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return attribute.Kind == RadiusValueKind.HiddenPassword ? RadiusCrypto.LongestPassword
            : attribute.Vendor == 0 ? MaximumLength
            : MaximumVendorLength;
    }

    /// <exception cref="ArgumentException">It is empty or too long for the attribute.</exception>
    public static RadiusValue Of(RadiusAttribute attribute, string text)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        byte[] octets = Encoding.UTF8.GetBytes(text);
        return attribute.IsTagged ? OfTunnel(attribute, 0, octets) : Of(attribute, octets);
    }

    public static RadiusValue Of(RadiusAttribute attribute, uint number)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        if (attribute.IsTagged)
            return OfTunnel(attribute, 0, number);
        byte[] octets = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        return Of(attribute, octets);
    }

    /// <exception cref="ArgumentException">It is not of the attribute's family.</exception>
    public static RadiusValue Of(RadiusAttribute attribute, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(address);
        AddressFamily family = attribute.Kind == RadiusValueKind.Address
            ? AddressFamily.InterNetwork
            : AddressFamily.InterNetworkV6;
        if (address.AddressFamily != family)
            throw new ArgumentException($"{attribute} cannot hold {address}.", nameof(address));
        return Of(attribute, address.GetAddressBytes());
    }

    /// <param name="attribute">Of the kind <see cref="RadiusValueKind.Ipv6Prefix"/>.</param>
    /// <param name="prefix">An IPv6 address.</param>
    /// <param name="length">0 to 128.</param>
    public static RadiusValue Of(RadiusAttribute attribute, IPAddress prefix, int length)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        byte[] all = prefix.GetAddressBytes();
        return Of(attribute, (byte[])[0, (byte)length, .. all.AsSpan(0, (length + 7) / 8)]);
    }

    /// <exception cref="ArgumentException">They are none, or too many for the attribute.</exception>
    public static RadiusValue Of(RadiusAttribute attribute, byte[] octets)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(octets);
        bool mayBeEmpty = attribute.Kind == RadiusValueKind.HiddenPassword;
        if ((octets.Length == 0 && !mayBeEmpty) || octets.Length > LongestOf(attribute))
            throw new ArgumentException($"{attribute} cannot hold {octets.Length} octets.", nameof(octets));
        return new RadiusValue(attribute, octets);
    }

    /// <summary>The text it is; null: it is not UTF-8 or empty.</summary>
    public string? AsText() =>
        Body.Length > 0 && Utf8.IsValid(Body.Span) ? Encoding.UTF8.GetString(Body.Span) : null;

    /// <summary>The number it is; null: it has not four octets, or the first of them is to be a tag and is none.</summary>
    public uint? AsInteger()
    {
        if (Octets.Length != sizeof(uint))
            return null;
        uint number = BinaryPrimitives.ReadUInt32BigEndian(Octets.Span);
        return !Attribute.IsTagged ? number
            : number >> TunnelNumberBits <= LastTag ? number & GreatestTunnelNumber
            : null;
    }

    /// <summary>The lower half of an IPv6 address that it is (RFC 3162 §2.2); null: it has not eight octets.</summary>
    public ulong? AsInterfaceId() =>
        Octets.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(Octets.Span) : null;

    /// <summary>The address it is; null: it has not as many octets as its kind.</summary>
    public IPAddress? AsAddress()
    {
        int length = Attribute.Kind == RadiusValueKind.Address ? sizeof(uint) : Ipv6AddressLength;
        return Octets.Length == length ? new IPAddress(Octets.Span) : null;
    }

    /// <summary>The prefix it is (RFC 3162 §2.3); null: it is none, or has bits beyond its length.</summary>
    public (IPAddress Prefix, int Length)? AsIpv6Prefix()
    {
        ReadOnlySpan<byte> octets = Octets.Span;
        if (octets.Length is < 2 or > 2 + Ipv6AddressLength || octets[1] > Ipv6AddressLength * 8)
            return null;
        int length = octets[1];
        Span<byte> prefix = stackalloc byte[Ipv6AddressLength];
        prefix.Clear();
        octets[2..].CopyTo(prefix);
        if (octets.Length - 2 < (length + 7) / 8)
            return null;
        for (int bit = length; bit < Ipv6AddressLength * 8; bit++)
        {
            if ((prefix[bit / 8] & (0x80 >> (bit % 8))) != 0)
                return null;
        }
        return (new IPAddress(prefix), length);
    }

    /// <summary>For people; what may be secret is not shown.</summary>
    public override string ToString() => Attribute.Kind switch
    {
        RadiusValueKind.Text => $"{Name} = \"{AsText()}\"",
        RadiusValueKind.Integer => $"{Name} = {AsInteger()}",
        RadiusValueKind.Address or RadiusValueKind.Ipv6Address => $"{Attribute} = {AsAddress()}",
        _ => $"{Name} ({Octets.Length} octets)",
    };
}
