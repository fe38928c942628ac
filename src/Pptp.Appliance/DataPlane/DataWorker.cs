using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.DataPlane.Offload;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Carries the traffic of its calls: GRE that the dispatcher brings, packets from the TUNs, and commands from the
/// sessions. Whoever holds the worker, its own thread or the dispatcher that stands in for it, is alone with it and
/// with its <see cref="DataPath"/>s.
/// </summary>
internal sealed partial class DataWorker : IDisposable
{
    private const ulong SignalToken = ulong.MaxValue;

    /// <summary>Packets read from one TUN before the next has its turn.</summary>
    private const int TunBudget = 128;

    /// <summary>Packets of one call that may be under way before it counts as one with much.</summary>
    private const int MostSparse = 16;

    private const int SparseCapacity = 1024;

    /// <summary>More than the largest window of a TCP connection: it is the far end that slows down, and loses nothing here.</summary>
    private const int BulkCapacity = 8192;

    private readonly ConcurrentDictionary<CallAddress, DataPath> _paths;
    private readonly MonotonicClock _clock;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly EventPoll _poll = new();
    private readonly EventSignal _signal = new();
    private readonly ConcurrentQueue<WorkerCommand> _commands = new();

    // A call that has little under way goes first, so that no flood delays it.
    private readonly HandOver _sparse = new(SparseCapacity, static path => path.Sparse);
    private readonly HandOver _bulk = new(BulkCapacity, static path => path.Bulk);
    private readonly WorkerTools _tools;
    private readonly Dictionary<ulong, DataPath> _pathsByTun = [];
    private readonly List<DataPath> _timed = [];
    private TimeSpan _earliestDeadline = TimeSpan.MaxValue;
    private TimeSpan _sleepsUntil = TimeSpan.MaxValue;
    private long _adoptedDeadline = TimeSpan.MaxValue.Ticks;
    private long _written, _coalesced, _allocated;
    private int _calls;
    private int _isHeld;
    private volatile bool _stopping;

    /// <param name="number">For the thread's name.</param>
    /// <param name="sender">What is sent leaves through it; this worker's alone, or safe from every thread.</param>
    /// <param name="paths">All calls, of all workers: those of this one are taken out of it when they end.</param>
    /// <param name="clock">The daemon's.</param>
    /// <param name="logger">Faults go there.</param>
    public DataWorker(
        int number, IGreSender sender, ConcurrentDictionary<CallAddress, DataPath> paths, MonotonicClock clock,
        ILogger logger)
    {
        _paths = paths;
        _clock = clock;
        _logger = logger;
        _tools = new WorkerTools(
            new WorkerBuffers(), new TransmitQueue(sender), new ReceiveQueue(CompleteReceive), new Coalescer());
        _poll.Add(_signal.Descriptor, SignalToken);
        _thread = new Thread(Run) { IsBackground = true, Name = $"data-{number}" };
    }

    /// <summary>Calls that are this worker's.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>
    /// When the dispatcher is to look after the worker: what it did for it is due before the worker wakes by itself.
    /// </summary>
    public TimeSpan AdoptedDeadline => new(Volatile.Read(ref _adoptedDeadline));

    /// <summary>What this worker has done; may lag by a turn.</summary>
    public DataPlaneStatistics Statistics => new()
    {
        Sent = _tools.Transmit.Sent,
        SendCalls = _tools.Transmit.SendCalls,
        Written = Volatile.Read(ref _written),
        Coalesced = Volatile.Read(ref _coalesced),
        Allocated = Volatile.Read(ref _allocated),
    };

    public void Start() => _thread.Start();

    public DataPath CreatePath(CallAddress address, GreCallOptions options, IDataPathOwner owner)
    {
        Interlocked.Increment(ref _calls);
        return new DataPath(this, address, options, owner, _tools);
    }

    public void Post(in WorkerCommand command)
    {
        _commands.Enqueue(command);
        _signal.Set();
    }

    /// <summary>The dispatcher: does the worker's work on these packets, if the worker does nothing just now.</summary>
    /// <returns>False: it is at work.</returns>
    public bool TryStandIn(
        GreBatch batch, ReadOnlySpan<int> packets, ReadOnlySpan<DataPath?> paths, TimeSpan now)
    {
        if (!TryTake())
            return false;
        ExecuteAll(now);
        // What was handed over came before.
        while (HasHandedOver)
            ReceiveHandedOver(now);
        foreach (int i in packets)
            Receive(paths[i]!, batch.Packet(i), now);
        LeaveForIt(now);
        return true;
    }

    /// <summary>The dispatcher: puts these packets where the worker finds them, and wakes it if it sleeps.</summary>
    public void HandOver(GreBatch batch, ReadOnlySpan<int> packets, ReadOnlySpan<DataPath?> paths)
    {
        foreach (int i in packets)
        {
            DataPath path = paths[i]!;
            // What waits on the long way came before.
            bool isSparse = path.Bulk.Count == 0 && path.Sparse.Count < MostSparse;
            if (!(isSparse ? _sparse : _bulk).TryAdd(path, batch.Packet(i)))
                path.OnRefused();
        }
        // The worker looks for packets after it has left; so one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isHeld) == 0)
            _signal.Set();
    }

    /// <summary>The dispatcher: does what has become due, unless the worker is at work and will see to it.</summary>
    public void AdvanceForIt(TimeSpan now)
    {
        if (!TryTake())
        {
            Volatile.Write(ref _adoptedDeadline, TimeSpan.MaxValue.Ticks);
            return;
        }
        Advance(now);
        LeaveForIt(now);
    }

