using Pptp.Radius;

namespace Pptp.Fuzz;

/// <summary>Does with a datagram all that is done with one from the network, whatever it holds.</summary>
public static class RadiusTarget
{
    private static readonly byte[] Secret = "testing123"u8.ToArray();

    public static void Run(byte[] datagram)
    {
        ArgumentNullException.ThrowIfNull(datagram);
        byte[] before = [.. datagram];
        if (!RadiusPacket.TryParse(datagram, out RadiusPacket? packet, out string? problem))
        {
            Demand(!string.IsNullOrEmpty(problem), "a refusal without a reason");
            return;
        }
        Demand(datagram.AsSpan().SequenceEqual(before), "reading has changed what was read");
        Demand(packet.Values.Sum(value => value.Octets.Length) <= datagram.Length, "more octets than there were");
        byte[] authenticator = packet.Authenticator.ToArray();
        foreach (RadiusValue value in packet.Values)
        {
            _ = value.AsText();
            _ = value.AsInteger();
            _ = value.AsInterfaceId();
            _ = value.AsAddress();
            _ = value.AsIpv6Prefix();
            _ = value.ToString();
            if (RadiusCrypto.TryReadSalted(value.Body.Span, Secret, authenticator, out byte[]? key))
                Demand(key.Length < value.Octets.Length, "a key longer than what hides it");
            _ = RadiusCrypto.TryReadChapKeys(value.Octets.Span, Secret, authenticator, out _);
        }
        _ = packet.Join(RadiusAttributes.EapMessage);
        _ = RadiusCodec.Verify(packet, authenticator, Secret, requiresMessageAuthenticator: true);
        _ = RadiusCodec.VerifyRequest(packet, Secret, requiresMessageAuthenticator: false);
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }
}
