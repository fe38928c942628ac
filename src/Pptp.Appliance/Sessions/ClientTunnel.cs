using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Control;
using Pptp.Protocol.Gre;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// One attempt of a client to have its tunnel, from the open TCP connection to its end: the actor of one control
/// connection with the one call on it. Everything comes through one mailbox, as with <see cref="TunnelSession"/>.
/// </summary>
internal sealed partial class ClientTunnel : IDataPathOwner, IDisposable
{
    /// <summary>From TCP to IP. A server that has not let us in by then is dialled anew.</summary>
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(60);

    /// <summary>What the server may take to acknowledge a Terminate-Request, and then the end of the connection.</summary>
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Control frames that may wait in the mailbox; a server that sends faster than we answer loses the rest.</summary>
    private const int QueuedFrameLimit = 64;

    /// <summary>Control frames kept that overtake the Outgoing-Call-Reply.</summary>
    private const int EarlyFrameLimit = 16;

    /// <summary>All that is sent to us through the tunnel may come in.</summary>
    private static readonly IReadOnlyList<Ipv4Prefix> AnySource = [new Ipv4Prefix(IPAddress.Any, 0)];

    /// <summary>For a server that does not tell its address in the tunnel: any address serves as the way into it.</summary>
    private static readonly IPAddress NamelessPeer = new([10, 112, 112, 112]);

    private readonly ControlStream _stream;
    private readonly IPAddress _local;
    private readonly IPAddress _remote;
    private readonly ClientSettings _settings;
    private readonly TunnelServices _services;
    private readonly IClientInterface _interface;
    private readonly IClientMonitor _monitor;
    private readonly ControlConnection _control;
    private readonly Channel<Action<TimeSpan>> _mailbox =
        Channel.CreateUnbounded<Action<TimeSpan>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TimeSpan _dialDeadline;

    /// <summary>What came before the call was answered.</summary>
    private readonly Queue<byte[]> _early = new();
    private ushort? _callId;
    private IDataPathPort? _path;
    private PppLink? _link;
    private MppeStartKeys? _keys;
    private Keepalive? _keepalive;
    private SessionTimeouts? _timeouts;
    private NetworkParameters? _network;
    private TimeSpan? _connectedAt;
    private TimeSpan? _uptime;
    private TimeSpan? _goodbyeDeadline;
    private string? _reason;
    private int _queuedFrames;
    private bool _isIntended;
    private bool _isMakingInterface;
    private bool _isEnding;
    private bool _isPathClosed;
    private bool _isControlClosed;

    /// <param name="stream">The open TCP connection.</param>
    /// <param name="local">Our end of it.</param>
    /// <param name="remote">The server.</param>
    /// <param name="settings">Whose tunnel it is.</param>
    /// <param name="services">The data plane, call ids, clock and log.</param>
    /// <param name="tunnelInterface">Is connected here; disconnected by the owner, after the end.</param>
    /// <param name="monitor">Hears of the progress.</param>
    public ClientTunnel(
        Stream stream, IPAddress local, IPAddress remote, ClientSettings settings, TunnelServices services,
        IClientInterface tunnelInterface, IClientMonitor monitor)
    {
        _stream = new ControlStream(
            stream,
            services.Clock.Time,
            bytes => Post(now => OnReceived(bytes, now)),
            why => Post(_ => _control!.TransportClosed(why)));
        _local = local;
        _remote = remote;
        _settings = settings;
        _services = services;
        _interface = tunnelInterface;
        _monitor = monitor;
        _dialDeadline = services.Clock.Now + DialTimeout;
        _control = ControlConnection.Dial(
            new ControlConnectionOptions
            {
                HostName = services.Configuration().System.Identity,
                VendorName = "pptpd",
                MaximumChannels = 0,
                StopTimeout = GoodbyeTimeout,
            },
            services.Random,
            services.Clock.Now);
    }

    private PptpClient Client => _settings.Client;

    private bool IsOver => _isControlClosed && !_isMakingInterface && !_isAddingIpv6 && (_path is null || _isPathClosed);

    private TimeSpan? NextDeadline => _isEnding
        ? (_isControlClosed ? null : _control.NextDeadline)
        : Deadline.Earliest(
            _control.NextDeadline, _link?.NextDeadline, _keepalive?.NextDeadline, _timeouts?.NextDeadline,
            _goodbyeDeadline, _connectedAt is null ? _dialDeadline : null);

    /// <summary>What it has carried; from any thread.</summary>
    public DataPathCounters Counters => _path?.Counters ?? default;

    /// <summary>Ends the tunnel as the server expects it; from any thread.</summary>
    /// <param name="reason">For the log, and the Terminate-Request.</param>
    public void HangUp(string reason) => Post(now => Terminate(reason, now));

