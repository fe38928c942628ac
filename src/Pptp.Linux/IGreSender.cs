namespace Pptp.Linux;

/// <summary>How GRE goes out. Each batch belongs to one thread.</summary>
public interface IGreSender
{
    /// <summary>
    /// Sends all packets of <paramref name="batch"/> and empties it. A packet the kernel does not take is dropped and
    /// counted, and the next one is tried.
    /// </summary>
    /// <returns>Packets the kernel took.</returns>
    int Send(GreBatch batch);
}
