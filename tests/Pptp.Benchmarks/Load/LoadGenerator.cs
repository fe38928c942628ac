using System.Diagnostics;
using System.Net;
using Pptp.Linux;
using Pptp.Protocol.Gre;

namespace Pptp.Benchmarks.Load;

/// <summary>
/// Dials, holds and hangs up many tunnels from one thread: one poll set, one GRE socket, all timers in one queue.
/// </summary>
internal sealed class LoadGenerator : IDisposable
{
    private const ulong GreToken = 0;
    private const int MostPacketsAtOnce = 128;
    private const int MostBatchesAtOnce = 8;

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan HangUpLimit = TimeSpan.FromSeconds(30);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly GreSocket _socket = new();
    private readonly GreBatch _incoming = new();
    private readonly GreBatch _outgoing = new();
    private readonly LoadConnection[] _connections;
    private readonly LoadCall[] _calls;
    private readonly LoadCall?[] _callsById = new LoadCall?[ushort.MaxValue + 1];
    private readonly List<LoadCall> _up = [];
    private readonly uint _server;
    private uint _sender;
    private int _begun;
    private int _over;
    private int _open;
    private long _packetsDue;
    private bool _isHangingUp;

    public LoadGenerator(LoadOptions options)
    {
        Options = options;
        _server = Ipv4.FromAddress(options.Server.Address);
        Poll.Add(_socket.Descriptor, GreToken);
        int connections = (options.Count + options.PerConnection - 1) / options.PerConnection;
        _connections = [.. Enumerable.Range(1, connections).Select(i => new LoadConnection(this, (ulong)i))];
        // From a number by chance, so that a run that follows another at once has other ids.
        ushort first = (ushort)Random.Shared.Next();
        _calls = new LoadCall[options.Count];
        for (int i = 0; i < _calls.Length; i++)
        {
            ushort id = unchecked((ushort)(first + i));
            _calls[i] = new LoadCall(this, _connections[i / options.PerConnection], i, id);
            _callsById[id] = _calls[i];
        }
    }

    public LoadOptions Options { get; }

    public LoadFigures Figures { get; } = new();

    public LoadTimers Timers { get; } = new();

    public EventPoll Poll { get; } = new();

    public GreSocketCounters Gre => _socket.Counters;

    /// <summary>GRE packets that came faster than this program read them.</summary>
    public uint Missed => _socket.ReadKernelDrops();

    /// <summary>From the first tunnel's beginning until all were up or had failed.</summary>
    public TimeSpan DialTime { get; private set; }

    /// <summary>From the first hang-up until the last control connection was closed.</summary>
    public TimeSpan HangUpTime { get; private set; }

    /// <summary>Tunnels that were up when all were settled.</summary>
    public int UpAtBest { get; private set; }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    private int Settled => _up.Count + _over;

    /// <summary>The whole run.</summary>
    public void Run()
    {
        Dial();
        TimeSpan held = Now;
        while (Now < held + Options.Hold) Step(Earliest(held + Options.Hold, SendDue(held)));
        while (Options.Traffic != TrafficKind.None && Now < held + Options.Hold + Grace)
            Step(held + Options.Hold + Grace);

        _isHangingUp = true;
        TimeSpan began = Now;
        Queue<LoadCall> up = new(_up);
        int hungUp = 0;
        while (_open > 0 && Now < began + HangUpLimit + TimeSpan.FromSeconds(_calls.Length / Options.Rate))
        {
            TimeSpan next = Now + Grace;
            while (up.Count > 0 && (next = began + TimeSpan.FromSeconds(hungUp / Options.Rate)) <= Now)
            {
                up.Dequeue().HangUp(Now);
                hungUp++;
            }
            if (up.Count == 0)
            {
                foreach (LoadConnection idle in _connections.Where(one => !one.IsClosed && one.HasNoCalls))
                    idle.Stop(Now);
                next = Now + Grace;
            }
            Step(next);
        }
        HangUpTime = Now - began;
    }

    /// <summary>Dials all, until each is up or has failed.</summary>
    public void Dial()
    {
        TimeSpan began = Now;
        while (Settled < _calls.Length) Step(BeginDue(began));
        DialTime = Now - began;
        UpAtBest = _up.Count;
    }

    /// <summary>Answers what comes, until it is over.</summary>
    public void Answer(CancellationToken over)
    {
        while (!over.IsCancellationRequested) Step(Now + Grace);
    }

