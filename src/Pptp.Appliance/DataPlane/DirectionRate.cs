using Pptp.Appliance.Interfaces;
using Pptp.Model;

namespace Pptp.Appliance.DataPlane;

/// <summary>The rate-limit of one direction, in bits per second of IP.</summary>
/// <param name="Rate">More than 0.</param>
internal sealed record DirectionRate(long Rate)
{
    /// <summary>A queue that holds what this many seconds of the rate carry.</summary>
    private const double QueueSeconds = 0.04;

    /// <summary>What a queue holds at least, in packets: with fewer a TCP connection does not get going.</summary>
    private const int ShortestQueue = 8;

    private const int PacketBits = 1500 * 8;

    /// <summary>The rate while a burst lasts; the <see cref="Rate"/> where there is none.</summary>
    public long BurstRate { get; init; } = Rate;

    /// <summary>A burst lasts as long as the average is below this.</summary>
    public long BurstThreshold { get; init; }

    /// <summary>What the average is taken over.</summary>
    public TimeSpan BurstTime { get; init; }

    private int QueueLength => (int)Math.Clamp(Rate * QueueSeconds / PacketBits, ShortestQueue, TunnelInterfaceSpecification.DefaultQueueLength);

    /// <summary>What comes from the peer; null: as fast as it can.</summary>
    public static DirectionRate? OfReceived(RateLimit? limit) => limit is null ? null : Of(
        limit.Rate.Receive, limit.BurstRate?.Receive, limit.BurstThreshold?.Receive, limit.ReceiveBurstTime);

    /// <summary>What goes to the peer; null: as fast as it can.</summary>
    public static DirectionRate? OfSent(RateLimit? limit) => limit is null ? null : Of(
        limit.Rate.Transmit, limit.BurstRate?.Transmit, limit.BurstThreshold?.Transmit, limit.TransmitBurstTime);

    /// <summary>Packets the queue before a TUN is to hold, so that nothing waits there for long.</summary>
    public static int QueueLengthFor(RateLimit? limit) =>
        OfSent(limit)?.QueueLength ?? TunnelInterfaceSpecification.DefaultQueueLength;

    /// <summary>RouterOS: 0 is no limit; a burst without a threshold has the rate for it, and without a time a second.</summary>
    private static DirectionRate? Of(long rate, long? burst, long? threshold, TimeSpan? time)
    {
        if (rate == 0)
            return null;
        return burst > rate
            ? new DirectionRate(rate)
            {
                BurstRate = burst.Value,
                BurstThreshold = threshold ?? rate,
                BurstTime = time ?? TimeSpan.FromSeconds(1),
            }
            : new DirectionRate(rate);
    }
}
