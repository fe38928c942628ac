using System.Buffers.Binary;

namespace Pptp.Protocol.Ppp.Ipv6cp;

/// <summary>The IPv6 Control Protocol (RFC 5072): each end tells the lower half of its link-local address.</summary>
/// <param name="wanted">Suggested to the peer; 0: any it has.</param>
internal sealed class Ipv6cpProtocol(
    ulong wanted, ControlProtocolTimers timers, IRandomSource random, IControlProtocolHost host)
    : ControlProtocol(PppProtocol.Ipv6cp, timers, random, host)
{
    private const int IdentifierLength = 8;

    /// <summary>A Nak may be lost; a peer that has heard this many has a mind of its own.</summary>
    private const int WantedLimit = 3;

    private readonly ulong _tentative = random.NextInterfaceIdentifier();
    private ulong _suggestion;
    private ulong _asked;
    private bool _isSeen;
    private int _naksReceived;
    private int _wantedSent;

    /// <summary>Never zero.</summary>
    public ulong LocalIdentifier { get; private set; }

    /// <summary>Neither zero nor ours, once the protocol is open.</summary>
    public ulong RemoteIdentifier { get; private set; }

    // No key hangs on IPv6CP: the same request again is the same agreement again.
    protected override bool RepetitionMayChangeIdentifier => true;

    protected override void Forget()
    {
        LocalIdentifier = _tentative == wanted ? Another(wanted) : _tentative;
        _suggestion = wanted;
        _naksReceived = 0;
        _wantedSent = 0;
    }

    protected override void WriteRequest(List<PppOption> request) => request.Add(Option(LocalIdentifier));

    protected override NegotiationFailure? BeginJudging(IReadOnlyList<PppOption> request)
    {
        _isSeen = false;
        return null;
    }

    protected override OptionVerdict Judge(PppOption option)
    {
        if (option.Type != Ipv6cpOption.InterfaceIdentifier) return OptionVerdict.Reject;
        _isSeen = true;
        // RFC 5072 §4.1: one that is different and not zero is taken as it is, at last.
        if (!TryRead(option, out ulong asked) || asked == 0 || asked == LocalIdentifier
            || (wanted != 0 && asked != wanted && _wantedSent++ < WantedLimit))
        {
            return OptionVerdict.Nak(Option(Suggest()));
        }
        _asked = asked;
        return OptionVerdict.Ack;
    }

    protected override void AddMissing(List<PppOption> naks)
    {
        if (!_isSeen) naks.Add(Option(Suggest()));
    }

    protected override NegotiationFailure? NotConverging() => Failure("the peer takes no interface identifier");

    protected override void CommitPeerRequest() => RemoteIdentifier = _asked;

    protected override NegotiationFailure? ReceiveNak(PppOption option)
    {
        if (option.Type != Ipv6cpOption.InterfaceIdentifier) return null;
        if (++_naksReceived > MaxFailure) return Failure("the peer does not take our interface identifier");
        // RFC 5072 §4.1: what the peer suggests is ours, unless it is what we have suggested to the peer.
        bool isUsable = TryRead(option, out ulong suggested) && suggested != 0 && suggested != _suggestion;
        LocalIdentifier = isUsable ? suggested : Another(LocalIdentifier);
        return null;
    }

    protected override NegotiationFailure? ReceiveReject(PppOption option) =>
        Failure("the peer rejects our interface identifier");

    protected override NegotiationFailure NoEnd() => Failure("IPv6CP found no agreement with the peer");

    private static NegotiationFailure Failure(string detail) => new(LinkCloseCause.NetworkFailed, detail);

    private static bool TryRead(PppOption option, out ulong identifier) =>
        BinaryPrimitives.TryReadUInt64BigEndian(option.Data, out identifier) && option.Data.Length == IdentifierLength;

    private static PppOption Option(ulong identifier)
    {
        byte[] data = new byte[IdentifierLength];
        BinaryPrimitives.WriteUInt64BigEndian(data, identifier);
        return new PppOption(Ipv6cpOption.InterfaceIdentifier, data);
    }

    /// <summary>The same one each time, so that a peer may ask for what it was told.</summary>
    private ulong Suggest()
    {
        if (_suggestion == 0 || _suggestion == LocalIdentifier) _suggestion = Another(LocalIdentifier);
        return _suggestion;
    }

    private ulong Another(ulong than)
    {
        ulong candidate = Random.NextInterfaceIdentifier();
        if (candidate != than) return candidate;
        return than == 1 ? 2UL : 1UL;
    }
}
