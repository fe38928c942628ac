using System.Net;
using System.Net.Sockets;

namespace Pptp.Testing.Radius;

/// <summary>
/// A way to a RADIUS server that loses what a test wants lost: datagrams to an address of its own go on to the
/// server's, and what that answers goes back.
/// </summary>
public sealed class RadiusRelay : IAsyncDisposable
{
    private readonly NetworkNamespace _network;
    private readonly IPEndPoint _server;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Socket> _ways = [];
    private readonly List<byte[]> _requests = [];
    private readonly Task _loop;

    /// <param name="network">Where it and the server are.</param>
    /// <param name="address">Where it takes requests.</param>
    /// <param name="server">Where they go.</param>
    public RadiusRelay(NetworkNamespace network, IPEndPoint address, IPEndPoint server)
    {
        _network = network;
        _server = server;
        _socket = network.Invoke(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        _socket.Bind(address);
        _loop = RelayAsync(_socket, Forward);
    }

    /// <summary>Whether a request is lost, by its number from 0; null: none is.</summary>
    public Func<int, bool>? Loses { get; set; }

    /// <summary>Every request that has come, lost or not.</summary>
    public IReadOnlyList<byte[]> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _socket.Dispose();
        foreach (Socket way in _ways.Values)
            way.Dispose();
        _end.Dispose();
    }

    private void Forward(IPEndPoint from, byte[] request)
    {
        Socket? way;
        lock (_lock)
        {
            _requests.Add(request);
            if (Loses?.Invoke(_requests.Count - 1) == true)
                return;
            if (!_ways.TryGetValue(from, out way))
            {
                way = _ways[from] = _network.Invoke(
                    () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
                way.Bind(new IPEndPoint(IPAddress.Any, 0));
                _ = RelayAsync(way, (_, reply) => _socket.SendTo(reply, from));
            }
        }
        way.SendTo(request, _server);
    }

    private async Task RelayAsync(Socket socket, Action<IPEndPoint, byte[]> take)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        IPEndPoint any = new(IPAddress.Any, 0);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult result =
                    await socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _end.Token).ConfigureAwait(false);
                take((IPEndPoint)result.RemoteEndPoint, buffer[..result.ReceivedBytes]);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Whoever asked has gone: the next datagram may be another's.
            }
        }
    }
}
