using System.Buffers.Binary;
using System.Text;

namespace Pptp.Radius;

/// <content>The tag of a tunnel's attributes (RFC 2868 §3): those with the same are of the same tunnel.</content>
public sealed partial record RadiusValue
{
    /// <summary>0: of no tunnel in particular.</summary>
    public const byte LastTag = 0x1F;

    private const int TunnelNumberBits = 24;
    private const uint GreatestTunnelNumber = (1u << TunnelNumberBits) - 1;

    /// <summary>1 to 31; 0: none is there.</summary>
    public byte Tag => Attribute.IsTagged && Octets.Length > 0 && Octets.Span[0] <= LastTag ? Octets.Span[0] : (byte)0;

    /// <summary>
    /// What follows the tag; all of it where there is none. A text that begins above 0x1F has none (§3.3), but of a
    /// number and of what is hidden the first octet is one in any case (§3.1, §3.5).
    /// </summary>
    public ReadOnlyMemory<byte> Body =>
        Attribute.IsTagged && Octets.Length > 0
        && (Octets.Span[0] <= LastTag || Attribute.Kind != RadiusValueKind.Text)
            ? Octets[1..]
            : Octets;

    private string Name => Tag == 0 ? Attribute.Name : $"{Attribute}:{Tag}";

    /// <inheritdoc cref="OfTunnel(RadiusAttribute, byte, byte[])"/>
    /// <param name="attribute">One that is tagged.</param>
    /// <param name="tag">0 to 31; 0: of no tunnel in particular.</param>
    /// <param name="text">What follows the tag.</param>
    public static RadiusValue OfTunnel(RadiusAttribute attribute, byte tag, string text) =>
        OfTunnel(attribute, tag, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="OfTunnel(RadiusAttribute, byte, byte[])"/>
    /// <param name="attribute">One that is tagged.</param>
    /// <param name="tag">0 to 31; 0: of no tunnel in particular.</param>
    /// <param name="number">Below 2^24.</param>
    public static RadiusValue OfTunnel(RadiusAttribute attribute, byte tag, uint number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, GreatestTunnelNumber);
        byte[] octets = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        return OfTunnel(attribute, tag, octets[1..]);
    }

    /// <summary>With a tag before it.</summary>
    /// <param name="attribute">One that is tagged.</param>
    /// <param name="tag">0 to 31; 0: of no tunnel in particular.</param>
    /// <param name="octets">What follows the tag.</param>
    /// <exception cref="ArgumentException">They are none, or do not fit the attribute; or there is no such tag.</exception>
    public static RadiusValue OfTunnel(RadiusAttribute attribute, byte tag, byte[] octets)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(octets);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tag, LastTag);
        if (!attribute.IsTagged || octets.Length == 0)
            throw new ArgumentException($"{attribute} cannot hold a tag and {octets.Length} octets.", nameof(octets));
        return Of(attribute, (byte[])[tag, .. octets]);
    }
}
