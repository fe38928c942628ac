namespace Pptp.Radius;

/// <summary>An attribute's definition. Two of the same number are equal.</summary>
/// <param name="Name">As its RFC or vendor has it.</param>
/// <param name="Vendor">Its vendor's enterprise number; 0: it is of RFC 2865's own space.</param>
/// <param name="Type">1 to 255.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="IsTagged">A tag may stand before it that says which tunnel it is of (RFC 2868 §3).</param>
public sealed record RadiusAttribute(string Name, uint Vendor, byte Type, RadiusValueKind Kind, bool IsTagged = false)
{
    public bool Equals(RadiusAttribute? other) => other is not null && (Vendor, Type) == (other.Vendor, other.Type);

    public override int GetHashCode() => HashCode.Combine(Vendor, Type);

    public override string ToString() => Name;
}
