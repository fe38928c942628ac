using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pptp.Linux;

namespace Pptpd.Demo;

/// <summary>ICMP echo (RFC 792) out of a network namespace.</summary>
internal sealed class EchoProbe : IDisposable
{
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;
    private const int HeaderLength = 8;

    /// <summary>As ping(8) sends: 64 octets of ICMP.</summary>
    private const int Length = HeaderLength + 56;

    private readonly Socket _socket;
    private readonly byte[] _received = new byte[2048];
    private ushort _sequence;

    private EchoProbe(Socket socket) => _socket = socket;

    /// <exception cref="SocketException">CAP_NET_RAW is missing, or there is no way to the address.</exception>
    public static EchoProbe Open(NetworkNamespaceHandle where, IPAddress target)
    {
        Socket socket =
            where.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp));
        try
        {
            socket.Connect(new IPEndPoint(target, 0));
            return new EchoProbe(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks once.</summary>
    /// <returns>The time to the answer; null: there was none in time.</returns>
    public async Task<TimeSpan?> AskAsync(TimeSpan patience, CancellationToken cancellation)
    {
        ushort sequence = ++_sequence;
        byte[] request = new byte[Length];
        request[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(6), sequence);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(2), Checksum(request));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        long start = Stopwatch.GetTimestamp();
        try
        {
            await _socket.SendAsync(request, limit.Token);
            while (true)
            {
                int length = await _socket.ReceiveAsync(_received, limit.Token);
                if (IsAnswer(_received.AsSpan(0, length), sequence))
                    return Stopwatch.GetElapsedTime(start);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>A raw socket gives the IP header too (raw(7)).</summary>
    private static bool IsAnswer(ReadOnlySpan<byte> packet, ushort sequence)
    {
        int header = packet.Length > 0 ? (packet[0] & 0x0F) * 4 : 0;
        return packet.Length >= header + HeaderLength && packet[header] == EchoReply
            && BinaryPrimitives.ReadUInt16BigEndian(packet[(header + 6)..]) == sequence;
    }

    /// <summary>RFC 1071, of an even number of octets.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (int i = 0; i < octets.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets[i..]);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
