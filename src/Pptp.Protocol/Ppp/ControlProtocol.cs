using System.Buffers.Binary;
using System.Text;

namespace Pptp.Protocol.Ppp;

/// <summary>
/// A protocol that runs the option negotiation automaton of RFC 1661 §3-5: LCP, CCP, IPCP. The derived class knows
/// the options; this one knows the packets, identifiers, counters and the restart timer.
/// </summary>
/// <remarks>
/// Two readings of the RFC keep a link up where packets are lost or slow. An answer counts once: a second Ack to a
/// request sent twice is discarded, not taken for a crossed connection. And a Configure-Request that repeats, octet
/// for octet, the one acknowledged last (the Ack was lost) is acknowledged again in Opened without leaving it.
/// </remarks>
internal abstract partial class ControlProtocol(
    ushort protocol, ControlProtocolTimers timers, IRandomSource random, IControlProtocolHost host)
{
    // A peer that answers each request with one more Nak, or opens LCP again and again, ends here and not never.
    private const int RoundsOfMaxConfigure = 3;

    private const int TerminateTextLimit = 200;

    private byte _identifier = random.NextIdentifier();
    private int _restartCount;
    private int _requestsSent;
    private int _naksSent;

    private byte _requestIdentifier;
    private byte[] _request = [];
    private bool _requestIsOutstanding;

    private byte _acknowledgedIdentifier;
    private byte[]? _acknowledged;

    private byte _terminateIdentifier;
    private byte[] _terminateText = [];

    // What the actions of the packet in hand answer to and with.
    private byte _receivedIdentifier;
    private byte[] _received = [];
    private byte _answerCode;
    private byte[] _answer = [];

    public ushort Protocol { get; } = protocol;

    public PppState State { get; private set; }

    /// <summary>When the restart timer expires.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>A packet of the peer was seen since the lower layer came up.</summary>
    public bool HasHeardPeer { get; private set; }

    /// <summary>The data of the peer's last Terminate-Request.</summary>
    public byte[] PeerTerminateText { get; private set; } = [];

    protected IControlProtocolHost Host { get; } = host;

    protected IRandomSource Random { get; } = random;

    protected int MaxFailure => timers.MaxFailure;

    /// <summary>
    /// A request equal to the one acknowledged last is a repetition even under a new identifier
    /// (RFC 1661 §5.1 lets a retransmission have one).
    /// </summary>
    protected abstract bool RepetitionMayChangeIdentifier { get; }

    public void Up(TimeSpan now)
    {
        _requestsSent = 0;
        _naksSent = 0;
        HasHeardPeer = false;
        Forget();
        Fire(AutomatonEvent.Up, now);
    }

    public void Down(TimeSpan now) => Fire(AutomatonEvent.Down, now);

    public void Open(TimeSpan now) => Fire(AutomatonEvent.Open, now);

    /// <summary>Closes the protocol; the text goes into the Terminate-Request.</summary>
    public void Close(string text, TimeSpan now)
    {
        if (text.Length > TerminateTextLimit) text = text[..TerminateTextLimit];
        _terminateText = Encoding.ASCII.GetBytes(text);
        Fire(AutomatonEvent.Close, now);
    }

    /// <summary>
    /// Closed from here on without a word: for a peer that ended the protocol itself, or does not have it.
    /// </summary>
    public void Abandon()
    {
        if (State is PppState.Initial or PppState.Starting) return;
        State = PppState.Closed;
        Deadline = null;
    }

    /// <summary>The peer does not know this protocol.</summary>
    public void Reject(TimeSpan now) => Fire(AutomatonEvent.RejectCatastrophic, now);

    public void Advance(TimeSpan now)
    {
        if (Deadline is not { } deadline || deadline > now) return;
        Fire(_restartCount > 0 ? AutomatonEvent.TimeoutRetry : AutomatonEvent.TimeoutGiveUp, now);
    }

    /// <summary>The options of our Configure-Request, in order.</summary>
    protected abstract void WriteRequest(List<PppOption> options);

    /// <summary>Our wishes, and what the peer told us, are as at the start again.</summary>
    protected abstract void Forget();

    /// <summary>A Configure-Request begins to be judged; a failure ends the negotiation at once.</summary>
    protected abstract NegotiationFailure? BeginJudging(IReadOnlyList<PppOption> options);

    /// <summary>Judges one option; one that occurs a second time never gets here and is rejected.</summary>
    protected abstract OptionVerdict Judge(PppOption option);

    /// <summary>Adds to a Nak what the peer left out and we want (RFC 1661 §5.3).</summary>
    protected virtual void AddMissing(List<PppOption> naks)
    {
    }

    /// <summary>
    /// Max-Failure Naks brought no agreement: a failure where there can be none, else null and the disputed options
    /// are rejected (RFC 1661 §4.6).
    /// </summary>
    protected virtual NegotiationFailure? NotConverging() => null;

    /// <summary>The Configure-Request just judged is being acknowledged.</summary>
    protected abstract void CommitPeerRequest();

    /// <summary>The peer acknowledged our request as it was last written.</summary>
    protected virtual void CommitOwnRequest()
    {
    }

    /// <summary>The peer would have one of our options otherwise, or adds one.</summary>
    protected abstract NegotiationFailure? ReceiveNak(PppOption option);

    /// <summary>The peer does not know or want one of our options.</summary>
    protected abstract NegotiationFailure? ReceiveReject(PppOption option);

    /// <summary>The failure of a negotiation that goes on and on.</summary>
    protected abstract NegotiationFailure NoEnd();

    /// <summary>Takes a packet with a code above 7; false when this protocol has no such code.</summary>
    protected virtual bool ReceiveOther(byte code, byte identifier, ReadOnlySpan<byte> body, TimeSpan now) => false;

    /// <summary>Sends a packet of a new identifier, which is returned.</summary>
    protected byte SendNew(byte code, ReadOnlySpan<byte> body)
    {
        SendPacket(code, ++_identifier, body);
        return _identifier;
    }

    /// <summary>Sends a packet cut to the peer's MRU.</summary>
    protected void SendPacket(byte code, byte identifier, ReadOnlySpan<byte> body)
    {
        int room = Math.Min(Host.PeerMru, ushort.MaxValue) - ControlCode.HeaderLength;
        if (body.Length > room) body = body[..room];
        byte[] packet = new byte[ControlCode.HeaderLength + body.Length];
        packet[0] = code;
        packet[1] = identifier;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        body.CopyTo(packet.AsSpan(ControlCode.HeaderLength));
        Host.Send(Protocol, packet);
    }

    /// <summary>RXR: an echo or discard was taken.</summary>
    protected void FireEcho(TimeSpan now) => Fire(AutomatonEvent.Echo, now);

    /// <summary>ser: answers the packet in hand, which may be no Echo-Request.</summary>
    protected virtual void SendEchoReply(byte identifier, ReadOnlySpan<byte> received)
    {
    }

    private void Fire(AutomatonEvent happened, TimeSpan now)
    {
        if (AutomatonTable.Find(State, happened) is not { } transition) return;
        PppState next = transition.Next;
        State = next;
        if (next is not (PppState.Closing or PppState.Stopping or PppState.RequestSent
            or PppState.AckReceived or PppState.AckSent))
            Deadline = null;
        AutomatonActions pending = transition.Actions;
        // What an action sets off may move this automaton on: the rest of the old transition then no longer holds.
        while (pending != AutomatonActions.None && State == next)
        {
            int lowest = (int)pending & -(int)pending;
            pending &= (AutomatonActions)~lowest;
            Carry((AutomatonActions)lowest, happened, now);
        }
    }

    private void Carry(AutomatonActions action, AutomatonEvent cause, TimeSpan now)
    {
        switch (action)
        {
            case AutomatonActions.LayerDown:
                Forget();
                _requestIsOutstanding = false;
                _acknowledged = null;
                _naksSent = 0;
                Host.LayerDown(this, cause, now);
                break;
            case AutomatonActions.InitializeRestartCount:
                bool isClosing = State is PppState.Closing or PppState.Stopping;
                _restartCount = isClosing ? timers.MaxTerminate : timers.MaxConfigure;
                if (isClosing) _terminateIdentifier = ++_identifier;
                break;
            case AutomatonActions.ZeroRestartCount:
                // RFC 1661 §4.4: one restart interval passes before the layer is finished.
                _restartCount = 0;
                Deadline = now + timers.RestartInterval;
                break;
            case AutomatonActions.SendConfigureRequest:
                SendConfigureRequest(now);
                break;
            case AutomatonActions.SendConfigureAck:
                _naksSent = 0;
                _acknowledgedIdentifier = _receivedIdentifier;
                _acknowledged = _answer;
                SendPacket(ControlCode.ConfigureAck, _receivedIdentifier, _answer);
                CommitPeerRequest();
                break;
            case AutomatonActions.SendConfigureNak:
                if (_answerCode == ControlCode.ConfigureNak) _naksSent++;
                SendPacket(_answerCode, _receivedIdentifier, _answer);
                break;
            case AutomatonActions.SendTerminateRequest:
                _restartCount--;
                Deadline = now + timers.RestartInterval;
                SendPacket(ControlCode.TerminateRequest, _terminateIdentifier, _terminateText);
                break;
            case AutomatonActions.SendTerminateAck:
                SendPacket(ControlCode.TerminateAck, _receivedIdentifier, []);
                break;
            case AutomatonActions.SendCodeReject:
                SendNew(ControlCode.CodeReject, _received);
                break;
            case AutomatonActions.SendEchoReply:
                SendEchoReply(_receivedIdentifier, _received);
                break;
            case AutomatonActions.LayerUp:
                Host.LayerUp(this, now);
                break;
            case AutomatonActions.LayerFinished:
                Host.LayerFinished(this, cause, now);
                break;
            default:
                // This-Layer-Started: the lower layer of every protocol here comes up unasked.
                break;
        }
    }

    private void SendConfigureRequest(TimeSpan now)
    {
        if (++_requestsSent > RoundsOfMaxConfigure * timers.MaxConfigure)
        {
            Host.NegotiationFailed(this, NoEnd(), now);
            return;
        }
        List<PppOption> options = [];
        WriteRequest(options);
        byte[] request = PppOption.EncodeList(options);
        // RFC 1661 §5.1: a new identifier when the options changed or the last request was answered.
        if (!_requestIsOutstanding || !request.AsSpan().SequenceEqual(_request)) _requestIdentifier = ++_identifier;
        _request = request;
        _requestIsOutstanding = true;
        _restartCount--;
        Deadline = now + timers.RestartInterval;
        SendPacket(ControlCode.ConfigureRequest, _requestIdentifier, request);
    }
}
