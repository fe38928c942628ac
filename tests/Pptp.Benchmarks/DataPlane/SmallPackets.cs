using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>Datagrams of 64 octets of IP, from the near end to a socket at the far one that lets them go.</summary>
internal sealed class SmallPackets : IDisposable
{
    private const int PayloadLength = 64 - 28;

    private readonly Socket _socket;
    private readonly Socket _sink;
    private readonly byte[] _payload = new byte[PayloadLength];

    public SmallPackets(TunnelEnds ends, int? tunnel)
    {
        _sink = ends.Far.Invoke(() =>
        {
            Socket sink = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4096 };
            sink.Bind(new IPEndPoint(TunnelEnds.Gateway, 0));
            return sink;
        });
        _socket = ends.Near.Invoke(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            if (tunnel is { } number)
                SourceRouting.BindToTunnel(socket, number);
            socket.Bind(new IPEndPoint(TunnelEnds.AddressOf(tunnel ?? 0), 0));
            socket.Connect(_sink.LocalEndPoint!);
            return socket;
        });
    }

    /// <summary>Sends bursts in even steps.</summary>
    /// <returns>Datagrams that the kernel took.</returns>
    public int Send(int perSecond, int burst, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        int sent = 0;
        for (long n = 0; ; n += burst)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)n / perSecond);
            if (due >= time)
                return sent;
            while (Stopwatch.GetElapsedTime(start) < due)
                Thread.SpinWait(20);
            for (int i = 0; i < burst; i++)
                sent += TrySend();
        }
    }

    /// <summary>Sends as fast as it can until it is told to stop.</summary>
    public void Flood(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            TrySend();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sink.Dispose();
    }

    private int TrySend()
    {
        _ = _socket.Send(_payload, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? 1 : 0;
    }
}
