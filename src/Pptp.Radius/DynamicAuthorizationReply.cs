namespace Pptp.Radius;

/// <summary>What is answered to a Disconnect- or CoA-Request.</summary>
/// <param name="Error">Null: done, an Ack; else a Nak, and nothing has changed.</param>
public sealed record DynamicAuthorizationReply(DynamicAuthorizationError? Error = null)
{
    public static readonly DynamicAuthorizationReply Ack = new();
}
