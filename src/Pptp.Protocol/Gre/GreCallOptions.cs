namespace Pptp.Protocol.Gre;

/// <summary>The numbers one call's GRE is run with.</summary>
public sealed record GreCallOptions
{
    /// <summary>
    /// The key of what we send: the peer's id of the call. Zero is an id like any other. Null: the peer has yet to tell
    /// it, and what it sends meanwhile is taken without an answer.
    /// </summary>
    public ushort? PeerCallId { get; init; } = 0;

    /// <summary>Packets the peer is willing to buffer, from its Outgoing-Call-Request. Advice only.</summary>
    public ushort PeerReceiveWindow { get; init; } = 64;

    /// <summary>
    /// How far, in packets, the order is mended: no more than this many packets wait for a missing one,
    /// and a packet further ahead than this needs a second one near it to be believed. 1 to 1024.
    /// </summary>
    public int ReorderLimit { get; init; } = 64;

    /// <summary>How long a packet may wait for the missing ones before it. Zero: not at all.</summary>
    public TimeSpan ReorderTimeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The longest PPP frame that is kept when out of order, in octets. A call keeps at most
    /// (<see cref="ReorderLimit"/> + 4) such frames, and has memory for as many as it ever kept at one time:
    /// none before the first packet out of order.
    /// </summary>
    public int MaximumHeldLength { get; init; } = 2048;

    /// <summary>An acknowledgement that found no data packet to ride on is sent alone after this time.</summary>
    public TimeSpan AcknowledgementDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Or as soon as this many delivered packets are unacknowledged. At least 1.</summary>
    public int AcknowledgementThreshold { get; init; } = 4;

    /// <summary>
    /// A peer that continues far behind where it was is followed only when the old place was silent this long.
    /// </summary>
    public TimeSpan RestartSilence { get; init; } = TimeSpan.FromSeconds(1);
}
