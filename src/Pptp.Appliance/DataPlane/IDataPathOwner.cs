namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Who hears what the data worker has for a call's control side. Called on the worker's thread: an owner takes
/// note and returns at once.
/// </summary>
public interface IDataPathOwner
{
    /// <summary>A PPP frame that is not the client's IP, without GRE header, in GRE order.</summary>
    void OnControlFrame(byte[] frame);

    /// <summary>
    /// The last word: the worker holds nothing of the call any more. The TUN that Open handed in is the owner's again.
    /// </summary>
    /// <param name="failure">Why the worker gave the call up, for the log; null where the owner had asked for it.</param>
    void OnClosed(DataPathCounters counters, string? failure);
}
