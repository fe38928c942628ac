using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;
using Pptp.Protocol.Control;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// The actor of one tunnel: one control connection with all its calls. Everything that concerns them comes through
/// one mailbox and is handled one message after the other, so nothing here needs a lock.
/// </summary>
internal sealed partial class TunnelSession : ICallHost, IDisposable
{
    /// <summary>The part of max-starting that one source address may take: 1 in so many.</summary>
    private const int SourceShare = 4;

    private readonly ControlStream _stream;
    private readonly TunnelServices _services;
    private readonly ControlConnection _control;
    private readonly Dictionary<ushort, CallSession> _calls = [];
    private readonly Channel<TunnelMessage> _mailbox =
        Channel.CreateUnbounded<TunnelMessage>(new UnboundedChannelOptions { SingleReader = true });
    private TimeSpan _idleSince;
    private bool _controlClosed;
    private bool _stopping;

    public TunnelSession(Stream stream, IPAddress local, IPAddress remote, TunnelServices services)
    {
        _stream = new ControlStream(
            stream,
            services.Clock.Time,
            bytes => _mailbox.Writer.TryWrite(new TunnelMessage.Received(bytes)),
            why => _mailbox.Writer.TryWrite(new TunnelMessage.ConnectionLost(why)));
        _services = services;
        _idleSince = services.Clock.Now;
        _story = BeginStory(local, remote, services.Attempts);
        Local = local;
        Remote = remote;
        _control = new ControlConnection(
            new ControlConnectionOptions { HostName = services.Configuration().System.Identity, VendorName = "pptpd" },
            services.Random,
            services.Clock.Now);
    }

    public IPAddress Local { get; }

    public IPAddress Remote { get; }

    /// <summary>Ends every call with a Terminate-Request and a Call-Disconnect-Notify, then the connection.</summary>
    public void Stop() => _mailbox.Writer.TryWrite(new TunnelMessage.Stop());

