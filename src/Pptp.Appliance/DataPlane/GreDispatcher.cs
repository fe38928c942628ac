using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// The thread that empties the GRE socket and gives each packet to its call's worker. While that worker sleeps the
/// dispatcher does its work, so that a packet which comes alone waits for no second thread; while it is busy, or a
/// whole batch has come, the packets are handed over.
/// </summary>
internal sealed partial class GreDispatcher : IDisposable
{
    private const ulong GreToken = 0;
    private const ulong SignalToken = 1;

    private readonly IGreReceiver _receiver;
    private readonly DataWorker[] _workers;
    private readonly ConcurrentDictionary<CallAddress, DataPath> _paths;
    private readonly MonotonicClock _clock;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly EventPoll _poll = new();
    private readonly EventSignal _signal = new();
    private readonly GreBatch _batch = new();
    private readonly DataPath?[] _pathOf = new DataPath?[GreBatch.Capacity];
    private readonly int[] _ofWorker = new int[GreBatch.Capacity];
    private long _unknownCalls;
    private long _allocated;
    private volatile bool _stopping;

    public GreDispatcher(
        IGreReceiver receiver, DataWorker[] workers, ConcurrentDictionary<CallAddress, DataPath> paths,
        MonotonicClock clock, ILogger logger)
    {
        _receiver = receiver;
        _workers = workers;
        _paths = paths;
        _clock = clock;
        _logger = logger;
        _poll.Add(_receiver.Descriptor, GreToken);
        _poll.Add(_signal.Descriptor, SignalToken);
        _thread = new Thread(Run) { IsBackground = true, Name = "data-gre" };
    }

    /// <summary>GRE packets that belonged to no call of ours.</summary>
    public long UnknownCalls => Volatile.Read(ref _unknownCalls);

    /// <summary>Octets this thread has allocated.</summary>
    public long Allocated => Volatile.Read(ref _allocated);

    /// <summary>The last packets that belonged to no call.</summary>
    public StrayTable Strays { get; } = new();

    public void Start() => _thread.Start();

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose()
    {
        _stopping = true;
        _signal.Set();
        if (_thread.IsAlive)
            _thread.Join();
        _batch.Dispose();
        _poll.Dispose();
        _signal.Dispose();
    }

    private void Run()
    {
        try
        {
            Span<PollEvent> events = stackalloc PollEvent[2];
            bool isBusy = false, isFull = false;
            while (!_stopping)
            {
                // Where others wait for the processor they go first, and more packets come meanwhile: a fuller batch
                // for one wake-up less. Where nobody waits this takes no time. A full batch says that no packet has to
                // be waited for, and the kernel may take the turn from who yields for long: the socket would overflow.
                if (isBusy && !isFull)
                    Thread.Yield();
                int count = _poll.Wait(events, isBusy ? TimeSpan.Zero : Timeout());
                isBusy = count > 0;
                TimeSpan now = _clock.Now;
                if (isBusy)
                {
                    int received = _receiver.Receive(_batch);
                    isFull = received == GreBatch.Capacity;
                    Dispatch(received, now);
                }
                foreach (DataWorker worker in _workers)
                {
                    if (worker.AdoptedDeadline <= now)
                        worker.AdvanceForIt(now);
                }
                Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
            }
        }
        catch (Exception e)
        {
            // Nothing receives without this thread: better gone, and started again, than deaf.
            Log.Failed(_logger, e);
            Environment.FailFast("GRE dispatcher failed", e);
        }
    }

    private TimeSpan? Timeout()
    {
        TimeSpan earliest = TimeSpan.MaxValue;
        foreach (DataWorker worker in _workers)
        {
            TimeSpan deadline = worker.AdoptedDeadline;
            if (deadline < earliest)
                earliest = deadline;
        }
        if (earliest == TimeSpan.MaxValue)
            return null;
        TimeSpan wait = earliest - _clock.Now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private void Dispatch(int count, TimeSpan now)
    {
        for (int i = 0; i < count; i++)
            _pathOf[i] = Find(i, now);
        foreach (DataWorker worker in _workers)
        {
            int mine = 0;
            for (int i = 0; i < count; i++)
            {
                if (_pathOf[i]?.Worker == worker)
                    _ofWorker[mine++] = i;
            }
            if (mine == 0)
                continue;
            ReadOnlySpan<int> packets = _ofWorker.AsSpan(0, mine);
            // A full batch says that more waits: there is work for two.
            if (count == GreBatch.Capacity || !worker.TryStandIn(_batch, packets, _pathOf, now))
                worker.HandOver(_batch, packets, _pathOf);
        }
    }

    private DataPath? Find(int packet, TimeSpan now)
    {
        if (!GrePacket.TryParse(_batch.Packet(packet), out GrePacket gre))
            return null;
        CallAddress address = new(_batch.LocalAddress(packet), _batch.RemoteAddress(packet), gre.CallId);
        if (_paths.TryGetValue(address, out DataPath? path))
            return path;
        _unknownCalls++;
        Strays.Add(address, now);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "GRE dispatcher failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
