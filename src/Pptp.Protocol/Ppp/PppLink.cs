using System.Diagnostics.CodeAnalysis;
using Pptp.Protocol.Ppp.Ccp;
using Pptp.Protocol.Ppp.Ipcp;
using Pptp.Protocol.Ppp.Ipv6cp;
using Pptp.Protocol.Ppp.Lcp;

namespace Pptp.Protocol.Ppp;

/// <summary>
/// One PPP link from the first LCP packet to the last: the phases of RFC 1661 §3, in the role that lets a peer in, or
/// with <see cref="PppLinkOptions.Login"/> in the one that is let in.
/// Frames, time and randomness go in; <see cref="PppEvent"/>s come out. After each call drain
/// <see cref="TryTake"/>, then look at <see cref="NextDeadline"/>. A link is opened once.
/// </summary>
/// <remarks>
/// Where RFC 1661 would let the network phase begin anew, the link ends instead: MPPE may never use a key stream
/// twice, and nobody changes who they are in a session. So NetworkUp and Authenticated come at most once.
/// </remarks>
public sealed partial class PppLink : IControlProtocolHost
{
    private readonly PppLinkOptions _options;
    private readonly IRandomSource _random;
    private readonly ControlProtocolTimers _timers;
    private readonly LcpProtocol _lcp;
    private readonly Queue<PppEvent> _events = new();
    private LinkCloseCause _cause;
    private string _detail = "";

    /// <exception cref="ArgumentException">
    /// There is no login method (a peer must not come in unasked), or one we cannot do; or a name or password is longer
    /// than its field.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The MRU or MRRU does not fit its option.</exception>
    public PppLink(PppLinkOptions options, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        if (options.AuthenticationMethods.Count == 0)
            throw new ArgumentException("A link needs at least one authentication method.", nameof(options));
        if (!options.AuthenticationMethods.All(method => AuthenticatorFactory.CanCreate(method, options)))
            throw new ArgumentException("An authentication method without an authenticator.", nameof(options));
        if (options.Login is { FitsItsFields: false })
            throw new ArgumentException("A name or password longer than 255 octets.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Mru, LcpProtocol.SmallestMru, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Mru, ushort.MaxValue, nameof(options));
        if (options.Mrru is { } mrru)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(mrru, LcpProtocol.SmallestMru, nameof(options));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(mrru, ushort.MaxValue, nameof(options));
        }
        _options = options;
        _random = random;
        _timers = new ControlProtocolTimers(
            options.RestartInterval, options.MaxConfigure, options.MaxTerminate, options.MaxFailure);
        _lcp = new LcpProtocol(options, _timers, random, this);
    }

    public LinkPhase Phase { get; private set; }

    public PppState LcpState => _lcp.State;

    /// <summary>Null before the network phase, or where the policy is <see cref="EncryptionPolicy.No"/>.</summary>
    public PppState? CcpState => _ccp?.State;

    /// <summary>Null until encryption is settled.</summary>
    public PppState? IpcpState => _ipcp?.State;

    /// <summary>The longest information field the peer takes, in octets; 1500 until LCP agrees on another.</summary>
    public int PeerMru => _lcp.Peer.Mru;

    /// <summary>The peer was told that it is in, or has told us that we are.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>The data path may carry IP.</summary>
    public bool IsNetworkUp { get; private set; }

    /// <summary>When <see cref="Advance"/> next has something to do; null: never.</summary>
    public TimeSpan? NextDeadline
    {
        get
        {
            if (Phase == LinkPhase.Closed) return null;
            TimeSpan? next = Earliest(_lcp.Deadline, _login?.NextDeadline);
            next = Earliest(next, _ipv6cp?.Deadline);
            return Earliest(next, Earliest(_ccp?.Deadline, _ipcp?.Deadline));
        }
    }

    /// <summary>The lower layer is up: LCP starts. A second call does nothing.</summary>
    public void Open(TimeSpan now)
    {
        if (Phase != LinkPhase.Dead) return;
        Phase = LinkPhase.Establish;
        _lcp.Open(now);
        _lcp.Up(now);
    }

    /// <summary>Takes one PPP frame that carries no IP, whole as it came in the GRE payload.</summary>
    public void Receive(ReadOnlySpan<byte> frame, TimeSpan now)
    {
        if (Phase is LinkPhase.Dead or LinkPhase.Closed) return;
        if (!PppFrame.TryParse(frame, out ushort protocol, out int offset)) return;
        ReadOnlySpan<byte> information = frame[offset..];
        if (protocol == PppProtocol.Lcp)
        {
            _lcp.Receive(information, now);
            return;
        }
        // RFC 1661 §3.4, §3.5: until LCP is open nothing else counts; until the peer is in, only login packets.
        if (_login is { } login && login.Protocol == protocol)
        {
            login.Receive(information, now);
            DrainLogin(now);
            return;
        }
        if (Phase == LinkPhase.Network) ReceiveNetwork(protocol, information, now);
    }

