using System.Net;
using System.Net.Sockets;

namespace Pptp.Testing.Traffic;

/// <summary>Sends every datagram back to where it came from, and remembers it.</summary>
public sealed class UdpEcho : IAsyncDisposable
{
    // A burst must find room whatever net.core.rmem_max says: SOL_SOCKET, SO_RCVBUFFORCE, SO_SNDBUFFORCE.
    private const int SolSocket = 1;
    private const int ReceiveBufferForce = 33;
    private const int SendBufferForce = 32;
    private const int BufferSize = 8 << 20;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _end = new();
    private readonly List<(IPEndPoint From, byte[] Payload)> _received = [];
    private readonly Task _loop;

    /// <param name="network">Where it listens, on all addresses there.</param>
    public UdpEcho(NetworkNamespace network)
    {
        _socket = network.Invoke(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        _socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(BufferSize));
        _socket.SetRawSocketOption(SolSocket, SendBufferForce, BitConverter.GetBytes(BufferSize));
        _socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        Port = (ushort)((IPEndPoint)_socket.LocalEndPoint!).Port;
        _loop = EchoAsync();
    }

    public ushort Port { get; }

    /// <summary>All datagrams so far, oldest first.</summary>
    public IReadOnlyList<(IPEndPoint From, byte[] Payload)> Received
    {
        get
        {
            lock (_received)
                return [.. _received];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task EchoAsync()
    {
        byte[] buffer = new byte[ushort.MaxValue];
        IPEndPoint any = new(IPAddress.Any, 0);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult result =
                    await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _end.Token).ConfigureAwait(false);
                IPEndPoint from = (IPEndPoint)result.RemoteEndPoint;
                lock (_received)
                    _received.Add((from, buffer[..result.ReceivedBytes]));
                await _socket.SendToAsync(buffer.AsMemory(0, result.ReceivedBytes), SocketFlags.None, from, _end.Token)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client has gone and with it the route back: the next datagram may be another's.
            }
        }
    }
}
