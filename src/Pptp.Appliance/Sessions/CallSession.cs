using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Diagnosis;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Control;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// One call of a tunnel: its PPP link, its user, addresses, interface and data path. Runs inside its tunnel's actor.
/// What it has to wait for (access, an interface) comes back as a message, so that no other call waits with it.
/// </summary>
internal sealed partial class CallSession : IDataPathOwner, IDisposable
{
    /// <summary>
    /// After the link's last word the peer may clear the call itself, as RFC 1661 §3.7 leaves it to the one who is
    /// ready last; a client that is cut off before reports a hang-up where it should report a wrong password.
    /// </summary>
    private static readonly TimeSpan LingerTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Control frames that may wait in the mailbox; a peer that sends faster than we answer loses the rest.</summary>
    private const int QueuedFrameLimit = 64;

    /// <summary>Control frames kept that overtake the control message that makes the call go live.</summary>
    private const int EarlyFrameLimit = 16;

    private readonly ICallHost _host;
    private readonly TunnelServices _services;
    private readonly PptpServerSettings _server;
    private readonly PppLink _link;
    private readonly IDataPathPort _path;
    private readonly CancellationTokenSource _ended = new();
    private TimeSpan _loginDeadline;

    /// <summary>What came before <see cref="Begin"/>; null after it.</summary>
    private Queue<byte[]>? _early = new();
    private Keepalive? _keepalive;
    private SessionTimeouts? _timeouts;
    private SessionParameters? _parameters;
    private MppeStartKeys? _keys;
    private AddressLease? _localLease;
    private AddressLease? _remoteLease;
    private InterfaceName? _name;
    private TunnelInterface? _interface;
    private IDisposable? _proxyArp;
    private NetworkParameters? _network;
    private TimeSpan _connectedAt;
    private int _queuedFrames;
    private int _pending;
    private int _attempt;
    private bool _connected;
    private volatile bool _ending;
    private bool _pathClosed;
    private bool _released;
    private bool _refused;
    private bool _shuttingDown;
    private DisconnectReason? _reason;
    private CallDisconnectResult? _notify;
    private TimeSpan _notifyAt;

    public CallSession(
        ICallHost host, ushort callId, GreCallOptions gre, TunnelServices services, Attempt story, TimeSpan now)
    {
        PptpConfiguration configuration = services.Configuration();
        _host = host;
        _services = services;
        _story = story;
        _server = configuration.PptpServer;
        _loginDeadline = now + _server.LoginTimeout;
        CallId = callId;
        Number = services.Sessions.NextNumber();
        Identity = services.SessionIds.Next();
        _link = new PppLink(
            new PppLinkOptions
            {
                Mru = _server.MaxMru,
                Mtu = _server.MaxMtu,
                Mrru = _server.Mrru,
                AuthenticationMethods = LoginMethods.Of(_server.Authentication),
                ServerName = configuration.System.Identity,
            },
            services.Random);
        _path = services.DataPlane.Attach(CallAddress.Of(host.Local, host.Remote, callId), gre, this);
        services.Sessions.Add(this);
    }

    /// <summary>The call id we assigned.</summary>
    public ushort CallId { get; }

    /// <summary>What servers know the call by.</summary>
    public SessionIdentity Identity { get; }

    /// <summary>The client's address.</summary>
    public IPAddress Remote => _host.Remote;

    /// <summary>Tells calls apart in the log before their user is known.</summary>
    public long Number { get; }

    public bool IsLoggedIn { get; private set; }

    /// <summary>The secret's name; null until the user has logged in.</summary>
    public string? User => _parameters?.User;

    /// <summary>It was a RADIUS server that let the user in.</summary>
    public bool IsOfRadius => _parameters?.Radius is not null;

    /// <summary>The Linux name of its interface; null until the user has logged in.</summary>
    public string? InterfaceName => _name?.Linux;

    /// <summary>Nothing of the call is left: no data path, interface, lease or answer to wait for, and the peer knows.</summary>
    public bool IsFinished => _released && _notify is null;

    /// <summary>When <see cref="Advance"/> next has something to do; null: never.</summary>
    public TimeSpan? NextDeadline => _ending
        ? (_notify is null ? null : _notifyAt)
        : Deadline.Earliest(
            _link.NextDeadline, _keepalive?.NextDeadline, _timeouts?.NextDeadline, _cutOff?.At,
            _greDeadline, _probe?.NextDeadline,
            _advertiser?.NextDeadline,
            _connected ? null : _loginDeadline);

    private string Prefix => _name is { } name ? LogText.Escape(name.RouterOs) : $"<{Number}>";

    /// <summary>The call is live: PPP begins, with what the peer has said already.</summary>
    public void Begin(TimeSpan now)
    {
        if (_ending || _early is not { } early)
            return;
        _early = null;
        TellBegin(now);
        _link.Open(now);
        while (early.TryDequeue(out byte[]? frame))
            Receive(frame, now);
        DrainLink(now);
    }