    /// <summary>Lives as long as the tunnel: to the end of its connection and of the last of its calls.</summary>
    public async Task RunAsync()
    {
        // Health checks come from the host itself, twice a minute: they are no event.
        Log.Established(_services.Loggers.Pptp, IPAddress.IsLoopback(Remote) ? LogLevel.Debug : LogLevel.Information, Remote);
        _stream.Start();
        using ActorTimer timer = new(_services.Clock, () => _mailbox.Writer.TryWrite(TunnelMessage.Tick.Instance));
        try
        {
            timer.Set(NextDeadline);
            while (!(_controlClosed && _calls.Count == 0))
            {
                TunnelMessage message = await _mailbox.Reader.ReadAsync().ConfigureAwait(false);
                Handle(message, _services.Clock.Now);
                timer.Set(NextDeadline);
            }
        }
        catch (Exception e)
        {
            // A fault of ours in this tunnel must not leave its calls behind, nor touch another tunnel.
            Log.Failed(_services.Loggers.SystemError, Remote, e);
            await AbandonCallsAsync().ConfigureAwait(false);
        }
        await _stream.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>To be called when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => _stream.Dispose();

    void ICallHost.Post(CallSession call, CallMessage message) =>
        _mailbox.Writer.TryWrite(new TunnelMessage.ForCall(call, message));

    void ICallHost.Disconnect(CallSession call, CallDisconnectResult result)
    {
        if (!_controlClosed)
            _control.DisconnectCall(call.CallId, result, _services.Clock.Now);
    }

    private void Handle(TunnelMessage message, TimeSpan now)
    {
        switch (message)
        {
            case TunnelMessage.Received received:
                if (!_controlClosed)
                    _control.Receive(received.Bytes.Span, now);
                _stream.ReadOn();
                break;
            case TunnelMessage.ConnectionLost lost:
                CloseControl(lost.Why, now);
                break;
            case TunnelMessage.Stop:
                _stopping = true;
                foreach (CallSession call in _calls.Values)
                    call.Shutdown(now);
                break;
            case TunnelMessage.ForCall forCall:
                forCall.Call.Handle(forCall.Message, now);
                break;
        }
        Advance(now);
    }

    private void Advance(TimeSpan now)
    {
        if (!_controlClosed)
            _control.Advance(now);
        foreach (CallSession call in _calls.Values)
            call.Advance(now);
        DrainControl(now);
        foreach (CallSession call in _calls.Values)
        {
            if (!call.IsFinished)
                continue;
            _calls.Remove(call.CallId);
            _idleSince = now;
            _services.CallIds.Release(Ipv4Range.ToNumber(Local), Ipv4Range.ToNumber(Remote), call.CallId);
            call.Dispose();
        }
        bool isIdle = IdleDeadline is { } deadline && now >= deadline;
        if (_calls.Count == 0 && !_controlClosed && (_stopping || isIdle))
        {
            _control.Stop(
                _stopping ? StopControlConnectionReason.StopLocalShutdown : StopControlConnectionReason.None, now);
            DrainControl(now);
            _stopping = false;
        }
    }

    /// <summary>
    /// A connection nobody makes a call on is a place taken: it has as long as a login. Null: it is in use, or its end
    /// has begun.
    /// </summary>
    private TimeSpan? IdleDeadline =>
        _calls.Count == 0 && _control is { IsClosed: false, IsStopping: false }
            ? _idleSince + _services.Configuration().PptpServer.LoginTimeout
            : null;

    private TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? earliest = _controlClosed ? null : Deadline.Earliest(_control.NextDeadline, IdleDeadline);
            foreach (CallSession call in _calls.Values)
                earliest = Deadline.Earliest(earliest, call.NextDeadline);
            return earliest;
        }
    }

    private void DrainControl(TimeSpan now)
    {
        while (!_controlClosed && _control.TryTake(out ControlEvent? controlEvent))
        {
            switch (controlEvent)
            {
                case ControlEvent.Send send:
                    if (!_stream.TryWrite(send.Bytes))
                        CloseControl("the peer does not read", now);
                    break;
                case ControlEvent.Started started:
                    _story.Note(AttemptPhase.Control, $"of {started.Request.HostName} ({started.Request.VendorName})");
                    Log.Started(_services.Loggers.PptpDebug, Remote,
                        LogText.Escape(started.Request.HostName), LogText.Escape(started.Request.VendorName));
                    break;
                case ControlEvent.CallRequested { Request: var request }:
                    BeginCall(
                        request.CallId,
                        new GreCallOptions
                        {
                            PeerCallId = request.CallId,
                            PeerReceiveWindow = request.PacketReceiveWindowSize,
                        },
                        isLive: true,
                        now);
                    break;
                case ControlEvent.IncomingCallRequested { Request.CallId: var id }:
                    // The peer's window comes with Incoming-Call-Connected; it is advice that nothing here follows.
                    BeginCall(id, new GreCallOptions { PeerCallId = id }, isLive: false, now);
                    break;
                case ControlEvent.CallConnected connected:
                    if (_calls.TryGetValue(connected.CallId, out CallSession? live))
                        live.Begin(now);
                    break;
                case ControlEvent.CallEnded ended:
                    if (_calls.TryGetValue(ended.CallId, out CallSession? call))
                        call.HangUp("hungup", ReasonOf(ended.Reason), now);
                    break;
                case ControlEvent.LinkInfo:
                    // Inside GRE nothing is escaped: the character map it sets has no effect (RFC 2637 §4.1).
                    break;
                case ControlEvent.WanErrors { Counts: var n } errors:
                    Log.LineErrors(_services.Loggers.PptpDebug, Remote, errors.CallId, n.CrcErrors, n.FramingErrors,
                        n.HardwareOverruns, n.BufferOverruns, n.TimeoutErrors, n.AlignmentErrors);
                    break;
                case ControlEvent.Closed closed:
                    CloseControl(closed.Detail, now);
                    break;
            }
        }
    }

    /// <param name="peerCallId">The peer's id of the call.</param>
    /// <param name="gre">Holds it too.</param>
    /// <param name="isLive">False: the peer has yet to say that the call is connected.</param>
    /// <param name="now">The time.</param>
    private void BeginCall(ushort peerCallId, GreCallOptions gre, bool isLive, TimeSpan now)
    {
        if (_stopping || !TryAllocateCallId(out ushort callId))
        {
            TellRefusedCall();
            _control.RefuseCall(peerCallId, OutgoingCallResult.GeneralError, ControlError.NoResource, now);
            return;
        }
        CallSession call = new(this, callId, gre, _services, StoryOfCall(peerCallId, callId), now);
        _calls.Add(callId, call);
        // The data path is in place before the peer learns of the call: its first GRE may follow at once.
        if (isLive)
            call.Begin(now);
        if (!_control.AcceptCall(peerCallId, callId, now))
            call.HangUp("hungup", DisconnectReason.HungUp, now);
    }

    private bool TryAllocateCallId(out ushort callId)
    {
        PptpServerSettings server = _services.Configuration().PptpServer;
        callId = 0;
        return (server.MaxSessions == 0 || _services.Sessions.LoggedIn < server.MaxSessions)
            && (server.MaxStarting == 0 || MayStart(server.MaxStarting))
            && _services.CallIds.TryAllocate(Ipv4Range.ToNumber(Local), Ipv4Range.ToNumber(Remote), out callId);
    }

    private bool MayStart(int maxStarting) =>
        _services.Sessions.Starting < maxStarting
        && _services.Sessions.StartingFrom(Remote) < Math.Max(1, maxStarting / SourceShare);

    private void CloseControl(string why, TimeSpan now)
    {
        if (_controlClosed)
            return;
        _controlClosed = true;
        Log.Closed(_services.Loggers.PptpDebug, Remote, why);
        TellClosed(why);
        foreach (CallSession call in _calls.Values)
            call.HangUp("hungup", DisconnectReason.HungUp, now);
    }

    private static DisconnectReason ReasonOf(CallEndReason ended) => ended switch
    {
        CallEndReason.ConnectionLost => DisconnectReason.HungUp,
        CallEndReason.StoppedLocally => DisconnectReason.Reboot,
        _ => DisconnectReason.PeerRequest,
    };

    private async Task AbandonCallsAsync()
    {
        foreach (CallSession call in _calls.Values)
            call.HangUp("internal error", DisconnectReason.NasError, _services.Clock.Now);
        while (_calls.Values.Any(call => !call.IsFinished))
        {
            if (await _mailbox.Reader.ReadAsync().ConfigureAwait(false) is TunnelMessage.ForCall forCall)
                forCall.Call.Handle(forCall.Message, _services.Clock.Now);
        }
    }

    private static partial class Log
    {
        [LoggerMessage("TCP connection established from {Remote}")]
        public static partial void Established(ILogger logger, LogLevel level, IPAddress remote);

        [LoggerMessage(LogLevel.Debug, "{Remote}: control connection of {HostName} ({VendorName})")]
        public static partial void Started(ILogger logger, IPAddress remote, string hostName, string vendorName);

        [LoggerMessage(LogLevel.Debug,
            "{Remote}: call {CallId} has line errors: crc={Crc} framing={Framing} hardware-overruns={HardwareOverruns} "
            + "buffer-overruns={BufferOverruns} timeouts={Timeouts} alignment={Alignment}")]
        public static partial void LineErrors(
            ILogger logger, IPAddress remote, ushort callId, uint crc, uint framing,
            uint hardwareOverruns, uint bufferOverruns, uint timeouts, uint alignment);

        [LoggerMessage(LogLevel.Debug, "{Remote}: control connection closed: {Why}")]
        public static partial void Closed(ILogger logger, IPAddress remote, string why);

        [LoggerMessage(LogLevel.Error, "{Remote}: tunnel closed by a fault")]
        public static partial void Failed(ILogger logger, IPAddress remote, Exception exception);
    }
}

/// <summary>What a call wants of its tunnel.</summary>
internal interface ICallHost
{
    IPAddress Local { get; }

    IPAddress Remote { get; }

    /// <summary>Puts a message for the call into the mailbox; from any thread.</summary>
    void Post(CallSession call, CallMessage message);

    /// <summary>Tells the peer that we have ended the call (RFC 2637 §2.13).</summary>
    void Disconnect(CallSession call, CallDisconnectResult result);
}
