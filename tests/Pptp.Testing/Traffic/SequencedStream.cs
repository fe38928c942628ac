using System.Buffers.Binary;
using Pptp.Testing.Calling;

namespace Pptp.Testing.Traffic;

/// <summary>
/// Numbered UDP datagrams through a call to a <see cref="UdpEcho"/> and back, all the time or on demand. What comes
/// back tells what was lost, doubled or put out of order, on either way.
/// </summary>
public sealed class SequencedStream : IAsyncDisposable
{
    private static int LastPort = 20_000;

    private readonly ScriptedCall _call;
    private readonly UdpEcho _echo;
    private readonly ushort _port = (ushort)Interlocked.Increment(ref LastPort);
    private readonly int _size;
    private readonly Lock _gate = new();
    private readonly List<uint> _received = [];
    private readonly Changes _changes = new();
    private readonly CancellationTokenSource _end = new();
    private Task _sender = Task.CompletedTask;
    private uint _sent;

    /// <param name="call">An encrypted or plain call that is up.</param>
    /// <param name="echo">On the server's side.</param>
    /// <param name="size">Octets of each datagram's payload, 4 or more.</param>
    public SequencedStream(ScriptedCall call, UdpEcho echo, int size = 200)
    {
        _call = call;
        _echo = echo;
        _size = size;
        _call.PacketReceived += OnPacket;
    }

    public uint Sent => Volatile.Read(ref _sent);

    /// <summary>The numbers that came back, in the order in which they did.</summary>
    public IReadOnlyList<uint> Received
    {
        get
        {
            lock (_gate)
                return [.. _received];
        }
    }

    /// <summary>The numbers the echo has got, in the order in which it did.</summary>
    public IReadOnlyList<uint> Echoed =>
    [
        .. _echo.Received
            .Where(datagram => datagram.From.Port == _port)
            .Select(datagram => BinaryPrimitives.ReadUInt32BigEndian(datagram.Payload)),
    ];

    /// <summary>What became of the datagrams so far.</summary>
    public StreamReport Report => StreamReport.Of(Sent, Received);

    /// <summary>Sends the next datagrams at once.</summary>
    public void Send(int count = 1)
    {
        for (int i = 0; i < count; i++)
            _call.SendPacket(Next());
    }

    /// <summary>The next datagram as an IP packet, to be sent by other means.</summary>
    public byte[] Next()
    {
        byte[] payload = new byte[_size];
        BinaryPrimitives.WriteUInt32BigEndian(payload, Interlocked.Increment(ref _sent) - 1);
        return Ipv4Packet.CreateUdp(_call.Address, _call.PeerAddress, _port, _echo.Port, payload);
    }

    /// <summary>Sends one datagram after the other from now on.</summary>
    public void Start(TimeSpan interval) => _sender = SendAsync(interval);

    /// <summary>Sends no more, waits for what is still on its way, and tells what became of all of it.</summary>
    public async Task<StreamReport> StopAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _sender.ConfigureAwait(false);
        try
        {
            await WaitForAsync((int)Sent, TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The report says what is missing.
        }

        _call.PacketReceived -= OnPacket;
        return Report;
    }

    /// <summary>Waits until so many datagrams have come back.</summary>
    public Task WaitForAsync(int count, TimeSpan? timeout = null) => _changes.WaitAsync(
        () => Received.Count >= count,
        timeout ?? Limits.Step,
        () => $"{Received.Count} of {count} datagrams came back");

    /// <summary>Waits until a datagram of this number or a later one has come back.</summary>
    public Task WaitForNumberAsync(uint number, TimeSpan? timeout = null) => _changes.WaitAsync(
        () => Received.Any(n => n >= number), timeout ?? Limits.Step, () => $"datagram {number} did not come back");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _sender.ConfigureAwait(false);
        _call.PacketReceived -= OnPacket;
        _end.Dispose();
    }

    private async Task SendAsync(TimeSpan interval)
    {
        using PeriodicTimer timer = new(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
                Send();
        }
        catch (OperationCanceledException)
        {
            // The end of the stream.
        }
    }

    private void OnPacket(ReadOnlySpan<byte> packet)
    {
        if (!Ipv4Packet.TryReadUdp(packet, out _, out ushort port, out ReadOnlySpan<byte> payload)
            || port != _port || payload.Length != _size)
        {
            return;
        }

        lock (_gate)
            _received.Add(BinaryPrimitives.ReadUInt32BigEndian(payload));
        _changes.Announce();
    }
}