    /// <summary>Lives as long as the tunnel, or the attempt to have one.</summary>
    public async Task<ClientTunnelEnd> RunAsync()
    {
        _stream.Start();
        using ActorTimer timer = new(_services.Clock, () => Post(static _ => { }));
        try
        {
            Advance(_services.Clock.Now);
            while (!IsOver)
            {
                timer.Set(NextDeadline);
                Action<TimeSpan> act = await _mailbox.Reader.ReadAsync().ConfigureAwait(false);
                TimeSpan now = _services.Clock.Now;
                act(now);
                Advance(now);
            }
        }
        catch (Exception e)
        {
            // A fault of ours in this tunnel must not leave its call behind, nor touch another tunnel.
            Log.Failed(_services.Loggers.SystemError, Client.Name, e);
            await AbandonAsync().ConfigureAwait(false);
        }
        await _stream.CloseAsync().ConfigureAwait(false);
        if (_callId is { } callId)
            _services.CallIds.Release(Ipv4Range.ToNumber(_local), Ipv4Range.ToNumber(_remote), callId);
        _keys?.Dispose();
        return new ClientTunnelEnd(_reason!, _uptime, _isIntended);
    }

    /// <summary>To be called when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => _stream.Dispose();

    void IDataPathOwner.OnControlFrame(byte[] frame)
    {
        if (Interlocked.Increment(ref _queuedFrames) > QueuedFrameLimit)
            Interlocked.Decrement(ref _queuedFrames);
        else
            Post(now => OnControlFrame(frame, now));
    }

    void IDataPathOwner.OnDecryptLost() => Post(now => _link!.SendResetRequest(now));

    void IDataPathOwner.OnDecryptHopeless(string why) => Post(now => Terminate(why, now));

    void IDataPathOwner.OnLimitReached()
    {
        // No limit is set.
    }

    void IDataPathOwner.OnClosed(DataPathCounters counters, string? failure) => Post(now =>
    {
        _isPathClosed = true;
        if (failure is not null)
            End(failure, now);
        if (_connectedAt is null)
            return;
        StatisticsLog.Write(_services.Loggers.Ppp, Client.Name, counters);
        RunDownHook(counters);
    });

    private void Post(Action<TimeSpan> act) => _mailbox.Writer.TryWrite(act);

    private void OnReceived(ReadOnlyMemory<byte> bytes, TimeSpan now)
    {
        if (!_isControlClosed)
            _control.Receive(bytes.Span, now);
        _stream.ReadOn();
    }

    private void OnControlFrame(byte[] frame, TimeSpan now)
    {
        Interlocked.Decrement(ref _queuedFrames);
        if (_link is { } link)
            link.Receive(frame, now);
        else if (_early.Count < EarlyFrameLimit)
            _early.Enqueue(frame);
    }

    private void Advance(TimeSpan now)
    {
        if (!_isControlClosed)
            _control.Advance(now);
        DrainControl(now);
        if (!_isEnding)
        {
            _link?.Advance(now);
            DrainLink(now);
            AdvanceTimeouts(now);
            DrainLink(now);
        }
        DrainControl(now);
    }

    private void AdvanceTimeouts(TimeSpan now)
    {
        if (_goodbyeDeadline is { } goodbye && now >= goodbye)
            End(_reason!, now);
        else if (_connectedAt is null && now >= _dialDeadline)
            End("no tunnel in time", now);
        else if (_path is { } path && _timeouts?.Advance(path.LastTraffic, now) is { } ranOut)
            RunOut(ranOut == DisconnectReason.SessionTimeout ? "session timeout" : "idle timeout", now);
        else if (_path is { } heard && _keepalive is { } keepalive)
            AdvanceKeepalive(keepalive.Advance(heard.LastReceived, now), now);
    }

    private void RunOut(string reason, TimeSpan now)
    {
        _timeouts = null;
        _isIntended = true;
        Terminate(reason, now);
    }

    private void AdvanceKeepalive(KeepaliveStep step, TimeSpan now)
    {
        if (step is KeepaliveStep.MissedAndSendEcho or KeepaliveStep.MissedAndLost)
            Log.MissedEcho(_services.Loggers.PppDebug, Client.Name);
        if (step is KeepaliveStep.SendEcho or KeepaliveStep.MissedAndSendEcho)
            _link!.SendEchoRequest(now);
        if (step is KeepaliveStep.MissedAndLost)
            End("peer is not responding", now);
    }

    private void DrainControl(TimeSpan now)
    {
        while (!_isControlClosed && _control.TryTake(out ControlEvent? controlEvent))
        {
            switch (controlEvent)
            {
                case ControlEvent.Send send:
                    if (!_stream.TryWrite(send.Bytes))
                        _control.TransportClosed("the server does not read");
                    break;
                case ControlEvent.StartReplied started:
                    Log.Started(_services.Loggers.PptpDebug, Client.Name, _remote,
                        LogText.Escape(started.Reply.HostName), LogText.Escape(started.Reply.VendorName));
                    PlaceCall(now);
                    break;
                case ControlEvent.CallAnswered { Reply: var reply }:
                    Begin(reply, now);
                    break;
                case ControlEvent.CallRefused { Reply: var reply }:
                    End($"the call is refused: result {(int)reply.ResultCode}, error {(int)reply.ErrorCode}", now);
                    break;
                case ControlEvent.CallEnded:
                    End("hungup", now);
                    break;
                case ControlEvent.Closed closed:
                    _isControlClosed = true;
                    End(closed.Detail, now);
                    break;
            }
        }
    }

