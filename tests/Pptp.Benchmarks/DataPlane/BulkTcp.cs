using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using static Tmds.Linux.LibC;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>
/// As much TCP as gets through, one connection in each tunnel, from the near end to the far one. Received octets are
/// counted and thrown away in the kernel, so that the measurement itself costs little.
/// </summary>
internal sealed class BulkTcp : IDisposable
{
    private const int ChunkSize = 256 * 1024;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.7);

    private readonly List<Socket> _senders = [];
    private readonly List<Socket> _receivers = [];

    /// <summary>Connects, while nothing else goes on.</summary>
    public BulkTcp(TunnelEnds ends, int connections)
    {
        using Socket listener = ends.Far.Invoke(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            socket.Listen(512);
            return socket;
        });
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        for (int i = 0; i < connections; i++)
        {
            IPAddress address = TunnelEnds.AddressOf(i);
            Socket sender = ends.Near.Invoke(() =>
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                if (connections > 1)
                    SourceRouting.BindToTunnel(socket, i);
                socket.Bind(new IPEndPoint(address, 0));
                return socket;
            });
            sender.Connect(new IPEndPoint(TunnelEnds.Gateway, port));
            Socket receiver = listener.Accept();
            sender.Blocking = false;
            receiver.Blocking = false;
            // SO_RCVLOWAT: woken for much at a time.
            receiver.SetRawSocketOption(SOL_SOCKET, 18, BitConverter.GetBytes(connections == 1 ? ChunkSize / 4 : 16 * 1024));
            _senders.Add(sender);
            _receivers.Add(receiver);
        }
    }

    /// <returns>Megabits a second of payload.</returns>
    public double Run(TimeSpan time)
    {
        using CancellationTokenSource stop = new();
        long received = 0;
        Thread sender = new(() => Send(stop.Token)) { Name = "sender" };
        Thread receiver = new(() => Receive(ref received, stop.Token)) { Name = "receiver" };
        receiver.Start();
        sender.Start();
        Thread.Sleep(WarmUp);
        long before = Volatile.Read(ref received);
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(time);
        long after = Volatile.Read(ref received);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        stop.Cancel();
        sender.Join();
        receiver.Join();
        return (after - before) * 8 / seconds / 1e6;
    }

    public void Dispose()
    {
        foreach (Socket socket in _senders.Concat(_receivers))
            socket.Dispose();
    }

    private unsafe void Send(CancellationToken stop)
    {
        using EventPoll poll = PollOf(_senders, PollEvents.Writable);
        Span<PollEvent> events = stackalloc PollEvent[64];
        byte[] chunk = GC.AllocateArray<byte>(ChunkSize, pinned: true);
        fixed (byte* octets = chunk)
        {
            while (!stop.IsCancellationRequested)
            {
                int count = poll.Wait(events, TimeSpan.FromMilliseconds(100));
                for (int i = 0; i < count; i++)
                    _ = send((int)events[i].Token, octets, ChunkSize, MSG_DONTWAIT | MSG_NOSIGNAL);
            }
        }
    }

    private unsafe void Receive(ref long received, CancellationToken stop)
    {
        using EventPoll poll = PollOf(_receivers, PollEvents.Readable);
        Span<PollEvent> events = stackalloc PollEvent[64];
        while (!stop.IsCancellationRequested)
        {
            int count = poll.Wait(events, TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < count; i++)
            {
                // With MSG_TRUNC, TCP throws away instead of copying.
                nint length = (nint)recv((int)events[i].Token, null, 16 << 20, MSG_DONTWAIT | MSG_TRUNC);
                if (length > 0)
                    Volatile.Write(ref received, received + length);
            }
        }
        // What is under way must not disturb what comes next.
        while (poll.Wait(events, TimeSpan.FromMilliseconds(50)) is > 0 and int left)
        {
            for (int i = 0; i < left; i++)
            {
                if (recv((int)events[i].Token, null, 16 << 20, MSG_DONTWAIT | MSG_TRUNC) <= 0)
                    poll.Remove((int)events[i].Token);
            }
        }
    }

    private static EventPoll PollOf(List<Socket> sockets, PollEvents what)
    {
        EventPoll poll = new();
        foreach (Socket socket in sockets)
            poll.Add((int)socket.Handle, (ulong)socket.Handle, what);
        return poll;
    }
}
