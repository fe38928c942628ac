using Pptp.Radius;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>Answers as a server would sign them.</summary>
internal static class RadiusReplies
{
    public static readonly byte[] Secret = "testing123"u8.ToArray();

    /// <summary>Of the request that is answered.</summary>
    public static readonly byte[] Authenticator = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    public static RadiusOutcome.Reply Accept(params RadiusValue[] values) => Of(RadiusCode.AccessAccept, values);

    public static RadiusOutcome.Reply Reject(params RadiusValue[] values) => Of(RadiusCode.AccessReject, values);

    public static RadiusOutcome.Reply Of(RadiusCode code, params RadiusValue[] values)
    {
        RadiusPacket request = Parse(RadiusCodec.WriteRequest(new(RadiusCode.AccessRequest, []), 1, Secret, Authenticator));
        RadiusPacket reply = Parse(RadiusCodec.WriteReply(code, request, values, Secret));
        return new RadiusOutcome.Reply(reply, TimeSpan.FromMilliseconds(1), Authenticator, Secret);
    }

    private static RadiusPacket Parse(byte[] octets) =>
        RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem)
            ? packet
            : throw new AssertionException(problem);
}