    /// <summary>Ends the loop and waits for it. Calls that are still there get no further word.</summary>
    public void Dispose()
    {
        _stopping = true;
        _signal.Set();
        if (_thread.IsAlive)
            _thread.Join();
        foreach (DataPath path in _paths.Values.Where(path => path.Worker == this))
            path.Close();
        _tools.Transmit.Dispose();
        _tools.Receive.Dispose();
        _sparse.Dispose();
        _bulk.Dispose();
        _poll.Dispose();
        _signal.Dispose();
    }

    private void Run()
    {
        try
        {
            Span<PollEvent> events = stackalloc PollEvent[64];
            bool isBusy = false;
            while (!_stopping)
            {
                // As the dispatcher does.
                if (isBusy && _bulk.Count < GreBatch.Capacity)
                    Thread.Yield();
                int count = _poll.Wait(events, isBusy ? TimeSpan.Zero : Timeout());
                if (isBusy && count == 0 && !HasHandedOver)
                {
                    isBusy = false;
                    continue;
                }
                isBusy = true;
                while (!TryTake())
                    Thread.Yield();
                Volatile.Write(ref _adoptedDeadline, TimeSpan.MaxValue.Ticks);
                TimeSpan now = _clock.Now;
                // A set-up that was ordered before its first packet came is carried out before that is looked at.
                ExecuteAll(now);
                if (HasHandedOver)
                    ReceiveHandedOver(now);
                for (int i = 0; i < count; i++)
                    Handle(events[i].Token, now);
                Advance(now);
                Finish(now);
                _sleepsUntil = _earliestDeadline;
                Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
                Leave();
            }
        }
        catch (Exception e)
        {
            // Nothing carries traffic without this thread: better gone, and started again, than deaf.
            Log.WorkerFailed(_logger, e);
            Environment.FailFast("data worker failed", e);
        }
    }

    private bool TryTake() => Interlocked.CompareExchange(ref _isHeld, 1, 0) == 0;

    private void Leave() => Interlocked.Exchange(ref _isHeld, 0);

    /// <summary>The dispatcher ends its work; what will be due before the worker wakes is the dispatcher's too.</summary>
    private void LeaveForIt(TimeSpan now)
    {
        Finish(now);
        TimeSpan deadline = _earliestDeadline < _sleepsUntil ? _earliestDeadline : TimeSpan.MaxValue;
        Volatile.Write(ref _adoptedDeadline, deadline.Ticks);
        Leave();
    }

    /// <summary>Lets go all that was kept to go together.</summary>
    private void Finish(TimeSpan now)
    {
        if (_tools.Receive.Count > 0)
            CompleteReceive(now);
        _tools.Coalescer.Flush();
        _tools.Transmit.Flush();
        Volatile.Write(ref _written, _tools.Coalescer.Written);
        Volatile.Write(ref _coalesced, _tools.Coalescer.Coalesced);
    }

    private TimeSpan? Timeout()
    {
        if (HasHandedOver)
            return TimeSpan.Zero;
        if (_sleepsUntil == TimeSpan.MaxValue)
            return null;
        TimeSpan wait = _sleepsUntil - _clock.Now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private void Handle(ulong token, TimeSpan now)
    {
        if (token == SignalToken)
            _signal.Clear();
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

    private bool HasHandedOver => !_sparse.IsEmpty || !_bulk.IsEmpty;

    private void ReceiveHandedOver(TimeSpan now)
    {
        // Looked at first: what a call has on the short way came before what it has on the long one by now.
        int bulk = Math.Min(_bulk.Count, GreBatch.Capacity);
        while (_sparse.Count is > 0 and int sparse)
            Receive(_sparse, Math.Min(sparse, GreBatch.Capacity), now);
        if (bulk > 0)
            Receive(_bulk, bulk, now);
    }

    private void Receive(HandOver from, int count, TimeSpan now)
    {
        for (int i = 0; i < count; i++)
            Receive(from.PathOf(i), from.Packet(i), now);
        CompleteReceive(now);
        _tools.Coalescer.Flush();
        from.Remove(count);
    }

    private void Receive(DataPath path, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        // One that was closed meanwhile leaves its last packets behind.
        if (path.IsClosed || !GrePacket.TryParse(packet, out GrePacket gre))
            return;
        try
        {
            path.Receive(gre, now);
            Watch(path);
        }
        catch (Exception e)
        {
            Fail(path, e);
        }
    }

    /// <summary>Decrypts together what waits for it, and delivers it.</summary>
    private void CompleteReceive(TimeSpan now)
    {
        ReceiveQueue queue = _tools.Receive;
        if (queue.Count == 0)
            return;
        queue.Run();
        for (int i = 0; i < queue.Count; i++)
        {
            DataPath path = queue.PathOf(i);
            if (path.IsClosed)
                continue;
            try
            {
                queue.Deliver(i, now);
                Watch(path);
            }
            catch (Exception e)
            {
                Fail(path, e);
            }
        }
        queue.Clear();
    }

    private void ExecuteAll(TimeSpan now)
    {
        while (_commands.TryDequeue(out WorkerCommand command))
            Execute(command, now);
    }

    private void Execute(in WorkerCommand command, TimeSpan now)
    {
        DataPath path = command.Path;
        // A path that failed has been closed behind the owner's back: late commands to it mean nothing.
        if (path.IsClosed)
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
                _tools.Coalescer.Flush();
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
        if (path.IsClosed || !_paths.TryRemove(new KeyValuePair<CallAddress, DataPath>(path.Address, path)))
            return;
        StopReading(path);
        if (path.HasTimer)
            _timed.Remove(path);
        // What the path has queued must leave before its addresses, or its TUN, may be another's.
        _tools.Coalescer.Flush();
        _tools.Transmit.Flush();
        DataPathCounters counters = path.Counters;
        path.Close();
        Interlocked.Decrement(ref _calls);
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