    /// <summary>Does what is due: retransmissions, and giving up.</summary>
    public void Advance(TimeSpan now)
    {
        if (Phase is LinkPhase.Dead or LinkPhase.Closed) return;
        _lcp.Advance(now);
        if (_login is { } login)
        {
            login.Advance(now);
            DrainLogin(now);
        }
        _ccp?.Advance(now);
        _ipcp?.Advance(now);
        _ipv6cp?.Advance(now);
    }

    /// <summary>Takes the oldest event that was not taken yet.</summary>
    public bool TryTake([NotNullWhen(true)] out PppEvent? happened) => _events.TryDequeue(out happened);

    /// <summary>
    /// Ends the link: LCP Terminate-Request with this text (ASCII), repeated in bounded number, then
    /// <see cref="PppEvent.Closed"/>.
    /// </summary>
    public void Terminate(string reason, TimeSpan now) => End(LinkCloseCause.LocalRequest, reason, reason, now);

    /// <summary>Sends an LCP Echo-Request; does nothing while LCP is not Opened.</summary>
    /// <param name="now">The time.</param>
    /// <param name="dataLength">
    /// Octets of data in it (RFC 1661 §5.8); with them and the eight before the packet is to be no longer than the peer's
    /// MRU.
    /// </param>
    /// <returns>Its identifier, which an <see cref="PppEvent.EchoReply"/> has; null: none was sent.</returns>
    public byte? SendEchoRequest(TimeSpan now, int dataLength = 0) =>
        Phase is LinkPhase.Authenticate or LinkPhase.Network ? _lcp.SendEchoRequest(dataLength) : null;

    void IControlProtocolHost.Send(ushort protocol, ReadOnlySpan<byte> packet) =>
        // PFC and ACFC are left to data: a control frame in full is understood at any time.
        _events.Enqueue(new PppEvent.Send(PppFrame.Create(protocol, packet)));

    void IControlProtocolHost.Emit(PppEvent happened) => _events.Enqueue(happened);

    void IControlProtocolHost.LayerUp(ControlProtocol protocol, TimeSpan now)
    {
        switch (protocol)
        {
            case LcpProtocol:
                LcpOpened(now);
                break;
            case CcpProtocol ccp:
                EncryptionOpened(ccp, now);
                break;
            case IpcpProtocol ipcp:
                NetworkOpened(ipcp, now);
                break;
            case Ipv6cpProtocol ipv6cp:
                Ipv6Opened(ipv6cp);
                break;
            default:
                break;
        }
    }

    void IControlProtocolHost.LayerDown(ControlProtocol protocol, AutomatonEvent cause, TimeSpan now)
    {
        switch (protocol)
        {
            case LcpProtocol:
                LcpDown(cause, now);
                break;
            case CcpProtocol:
                // Opened again it would begin with the first key, and use its key stream a second time.
                End(LinkCloseCause.EncryptionLost, DownDetail("CCP", cause), "Encryption lost", now);
                break;
            case Ipv6cpProtocol ipv6cp:
                Ipv6Lost(ipv6cp, cause, now);
                break;
            default:
                End(LinkCloseCause.NetworkLost, DownDetail("IPCP", cause), "Network lost", now);
                break;
        }
    }

    void IControlProtocolHost.LayerFinished(ControlProtocol protocol, AutomatonEvent cause, TimeSpan now)
    {
        switch (protocol)
        {
            case LcpProtocol:
                if (Phase != LinkPhase.Terminate) RecordLcpFailure(cause);
                Finish();
                break;
            case CcpProtocol ccp:
                string reason = cause == AutomatonEvent.TimeoutGiveUp
                    ? "the peer does not answer CCP"
                    : "the peer rejects CCP";
                EncryptionRefused(ccp, reason, now);
                break;
            case Ipv6cpProtocol:
                Ipv6Finished(cause, now);
                break;
            default:
                string what = cause == AutomatonEvent.TimeoutGiveUp
                    ? "the peer does not answer IPCP"
                    : "the peer rejects IPCP";
                End(LinkCloseCause.NetworkFailed, what, "No network protocol", now);
                break;
        }
    }

    void IControlProtocolHost.PeerTerminated(ControlProtocol protocol, TimeSpan now)
    {
        string text = PeerText.Describe(protocol.PeerTerminateText);
        switch (protocol)
        {
            case LcpProtocol:
                // The Terminate-Ack is on its way. If it is lost the peer gives up by itself: nothing to stay for.
                if (Phase != LinkPhase.Terminate) Record(LinkCloseCause.PeerRequest, text);
                Finish();
                break;
            case CcpProtocol ccp:
                ccp.Abandon();
                EncryptionRefused(ccp, "the peer closed CCP", now);
                break;
            case Ipv6cpProtocol ipv6cp:
                ipv6cp.Abandon();
                Ipv6Refused("the peer closed IPv6CP", now);
                break;
            default:
                End(LinkCloseCause.NetworkFailed, "the peer closed IPCP", "No network protocol", now);
                break;
        }
    }

