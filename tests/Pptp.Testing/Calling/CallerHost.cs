using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pptp.Linux;

namespace Pptp.Testing.Calling;

/// <summary>
/// A machine that dials: one network namespace, its GRE socket, and one thread that hands each GRE packet to the call
/// it belongs to. A call costs no thread, no timer and, while it is idle, no work; a thousand of them are cheap.
/// </summary>
public sealed class CallerHost : IDisposable
{
    public const int Port = 1723;

    private const ulong GreToken = 1;
    private const ulong SignalToken = 2;

    /// <summary>How often calls look whether something must be said again.</summary>
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly NetworkNamespace _network;
    private readonly GreSocket _socket;
    private readonly EventPoll _poll = new();
    private readonly EventSignal _signal = new();
    private readonly GreBatch _sending = new();
    private readonly Lock _sendLock = new();
    private readonly ConcurrentDictionary<ushort, ScriptedCall> _calls = new();
    private readonly ConcurrentDictionary<ScriptedCaller, bool> _callers = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Thread _thread;
    private long _strays;
    private int _nextCallId = -1;
    private volatile Exception? _failure;
    private volatile bool _stopping;

    /// <param name="network">Where the caller lives; not disposed with it.</param>
    /// <param name="address">The caller's own address there.</param>
    /// <param name="server">The server's.</param>
    public CallerHost(NetworkNamespace network, IPAddress address, IPAddress server)
    {
        _network = network;
        Address = address;
        Server = server;
        _socket = network.Invoke(() => new GreSocket());
        _poll.Add(_socket.Descriptor, GreToken);
        _poll.Add(_signal.Descriptor, SignalToken);
        _thread = new Thread(Receive) { IsBackground = true, Name = "caller's GRE" };
        _thread.Start();
    }

    public IPAddress Address { get; }

    public IPAddress Server { get; }

    /// <summary>Time since the host was made: the clock of everything received.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>GRE packets for calls that are not there.</summary>
    public long Strays => Volatile.Read(ref _strays);

    /// <summary>Why the receiving thread ended before its time; null: it did not.</summary>
    public Exception? Failure => _failure;

    /// <summary>Opens a control connection and says nothing on it yet.</summary>
    /// <param name="read">False: whatever the server sends stays where it is.</param>
    /// <param name="receiveBuffer">SO_RCVBUF, in octets; null leaves the kernel's choice.</param>
    /// <param name="from">Another address of this host than <see cref="Address"/>.</param>
    /// <param name="to">Another port or address of the server.</param>
    public async Task<ScriptedCaller> ConnectAsync(
        bool read = true, int? receiveBuffer = null, IPAddress? from = null, IPEndPoint? to = null)
    {
        Socket socket = _network.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            socket.NoDelay = true;
            if (receiveBuffer is { } size)
                socket.ReceiveBufferSize = size;
            socket.Bind(new IPEndPoint(from ?? Address, 0));
            using CancellationTokenSource timeout = new(Limits.Step);
            await socket.ConnectAsync(to ?? new IPEndPoint(Server, Port), timeout.Token).ConfigureAwait(false);
            ScriptedCaller caller = new(this, socket, read);
            _callers[caller] = true;
            return caller;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a control connection that is ready for calls.</summary>
    public async Task<ScriptedCaller> StartAsync()
    {
        ScriptedCaller caller = await ConnectAsync().ConfigureAwait(false);
        try
        {
            await caller.StartAsync().ConfigureAwait(false);
            return caller;
        }
        catch
        {
            await caller.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A socket that takes control connections, as a server has it; the owner's to dispose of.</summary>
    public Socket Listen() => _network.Invoke(() =>
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(Address, Port));
        listener.Listen();
        return listener;
    });

    /// <summary>Waits until somebody dials, and gives our end of the control connection.</summary>
    /// <param name="listener">From <see cref="Listen"/>.</param>
    public async Task<ScriptedCaller> AcceptAsync(Socket listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        using CancellationTokenSource timeout = new(Limits.Step);
        ScriptedCaller caller = new(this, await listener.AcceptAsync(timeout.Token).ConfigureAwait(false), read: true);
        _callers[caller] = true;
        return caller;
    }

    /// <summary>Makes one call on a connection of its own and waits until it is up, or as far as it shall go.</summary>
    public async Task<ScriptedCall> DialAsync(CallSettings settings)
    {
        ScriptedCaller caller = await StartAsync().ConfigureAwait(false);
        try
        {
            ScriptedCall call = await caller.CallAsync(settings).ConfigureAwait(false);
            await call.WaitForAsync(settings.MuteAfter ?? CallPhase.Up).ConfigureAwait(false);
            return call;
        }
        catch
        {
            await caller.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends GRE (what follows the IP header) to the server as it is.</summary>
    /// <param name="gre">May be anything.</param>
    /// <param name="from">Another address of this host than <see cref="Address"/>.</param>
    public void SendGre(ReadOnlySpan<byte> gre, IPAddress? from = null)
    {
        lock (_sendLock)
        {
            gre.CopyTo(_sending.Slot(_sending.Count));
            _sending.Add(gre.Length, Ipv4.FromAddress(from ?? Address), Ipv4.FromAddress(Server));
            _socket.Send(_sending);
        }
    }

    /// <summary>Closes all control connections but those excepted, whoever has opened them.</summary>
    public async Task CloseAllAsync(params IEnumerable<ScriptedCaller> except)
    {
        foreach (ScriptedCaller caller in _callers.Keys.Except(except))
            await caller.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the thread and the GRE socket. Control connections are their owners'.</summary>
    public void Dispose()
    {
        _stopping = true;
        _signal.Set();
        _thread.Join();
        _socket.Dispose();
        _poll.Dispose();
        _signal.Dispose();
        _sending.Dispose();
    }

    /// <summary>Gives a call its id; ids begin with 0, which is one like any other.</summary>
    internal ushort Register(ScriptedCall call)
    {
        while (true)
        {
            ushort id = (ushort)Interlocked.Increment(ref _nextCallId);
            if (_calls.TryAdd(id, call))
                return id;
        }
    }

    internal void Forget(ScriptedCaller caller) => _callers.TryRemove(caller, out _);

    internal void Unregister(ScriptedCall call) => _calls.TryRemove(KeyValuePair.Create(call.CallId, call));

    private void Receive()
    {
        try
        {
            uint server = Ipv4.FromAddress(Server);
            uint own = Ipv4.FromAddress(Address);
            using GreBatch batch = new();
            PollEvent[] events = new PollEvent[2];
            TimeSpan tick = TickInterval;
            while (!_stopping)
            {
                _ = _poll.Wait(events, TickInterval);
                while (_socket.Receive(batch) > 0)
                {
                    for (int i = 0; i < batch.Count; i++)
                    {
                        // Another host of the same network has calls of the same ids.
                        if (batch.RemoteAddress(i) == server && batch.LocalAddress(i) == own)
                            Dispatch(batch.Packet(i));
                    }
                }

                if (Now < tick)
                    continue;
                tick = Now + TickInterval;
                foreach (ScriptedCall call in _calls.Values)
                    call.Tick();
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private void Dispatch(ReadOnlySpan<byte> gre)
    {
        // The socket passes whole headers with a key only.
        if (gre.Length >= 8
            && _calls.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(gre[6..]), out ScriptedCall? call))
            call.Receive(gre);
        else
            Interlocked.Increment(ref _strays);
    }
}
