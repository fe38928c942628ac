using Microsoft.Extensions.Logging;
using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Sessions;

/// <summary>What a tunnel has carried and lost, in one line at its end.</summary>
internal static partial class StatisticsLog
{
    /// <param name="logger">Takes the line.</param>
    /// <param name="name">Of the tunnel, as in its other lines.</param>
    /// <param name="c">All that it has counted.</param>
    public static void Write(ILogger logger, string name, in DataPathCounters c) => Statistics(
        logger, name, c.RxPackets, c.RxBytes, c.TxPackets, c.TxBytes, c.GreLost, c.GreLate, c.GreDuplicate,
        c.GreReordered, c.MppeLost, c.MppeResync, c.Spoofed, c.Dropped);

    [LoggerMessage(LogLevel.Information,
        "{Name}: statistics rx-packets={RxPackets} rx-bytes={RxBytes} tx-packets={TxPackets} tx-bytes={TxBytes} "
        + "gre-lost={GreLost} gre-late={GreLate} gre-duplicate={GreDuplicate} gre-reordered={GreReordered} "
        + "mppe-lost={MppeLost} mppe-resync={MppeResync} spoofed={Spoofed} dropped={Dropped}")]
    private static partial void Statistics(
        ILogger logger, string name, long rxPackets, long rxBytes, long txPackets, long txBytes,
        long greLost, long greLate, long greDuplicate, long greReordered, long mppeLost, long mppeResync, long spoofed,
        long dropped);
}