    void IControlProtocolHost.NegotiationFailed(ControlProtocol protocol, NegotiationFailure failure, TimeSpan now)
    {
        switch (protocol)
        {
            case CcpProtocol ccp:
                EncryptionRefused(ccp, failure.Detail, now);
                break;
            case Ipv6cpProtocol ipv6cp:
                Ipv6Refused(failure.Detail, now);
                ipv6cp.Close("", now);
                break;
            default:
                End(failure.Cause, failure.Detail, failure.Detail, now);
                break;
        }
    }

    void IControlProtocolHost.ProtocolRejected(ushort rejected, TimeSpan now)
    {
        switch (rejected)
        {
            case PppProtocol.Lcp:
                // RFC 1661 §5.7 with §4.3: a peer without LCP is no peer.
                _lcp.Reject(now);
                break;
            case PppProtocol.Ccp:
                _ccp?.Reject(now);
                break;
            case PppProtocol.Ipcp:
                _ipcp?.Reject(now);
                break;
            case PppProtocol.Ipv6cp:
                _ipv6cp?.Reject(now);
                break;
            default:
                if (_login is { } login && login.Protocol == rejected && !IsAuthenticated)
                {
                    const string Detail = "the peer rejects the login protocol it had agreed to";
                    End(LinkCloseCause.AuthenticationMethodRefused, Detail, Detail, now);
                }
                break;
        }
    }

    private static string DownDetail(string protocol, AutomatonEvent cause) => cause switch
    {
        AutomatonEvent.TerminateRequest => $"the peer closed {protocol}",
        AutomatonEvent.RejectCatastrophic => $"the peer rejects {protocol}",
        _ => $"the peer negotiated {protocol} a second time",
    };

    private static TimeSpan? Earliest(TimeSpan? left, TimeSpan? right)
    {
        if (left is null || right is null) return left ?? right;
        return left < right ? left : right;
    }

    private void Emit(PppEvent happened) => _events.Enqueue(happened);

    private void LcpOpened(TimeSpan now)
    {
        if (_lcp.Method is not { } method)
        {
            // A peer that lets in anybody has shown nothing of itself.
            const string Detail = "the peer asks for no login";
            End(LinkCloseCause.AuthenticationMethodRefused, Detail, Detail, now);
            return;
        }
        Emit(new PppEvent.LcpUp(
            _lcp.Peer.Mru, _lcp.Peer.ProtocolCompression, _lcp.Peer.AddressCompression, _lcp.Peer.Accm, method)
        {
            Multilink = _lcp.Multilink,
        });
        StartAuthentication(method, now);
    }

    private void LcpDown(AutomatonEvent cause, TimeSpan now)
    {
        switch (cause)
        {
            case AutomatonEvent.Close:
                // We are ending it, and have said why.
                break;
            case AutomatonEvent.TerminateRequest:
                Record(LinkCloseCause.PeerRequest, PeerText.Describe(_lcp.PeerTerminateText));
                StopUpperLayers(now);
                break;
            case AutomatonEvent.RejectCatastrophic:
                RecordLcpFailure(cause);
                StopUpperLayers(now);
                break;
            default:
                if (_hasSeenCredentials || IsAuthenticated)
                {
                    const string Detail = "the peer negotiated LCP a second time";
                    End(LinkCloseCause.Renegotiated, Detail, Detail, now);
                    break;
                }
                // RFC 1661 §3.4: nobody has shown yet who they are, so the login may begin anew.
                Phase = LinkPhase.Establish;
                ForgetLogin();
                break;
        }
    }

    private void RecordLcpFailure(AutomatonEvent cause)
    {
        if (cause == AutomatonEvent.RejectCatastrophic)
            Record(LinkCloseCause.ProtocolError, "the peer rejects LCP");
        else if (_lcp.HasHeardPeer)
            Record(LinkCloseCause.LcpFailed, "the peer stopped answering LCP");
        else
            Record(LinkCloseCause.NoAnswer, "the peer does not answer LCP");
    }

    /// <summary>The first reason to end is the one that is told.</summary>
    private void Record(LinkCloseCause cause, string detail)
    {
        Phase = LinkPhase.Terminate;
        _cause = cause;
        _detail = detail;
    }

    private void End(LinkCloseCause cause, string detail, string text, TimeSpan now)
    {
        if (Phase is LinkPhase.Terminate or LinkPhase.Closed) return;
        Record(cause, detail);
        StopUpperLayers(now);
        _lcp.Close(text, now);
        if (_lcp.State is PppState.Initial or PppState.Closed or PppState.Stopped) Finish();
    }

    private void StopUpperLayers(TimeSpan now)
    {
        ForgetLogin();
        _ccp?.Down(now);
        _ipcp?.Down(now);
        _ipv6cp?.Down(now);
        if (!IsNetworkUp) return;
        IsNetworkUp = false;
        Emit(new PppEvent.NetworkDown(_detail));
    }

    private void Finish()
    {
        if (Phase == LinkPhase.Closed) return;
        Phase = LinkPhase.Closed;
        Emit(new PppEvent.Closed(_cause, _detail));
    }
}
