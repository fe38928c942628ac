using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pptp.Radius.Tests;

/// <summary>A server on loopback that answers each datagram as it is told.</summary>
internal sealed class UdpResponder : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Func<byte[], IEnumerable<byte[]>> _answer;
    private readonly SemaphoreSlim _came = new(0);

    public UdpResponder(Func<byte[], IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        _socket.ReceiveBufferSize = 1 << 20;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = ServeAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Every datagram so far, and where it came from.</summary>
    public ConcurrentQueue<(byte[] Packet, IPEndPoint From)> Received { get; } = new();

    /// <summary>Waits for the next datagram.</summary>
    public async Task NextAsync()
    {
        if (!await _came.WaitAsync(TimeSpan.FromSeconds(30)))
            throw new AssertionException("no datagram came");
    }

    public void Dispose()
    {
        _socket.Dispose();
        _came.Dispose();
    }

    private async Task ServeAsync()
    {
        byte[] buffer = new byte[RadiusPacket.MaximumLength];
        try
        {
            while (true)
            {
                SocketReceiveFromResult result =
                    await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                byte[] packet = buffer[..result.ReceivedBytes];
                Received.Enqueue((packet, (IPEndPoint)result.RemoteEndPoint));
                foreach (byte[] reply in _answer(packet))
                    await _socket.SendToAsync(reply, result.RemoteEndPoint);
                _came.Release();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
