namespace Pptp.Protocol.Ppp.Ccp;

/// <summary>The Compression Control Protocol (RFC 1962) for nothing but MPPE (RFC 3078).</summary>
internal sealed class CcpProtocol(
    MppeOffer offer, ControlProtocolTimers timers, IRandomSource random, IControlProtocolHost host)
    : ControlProtocol(PppProtocol.Ccp, timers, random, host)
{
    public const byte MppeOption = 18;

    private readonly MppeParameters _best = MppeBits.Choose(MppeBits.AllStrengths | MppeBits.Stateless, offer);
    private MppeParameters? _wish;
    private MppeParameters? _requested;
    private MppeParameters? _ours;
    private MppeParameters? _asked;
    private MppeParameters? _theirs;
    private bool _isMissing;
    private int _naksReceived;

    /// <summary>
    /// The form of both directions; null while they differ, which only a peer that acknowledges one form and asks
    /// for another can bring about.
    /// </summary>
    public MppeParameters? Agreed => _ours == _theirs ? _ours : null;

    /// <summary>
    /// From here on a request under a new identifier means that the peer starts over with its first key.
    /// </summary>
    public bool DataMayHaveFlowed { get; set; }

    private MppeParameters Wish => _wish ?? _best;

    protected override bool RepetitionMayChangeIdentifier => !DataMayHaveFlowed;

    /// <summary>Asks the peer to reset its encryptor (RFC 1962 §3.2, RFC 3078 §7.4); only in Opened.</summary>
    public void SendResetRequest()
    {
        if (State == PppState.Opened) SendNew(ControlCode.ResetRequest, []);
    }

    protected override void Forget()
    {
        _wish = null;
        _ours = null;
        _theirs = null;
        _naksReceived = 0;
    }

    protected override void WriteRequest(List<PppOption> request)
    {
        _requested = Wish;
        request.Add(Suggest(Wish));
    }

    protected override void CommitOwnRequest() => _ours = _requested;

    protected override NegotiationFailure? BeginJudging(IReadOnlyList<PppOption> request)
    {
        _asked = null;
        _isMissing = true;
        return null;
    }

    protected override OptionVerdict Judge(PppOption option)
    {
        if (option.Type != MppeOption) return OptionVerdict.Reject;
        _isMissing = false;
        if (!option.TryReadUInt32(out uint bits)) return OptionVerdict.Nak(Suggest(Wish));
        // MPPC alone (C), or nothing: there is no encryption in this option to talk about.
        if ((bits & MppeBits.AllStrengths) == 0) return OptionVerdict.Reject;
        // Once the peer acknowledged our direction, the other one is to be the same.
        MppeParameters wanted = State == PppState.AckReceived && _ours is { } ours
            ? ours
            : MppeBits.Choose(bits, offer);
        // RFC 3078 §2: a single strength; neither compression (C) nor the obsolete D.
        if (bits != MppeBits.Encode(wanted)) return OptionVerdict.Nak(Suggest(wanted));
        _asked = wanted;
        return OptionVerdict.Ack;
    }

    protected override void AddMissing(List<PppOption> naks)
    {
        if (_isMissing) naks.Add(Suggest(Wish));
    }

    protected override NegotiationFailure? NotConverging() => Refusal("the peer insists on another form of MPPE");

    protected override void CommitPeerRequest()
    {
        _theirs = _asked;
        // Should our request go out again, it asks for what the peer asked.
        if (State == PppState.AckSent) _wish = _asked;
    }

    protected override NegotiationFailure? ReceiveNak(PppOption option)
    {
        if (option.Type != MppeOption) return null;
        if (option.TryReadUInt32(out uint bits) && (bits & MppeBits.Strengths(offer)) != 0)
            _wish = MppeBits.Choose(bits, offer);
        return ++_naksReceived > MaxFailure ? Refusal("the peer insists on another form of MPPE") : null;
    }

    protected override NegotiationFailure? ReceiveReject(PppOption option) => Refusal("the peer rejects MPPE");

    protected override NegotiationFailure NoEnd() => Refusal("CCP found no agreement with the peer");

    protected override bool ReceiveOther(byte code, byte identifier, ReadOnlySpan<byte> body, TimeSpan now)
    {
        switch (code)
        {
            case ControlCode.ResetRequest:
                if (State != PppState.Opened) return true;
                Host.Emit(new PppEvent.EncryptorResetRequested());
                SendPacket(ControlCode.ResetAck, identifier, []);
                return true;
            case ControlCode.ResetAck:
                return true;
            default:
                return false;
        }
    }

    private static PppOption Suggest(MppeParameters parameters) =>
        PppOption.Of(MppeOption, MppeBits.Encode(parameters));

    private static NegotiationFailure Refusal(string detail) => new(LinkCloseCause.EncryptionRejected, detail);
}
