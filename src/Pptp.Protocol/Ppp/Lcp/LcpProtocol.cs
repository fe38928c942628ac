using System.Buffers.Binary;

namespace Pptp.Protocol.Ppp.Lcp;

/// <summary>The Link Control Protocol: RFC 1661 §5-6, RFC 1570 §2.</summary>
internal sealed partial class LcpProtocol(
    PppLinkOptions options, ControlProtocolTimers timers, IRandomSource random, IControlProtocolHost host)
    : ControlProtocol(PppProtocol.Lcp, timers, random, host)
{
    /// <summary>Less is Nak'ed with this: an IPv4 host must take 68 octets, and headers add to it.</summary>
    public const int SmallestMru = 128;

    private const int MagicLength = 4;

    // RFC 1661 §6.4 leaves the number to us: by chance two equal numbers come once in four thousand million.
    private const int LoopSignLimit = 4;

    private const int EchoesRemembered = 16;

    // A peer that never stops identifying itself fills no log.
    private const int IdentificationLimit = 16;

    private readonly Queue<byte> _echoes = new();
    private int _mru = options.Mru;
    private bool _offerMru = true;
    private bool _offerMagic = true;
    private bool _offerProtocolCompression = options.RequestProtocolCompression;
    private bool _offerAddressCompression = options.RequestAddressCompression;
    private uint _magic;
    private int _loopSigns;
    private bool _judgesOwnRequest;
    private LcpPeerOptions _asked = new();
    private string? _disputedMethod;
    private int _methodIndex;
    private int _methodNaks;
    private int _identifications;

    /// <summary>What holds for frames to the peer, since its request was last acknowledged.</summary>
    public LcpPeerOptions Peer { get; private set; } = new();

    /// <summary>The longest information field we told the peer to send; 1500 when it rejected the option.</summary>
    public int OwnMru => _offerMru ? _mru : LcpPeerOptions.DefaultMru;

    /// <summary>Our number; zero when the peer rejected the option.</summary>
    public uint MagicNumber => _offerMagic ? _magic : 0;

    /// <summary>The method agreed on; null: we are to log in, and the peer does not ask for it.</summary>
    public AuthenticationMethod? Method => options.Login is null ? DemandedMethod : Peer.Method;

    private AuthenticationMethod DemandedMethod => options.AuthenticationMethods[_methodIndex];

    protected override bool RepetitionMayChangeIdentifier => Peer.MagicNumber != 0;

    /// <summary>Sends an Echo-Request (RFC 1661 §5.8); only in Opened.</summary>
    /// <param name="dataLength">Octets of data after the magic number; all are zero.</param>
    public byte? SendEchoRequest(int dataLength)
    {
        if (State != PppState.Opened) return null;
        if (_echoes.Count == EchoesRemembered) _echoes.Dequeue();
        byte[] body = new byte[MagicLength + dataLength];
        BinaryPrimitives.WriteUInt32BigEndian(body, MagicNumber);
        byte identifier = SendNew(ControlCode.EchoRequest, body);
        _echoes.Enqueue(identifier);
        return identifier;
    }

    /// <summary>Sends a Protocol-Reject (RFC 1661 §5.7); only in Opened.</summary>
    public void SendProtocolReject(ushort rejected, ReadOnlySpan<byte> information)
    {
        if (State != PppState.Opened) return;
        byte[] body = new byte[2 + information.Length];
        BinaryPrimitives.WriteUInt16BigEndian(body, rejected);
        information.CopyTo(body.AsSpan(2));
        SendNew(ControlCode.ProtocolReject, body);
    }

    protected override void Forget()
    {
        Peer = new LcpPeerOptions();
        _mru = options.Mru;
        _offerMru = true;
        _offerMagic = true;
        _offerProtocolCompression = options.RequestProtocolCompression;
        _offerAddressCompression = options.RequestAddressCompression;
        _magic = Random.NextMagicNumber();
        _loopSigns = 0;
        _methodIndex = 0;
        _methodNaks = 0;
        _echoes.Clear();
        ForgetMultilink();
    }

    protected override void WriteRequest(List<PppOption> request)
    {
        if (_offerMru) request.Add(PppOption.Of(LcpOption.MaximumReceiveUnit, (ushort)_mru));
        if (options.Login is null)
        {
            byte[] method = AuthenticationMethodCodec.Encode(DemandedMethod);
            request.Add(new PppOption(LcpOption.AuthenticationProtocol, method));
        }
        if (_offerMagic) request.Add(PppOption.Of(LcpOption.MagicNumber, _magic));
        if (_offerProtocolCompression) request.Add(PppOption.Of(LcpOption.ProtocolFieldCompression));
        if (_offerAddressCompression) request.Add(PppOption.Of(LcpOption.AddressAndControlFieldCompression));
        WriteMultilink(request);
    }

    protected override NegotiationFailure? BeginJudging(IReadOnlyList<PppOption> request)
    {
        _asked = new LcpPeerOptions();
        _disputedMethod = null;
        // RFC 1661 §6.4: our own number in the peer's request is the sign of a loop.
        _judgesOwnRequest = _offerMagic && request.Any(option => option.Type == LcpOption.MagicNumber
            && option.TryReadUInt32(out uint magic) && magic == _magic);
        _loopSigns = _judgesOwnRequest ? _loopSigns + 1 : 0;
        return _loopSigns < LoopSignLimit ? null : LoopFailure();
    }

    protected override OptionVerdict Judge(PppOption option)
    {
        if (_judgesOwnRequest && option.Type != LcpOption.MagicNumber) return OptionVerdict.Ack;
        switch (option.Type)
        {
            case LcpOption.MaximumReceiveUnit:
                if (!option.TryReadUInt16(out ushort mru))
                    return OptionVerdict.Nak(PppOption.Of(option.Type, LcpPeerOptions.DefaultMru));
                if (mru < SmallestMru) return OptionVerdict.Nak(PppOption.Of(option.Type, SmallestMru));
                _asked = _asked with { Mru = mru };
                return OptionVerdict.Ack;
            case LcpOption.AsyncControlCharacterMap:
                // No octet is ever escaped inside GRE, so any map is as good as another.
                if (!option.TryReadUInt32(out uint accm)) return OptionVerdict.Nak(PppOption.Of(option.Type, 0u));
                _asked = _asked with { Accm = accm };
                return OptionVerdict.Ack;
            case LcpOption.MagicNumber:
                bool isUsable = option.TryReadUInt32(out uint magic) && magic != 0 && !_judgesOwnRequest;
                if (!isUsable) return OptionVerdict.Nak(PppOption.Of(option.Type, Random.NextMagicNumber()));
                _asked = _asked with { MagicNumber = magic };
                return OptionVerdict.Ack;
            case LcpOption.ProtocolFieldCompression:
                if (option.Data.Length > 0) return OptionVerdict.Nak(PppOption.Of(option.Type));
                _asked = _asked with { ProtocolCompression = true };
                return OptionVerdict.Ack;
            case LcpOption.AddressAndControlFieldCompression:
                if (option.Data.Length > 0) return OptionVerdict.Nak(PppOption.Of(option.Type));
                _asked = _asked with { AddressCompression = true };
                return OptionVerdict.Ack;
            case LcpOption.AuthenticationProtocol when options.Login is not null:
                return JudgeMethod(option);
            case LcpOption.MaximumReceiveReconstructedUnit when _offerMrru:
                return JudgeMrru(option);
            case LcpOption.ShortSequenceNumbers when _offerMrru:
                if (option.Data.Length > 0) return OptionVerdict.Nak(PppOption.Of(option.Type));
                _asked = _asked with { ShortSequenceNumbers = true };
                return OptionVerdict.Ack;
            case LcpOption.EndpointDiscriminator when _offerMrru:
                // Whoever the peer is, its bundle is this link alone.
                return OptionVerdict.Ack;
            default:
                // Authentication-Protocol too: we do not log in to a peer that dials us.
                return OptionVerdict.Reject;
        }
    }

    protected override NegotiationFailure? NotConverging() => _disputedMethod is { } disputed
        ? new NegotiationFailure(LinkCloseCause.AuthenticationMethodRefused, $"the peer insists on {disputed}")
        : null;

    protected override void CommitPeerRequest() => Peer = _asked;

    protected override NegotiationFailure? ReceiveNak(PppOption option)
    {
        switch (option.Type)
        {
            case LcpOption.MaximumReceiveUnit:
                // We can always take 1500 (RFC 1661 §6.1), so any size up to that is as good as ours.
                if (option.TryReadUInt16(out ushort mru) && mru is >= SmallestMru and <= LcpPeerOptions.DefaultMru)
                    _mru = mru;
                return null;
            case LcpOption.MagicNumber:
                _magic = Random.NextMagicNumber();
                return null;
            case LcpOption.AuthenticationProtocol when options.Login is null:
                return ReceiveMethodNak(option.Data);
            case LcpOption.MaximumReceiveReconstructedUnit when _offerMrru:
                ReceiveMrruNak(option);
                return null;
            default:
                // An option the peer would like us to ask for (RFC 1661 §5.3): we know best.
                return null;
        }
    }

    protected override NegotiationFailure? ReceiveReject(PppOption option)
    {
        switch (option.Type)
        {
            case LcpOption.MaximumReceiveUnit:
                _offerMru = false;
                return null;
            case LcpOption.MagicNumber:
                _offerMagic = false;
                return null;
            case LcpOption.ProtocolFieldCompression:
                _offerProtocolCompression = false;
                return null;
            case LcpOption.AddressAndControlFieldCompression:
                _offerAddressCompression = false;
                return null;
            case LcpOption.MaximumReceiveReconstructedUnit:
                _offerMrru = false;
                return null;
            case LcpOption.EndpointDiscriminator:
                _offerEndpoint = false;
                return null;
            default:
                return new NegotiationFailure(
                    LinkCloseCause.AuthenticationMethodRefused, "the peer refuses to authenticate");
        }
    }

    protected override NegotiationFailure NoEnd() => new(
        LinkCloseCause.LcpFailed, "LCP found no agreement with the peer");

    protected override bool ReceiveOther(byte code, byte identifier, ReadOnlySpan<byte> body, TimeSpan now)
    {
        switch (code)
        {
            case ControlCode.ProtocolReject:
                // RFC 1661 §5.7: only in Opened.
                if (State == PppState.Opened && body.Length >= 2)
                    Host.ProtocolRejected(BinaryPrimitives.ReadUInt16BigEndian(body), now);
                return true;
            case ControlCode.EchoRequest:
                ReceiveEchoRequest(body, now);
                return true;
            case ControlCode.EchoReply:
                ReceiveEchoReply(identifier, body);
                return true;
            case ControlCode.DiscardRequest:
                return true;
            case ControlCode.Identification:
                if (body.Length >= MagicLength && _identifications++ < IdentificationLimit)
                    Host.Emit(new PppEvent.PeerIdentification(body[MagicLength..].ToArray()));
                return true;
            case ControlCode.TimeRemaining:
                if (State == PppState.Opened && body.Length >= MagicLength + 4
                    && _identifications++ < IdentificationLimit)
                {
                    uint seconds = BinaryPrimitives.ReadUInt32BigEndian(body[MagicLength..]);
                    Host.Emit(new PppEvent.TimeRemaining(seconds, body[(MagicLength + 4)..].ToArray()));
                }
                return true;
            default:
                return false;
        }
    }

    protected override void SendEchoReply(byte identifier, ReadOnlySpan<byte> received)
    {
        byte[] body = received[ControlCode.HeaderLength..].ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(body, MagicNumber);
        SendPacket(ControlCode.EchoReply, identifier, body);
    }

    private static NegotiationFailure LoopFailure() => new(
        LinkCloseCause.LoopedBack, "the link is looped back: our own packets return");

    /// <summary>Takes a method we may use; to any other the answer is our strongest.</summary>
    private OptionVerdict JudgeMethod(PppOption option)
    {
        if (AuthenticationMethodCodec.Decode(option.Data) is { } method
            && options.AuthenticationMethods.Contains(method))
        {
            _asked = _asked with { Method = method };
            return OptionVerdict.Ack;
        }
        _disputedMethod = AuthenticationMethodCodec.Describe(option.Data);
        byte[] strongest = AuthenticationMethodCodec.Encode(options.AuthenticationMethods[0]);
        return OptionVerdict.Nak(new PppOption(option.Type, strongest));
    }

    /// <summary>
    /// Goes on to the strongest method that the peer did not refuse yet. What it suggests is often the weakest it
    /// knows (pppd names CHAP-MD5 while it would take MS-CHAPv1 as well), so that is taken when its turn comes.
    /// </summary>
    private NegotiationFailure? ReceiveMethodNak(ReadOnlySpan<byte> data)
    {
        if (++_methodNaks > MaxFailure)
        {
            return new NegotiationFailure(
                LinkCloseCause.AuthenticationMethodRefused,
                $"the peer insists on {AuthenticationMethodCodec.Describe(data)}");
        }
        // A peer that suggests what we ask for has refused nothing. After the weakest the strongest is asked for again,
        // until the Naks are too many.
        if (AuthenticationMethodCodec.Decode(data) != DemandedMethod)
            _methodIndex = (_methodIndex + 1) % options.AuthenticationMethods.Count;
        return null;
    }

    private void ReceiveEchoRequest(ReadOnlySpan<byte> body, TimeSpan now)
    {
        // RFC 1661 §5.8: outside Opened silently discarded.
        if (State != PppState.Opened || body.Length < MagicLength) return;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(body);
        if (magic != 0 && magic == MagicNumber)
        {
            Host.NegotiationFailed(this, LoopFailure(), now);
            return;
        }
        Host.Emit(new PppEvent.EchoRequestReceived());
        FireEcho(now);
    }

    private void ReceiveEchoReply(byte identifier, ReadOnlySpan<byte> body)
    {
        if (State != PppState.Opened || body.Length < MagicLength) return;
        // On a slow path the answer to an older request still shows that the peer lives.
        if (!_echoes.Contains(identifier)) return;
        // Our own number in a reply proves nothing about the peer.
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(body);
        if (magic != 0 && magic == MagicNumber) return;
        Host.Emit(new PppEvent.EchoReply(identifier));
    }
}
