using System.Net;
using Pptp.Radius;

namespace Pptp.Fuzz;

/// <summary>Whole packets, of which most bytes are right, to be spoilt.</summary>
public static class RadiusSeeds
{
    public static IReadOnlyList<byte[]> All { get; } = Make();

    private static byte[][] Make()
    {
        byte[] secret = "testing123"u8.ToArray();
        byte[] authenticator = new byte[RadiusPacket.AuthenticatorLength];
        byte[] login = RadiusCodec.WriteRequest(
            new RadiusRequest(RadiusCode.AccessRequest,
            [
                RadiusValue.Of(RadiusAttributes.UserName, "nemo"),
                RadiusValue.Of(RadiusAttributes.UserPassword, "arctangent"),
                RadiusValue.Of(RadiusAttributes.NasIpAddress, IPAddress.Loopback),
                RadiusValue.Of(RadiusAttributes.EapMessage, new byte[253]),
                RadiusValue.Of(RadiusAttributes.EapMessage, new byte[10]),
            ]),
            1, secret, authenticator);
        if (!RadiusPacket.TryParse(login, out RadiusPacket? request, out string? problem))
            throw new InvalidOperationException(problem);
        byte[] accept = RadiusCodec.WriteReply(
            RadiusCode.AccessAccept, request,
            [
                RadiusValue.Of(RadiusAttributes.FramedIpAddress, IPAddress.Parse("10.0.0.5")),
                RadiusValue.Of(RadiusAttributes.FramedIpv6Prefix, IPAddress.Parse("2001:db8::"), 64),
                RadiusValue.Of(RadiusAttributes.SessionTimeout, 3600),
                RadiusValue.Of(RadiusAttributes.MsMppeSendKey, new byte[16]),
                RadiusValue.Of(RadiusAttributes.MsMppeReceiveKey, new byte[32]),
                RadiusValue.Of(RadiusAttributes.MikrotikRateLimit, "1M/2M"),
                RadiusValue.Of(RadiusAttributes.Class, new byte[100]),
                RadiusValue.OfTunnel(RadiusAttributes.TunnelType, 1, 3),
                // Made empty, what is left of it is an attribute too.
                RadiusValue.OfTunnel(RadiusAttributes.TunnelClientEndpoint, 1, "\t1234567"),
                RadiusValue.OfTunnel(RadiusAttributes.TunnelPassword, 1, "shared"),
            ],
            secret);
        // RFC 2865 §5.26: two attributes of a vendor in one.
        byte[] vendor = Convert.FromHexString(
            "0200002400000000000000000000000000000000" + "1a1000003a8c" + "03046162" + "010600000007");
        byte[] disconnect = RadiusCodec.WriteRequest(
            new RadiusRequest(RadiusCode.DisconnectRequest, [RadiusValue.Of(RadiusAttributes.AcctSessionId, "81000001")]),
            9, secret, authenticator);
        return [login, accept, vendor, disconnect];
    }
}
