using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Pptp.Radius;

/// <summary>A packet that came: its lengths are in order, nothing of it is verified.</summary>
public sealed class RadiusPacket
{
    /// <summary>RFC 2865 §3.</summary>
    public const int MinimumLength = 20;

    /// <summary>RFC 2865 §3.</summary>
    public const int MaximumLength = 4096;

    public const int AuthenticatorLength = 16;

    internal const int AuthenticatorOffset = 4;
    private const int HeadLength = 2;

    private readonly byte[] _octets;

    private RadiusPacket(
        byte[] octets, IReadOnlyList<RadiusValue> values, string? firstUnknown, int? messageAuthenticatorAt)
    {
        _octets = octets;
        Values = values;
        FirstUnknown = firstUnknown;
        MessageAuthenticatorAt = messageAuthenticatorAt;
    }

    public RadiusCode Code => (RadiusCode)_octets[0];

    public byte Identifier => _octets[1];

    public ReadOnlySpan<byte> Authenticator => _octets.AsSpan(AuthenticatorOffset, AuthenticatorLength);

    /// <summary>
    /// Every attribute in its order; of vendors' those that are known, one value for each. Hidden ones are as they came.
    /// </summary>
    public IReadOnlyList<RadiusValue> Values { get; }

    /// <summary>For people; an attribute that is not among <see cref="Values"/>. Null: all are.</summary>
    public string? FirstUnknown { get; }

    /// <summary>Whether somebody who knows the secret could have signed it.</summary>
    public bool HasMessageAuthenticator => MessageAuthenticatorAt is not null;

    /// <summary>Where the value of Message-Authenticator is; null: there is none.</summary>
    internal int? MessageAuthenticatorAt { get; }

    /// <summary>The whole packet, without what may follow it in the datagram.</summary>
    internal ReadOnlySpan<byte> Octets => _octets;

    /// <param name="datagram">Whatever came.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="problem">Why it is none, in English.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out RadiusPacket? packet, [NotNullWhen(false)] out string? problem)
    {
        packet = null;
        if (datagram.Length < MinimumLength)
        {
            problem = $"{datagram.Length} octets are no packet";
            return false;
        }
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        // RFC 2865 §3: what follows is padding; what is missing makes it invalid.
        if (length < MinimumLength || length > MaximumLength || length > datagram.Length)
        {
            problem = $"its length is {length} in {datagram.Length} octets";
            return false;
        }
        byte[] octets = datagram[..length].ToArray();
        List<RadiusValue> values = [];
        string? firstUnknown = null;
        int? messageAuthenticatorAt = null;
        for (int at = MinimumLength; at < length;)
        {
            int left = length - at;
            int size = left < HeadLength ? 0 : octets[at + 1];
            if (size < HeadLength || size > left)
            {
                problem = $"attribute {octets[at]} at {at} has the length {size}, and {left} octets are left";
                return false;
            }
            ReadOnlyMemory<byte> value = octets.AsMemory(at + HeadLength, size - HeadLength);
            if (octets[at] == RadiusAttributes.MessageAuthenticator.Type)
            {
                // RFC 3579 §3.2: once, and of 16 octets.
                if (value.Length != AuthenticatorLength || messageAuthenticatorAt is not null)
                {
                    problem = messageAuthenticatorAt is null
                        ? $"its Message-Authenticator has {value.Length} octets"
                        : "it has more than one Message-Authenticator";
                    return false;
                }
                messageAuthenticatorAt = at + HeadLength;
            }
            else if (octets[at] == RadiusAttributes.VendorSpecific.Type)
            {
                AddVendor(values, value, ref firstUnknown);
            }
            else if (RadiusAttributes.Find(0, octets[at]) is { } attribute)
            {
                values.Add(new RadiusValue(attribute, value));
            }
            else
            {
                firstUnknown ??= $"attribute {octets[at]}";
            }
            at += size;
        }
        packet = new RadiusPacket(octets, values, firstUnknown, messageAuthenticatorAt);
        problem = null;
        return true;
    }

    /// <summary>The first of this attribute; null: there is none.</summary>
    public RadiusValue? Find(RadiusAttribute attribute) => Values.FirstOrDefault(value => value.Attribute == attribute);

    public IEnumerable<RadiusValue> FindAll(RadiusAttribute attribute) =>
        Values.Where(value => value.Attribute == attribute);

    /// <summary>All octets of an attribute that is cut into several (RFC 3579 §3.1); none: it is not there.</summary>
    public byte[] Join(RadiusAttribute attribute) => [.. FindAll(attribute).SelectMany(value => value.Octets.ToArray())];

    /// <summary>
    /// RFC 2865 §5.26: several of a vendor's attributes may share one. What is not laid out so, and vendors that are
    /// unknown here, concern nobody.
    /// </summary>
    private static void AddVendor(List<RadiusValue> values, ReadOnlyMemory<byte> body, ref string? firstUnknown)
    {
        if (body.Length < sizeof(uint))
        {
            firstUnknown ??= $"attribute {RadiusAttributes.VendorSpecific.Type} of {body.Length} octets";
            return;
        }
        uint vendor = BinaryPrimitives.ReadUInt32BigEndian(body.Span);
        ReadOnlyMemory<byte> rest = body[sizeof(uint)..];
        while (rest.Length >= HeadLength)
        {
            int size = rest.Span[1];
            if (size < HeadLength || size > rest.Length)
                break;
            if (RadiusAttributes.Find(vendor, rest.Span[0]) is { } attribute)
                values.Add(new RadiusValue(attribute, rest[HeadLength..size]));
            else
                firstUnknown ??= $"attribute {rest.Span[0]} of vendor {vendor}";
            rest = rest[size..];
        }
        if (!rest.IsEmpty)
            firstUnknown ??= $"attributes of vendor {vendor}";
    }
}