    private void PlaceCall(TimeSpan now)
    {
        uint local = Ipv4Range.ToNumber(_local);
        uint remote = Ipv4Range.ToNumber(_remote);
        if (_isEnding || !_services.CallIds.TryAllocate(local, remote, out ushort callId))
        {
            End("no call id is left", now);
            return;
        }
        _callId = callId;
        // In place before the server learns of the call: its first GRE may overtake its reply.
        _path = _services.DataPlane.Attach(
            CallAddress.Of(_local, _remote, callId), new GreCallOptions { PeerCallId = null }, this);
        _control.PlaceCall(callId, now);
    }

    private void Begin(OutgoingCallReply reply, TimeSpan now)
    {
        if (_isEnding)
            return;
        _path!.Connect(reply.CallId, reply.PacketReceiveWindowSize);
        _link = new PppLink(
            new PppLinkOptions
            {
                Mru = Client.MaxMru,
                Mtu = Client.MaxMtu,
                Mrru = Client.Mrru,
                AuthenticationMethods = LoginMethods.Of(Client.Allow),
                Login = new LinkLogin
                {
                    UserName = Client.User,
                    Password = Client.Password?.Password ?? "",
                    Encryption = _settings.Encryption,
                    Mppe = _settings.Mppe,
                    LocalAddress = _settings.LocalAddress,
                    RemoteAddress = _settings.RemoteAddress,
                    AsksForDns = Client.UsePeerDns != UsePeerDns.No,
                    Ipv6 = Ipv6Policy,
                },
            },
            _services.Random);
        _link.Open(now);
        while (_early.TryDequeue(out byte[]? frame))
            _link.Receive(frame, now);
        DrainLink(now);
    }

    /// <summary>Ends the link as the server expects it: a Terminate-Request, its Ack, then the call.</summary>
    private void Terminate(string reason, TimeSpan now)
    {
        if (_isEnding || _goodbyeDeadline is not null)
            return;
        if (_link is not { } link)
        {
            End(reason, now);
            return;
        }
        _reason ??= reason;
        _goodbyeDeadline = now + GoodbyeTimeout;
        link.Terminate(reason, now);
        DrainLink(now);
    }

    /// <summary>The link is over, or was never there: ends the call and the connection.</summary>
    private void End(string reason, TimeSpan now)
    {
        if (_isEnding)
            return;
        _isEnding = true;
        _reason ??= reason;
        _uptime = now - _connectedAt;
        _monitor.OnTerminating(_reason);
        _path?.Close();
        if (!_isControlClosed)
            _control.Stop(StopControlConnectionReason.StopLocalShutdown, now);
    }

    private async Task AbandonAsync()
    {
        _isEnding = true;
        _reason = "internal error";
        _monitor.OnTerminating(_reason);
        _path?.Close();
        while (_isMakingInterface || _isAddingIpv6 || (_path is not null && !_isPathClosed))
            (await _mailbox.Reader.ReadAsync().ConfigureAwait(false))(_services.Clock.Now);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Client}: control connection to {Remote}, {HostName} ({VendorName})")]
        public static partial void Started(ILogger logger, string client, IPAddress remote, string hostName, string vendorName);

        [LoggerMessage(LogLevel.Information, "{Client}: LCP missed echo reply")]
        public static partial void MissedEcho(ILogger logger, string client);

        [LoggerMessage(LogLevel.Debug, "{Client}: LCP opened, peer's MRU {PeerMru}, login by {Method}")]
        public static partial void LcpUp(ILogger logger, string client, int peerMru, string method);

        [LoggerMessage(LogLevel.Error, "{Client}: no interface - {Why}")]
        public static partial void NoInterface(ILogger logger, string client, string why);

        [LoggerMessage(LogLevel.Error, "{Client}: no IPv6 - {Why}")]
        public static partial void NoIpv6(ILogger logger, string client, string why);

        [LoggerMessage(LogLevel.Information, "{Client}: carries IPv6 to {Address}")]
        public static partial void Ipv6Up(ILogger logger, string client, IPAddress address);

        [LoggerMessage(LogLevel.Information, "{Client}: carries no IPv6 - {Why}")]
        public static partial void Ipv6Refused(ILogger logger, string client, string why);

        [LoggerMessage(LogLevel.Information, "{Client}: carries no IPv6 any more - {Why}")]
        public static partial void Ipv6Down(ILogger logger, string client, string why);

        [LoggerMessage(LogLevel.Error, "{Client}: tunnel closed by a fault")]
        public static partial void Failed(ILogger logger, string client, Exception exception);
    }
}
