using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>
/// A control protocol with one option, 1: a peer's value of AA is good, BB is Nak'ed with AA, and any other option is
/// rejected. Our own request has 1 with 55. Code 9 is an echo, answered with 10.
/// </summary>
internal sealed class ProbeProtocol(ControlProtocolTimers timers, IControlProtocolHost host)
    : ControlProtocol(0x8001, timers, new KnownRandom(), host)
{
    private byte _value = 0x55;

    protected override bool RepetitionMayChangeIdentifier => false;

    protected override void WriteRequest(List<PppOption> options) => options.Add(new PppOption(1, [_value]));

    protected override void Forget() => _value = 0x55;

    protected override NegotiationFailure? BeginJudging(IReadOnlyList<PppOption> options) => null;

    protected override OptionVerdict Judge(PppOption option)
    {
        if (option.Type != 1) return OptionVerdict.Reject;
        return option.Data is [0xAA] ? OptionVerdict.Ack : OptionVerdict.Nak(new PppOption(1, [0xAA]));
    }

    protected override void CommitPeerRequest()
    {
    }

    protected override NegotiationFailure? ReceiveNak(PppOption option)
    {
        _value = option.Data[0];
        return null;
    }

    protected override NegotiationFailure? ReceiveReject(PppOption option) => null;

    protected override NegotiationFailure NoEnd() => new(LinkCloseCause.LcpFailed, "no end");

    protected override bool ReceiveOther(byte code, byte identifier, ReadOnlySpan<byte> body, TimeSpan now)
    {
        if (code is < 9 or > 11) return false;
        FireEcho(now);
        return true;
    }

    protected override void SendEchoReply(byte identifier, ReadOnlySpan<byte> received) =>
        SendPacket(10, identifier, received[4..]);
}
