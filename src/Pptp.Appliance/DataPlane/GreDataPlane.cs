using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// The data plane over the network namespace's one raw GRE socket, or the ring and senders beside it: one worker for
/// each processor, and the dispatcher that feeds them.
/// </summary>
internal sealed class GreDataPlane : IDataPlane, IDisposable
{
    private readonly GreSocket _socket;
    private readonly GreRing? _ring;
    private readonly GrePacketSender[] _senders = [];
    private readonly ConcurrentDictionary<CallAddress, DataPath> _paths = new();
    private readonly DataWorker[] _workers;
    private readonly GreDispatcher _dispatcher;

    /// <exception cref="LinuxException">The raw socket could not be opened; CAP_NET_RAW is what it needs.</exception>
    public GreDataPlane(GreSocketKind kind, MonotonicClock clock, ILogger logger)
    {
        Kind = kind;
        _socket = new GreSocket(receives: kind == GreSocketKind.Raw);
        if (kind == GreSocketKind.Packet)
        {
            _ring = new GreRing();
            _senders = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new GrePacketSender(_socket))];
        }
        Receiver = _ring is null ? _socket : _ring;
        _workers =
        [
            .. Enumerable.Range(0, Environment.ProcessorCount)
                .Select(number => new DataWorker(number, SenderOf(number), _paths, clock, logger)),
        ];
        _dispatcher = new GreDispatcher(Receiver, _workers, _paths, clock, logger);
        foreach (DataWorker worker in _workers)
            worker.Start();
        _dispatcher.Start();
    }

    /// <summary>How GRE comes and goes.</summary>
    public GreSocketKind Kind { get; }

    private IGreReceiver Receiver { get; }

    public DataPlaneStatistics Statistics
    {
        get
        {
            DataPlaneStatistics all = new()
            {
                Allocated = _dispatcher.Allocated,
                Collections = GC.CollectionCount(0),
                UnknownCalls = _dispatcher.UnknownCalls,
                KernelDrops = Receiver.ReadDrops(),
            };
            foreach (DataWorker worker in _workers)
            {
                DataPlaneStatistics one = worker.Statistics;
                all = all with
                {
                    Sent = all.Sent + one.Sent,
                    SendCalls = all.SendCalls + one.SendCalls,
                    Written = all.Written + one.Written,
                    Coalesced = all.Coalesced + one.Coalesced,
                    Allocated = all.Allocated + one.Allocated,
                };
            }
            return all;
        }
    }

    public IDataPathPort Attach(CallAddress address, GreCallOptions options, IDataPathOwner owner)
    {
        // A call stays with its worker: its packets are carried in order.
        DataWorker worker = _workers.MinBy(worker => worker.Calls)!;
        DataPath path = worker.CreatePath(address, options, owner);
        return _paths.TryAdd(address, path)
            ? new Port(worker, path, _dispatcher.Strays)
            : throw new InvalidOperationException($"there is a data path {address} already");
    }

    public void Dispose()
    {
        _dispatcher.Dispose();
        foreach (DataWorker worker in _workers)
            worker.Dispose();
        foreach (GrePacketSender sender in _senders)
            sender.Dispose();
        _ring?.Dispose();
        _socket.Dispose();
    }

    private IGreSender SenderOf(int worker) => _senders.Length == 0 ? _socket : _senders[worker];

    private sealed class Port(DataWorker worker, DataPath path, StrayTable strays) : IDataPathPort
    {
        public DataPathCounters Counters => path.Counters;

        public TimeSpan LastReceived => path.LastReceived;

        public TimeSpan LastTraffic => path.LastTraffic;

        public StrayGre? FindStray(TimeSpan since) => strays.Find(path.Address, since);

        public void Connect(ushort peerCallId, ushort peerReceiveWindow) => worker.Post(new WorkerCommand(
            WorkerCommandKind.Connect, path, PeerCallId: peerCallId, PeerReceiveWindow: peerReceiveWindow));

        public void TakeFragments(int? mrru) =>
            worker.Post(new WorkerCommand(WorkerCommandKind.TakeFragments, path, Mrru: mrru));

        public void Send(byte[] frame) => worker.Post(new WorkerCommand(WorkerCommandKind.Send, path, frame));

        public void Open(DataPathParameters parameters) =>
            worker.Post(new WorkerCommand(WorkerCommandKind.Open, path, Parameters: parameters));

        public void Halt() => worker.Post(new WorkerCommand(WorkerCommandKind.Halt, path));

        public void SetRates(RateLimit? limit) =>
            worker.Post(new WorkerCommand(WorkerCommandKind.SetRates, path, RateLimit: limit));

        public void SetLimits(long bytesIn, long bytesOut, long bytesTotal) =>
            worker.Post(new WorkerCommand(WorkerCommandKind.SetLimits, path, Limits: (bytesIn, bytesOut, bytesTotal)));

        public void SetIpv6(Ipv6PathParameters? parameters) =>
            worker.Post(new WorkerCommand(WorkerCommandKind.SetIpv6, path, Ipv6: parameters));

        public void SendPacket(byte[] packet) =>
            worker.Post(new WorkerCommand(WorkerCommandKind.SendPacket, path, packet));

        public void ResetTransmit() => worker.Post(new WorkerCommand(WorkerCommandKind.ResetTransmit, path));

        public void Close() => worker.Post(new WorkerCommand(WorkerCommandKind.Close, path));
    }
}