    public void Handle(CallMessage message, TimeSpan now)
    {
        switch (message)
        {
            case CallMessage.ControlFrame frame:
                Interlocked.Decrement(ref _queuedFrames);
                if (_early is null && !_ending)
                    Receive(frame.Frame, now);
                else if (_early?.Count < EarlyFrameLimit)
                    _early.Enqueue(frame.Frame);
                break;
            case CallMessage.AccessDecided decided:
                _pending--;
                OnAccessDecided(decided, now);
                break;
            case CallMessage.InterfaceReady ready:
                _pending--;
                OnInterfaceReady(ready, now);
                break;
            case CallMessage.Ipv6Ready ready:
                _pending--;
                OnIpv6Ready(ready.Failure, now);
                break;
            case CallMessage.RouterSolicited:
                _advertiser?.OnSolicitation(now);
                break;
            case CallMessage.EndRequested request:
                OnEndRequested(request, now);
                break;
            case CallMessage.PlaceFree free:
                _pending--;
                if (!_ending)
                    Admit(free.Decision, now);
                break;
            case CallMessage.ConfigurationChanged:
                OnConfigurationChanged();
                break;
            case CallMessage.QueueLengthSet set:
                _pending--;
                if (set.Failure is { } failure)
                    Log.QueueNotSet(_services.Loggers.PppWarning, Prefix, failure);
                break;
            case CallMessage.ChangeAsked asked:
                OnChangeAsked(asked.Change);
                break;
            case CallMessage.FirewallSet set:
                _pending--;
                OnFirewallSet(set);
                break;
            case CallMessage.ChangeDecided decided:
                OnChangeDecided(decided.Change, decided.IsMade);
                break;
            case CallMessage.DecryptLost:
                if (!_ending)
                    _link.SendResetRequest(now);
                break;
            case CallMessage.DecryptHopeless hopeless:
                Terminate(hopeless.Why, DisconnectReason.PortError, now);
                break;
            case CallMessage.LimitReached:
                _story.Blame(AttemptCauses.TrafficLimit);
                Terminate("traffic limit reached", DisconnectReason.NasRequest, now);
                break;
            case CallMessage.DataPathClosed closed:
                OnDataPathClosed(closed, now);
                break;
        }
        DrainLink(now);
        ReleaseIfDone();
    }

    public void Advance(TimeSpan now)
    {
        if (_ending)
        {
            if (_notify is not null && now >= _notifyAt)
                Notify();
            return;
        }
        _link.Advance(now);
        DrainLink(now);
        if (!_ending && !_connected && now >= _loginDeadline)
        {
            End("not logged in in time", DisconnectReason.NasRequest, CallDisconnectResult.AdminShutdown, now);
            return;
        }
        AdvanceTimeouts(now);
        AdvanceStory(now);
        AdvanceIpv6(now);
        if (_cutOff is { } cutOff && now >= cutOff.At)
            End(cutOff.Text, DisconnectReason.NasRequest, CallDisconnectResult.AdminShutdown, now);
        if (!_ending && _keepalive is { } keepalive)
            AdvanceKeepalive(keepalive, now);
        DrainLink(now);
    }

    /// <summary>Ends the link as its peer expects it: a Terminate-Request, its Ack, then the call.</summary>
    /// <param name="text">For the log and the Terminate-Request.</param>
    /// <param name="reason">What is kept of it.</param>
    /// <param name="now">The time.</param>
    public void Terminate(string text, DisconnectReason reason, TimeSpan now)
    {
        if (_ending)
            return;
        _reason ??= reason;
        if (_early is not null)
            End(text, reason, CallDisconnectResult.AdminShutdown, now);
        _link.Terminate(text, now);
        DrainLink(now);
    }

    /// <summary>As <see cref="Terminate"/>, without leaving the peer time to clear the call itself.</summary>
    public void Shutdown(TimeSpan now)
    {
        _shuttingDown = true;
        Terminate("server is shutting down", DisconnectReason.Reboot, now);
        if (_notify is not null)
            Notify();
    }

    /// <summary>The peer or the control connection has ended the call: nothing can be said to it any more.</summary>
    public void HangUp(string text, DisconnectReason reason, TimeSpan now)
    {
        End(text, reason, null, now);
        _notify = null;
    }

    /// <summary>To be called once <see cref="IsFinished"/>.</summary>
    public void Dispose() => _ended.Dispose();

    void IDataPathOwner.OnControlFrame(byte[] frame)
    {
        if (Interlocked.Increment(ref _queuedFrames) > QueuedFrameLimit)
        {
            Interlocked.Decrement(ref _queuedFrames);
            return;
        }
        _host.Post(this, new CallMessage.ControlFrame(frame));
    }

