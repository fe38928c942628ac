using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>Echo requests of 64 octets of IP through a tunnel, one after the other; the far end's kernel answers.</summary>
internal sealed class Ping : IDisposable
{
    private const int IcmpLength = 44;
    private const int IpHeader = 20;

    private readonly Socket _socket;
    private readonly byte[] _request = new byte[IcmpLength];
    private readonly byte[] _reply = new byte[256];
    private ushort _sequence;

    public Ping(TunnelEnds ends, int? tunnel)
    {
        _socket = ends.Near.Invoke(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp) { ReceiveTimeout = 1000 };
            if (tunnel is { } number)
                SourceRouting.BindToTunnel(socket, number);
            socket.Bind(new IPEndPoint(TunnelEnds.AddressOf(tunnel ?? 0), 0));
            socket.Connect(new IPEndPoint(TunnelEnds.Gateway, 0));
            return socket;
        });
        _request[0] = 8;
    }

    /// <summary>Requests that had no answer within a second.</summary>
    public int Lost { get; private set; }

    /// <returns>Round trips in microseconds; a lost one counts as a second.</returns>
    /// <param name="count">Requests.</param>
    /// <param name="pause">Between two of them.</param>
    public List<double> Run(int count, TimeSpan pause = default)
    {
        List<double> times = [];
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_request.AsSpan(6), ++_sequence);
            WriteChecksum();
            long start = Stopwatch.GetTimestamp();
            _socket.Send(_request);
            if (!TryReceive())
                Lost++;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            if (pause > TimeSpan.Zero)
                Thread.Sleep(pause);
        }
        return times;
    }

    public void Dispose() => _socket.Dispose();

    private bool TryReceive()
    {
        try
        {
            while (true)
            {
                int length = _socket.Receive(_reply);
                if (length >= IpHeader + 8 && _reply[IpHeader] == 0
                    && BinaryPrimitives.ReadUInt16BigEndian(_reply.AsSpan(IpHeader + 6)) == _sequence)
                {
                    return true;
                }
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return false;
        }
    }

    private void WriteChecksum()
    {
        _request.AsSpan(2, 2).Clear();
        uint sum = 0;
        for (int i = 0; i < _request.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(_request.AsSpan(i));
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(_request.AsSpan(2), (ushort)~(sum + (sum >> 16)));
    }
}
