using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pptp.Radius;

/// <summary>Makes packets under a secret, and verifies those that come.</summary>
public static class RadiusCodec
{
    private const int HeadLength = 2;
    private const int MessageAuthenticatorAt = RadiusPacket.MinimumLength + HeadLength;

    private static ReadOnlySpan<byte> NoAuthenticator => new byte[RadiusPacket.AuthenticatorLength];

    /// <summary>Makes a request's octets. Of an Accounting-, Disconnect- or CoA-Request the authenticator is a sum.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="identifier">Tells it from others of the same source.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="random">16 octets nobody can guess, the authenticator of an Access-Request or Status-Server.</param>
    /// <param name="withMessageAuthenticator">
    /// Its first attribute is Message-Authenticator: an attacker who extends it finds no prefix of his own before it.
    /// </param>
    /// <exception cref="ArgumentException">It does not fit into a packet.</exception>
    public static byte[] WriteRequest(
        RadiusRequest request, byte identifier, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> random,
        bool withMessageAuthenticator = true)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool isRandom = request.Code is RadiusCode.AccessRequest or RadiusCode.StatusServer;
        return Write(
            request.Code, identifier, request.Values, secret, random, isRandom ? random : NoAuthenticator,
            isRandom, withMessageAuthenticator);
    }

    /// <summary>Makes a reply's octets, Message-Authenticator first.</summary>
    /// <param name="code">What it says.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="values">In the clear; Proxy-State of the request is for the caller to add.</param>
    /// <param name="secret">Shared with who asked.</param>
    /// <exception cref="ArgumentException">It does not fit into a packet.</exception>
    public static byte[] WriteReply(
        RadiusCode code, RadiusPacket request, IReadOnlyList<RadiusValue> values, ReadOnlySpan<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Write(
            code, request.Identifier, values, secret, request.Authenticator, request.Authenticator,
            isRandom: false, withMessageAuthenticator: true);
    }

    /// <summary>Whether a reply is of who shares the secret, and of this request; takes the same time either way.</summary>
    /// <param name="reply">What came.</param>
    /// <param name="requestAuthenticator">Of the request, 16 octets.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="requiresMessageAuthenticator">One without is refused (CVE-2024-3596).</param>
    /// <returns>Null: it is.</returns>
    public static BadReply? Verify(
        RadiusPacket reply, ReadOnlySpan<byte> requestAuthenticator, ReadOnlySpan<byte> secret,
        bool requiresMessageAuthenticator)
    {
        ArgumentNullException.ThrowIfNull(reply);
        Span<byte> sum = stackalloc byte[RadiusPacket.AuthenticatorLength];
        RadiusCrypto.Sign(reply.Octets, requestAuthenticator, secret, sum);
        if (!CryptographicOperations.FixedTimeEquals(sum, reply.Authenticator))
            return BadReply.WrongSecret;
        return VerifyMessage(reply, requestAuthenticator, secret, requiresMessageAuthenticator);
    }

    /// <summary>
    /// Whether a request whose authenticator is a sum is of who shares the secret: Accounting, Disconnect, CoA.
    /// </summary>
    /// <param name="request">What came.</param>
    /// <param name="secret">Shared with who asks.</param>
    /// <param name="requiresMessageAuthenticator">One without is refused.</param>
    /// <returns>Null: it is.</returns>
    public static BadReply? VerifyRequest(
        RadiusPacket request, ReadOnlySpan<byte> secret, bool requiresMessageAuthenticator) =>
        Verify(request, NoAuthenticator, secret, requiresMessageAuthenticator);

    private static BadReply? VerifyMessage(
        RadiusPacket packet, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret, bool isRequired)
    {
        if (packet.MessageAuthenticatorAt is not { } at)
            return isRequired ? BadReply.NoMessageAuthenticator : null;
        Span<byte> sum = stackalloc byte[RadiusPacket.AuthenticatorLength];
        RadiusCrypto.SignMessage(packet.Octets, authenticator, at, secret, sum);
        return CryptographicOperations.FixedTimeEquals(sum, packet.Octets.Slice(at, sum.Length))
            ? null
            : BadReply.WrongMessageAuthenticator;
    }

    /// <param name="code">What it is.</param>
    /// <param name="identifier">Of the request.</param>
    /// <param name="values">In the clear.</param>
    /// <param name="secret">Shared.</param>
    /// <param name="hiding">What hidden values go under.</param>
    /// <param name="signing">What stands in the authenticator's place while the sums are made.</param>
    /// <param name="isRandom">That stays there.</param>
    /// <param name="withMessageAuthenticator">It begins with one.</param>
    private static byte[] Write(
        RadiusCode code, byte identifier, IReadOnlyList<RadiusValue> values, ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> hiding, ReadOnlySpan<byte> signing, bool isRandom, bool withMessageAuthenticator)
    {
        byte[] packet = new byte[RadiusPacket.MaximumLength];
        int length = RadiusPacket.MinimumLength;
        if (withMessageAuthenticator)
            Append(RadiusAttributes.MessageAuthenticator, NoAuthenticator, packet, ref length);
        foreach (RadiusValue value in values)
            Append(value.Attribute, Hide(value, secret, hiding, length), packet, ref length);
        Array.Resize(ref packet, length);
        packet[0] = (byte)code;
        packet[1] = identifier;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)length);
        Span<byte> authenticator = packet.AsSpan(RadiusPacket.AuthenticatorOffset, RadiusPacket.AuthenticatorLength);
        if (withMessageAuthenticator)
        {
            Span<byte> sum = packet.AsSpan(MessageAuthenticatorAt, RadiusPacket.AuthenticatorLength);
            RadiusCrypto.SignMessage(packet, signing, MessageAuthenticatorAt, secret, sum);
        }
        if (isRandom)
            signing.CopyTo(authenticator);
        else
            RadiusCrypto.Sign(packet, signing, secret, authenticator);
        return packet;
    }

    /// <param name="value">In the clear.</param>
    /// <param name="secret">Shared.</param>
    /// <param name="authenticator">Of the request.</param>
    /// <param name="at">Its place in the packet, unlike any other's.</param>
    private static ReadOnlySpan<byte> Hide(
        RadiusValue value, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> authenticator, int at) =>
        value.Attribute.Kind switch
        {
            RadiusValueKind.HiddenPassword => RadiusCrypto.HidePassword(value.Octets.Span, secret, authenticator),
            RadiusValueKind.SaltEncrypted =>
                (byte[])
                [
                    .. value.Octets.Span[..^value.Body.Length],
                    .. RadiusCrypto.HideWithSalt(value.Body.Span, secret, authenticator, (ushort)(0x8000 | at)),
                ],
            _ => value.Octets.Span,
        };

    private static void Append(RadiusAttribute attribute, ReadOnlySpan<byte> value, byte[] packet, ref int length)
    {
        bool isVendors = attribute.Vendor != 0;
        int size = HeadLength + value.Length + (isVendors ? RadiusValue.VendorOverhead : 0);
        if (value.Length > RadiusValue.LongestOf(attribute) || length + size > packet.Length)
            throw new ArgumentException($"{attribute} with {value.Length} octets does not fit into the packet.");
        Span<byte> at = packet.AsSpan(length, size);
        length += size;
        if (isVendors)
        {
            at[0] = RadiusAttributes.VendorSpecific.Type;
            at[1] = (byte)size;
            BinaryPrimitives.WriteUInt32BigEndian(at[HeadLength..], attribute.Vendor);
            at = at[RadiusValue.VendorOverhead..];
            size -= RadiusValue.VendorOverhead;
        }
        at[0] = attribute.Type;
        at[1] = (byte)size;
        value.CopyTo(at[HeadLength..]);
    }
}
