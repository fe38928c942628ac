using Pptp.Model;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.DataPlane;

/// <summary>Carries the tunnels' GRE. Every call has one data path in it, from its Outgoing-Call-Reply to its end.</summary>
public interface IDataPlane
{
    /// <summary>Begins to take and send the GRE of a call.</summary>
    /// <exception cref="InvalidOperationException">A data path with this address exists.</exception>
    IDataPathPort Attach(CallAddress address, GreCallOptions options, IDataPathOwner owner);

    /// <summary>May lag the workers by a turn.</summary>
    DataPlaneStatistics Statistics { get; }
}

/// <summary>
/// The actor's end of the worker's command queue for one call. Commands are carried out in order. After
/// <see cref="Close"/> further ones are ignored.
/// </summary>
public interface IDataPathPort
{
    /// <summary>
    /// The peer has answered the call that we placed. Comes before the first <see cref="Send"/>, where the call's id of
    /// the peer was not known when the path was attached.
    /// </summary>
    /// <param name="peerCallId">The peer's id of the call.</param>
    /// <param name="peerReceiveWindow">Packets the peer is willing to buffer.</param>
    void Connect(ushort peerCallId, ushort peerReceiveWindow);

    /// <summary>LCP has agreed that the peer may send packets in multilink fragments, or that it may not.</summary>
    /// <param name="mrru">The longest packet that is put together, in octets; null: the peer sends none.</param>
    void TakeFragments(int? mrru);

    /// <summary>Sends a PPP frame, unencrypted, with the next GRE sequence number.</summary>
    void Send(byte[] frame);

    /// <summary>The link is up: IP flows between GRE and the TUN, held frames first. Keys are the worker's from here on.</summary>
    void Open(DataPathParameters parameters);

    /// <summary>From now on this limit holds; null: none. To come after <see cref="Open"/>.</summary>
    void SetRates(RateLimit? limit);

    /// <summary>
    /// From now on the session may carry so many octets, with those it has carried already; 0: any number. To come
    /// after <see cref="Open"/>.
    /// </summary>
    /// <param name="bytesIn">From the peer.</param>
    /// <param name="bytesOut">To the peer.</param>
    /// <param name="bytesTotal">Both ways together.</param>
    void SetLimits(long bytesIn, long bytesOut, long bytesTotal);

    /// <summary>IPv6 goes both ways from here on; null: no more. To come after <see cref="Open"/>.</summary>
    void SetIpv6(Ipv6PathParameters? parameters);

    /// <summary>
    /// Sends a packet of IP to the peer as if it had come out of the TUN, but counts it for nothing. Lost while the path
    /// is not open.
    /// </summary>
    void SendPacket(byte[] packet);

    /// <summary>
    /// The peer asked for a reset of stateful MPPE: the next packet to it starts a new key stream. Several before that
    /// packet count as one.
    /// </summary>
    void ResetTransmit();

    /// <summary>
    /// The network layer is down: no IP goes either way any more. Control frames do, until <see cref="Close"/>.
    /// </summary>
    void Halt();

    /// <summary>Ends the call's traffic. <see cref="IDataPathOwner.OnClosed"/> follows.</summary>
    void Close();

    /// <summary>Counters as they stand; may lag the worker by a packet.</summary>
    DataPathCounters Counters { get; }

    /// <summary>When the last frame came that passed the sequence window and, where there is one, decryption.</summary>
    TimeSpan LastReceived { get; }

    /// <summary>
    /// GRE that came for this call from another address since then, or from its address for a call there is not; null:
    /// none.
    /// </summary>
    StrayGre? FindStray(TimeSpan since);

    /// <summary>When IP last went either way, or the link came up; zero before.</summary>
    TimeSpan LastTraffic { get; }
}
