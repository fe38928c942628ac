using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// One thread that carries the traffic of its calls: takes batches from the GRE socket, packets from the TUNs, and
/// commands from the sessions, in that one loop. Nothing but this thread touches a <see cref="DataPath"/>.
/// </summary>
internal sealed partial class DataWorker : IDisposable
{
    private const ulong GreToken = ulong.MaxValue;
    private const ulong SignalToken = ulong.MaxValue - 1;

    /// <summary>Packets read from one TUN before the next has its turn.</summary>
    private const int TunBudget = 32;

    private readonly GreSocket _socket;
    private readonly MonotonicClock _clock;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly EventPoll _poll = new();
    private readonly EventSignal _signal = new();
    private readonly ConcurrentQueue<WorkerCommand> _commands = new();
    private readonly WorkerBuffers _buffers = new();
    private readonly TransmitQueue _transmit;
    private readonly GreBatch _received = new();
    private readonly Dictionary<CallAddress, DataPath> _paths = [];
    private readonly Dictionary<ulong, DataPath> _pathsByTun = [];
    private readonly List<DataPath> _timed = [];
    private TimeSpan _earliestDeadline = TimeSpan.MaxValue;
    private long _unknownCalls;
    private volatile bool _stopping;

    public DataWorker(int number, GreSocket socket, MonotonicClock clock, ILogger logger)
    {
        _socket = socket;
        _clock = clock;
        _logger = logger;
        _transmit = new TransmitQueue(socket);
        _poll.Add(_signal.Descriptor, SignalToken);
        _poll.Add(_socket.Descriptor, GreToken);
        _thread = new Thread(Run) { IsBackground = true, Name = $"data-{number}" };
    }

    /// <summary>GRE packets that belonged to no call of ours.</summary>
    public long UnknownCalls => Volatile.Read(ref _unknownCalls);

    /// <summary>The last of them.</summary>
    public StrayTable Strays { get; } = new();

    public void Start() => _thread.Start();

    public DataPath CreatePath(CallAddress address, GreCallOptions options, IDataPathOwner owner) =>
        new(address, options, owner, _buffers, _transmit);

    public void Post(in WorkerCommand command)
    {
        _commands.Enqueue(command);
        _signal.Set();
    }

    /// <summary>Ends the loop and waits for it. Calls that are still there get no further word.</summary>
    public void Dispose()
    {
        _stopping = true;
        _signal.Set();
        if (_thread.IsAlive)
            _thread.Join();
        foreach (DataPath path in _paths.Values)
            path.Close();
        _transmit.Dispose();
        _received.Dispose();
        _poll.Dispose();
        _signal.Dispose();
    }

    private void Run()
    {
        try
        {
            Span<PollEvent> events = stackalloc PollEvent[64];
            while (!_stopping)
            {
                int count = _poll.Wait(events, Timeout());
                TimeSpan now = _clock.Now;
                // Commands first: a call must be known before its first GRE is looked at.
                _signal.Clear();
                while (_commands.TryDequeue(out WorkerCommand command))
                    Execute(command, now);
                for (int i = 0; i < count; i++)
                    Handle(events[i].Token, now);
                Advance(now);
                _transmit.Flush();
            }
        }
        catch (Exception e)
        {
            // Nothing carries traffic without this thread: better gone, and started again, than deaf.
            Log.WorkerFailed(_logger, e);
            Environment.FailFast("data worker failed", e);
        }
    }

