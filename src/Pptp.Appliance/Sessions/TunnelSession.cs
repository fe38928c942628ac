using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
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
    /// <summary>What is still owed to the peer at the end (a notify, a reply) has this long to leave.</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The part of max-starting that one source address may take: 1 in so many.</summary>
    private const int SourceShare = 4;

    private readonly Stream _stream;
    private readonly TunnelServices _services;
    private readonly ControlConnection _control;
    private readonly ControlWriter _writer;
    private readonly Dictionary<ushort, CallSession> _calls = [];
    private readonly Channel<TunnelMessage> _mailbox =
        Channel.CreateUnbounded<TunnelMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _readerMayContinue = new(0);
    private readonly CancellationTokenSource _end = new();
    private TimeSpan _idleSince;
    private bool _controlClosed;
    private bool _stopping;

    public TunnelSession(Stream stream, IPAddress local, IPAddress remote, TunnelServices services)
    {
        _stream = stream;
        _services = services;
        _writer = new ControlWriter(stream, services.Clock.Time);
        _idleSince = services.Clock.Now;
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
        Task reader = ReadAsync();
        Task writer = WriteAsync();
        using ITimer timer = _services.Clock.Time.CreateTimer(
            static self => ((TunnelSession)self!)._mailbox.Writer.TryWrite(TunnelMessage.Tick.Instance),
            this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            SetTimer(timer);
            while (!(_controlClosed && _calls.Count == 0))
            {
                TunnelMessage message = await _mailbox.Reader.ReadAsync().ConfigureAwait(false);
                Handle(message, _services.Clock.Now);
                SetTimer(timer);
            }
        }
        catch (Exception e)
        {
            // A fault of ours in this tunnel must not leave its calls behind, nor touch another tunnel.
            Log.Failed(_services.Loggers.SystemError, Remote, e);
            await AbandonCallsAsync().ConfigureAwait(false);
        }
        _writer.Complete();
        await Task.WhenAny(writer, Task.Delay(FlushTimeout, _services.Clock.Time)).ConfigureAwait(false);
        await _end.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(reader, writer).ConfigureAwait(false);
    }

    /// <summary>To be called when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose()
    {
        _end.Dispose();
        _readerMayContinue.Dispose();
        _writer.Dispose();
    }

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
                _readerMayContinue.Release();
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

    private void DrainControl(TimeSpan now)
    {
        while (!_controlClosed && _control.TryTake(out ControlEvent? controlEvent))
        {
            switch (controlEvent)
            {
                case ControlEvent.Send send:
                    if (!_writer.TryWrite(send.Bytes))
                        CloseControl("the peer does not read", now);
                    break;
                case ControlEvent.Started started:
                    Log.Started(_services.Loggers.PptpDebug, Remote,
                        LogText.Escape(started.Request.HostName), LogText.Escape(started.Request.VendorName));
                    break;
                case ControlEvent.CallRequested { Request: var request }:
                    BeginCall(
                        new GreCallOptions
                        {
                            PeerCallId = request.CallId,
                            PeerReceiveWindow = request.PacketReceiveWindowSize,
                        },
                        isLive: true,
                        now);
                    break;
                case ControlEvent.IncomingCallRequested incoming:
                    // The peer's window comes with Incoming-Call-Connected; it is advice that nothing here follows.
                    BeginCall(new GreCallOptions { PeerCallId = incoming.Request.CallId }, isLive: false, now);
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

    /// <param name="gre">Holds the peer's id of the call.</param>
    /// <param name="isLive">False: the peer has yet to say that the call is connected.</param>
    /// <param name="now">The time.</param>
    private void BeginCall(GreCallOptions gre, bool isLive, TimeSpan now)
    {
        if (_stopping || !TryAllocateCallId(out ushort callId))
        {
            _control.RefuseCall(gre.PeerCallId, OutgoingCallResult.GeneralError, ControlError.NoResource, now);
            return;
        }
        CallSession call = new(this, callId, gre, _services, now);
        _calls.Add(callId, call);
        // The data path is in place before the peer learns of the call: its first GRE may follow at once.
        if (isLive)
            call.Begin(now);
        if (!_control.AcceptCall(gre.PeerCallId, callId, now))
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
        foreach (CallSession call in _calls.Values)
            call.HangUp("hungup", DisconnectReason.HungUp, now);
    }

    private static DisconnectReason ReasonOf(CallEndReason ended) => ended switch
    {
        CallEndReason.ConnectionLost => DisconnectReason.HungUp,
        CallEndReason.StoppedLocally => DisconnectReason.Reboot,
        _ => DisconnectReason.PeerRequest,
    };

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[4096];
        string why = "closed by the peer";
        try
        {
            int length;
            while ((length = await _stream.ReadAsync(buffer, _end.Token).ConfigureAwait(false)) > 0)
            {
                _mailbox.Writer.TryWrite(new TunnelMessage.Received(buffer.AsMemory(0, length)));
                await _readerMayContinue.WaitAsync(_end.Token).ConfigureAwait(false);
                // Whoever does not read its answers is not asked for more questions.
                await _writer.WaitUntilFewAsync(_end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            why = e.Message;
        }
        _mailbox.Writer.TryWrite(new TunnelMessage.ConnectionLost(why));
    }

    private async Task WriteAsync()
    {
        if (await _writer.RunAsync(_end.Token).ConfigureAwait(false) is { } why)
            _mailbox.Writer.TryWrite(new TunnelMessage.ConnectionLost(why));
    }

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

    private void SetTimer(ITimer timer)
    {
        TimeSpan? earliest = _controlClosed ? null : _control.NextDeadline;
        if (!_controlClosed && IdleDeadline is { } idle && (earliest is null || idle < earliest))
            earliest = idle;
        foreach (CallSession call in _calls.Values)
        {
            if (call.NextDeadline is { } deadline && (earliest is null || deadline < earliest))
                earliest = deadline;
        }
        if (earliest is not { } due)
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        // Timers count whole milliseconds: rounded up, a tick never comes before its deadline.
        double wait = Math.Ceiling((due - _services.Clock.Now).TotalMilliseconds);
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(wait, 0)), Timeout.InfiniteTimeSpan);
        // The timer counts from when it was set, the wait from a little before: the deadline may lie in between.
        if (_services.Clock.Now >= due)
            _mailbox.Writer.TryWrite(TunnelMessage.Tick.Instance);
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
