using System.Net;
using System.Net.Sockets;
using System.Text;
using Pptp.Radius;

namespace Pptp.Benchmarks;

/// <summary>A RADIUS server that lets everybody in and takes every record, on a thread of its own.</summary>
internal sealed class RadiusResponder : IDisposable
{
    public const string Secret = "a secret of the benchmark";

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _thread;
    private readonly bool _echoes;

    /// <param name="address">Where it listens, at any port. Of the calling thread's network namespace.</param>
    /// <param name="echoes">It sends back what comes, as it is.</param>
    public RadiusResponder(IPAddress address, bool echoes = false)
    {
        _echoes = echoes;
        _socket.ReceiveBufferSize = 1 << 22;
        _socket.Bind(new IPEndPoint(address, 0));
        _thread = new Thread(Serve) { IsBackground = true, Name = "RADIUS server" };
        _thread.Start();
    }

    /// <summary>Is given each request before it is answered, on the server's thread.</summary>
    public Action<RadiusPacket>? Heard { get; set; }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        byte[] secret = Encoding.UTF8.GetBytes(Secret);
        byte[] buffer = new byte[RadiusPacket.MaximumLength];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                int length = _socket.ReceiveFrom(buffer, ref from);
                if (_echoes)
                    _socket.SendTo(buffer.AsSpan(0, length), from);
                else if (RadiusPacket.TryParse(buffer.AsSpan(0, length), out RadiusPacket? request, out _))
                    Answer(request, secret, from);
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
        catch (ObjectDisposedException)
        {
            // Likewise.
        }
    }

    private void Answer(RadiusPacket request, byte[] secret, EndPoint to)
    {
        Heard?.Invoke(request);
        RadiusCode code = request.Code == RadiusCode.AccountingRequest
            ? RadiusCode.AccountingResponse
            : RadiusCode.AccessAccept;
        _socket.SendTo(RadiusCodec.WriteReply(code, request, [], secret), to);
    }
}
