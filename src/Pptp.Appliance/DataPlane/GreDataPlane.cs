using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.DataPlane;

/// <summary>The data plane over the network namespace's one raw GRE socket.</summary>
internal sealed class GreDataPlane : IDataPlane, IDisposable
{
    private readonly GreSocket _socket;
    private readonly DataWorker _worker;

    /// <exception cref="LinuxException">The raw socket could not be opened; CAP_NET_RAW is what it needs.</exception>
    public GreDataPlane(MonotonicClock clock, ILogger logger)
    {
        _socket = new GreSocket();
        _worker = new DataWorker(0, _socket, clock, logger);
        _worker.Start();
    }

    public IDataPathPort Attach(CallAddress address, GreCallOptions options, IDataPathOwner owner)
    {
        DataPath path = _worker.CreatePath(address, options, owner);
        _worker.Post(new WorkerCommand(WorkerCommandKind.Attach, path));
        return new Port(_worker, path);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _socket.Dispose();
    }

    private sealed class Port(DataWorker worker, DataPath path) : IDataPathPort
    {
        public DataPathCounters Counters => path.Counters;

        public TimeSpan LastReceived => path.LastReceived;

        public TimeSpan LastTraffic => path.LastTraffic;

        public StrayGre? FindStray(TimeSpan since) => worker.Strays.Find(path.Address, since);

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