    private TimeSpan? Timeout()
    {
        if (_timed.Count == 0)
            return null;
        TimeSpan wait = _earliestDeadline - _clock.Now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private void Handle(ulong token, TimeSpan now)
    {
        if (token == GreToken)
            ReceiveBatch(now);
        else if (_pathsByTun.TryGetValue(token, out DataPath? path))
            ReadTun(path, now);
    }

    private void ReadTun(DataPath path, TimeSpan now)
    {
        try
        {
            // What is reported of one that is paused is its deletion.
            if (!path.IsPaused && path.ReadTun(TunBudget, now))
                Watch(path);
            else
                Close(path, "interface was deleted");
        }
        catch (Exception e)
        {
            Fail(path, e);
        }
    }

    private void ReceiveBatch(TimeSpan now)
    {
        int count = _socket.Receive(_received);
        for (int i = 0; i < count; i++)
        {
            if (!GrePacket.TryParse(_received.Packet(i), out GrePacket packet))
                continue;
            CallAddress address = new(_received.LocalAddress(i), _received.RemoteAddress(i), packet.CallId);
            if (!_paths.TryGetValue(address, out DataPath? path))
            {
                _unknownCalls++;
                Strays.Add(address, now);
                continue;
            }
            try
            {
                path.Receive(packet, now);
                Watch(path);
            }
            catch (Exception e)
            {
                Fail(path, e);
            }
        }
    }

    private void Execute(in WorkerCommand command, TimeSpan now)
    {
        DataPath path = command.Path;
        if (command.Kind == WorkerCommandKind.Attach)
        {
            _paths.Add(path.Address, path);
            return;
        }
        // A path that failed has been closed behind the owner's back: late commands to it mean nothing.
        if (!_paths.TryGetValue(path.Address, out DataPath? known) || known != path)
        {
            command.Parameters?.Encryptor?.Dispose();
            command.Parameters?.Decryptor?.Dispose();
            return;
        }
        switch (command.Kind)
        {
            case WorkerCommandKind.Connect:
                path.Connect(command.PeerCallId, command.PeerReceiveWindow);
                Watch(path);
                break;
            case WorkerCommandKind.TakeFragments:
                path.TakeFragments(command.Mrru);
                break;
            case WorkerCommandKind.Send:
                byte[] frame = command.Frame!;
                Guarded(path, now, (path, now) => path.Send(frame, now));
                break;
            case WorkerCommandKind.Open:
                DataPathParameters parameters = command.Parameters!;
                Guarded(path, now, (path, now) =>
                {
                    path.Open(parameters, now);
                    if (path.IsHalted)
                        return;
                    _pathsByTun.Add((ulong)parameters.Tun.Descriptor, path);
                    _poll.Add(parameters.Tun.Descriptor, (ulong)parameters.Tun.Descriptor);
                });
                break;
            case WorkerCommandKind.SetRates:
                RateLimit? limit = command.RateLimit;
                Guarded(path, now, (path, now) => path.SetRates(limit, now));
                break;
            case WorkerCommandKind.SetLimits:
                path.SetLimits(command.Limits.In, command.Limits.Out, command.Limits.Total);
                break;
            case WorkerCommandKind.SetIpv6:
                path.SetIpv6(command.Ipv6);
                break;
            case WorkerCommandKind.SendPacket:
                byte[] packet = command.Frame!;
                Guarded(path, now, (path, now) => path.SendOwn(packet, now));
                break;
            case WorkerCommandKind.ResetTransmit:
                path.ResetTransmit();
                break;
            case WorkerCommandKind.Halt:
                path.Halt();
                StopReading(path);
                break;
            case WorkerCommandKind.Close:
                Close(path, null);
                break;
        }
    }

    private void Advance(TimeSpan now)
    {
        if (now < _earliestDeadline)
            return;
        TimeSpan earliest = TimeSpan.MaxValue;
        for (int i = _timed.Count - 1; i >= 0; i--)
        {
            DataPath path = _timed[i];
            if (path.NextDeadline <= now)
                Guarded(path, now, static (path, now) => path.Advance(now));
            if (i >= _timed.Count || _timed[i] != path)
                continue;
            if (path.NextDeadline is { } deadline)
            {
                if (deadline < earliest)
                    earliest = deadline;
            }
            else
            {
                path.HasTimer = false;
                _timed.RemoveAt(i);
            }
        }
        _earliestDeadline = earliest;
    }

    private void Watch(DataPath path)
    {
        if (path.IsPaused != path.IsUnwatched)
            WatchTun(path);
        if (path.NextDeadline is not { } deadline)
            return;
        if (!path.HasTimer)
        {
            path.HasTimer = true;
            _timed.Add(path);
        }
        if (deadline < _earliestDeadline)
            _earliestDeadline = deadline;
    }

    /// <summary>A TUN that is paused is watched for its deletion alone, which epoll always reports.</summary>
    private void WatchTun(DataPath path)
    {
        path.IsUnwatched = path.IsPaused;
        if (path.Tun is { } tun && _pathsByTun.ContainsKey((ulong)tun.Descriptor))
        {
            _poll.Modify(
                tun.Descriptor, (ulong)tun.Descriptor, path.IsPaused ? PollEvents.None : PollEvents.Readable);
        }
    }

    private void Guarded(DataPath path, TimeSpan now, Action<DataPath, TimeSpan> action)
    {
        try
        {
            action(path, now);
            Watch(path);
        }
        catch (Exception e)
        {
            Fail(path, e);
        }
    }

    private void Fail(DataPath path, Exception e)
    {
        Log.CallFailed(_logger, path.Address, e);
        Close(path, "internal error");
    }

    private void Close(DataPath path, string? failure)
    {
        if (!_paths.Remove(path.Address))
            return;
        StopReading(path);
        if (path.HasTimer)
            _timed.Remove(path);
        // What the path has queued must leave before its addresses may be another's.
        _transmit.Flush();
        DataPathCounters counters = path.Counters;
        path.Close();
        path.Owner.OnClosed(counters, failure);
    }

    private void StopReading(DataPath path)
    {
        if (path.Tun is { } tun && _pathsByTun.Remove((ulong)tun.Descriptor))
            _poll.Remove(tun.Descriptor);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "data worker failed")]
        public static partial void WorkerFailed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "{Address}: call closed by a fault in its data path")]
        public static partial void CallFailed(ILogger logger, CallAddress address, Exception exception);
    }
}
