using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>Writes down what a control protocol does, in the words of RFC 1661 §4.4 where it has them.</summary>
internal sealed class ProbeHost : IControlProtocolHost
{
    private static readonly string[] Codes =
        ["", "scr", "sca", "scn", "scn", "str", "sta", "scj", "", "", "ser"];

    public int PeerMru { get; set; } = 1500;

    public List<string> Done { get; } = [];

    public List<byte[]> Sent { get; } = [];

    /// <summary>What was done since last asked.</summary>
    public string[] Take()
    {
        string[] done = [.. Done];
        Done.Clear();
        return done;
    }

    public void Send(ushort protocol, ReadOnlySpan<byte> packet)
    {
        Done.Add(Codes[packet[0]]);
        Sent.Add(packet.ToArray());
    }

    public void Emit(PppEvent happened)
    {
    }

    public void LayerUp(ControlProtocol protocol, TimeSpan now) => Done.Add("tlu");

    public void LayerDown(ControlProtocol protocol, AutomatonEvent cause, TimeSpan now) => Done.Add("tld");

    public void LayerFinished(ControlProtocol protocol, AutomatonEvent cause, TimeSpan now) => Done.Add("tlf");

    public void PeerTerminated(ControlProtocol protocol, TimeSpan now)
    {
    }

    public void NegotiationFailed(ControlProtocol protocol, NegotiationFailure failure, TimeSpan now) =>
        Done.Add("failed: " + failure.Detail);

    public void ProtocolRejected(ushort rejected, TimeSpan now)
    {
    }
}
