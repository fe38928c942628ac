using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using Pptp.Linux;

namespace Pptp.Testing.Calling;

/// <summary>
/// Sends GRE of somebody else's call, whose addresses and call id it knows, and nothing besides: sequence and
/// acknowledgement numbers are random. Repeatable.
/// </summary>
public sealed class Forger : IDisposable
{
    private readonly GreSocket _socket;
    private readonly GreBatch _batch = new();
    private readonly Random _random = new(2637);
    private readonly uint _from;
    private readonly uint _to;
    private readonly ushort _callId;
    private readonly bool _pairs;
    private uint _sequence;
    private long _sent;

    /// <param name="network">Where the forged address is a local one.</param>
    /// <param name="from">The address that is forged.</param>
    /// <param name="to">The victim's.</param>
    /// <param name="callId">The victim's id of the call.</param>
    /// <param name="pairs">Every second number follows the one before.</param>
    public Forger(NetworkNamespace network, IPAddress from, IPAddress to, ushort callId, bool pairs = false)
    {
        _socket = network.Invoke(() => new GreSocket());
        _from = Ipv4.FromAddress(from);
        _to = Ipv4.FromAddress(to);
        _callId = callId;
        _pairs = pairs;
    }

    /// <summary>Sends so many packets a second, or as many as the machine lets it.</summary>
    /// <returns>Packets sent.</returns>
    public long Run(int rate, TimeSpan duration)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            long due = (long)(clock.Elapsed.TotalSeconds * rate);
            // What a busy machine has missed is not made up for in one burst, which would fill any queue.
            for (int burst = 0; _sent < due && burst < 2 * GreBatch.Capacity; burst++)
                Send();
            _socket.Send(_batch);
            Thread.Sleep(1);
        }

        return _sent;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _batch.Dispose();
    }

    private void Send()
    {
        Span<byte> packet = _batch.Slot(_batch.Count);
        _batch.Add(Write(packet), _from, _to);
        _sent++;
        if (_batch.IsFull)
            _socket.Send(_batch);
    }

    /// <summary>By turns: MPPE of any count, flushed or not; a Terminate-Request; IP in clear; an Ack.</summary>
    private int Write(Span<byte> packet)
    {
        long kind = _sent / 2 % 8;
        bool isAcknowledgement = kind == 7;
        bool acknowledges = isAcknowledgement || kind % 2 == 0;
        packet[0] = (byte)(isAcknowledgement ? 0x20 : 0x30);
        packet[1] = (byte)(acknowledges ? 0x81 : 0x01);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], 0x880B);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], _callId);
        int at = 8;
        if (!isAcknowledgement)
        {
            _sequence = _pairs && _sent % 2 == 1 ? _sequence + 1 : (uint)_random.NextInt64(1L << 32);
            BinaryPrimitives.WriteUInt32BigEndian(packet[at..], _sequence);
            at += 4;
        }

        if (acknowledges)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet[at..], (uint)_random.NextInt64(1L << 32));
            at += 4;
        }

        int payload = isAcknowledgement ? 0 : WritePayload(kind, packet[at..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)payload);
        return at + payload;
    }

    private int WritePayload(long kind, Span<byte> payload)
    {
        byte[] noise = new byte[100];
        _random.NextBytes(noise);
        byte[] frame = kind switch
        {
            6 => PppWire.Frame(PppWire.Lcp, PppWire.Packet(PppWire.TerminateRequest, 1, default)),
            5 => PppWire.Frame(PppWire.Ip, noise),
            _ => PppWire.Frame(PppWire.Compressed, [(byte)((noise[0] & 0x8F) | 0x10), .. noise[1..]]),
        };
        frame.CopyTo(payload);
        return frame.Length;
    }
}
