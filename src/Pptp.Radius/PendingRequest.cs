namespace Pptp.Radius;

/// <summary>A request that was sent and not answered yet.</summary>
/// <param name="code">Of the request.</param>
/// <param name="packet">Its octets, the same at each try.</param>
internal sealed class PendingRequest(RadiusCode code, byte[] packet)
{
    private readonly TaskCompletionSource<RadiusPacket> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] Packet { get; } = packet;

    public ReadOnlySpan<byte> Authenticator =>
        Packet.AsSpan(RadiusPacket.AuthenticatorOffset, RadiusPacket.AuthenticatorLength);

    public Task<RadiusPacket> Answer => _answer.Task;

    /// <summary>What was wrong with the last answer that was none; null: no such came.</summary>
    public BadReply? LastBad { get; private set; }

    /// <summary>Takes what came for it. Only a good answer ends the wait.</summary>
    /// <param name="packet">Null: it was no packet.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="requiresMessageAuthenticator">One without is a bad one.</param>
    /// <returns>What is wrong with it; null: it is the answer.</returns>
    public BadReply? Take(RadiusPacket? packet, ReadOnlySpan<byte> secret, bool requiresMessageAuthenticator)
    {
        // A probe lets nobody in, and servers answer it without what they are told to add to other replies.
        requiresMessageAuthenticator &= code != RadiusCode.StatusServer;
        BadReply? bad =
            packet is null || !IsAnsweredBy(packet.Code)
                ? BadReply.Malformed
                : RadiusCodec.Verify(packet, Authenticator, secret, requiresMessageAuthenticator);
        if (bad is null)
            _answer.TrySetResult(packet!);
        else
            LastBad = bad;
        return bad;
    }

    /// <summary>Whether a packet can be the answer to this, by its code alone.</summary>
    private bool IsAnsweredBy(RadiusCode reply) => code switch
    {
        RadiusCode.AccessRequest =>
            reply is RadiusCode.AccessAccept or RadiusCode.AccessReject or RadiusCode.AccessChallenge,
        RadiusCode.AccountingRequest => reply is RadiusCode.AccountingResponse,
        // RFC 5997 §3: as the port answers.
        RadiusCode.StatusServer => reply is RadiusCode.AccessAccept or RadiusCode.AccountingResponse,
        _ => false,
    };
}
