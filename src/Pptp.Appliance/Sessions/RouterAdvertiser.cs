using System.Buffers.Binary;
using Pptp.Protocol;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// When a client is told of its router and prefix: at once, a few times soon after, then from time to time
/// (RFC 4861 §6.2.4), and whenever it asks.
/// </summary>
internal sealed class RouterAdvertiser(IRandomSource random, TimeSpan now)
{
    /// <summary>RFC 4861 §10: MAX_INITIAL_RTR_ADVERTISEMENTS.</summary>
    private const int FirstOnes = 3;

    /// <summary>RFC 4861 §10: MAX_INITIAL_RTR_ADVERT_INTERVAL.</summary>
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(16);

    /// <summary>RFC 4861 §6.2.1: MinRtrAdvInterval, a third of the longest.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(198);

    /// <summary>RFC 4861 §6.2.1: MaxRtrAdvInterval.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(600);

    private int _told;

    /// <summary>When the next is due.</summary>
    public TimeSpan NextDeadline { get; private set; } = now;

    /// <summary>
    /// The client asks. There is nobody else on the link for whose sake to wait, and who comes here asks once in a
    /// second.
    /// </summary>
    public void OnSolicitation(TimeSpan now) => NextDeadline = now;

    /// <summary>Whether an advertisement is to be sent now.</summary>
    public bool Advance(TimeSpan now)
    {
        if (now < NextDeadline)
            return false;
        TimeSpan interval = NextInterval();
        if (_told < FirstOnes)
        {
            _told++;
            interval = interval < FirstInterval ? interval : FirstInterval;
        }
        NextDeadline = now + interval;
        return true;
    }

    /// <summary>Not the same for all, or all would be told at once.</summary>
    private TimeSpan NextInterval()
    {
        Span<byte> octets = stackalloc byte[4];
        random.Fill(octets);
        double part = BinaryPrimitives.ReadUInt32BigEndian(octets) / (double)uint.MaxValue;
        return ShortestInterval + ((LongestInterval - ShortestInterval) * part);
    }
}