    void IDataPathOwner.OnDecryptLost() => _host.Post(this, new CallMessage.DecryptLost());

    void IDataPathOwner.OnDecryptHopeless(string why) => _host.Post(this, new CallMessage.DecryptHopeless(why));

    void IDataPathOwner.OnLimitReached() => _host.Post(this, CallMessage.LimitReached.Instance);

    void IDataPathOwner.OnClosed(DataPathCounters counters, string? failure) =>
        _host.Post(this, new CallMessage.DataPathClosed(counters, failure));

    private void AdvanceTimeouts(TimeSpan now)
    {
        if (_ending || _timeouts?.Advance(_path.LastTraffic, now) is not { } reason)
            return;
        _timeouts = null;
        Terminate(reason == DisconnectReason.SessionTimeout ? "session timeout" : "idle timeout", reason, now);
    }

    private void AdvanceKeepalive(Keepalive keepalive, TimeSpan now)
    {
        KeepaliveStep step = keepalive.Advance(_path.LastReceived, now);
        if (step is KeepaliveStep.MissedAndSendEcho or KeepaliveStep.MissedAndLost)
            Log.MissedEcho(_services.Loggers.PppDebug, Prefix);
        if (step is KeepaliveStep.SendEcho or KeepaliveStep.MissedAndSendEcho)
            _link.SendEchoRequest(now);
        if (step is KeepaliveStep.MissedAndLost)
            EndUnheard(now);
    }

    /// <param name="text">For the log.</param>
    /// <param name="reason">What is kept of it, unless the end has begun for another.</param>
    /// <param name="result">What the peer is told by a Call-Disconnect-Notify; null: it knows, or cannot be reached.</param>
    /// <param name="now">The time.</param>
    /// <param name="linger">How long the peer may clear the call itself before it is told.</param>
    private void End(
        string text, DisconnectReason reason, CallDisconnectResult? result, TimeSpan now, TimeSpan linger = default)
    {
        if (_ending)
            return;
        _ending = true;
        _reason ??= reason;
        TellEnd(text, now);
        Log.Terminating(_services.Loggers.Ppp, Prefix, text);
        _ended.Cancel();
        _path.Close();
        _notify = result;
        _notifyAt = now + linger;
        if (linger == TimeSpan.Zero)
            Notify();
    }

    private void Notify()
    {
        if (_notify is { } result)
            _host.Disconnect(this, result);
        _notify = null;
    }

    private void OnDataPathClosed(CallMessage.DataPathClosed closed, TimeSpan now)
    {
        _pathClosed = true;
        if (closed.Failure is { } failure)
            End(failure, DisconnectReason.PortError, CallDisconnectResult.GeneralError, now);
        if (!_connected)
            return;
        DataPathCounters c = closed.Counters;
        StatisticsLog.Write(_services.Loggers.Ppp, Prefix, c);
        TimeSpan uptime = now - _connectedAt;
        Log.LoggedOut(_services.Loggers.Account, LogText.Escape(_parameters!.User),
            (long)uptime.TotalSeconds, c.RxBytes, c.TxBytes, c.RxPackets, c.TxPackets, _host.Remote);
        _services.Observer.LoggedOut(new SessionEnd
        {
            User = _parameters.User,
            CallerId = _host.Remote,
            Address = _network!.RemoteAddress,
            At = _services.Clock.Time.GetUtcNow(),
            Uptime = uptime,
            Reason = _reason!.Value,
            Counters = c,
        });
        StopAccounting(c);
        RunDownHook(uptime, c);
    }

    private void ReleaseIfDone()
    {
        if (!_ending || !_pathClosed || _pending > 0 || _released)
            return;
        _released = true;
        _proxyArp?.Dispose();
        if (_interface is { } tunnel)
            _services.Interfaces.Release(tunnel);
        else if (_name is { } name)
            _services.Interfaces.Release(name);
        _keys?.Dispose();
        _prefix?.Dispose();
        _remoteLease?.Dispose();
        _localLease?.Dispose();
        _services.Sessions.Remove(this);
        Log.Disconnected(_services.Loggers.Ppp, Prefix);
        _gone.SetResult();
    }

    private string TextOf(PppEvent.Closed closed) => closed.Cause switch
    {
        LinkCloseCause.PeerRequest => _refused ? "authentication failed" : "hungup",
        LinkCloseCause.AuthenticationFailed => "authentication failed",
        LinkCloseCause.AuthenticationMethodRefused => $"authentication method refused ({closed.Detail})",
        _ => closed.Detail,
    };

    /// <summary>Only why a link ends that was up is ever kept.</summary>
    private static DisconnectReason ReasonOf(LinkCloseCause cause) => cause switch
    {
        LinkCloseCause.PeerRequest => DisconnectReason.PeerRequest,
        LinkCloseCause.LocalRequest => DisconnectReason.NasRequest,
        _ => DisconnectReason.NasError,
    };
}
