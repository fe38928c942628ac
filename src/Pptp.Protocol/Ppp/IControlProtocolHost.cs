namespace Pptp.Protocol.Ppp;

/// <summary>What a control protocol needs of the link it runs on.</summary>
internal interface IControlProtocolHost
{
    /// <summary>The longest packet the peer takes, in octets.</summary>
    int PeerMru { get; }

    void Send(ushort protocol, ReadOnlySpan<byte> packet);

    void Emit(PppEvent happened);

    /// <summary>The protocol reached Opened.</summary>
    void LayerUp(ControlProtocol protocol, TimeSpan now);

    /// <summary>The protocol left Opened; its state is already the next one.</summary>
    void LayerDown(ControlProtocol protocol, AutomatonEvent cause, TimeSpan now);

    /// <summary>The protocol gave up, was rejected, or finished closing.</summary>
    void LayerFinished(ControlProtocol protocol, AutomatonEvent cause, TimeSpan now);

    /// <summary>The peer sent a Terminate-Request, which has been answered.</summary>
    void PeerTerminated(ControlProtocol protocol, TimeSpan now);

    /// <summary>No agreement is possible. The protocol has done nothing about it yet.</summary>
    void NegotiationFailed(ControlProtocol protocol, NegotiationFailure failure, TimeSpan now);

    /// <summary>LCP received a Protocol-Reject for <paramref name="rejected"/>.</summary>
    void ProtocolRejected(ushort rejected, TimeSpan now);
}
