namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Who hears what the data worker has for a call's control side. Called on the worker's thread: an owner takes
/// note and returns at once.
/// </summary>
public interface IDataPathOwner
{
    /// <summary>A PPP frame that is not the client's IP, without GRE header, in GRE order.</summary>
    void OnControlFrame(byte[] frame);

    /// <summary>The peer looks for its router (RFC 4861 §4.1). Comes at most once in a second.</summary>
    void OnRouterSolicitation();

    /// <summary>The next packet would exceed a byte limit: it was dropped, and all IP will be. Comes at most once.</summary>
    void OnLimitReached();

    /// <summary>
    /// Packets were lost, and with them the key stream of stateful MPPE: the peer is to be asked for a reset. Comes
    /// again after a while without an answer.
    /// </summary>
    void OnDecryptLost();

    /// <summary>Nothing the peer sends will ever be decrypted again: the link is to be ended. Comes once.</summary>
    /// <param name="why">For the log.</param>
    void OnDecryptHopeless(string why);

    /// <summary>
    /// The last word: the worker holds nothing of the call any more. The TUN that Open handed in is the owner's again.
    /// </summary>
    /// <param name="failure">Why the worker gave the call up, for the log; null where the owner had asked for it.</param>
    void OnClosed(DataPathCounters counters, string? failure);
}
