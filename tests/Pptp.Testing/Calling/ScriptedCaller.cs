using System.Buffers.Binary;
using System.Net.Sockets;

namespace Pptp.Testing.Calling;

/// <summary>
/// The calling end of one control connection, with any number of calls. It answers Echo-Requests and
/// Stop-Control-Connection-Requests by itself; everything else it does when told.
/// </summary>
public sealed class ScriptedCaller : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly List<byte[]> _received = [];
    private readonly List<ScriptedCall> _calls = [];
    private readonly Changes _changes = new();
    private readonly CancellationTokenSource _end = new();
    private Task _reader = Task.CompletedTask;
    private string? _closed;
    private bool _disposed;

    internal ScriptedCaller(CallerHost host, Socket socket, bool read)
    {
        Host = host;
        _socket = socket;
        if (read)
            StartReading();
    }

    public CallerHost Host { get; }

    /// <summary>Why the connection is no more; null: it is.</summary>
    public string? Closed => Volatile.Read(ref _closed);

    /// <summary>All control messages so far, oldest first.</summary>
    public IReadOnlyList<byte[]> Received
    {
        get
        {
            lock (_received)
                return [.. _received];
        }
    }

    /// <summary>Reads from now on what the server has sent and will send; to be called once.</summary>
    public void StartReading() => _reader = ReadAsync();

    /// <summary>Start-Control-Connection-Request and its good reply.</summary>
    /// <exception cref="InvalidDataException">The reply says no.</exception>
    public async Task StartAsync()
    {
        await SendAsync(ControlWire.Start()).ConfigureAwait(false);
        byte[] reply = await WaitForAsync(ControlWire.StartReply).ConfigureAwait(false);
        if (reply[14] != 1)
            throw new InvalidDataException($"Start-Control-Connection-Reply with result {reply[14]}");
    }

    /// <summary>Makes a call and waits until the server has taken it. PPP goes on by itself from there.</summary>
    /// <exception cref="InvalidDataException">The Outgoing-Call-Reply says no.</exception>
    public async Task<ScriptedCall> CallAsync(CallSettings settings)
    {
        ScriptedCall call = new(this, settings);
        lock (_calls)
            _calls.Add(call);
        // Known before the request leaves: the server's first GRE may overtake its reply.
        await SendAsync(ControlWire.Call(call.CallId)).ConfigureAwait(false);
        byte[] reply = await WaitForAsync(
            ControlWire.OutgoingCallReply, m => BinaryPrimitives.ReadUInt16BigEndian(m.AsSpan(14)) == call.CallId)
            .ConfigureAwait(false);
        return reply[16] == 1
            ? call
            : throw new InvalidDataException($"Outgoing-Call-Reply with result {reply[16]}, error {reply[17]}");
    }

    /// <summary>
    /// Brings a call as its PAC and waits until the server has accepted it; PPP begins with the
    /// Incoming-Call-Connected that follows.
    /// </summary>
    /// <exception cref="InvalidDataException">The Incoming-Call-Reply says no.</exception>
    public async Task<ScriptedCall> BringCallAsync(CallSettings settings)
    {
        ScriptedCall call = new(this, settings);
        lock (_calls)
            _calls.Add(call);
        await SendAsync(ControlWire.Ring(call.CallId)).ConfigureAwait(false);
        byte[] reply = await WaitForAsync(
            ControlWire.IncomingCallReply, m => BinaryPrimitives.ReadUInt16BigEndian(m.AsSpan(14)) == call.CallId)
            .ConfigureAwait(false);
        if (reply[16] != 1)
            throw new InvalidDataException($"Incoming-Call-Reply with result {reply[16]}, error {reply[17]}");
        ushort peerCallId = BinaryPrimitives.ReadUInt16BigEndian(reply.AsSpan(12));
        await SendAsync(ControlWire.Connected(peerCallId)).ConfigureAwait(false);
        call.OnAccepted(peerCallId);
        return call;
    }

    /// <summary>
    /// The other way round: waits until the other end has opened the connection and made a call, and takes it.
    /// </summary>
    public async Task<ScriptedCall> AnswerAsync(CallSettings settings)
    {
        await WaitForAsync(ControlWire.StartRequest).ConfigureAwait(false);
        await SendAsync(ControlWire.Started()).ConfigureAwait(false);
        byte[] request = await WaitForAsync(ControlWire.OutgoingCallRequest).ConfigureAwait(false);
        ushort peerCallId = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(12));
        ScriptedCall call = new(this, settings);
        lock (_calls)
            _calls.Add(call);
        await SendAsync(ControlWire.Answered(call.CallId, peerCallId)).ConfigureAwait(false);
        call.OnAccepted(peerCallId);
        return call;
    }

    /// <summary>Clears a call and waits for its Call-Disconnect-Notify.</summary>
    public async Task ClearAsync(ScriptedCall call)
    {
        await SendAsync(ControlWire.Clear(call.CallId)).ConfigureAwait(false);
        await call.WaitForEndAsync().ConfigureAwait(false);
    }

    /// <summary>Writes octets, good or bad.</summary>
    /// <exception cref="SocketException">The server has closed the connection.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, TimeSpan? timeout = null)
    {
        using CancellationTokenSource limit = new(timeout ?? Limits.Step);
        await _sending.WaitAsync(limit.Token).ConfigureAwait(false);
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await _socket.SendAsync(bytes, limit.Token).ConfigureAwait(false)..];
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says that nothing will follow (FIN), and goes on reading.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Waits for a control message; one that came before counts.</summary>
    /// <param name="type">Its Control Message Type.</param>
    /// <param name="accepts">Which of them.</param>
    /// <param name="timeout">Null: <see cref="Limits.Step"/>.</param>
    public async Task<byte[]> WaitForAsync(byte type, Func<byte[], bool>? accepts = null, TimeSpan? timeout = null)
    {
        byte[]? found = null;
        await _changes.WaitAsync(
            () =>
            {
                lock (_received)
                    found = _received.Find(m => m[9] == type && (accepts is null || accepts(m)));
                if (found is null && Closed is { } why)
                    throw new InvalidDataException($"waited for control message {type}, but {why}; {Describe()}");
                return found is not null;
            },
            timeout ?? Limits.Step,
            () => $"no control message {type}; {Describe()}").ConfigureAwait(false);
        return found!;
    }

    /// <summary>Waits until the server has closed the connection.</summary>
    public Task WaitForCloseAsync(TimeSpan? timeout = null) => _changes.WaitAsync(
        () => Closed is not null, timeout ?? Limits.Step, () => $"the connection is open; {Describe()}");

    /// <summary>Vanishes: the connection is reset (RST), no call says goodbye.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>Closes the connection (FIN). Its calls are forgotten without a word.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        Host.Forget(this);
        await _end.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _reader.ConfigureAwait(false);
        Close("closed by the caller");
        _end.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[2048];
        List<byte> stream = [];
        try
        {
            int length;
            while ((length = await _socket.ReceiveAsync(buffer, _end.Token).ConfigureAwait(false)) > 0)
            {
                stream.AddRange(buffer.AsSpan(0, length));
                while (ControlWire.Take(stream) is { } message)
                    await TakeAsync(message).ConfigureAwait(false);
            }

            Close("closed by the server");
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException
            or InvalidDataException)
        {
            Close(e.Message);
        }
    }

    private async Task TakeAsync(byte[] message)
    {
        // Calls first: who waits for the message finds its call as the message has made it.
        switch (message[9])
        {
            case ControlWire.OutgoingCallReply when message[16] == 1:
                FindCall(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(14)), byOurs: true)
                    ?.OnAccepted(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(12)));
                break;
            case ControlWire.CallDisconnectNotify:
                FindCall(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(12)), byOurs: false)
                    ?.OnDisconnected(message[14]);
                break;
            case ControlWire.CallClearRequest:
                // We are its PAC: the request names the server's id, the answer ours (§2.12, §2.13).
                if (FindCall(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(12)), byOurs: false) is { } cleared)
                {
                    await SendAsync(ControlWire.Disconnected(cleared.CallId)).ConfigureAwait(false);
                    cleared.OnCleared();
                }

                break;
        }

        lock (_received)
            _received.Add(message);
        _changes.Announce();
        if (message[9] == ControlWire.EchoRequest)
            await SendAsync(ControlWire.EchoAnswer(message)).ConfigureAwait(false);
        else if (message[9] == ControlWire.StopRequest)
            await SendAsync(ControlWire.StopAnswer()).ConfigureAwait(false);
    }

    private ScriptedCall? FindCall(ushort callId, bool byOurs)
    {
        lock (_calls)
        {
            return byOurs
                ? _calls.Find(call => call.CallId == callId)
                : _calls.Find(call => call.PeerCallId == callId && !call.IsDisconnected);
        }
    }

    private void Close(string why)
    {
        if (Interlocked.CompareExchange(ref _closed, why, null) is not null)
            return;
        ScriptedCall[] calls;
        lock (_calls)
            calls = [.. _calls];
        foreach (ScriptedCall call in calls)
            call.OnConnectionClosed(why);
        _changes.Announce();
    }

    private string Describe() => $"received: {string.Join(", ", Received.Select(message => message[9]))}";
}
