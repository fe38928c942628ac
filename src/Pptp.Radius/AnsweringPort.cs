using System.Net;
using System.Net.Sockets;

namespace Pptp.Radius;

/// <summary>Is given what came to a port.</summary>
/// <param name="datagram">Good until the call returns.</param>
/// <param name="from">Who sent it; IPv4 is never inside IPv6.</param>
/// <param name="to">The address of ours it was sent to.</param>
internal delegate void DatagramHandler(ReadOnlySpan<byte> datagram, IPEndPoint from, IPAddress to);

/// <summary>
/// A UDP port of which answers leave from the address that was asked, also where this host has several and the route
/// to who asked has another. The socket of all addresses cannot do that: each address that an answer has left from has
/// one of its own, which from then on also takes what comes to it.
/// </summary>
internal sealed class AnsweringPort : IAsyncDisposable
{
    /// <summary>Addresses with a socket of their own; answers of others leave as the route has it.</summary>
    private const int AddressLimit = 64;

    private readonly DatagramHandler _handler;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Socket _socket;
    private readonly bool _isOfAll;
    private readonly Dictionary<IPAddress, Socket> _own = [];
    private readonly List<Task> _receiving = [];

    /// <param name="listen">An address of ours, or that of all; the one of all of IPv6 is of IPv4 too.</param>
    /// <param name="handler">Called on any thread, several times at once.</param>
    /// <exception cref="SocketException">The port cannot be had.</exception>
    public AnsweringPort(IPEndPoint listen, DatagramHandler handler)
    {
        _handler = handler;
        _isOfAll = listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any);
        _socket = Open(listen);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Begins to listen.</summary>
    public void Start() => Begin(_socket);

    /// <param name="answer">What is sent.</param>
    /// <param name="to">Who has asked.</param>
    /// <param name="from">The address of ours that was asked.</param>
    public async ValueTask SendAsync(byte[] answer, IPEndPoint to, IPAddress from)
    {
        try
        {
            await SocketOf(from).SendToAsync(answer, to).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It will ask again.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        Task[] receiving;
        lock (_lock)
        {
            _socket.Dispose();
            foreach (Socket own in _own.Values)
                own.Dispose();
            receiving = [.. _receiving];
        }
        await Task.WhenAll(receiving).ConfigureAwait(false);
    }

    private static Socket Open(IPEndPoint at, bool shares = false)
    {
        Socket socket = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (at.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            if (shares)
                Share(socket, true);
            socket.Bind(at);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Share(Socket socket, bool shares) =>
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, shares);

    private void Begin(Socket socket)
    {
        lock (_lock)
        {
            if (!_closed.IsCancellationRequested)
                _receiving.Add(Task.Run(() => ReceiveAsync(socket)));
        }
    }

    private Socket SocketOf(IPAddress from)
    {
        if (!_isOfAll)
            return _socket;
        lock (_lock)
        {
            if (_own.TryGetValue(from, out Socket? own))
                return own;
            if (_own.Count >= AddressLimit || _closed.IsCancellationRequested)
                return _socket;
            try
            {
                // Only for the moment of binding: nobody else is to share the port.
                Share(_socket, true);
                own = Open(new IPEndPoint(from, EndPoint.Port), shares: true);
                Share(own, false);
            }
            catch (SocketException)
            {
                // It is an address of ours no more.
                return _socket;
            }
            finally
            {
                Share(_socket, false);
            }
            _own.Add(from, own);
            Begin(own);
            return own;
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[RadiusPacket.MaximumLength];
        IPEndPoint any = new(
            socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                SocketReceiveMessageFromResult came = await socket
                    .ReceiveMessageFromAsync(buffer, SocketFlags.None, any, _closed.Token).ConfigureAwait(false);
                IPEndPoint from = (IPEndPoint)came.RemoteEndPoint;
                _handler(
                    buffer.AsSpan(0, came.ReceivedBytes), new IPEndPoint(Plain(from.Address), from.Port),
                    LocalOf(came.PacketInformation));
            }
            catch (SocketException) when (!_closed.IsCancellationRequested)
            {
                // An ICMP message for an answer, or a datagram longer than any packet.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private static IPAddress LocalOf(IPPacketInformation packet)
    {
        IPAddress address = Plain(packet.Address);
        return address.IsIPv6LinkLocal ? new IPAddress(address.GetAddressBytes(), packet.Interface) : address;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
