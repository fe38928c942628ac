using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Pptp.Radius;

/// <summary>
/// A connected socket with a port of its own, which nobody can foresee, and the 256 identifiers that requests from it
/// can have.
/// </summary>
internal sealed class UdpPort : IDisposable
{
    private const int Identifiers = 256;

    private readonly Lock _lock = new();
    private readonly Socket _socket;
    private readonly PendingRequest?[] _pending = new PendingRequest?[Identifiers];
    private readonly long[] _freeAt = new long[Identifiers];
    private readonly Action<PendingRequest, RadiusPacket?> _received;
    private int _next;
    private volatile bool _isDisposed;

    /// <param name="server">Where requests go, and where alone answers come from.</param>
    /// <param name="source">Null: the system's choice.</param>
    /// <param name="received">Is given what comes for a pending request; null: it was no packet.</param>
    /// <exception cref="SocketException">There is no way to the server, or the source is not ours.</exception>
    public UdpPort(IPEndPoint server, IPAddress? source, Action<PendingRequest, RadiusPacket?> received)
    {
        _received = received;
        _socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (source is not null)
                _socket.Bind(new IPEndPoint(source, 0));
            _socket.Connect(server);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        _ = ReceiveAsync();
    }

    /// <summary>Takes an identifier that no late answer can be for.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="create">Makes the request of the identifier.</param>
    /// <param name="identifier">What it has.</param>
    /// <param name="request">The request.</param>
    /// <returns>False: there is none free.</returns>
    public bool TryBegin(
        long now, Func<byte, PendingRequest> create, out byte identifier,
        [NotNullWhen(true)] out PendingRequest? request)
    {
        lock (_lock)
        {
            for (int i = 0; i < Identifiers; i++)
            {
                int candidate = (_next + i) % Identifiers;
                if (_pending[candidate] is not null || _freeAt[candidate] > now)
                    continue;
                _next = candidate + 1;
                identifier = (byte)candidate;
                request = _pending[candidate] = create(identifier);
                return true;
            }
        }
        identifier = 0;
        request = null;
        return false;
    }

    /// <exception cref="SocketException">It could not be sent.</exception>
    public async ValueTask SendAsync(PendingRequest request, CancellationToken cancellation)
    {
        try
        {
            await _socket.SendAsync(request.Packet, SocketFlags.None, cancellation).ConfigureAwait(false);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // The ICMP message of a packet before this one: nobody listened then. The next try may find somebody.
        }
    }

    /// <param name="identifier">Of a request that is over.</param>
    /// <param name="freeAt">The timestamp from which on no answer to it can come.</param>
    public void End(byte identifier, long freeAt)
    {
        lock (_lock)
        {
            _pending[identifier] = null;
            _freeAt[identifier] = freeAt;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[RadiusPacket.MaximumLength];
        while (!_isDisposed)
        {
            try
            {
                int length = await _socket.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false);
                Take(buffer.AsSpan(0, length));
            }
            catch (SocketException) when (!_isDisposed)
            {
                // An ICMP message for a request, which is known by its timeout; or a datagram longer than any packet.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 2)
            return;
        PendingRequest? request;
        lock (_lock)
            request = _pending[datagram[1]];
        if (request is null)
            return;
        _received(request, RadiusPacket.TryParse(datagram, out RadiusPacket? packet, out _) ? packet : null);
    }
}
