using Pptp.Radius;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>Answers as a server would sign them.</summary>
internal static class RadiusReplies
{
    public static readonly byte[] Secret = "testing123"u8.ToArray();

    public static RadiusOutcome.Reply Accept(params RadiusValue[] values) => Of(RadiusCode.AccessAccept, values);

    public static RadiusOutcome.Reply Reject(params RadiusValue[] values) => Of(RadiusCode.AccessReject, values);

    public static RadiusOutcome.Reply Of(RadiusCode code, params RadiusValue[] values)
    {
        byte[] authenticator = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        RadiusPacket request = Parse(RadiusCodec.WriteRequest(new(RadiusCode.AccessRequest, []), 1, Secret, authenticator));
        RadiusPacket reply = Parse(RadiusCodec.WriteReply(code, request, values, Secret));
        return new RadiusOutcome.Reply(reply, TimeSpan.FromMilliseconds(1), authenticator, Secret);
    }

    private static RadiusPacket Parse(byte[] octets) =>
        RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem)
            ? packet
            : throw new AssertionException(problem);
}