    /// <summary>Where the next packet is to be written; <see cref="Add"/> follows before anything else.</summary>
    public Span<byte> Outgoing(LoadConnection connection)
    {
        if (_outgoing.IsFull) _socket.Send(_outgoing);
        _sender = connection.LocalAddress;
        return _outgoing.Slot(_outgoing.Count);
    }

    public void Add(int length) => _outgoing.Add(length, _sender, _server);

    public void CallUp(LoadCall call) => _up.Add(call);

    public void CallOver(LoadCall call)
    {
        _over++;
        // While all are hung up the list is not looked at, and to search it would take long.
        if (!_isHangingUp) _up.Remove(call);
    }

    public void ConnectionClosed() => _open--;

    /// <summary>Whether calls of a connection are still to be dialled.</summary>
    /// <param name="connection">Its place, from 0.</param>
    public bool MayDialMore(int connection) =>
        _begun < Math.Min((connection + 1) * Options.PerConnection, _calls.Length);

    public void Dispose()
    {
        foreach (LoadConnection connection in _connections) connection.Dispose();
        foreach (LoadCall call in _calls) call.Dispose();
        _socket.Dispose();
        _incoming.Dispose();
        _outgoing.Dispose();
        Poll.Dispose();
    }

    private static TimeSpan? Earliest(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    /// <summary>Begins the tunnels whose time has come, and tells when the next one is due.</summary>
    private TimeSpan? BeginDue(TimeSpan began)
    {
        while (_begun < _calls.Length)
        {
            TimeSpan due = began + TimeSpan.FromSeconds(_begun / Options.Rate);
            TimeSpan now = Now;
            if (due > now) return due;
            if (now - due > Figures.LargestLag) Figures.LargestLag = now - due;
            LoadConnection connection = _connections[_begun / Options.PerConnection];
            if (_begun % Options.PerConnection == 0) _open++;
            LoadCall call = _calls[_begun++];
            call.Begin(now);
            connection.Dial(call, now);
            // Answers are not left lying while there is a lot to begin.
            if (_begun % 16 == 0) return now;
        }
        return null;
    }

    /// <summary>Sends the packets whose time has come, and tells when the next one is due.</summary>
    private TimeSpan? SendDue(TimeSpan began)
    {
        if (Options.Traffic == TrafficKind.None || _up.Count == 0) return null;
        double rate = Options.PacketRate * _up.Count;
        TimeSpan now = Now;
        long due = (long)((now - began).TotalSeconds * rate);
        for (int i = 0; i < MostPacketsAtOnce && _packetsDue < due; i++, _packetsDue++)
        {
            int index = (int)(_packetsDue % _up.Count);
            LoadCall call = _up[index];
            IPAddress destination = Options.Traffic == TrafficKind.Echo
                ? call.PeerAddress
                : _up[(index ^ 1) < _up.Count ? index ^ 1 : index].Address;
            call.SendTraffic(destination, unchecked((ushort)_packetsDue), Now);
        }
        return _packetsDue < due ? now : began + TimeSpan.FromSeconds((_packetsDue + 1) / rate);
    }

    private void Step(TimeSpan? until)
    {
        Timers.Advance(Now);
        Flush();
        Span<PollEvent> events = stackalloc PollEvent[128];
        TimeSpan? wake = Earliest(until, Timers.Next);
        int count = Poll.Wait(events, wake is { } time ? TimeSpan.FromTicks(Math.Max(0, (time - Now).Ticks)) : null);
        foreach (PollEvent ready in events[..count])
        {
            if (ready.Token == GreToken) ReceiveAll();
            else _connections[ready.Token - 1].Ready(ready.Events, Now);
        }
        Flush();
    }

    private void ReceiveAll()
    {
        // More than is sent at a time, or what comes would be lost for want of a reader.
        for (int i = 0; i < MostBatchesAtOnce && ReceiveBatch() == GreBatch.Capacity; i++)
        {
        }
    }

    private int ReceiveBatch()
    {
        int count = _socket.Receive(_incoming);
        TimeSpan now = Now;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> octets = _incoming.Packet(i);
            if (_incoming.RemoteAddress(i) == _server
                && GrePacket.TryParse(octets, out GrePacket packet)
                && _callsById[packet.CallId] is { } call)
            {
                call.Receive(packet, octets, now);
            }
        }
        return count;
    }

    private void Flush()
    {
        if (_outgoing.Count > 0) _socket.Send(_outgoing);
    }
}
