using System.Net;
using System.Threading.Channels;
using Pptp.Testing.Traffic;

namespace Pptp.Testing.Calling;

/// <summary>A call with the IPv6 that comes out of it: a host without a kernel.</summary>
public sealed class Ipv6Station
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();
    private ushort _number;

    private Ipv6Station(ScriptedCall call)
    {
        Call = call;
        call.PacketReceived += packet =>
        {
            if (packet.Length > 40 && packet[0] >> 4 == 6)
                _received.Writer.TryWrite(packet.ToArray());
        };
    }

    public ScriptedCall Call { get; }

    /// <summary>Dials, and waits for IPv4 and IPv6 of the link; nothing that the server sends is missed.</summary>
    public static async Task<Ipv6Station> DialAsync(CallerHost host, CallSettings settings)
    {
        ScriptedCaller caller = await host.StartAsync().ConfigureAwait(false);
        try
        {
            Ipv6Station station =
                new(await caller.CallAsync(settings with { Ipv6 = true }).ConfigureAwait(false));
            await station.Call.WaitForAsync(CallPhase.Up).ConfigureAwait(false);
            await station.Call.WaitForIpv6Async().ConfigureAwait(false);
            return station;
        }
        catch
        {
            await caller.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for a message of ICMPv6; what came before it is gone.</summary>
    public async Task<byte[]> WaitForIcmpAsync(byte type, TimeSpan timeout)
    {
        using CancellationTokenSource patience = new(timeout);
        try
        {
            while (true)
            {
                byte[] packet = await _received.Reader.ReadAsync(patience.Token).ConfigureAwait(false);
                if (Ipv6Packet.TryReadIcmp(packet, out byte found, out _) && found == type)
                    return packet;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no message of ICMPv6 of type {type} came");
        }
    }

    /// <summary>Waits for a SYN and gives its maximum segment size.</summary>
    public async Task<ushort> WaitForSynAsync(TimeSpan timeout)
    {
        using CancellationTokenSource patience = new(timeout);
        while (true)
        {
            byte[] packet = await _received.Reader.ReadAsync(patience.Token).ConfigureAwait(false);
            if (Ipv6Packet.TryReadSyn(packet, out ushort segmentSize))
                return segmentSize;
        }
    }

    /// <summary>
    /// Sends an Echo-Request each second until one is answered: the server's kernel takes its time until an address that
    /// it was just given is one.
    /// </summary>
    /// <returns>How many answers to earlier requests came before.</returns>
    public async Task<int> PingAsync(IPAddress source, IPAddress destination, TimeSpan timeout)
    {
        ushort first = (ushort)(_number + 1);
        TimeSpan deadline = Call.Caller.Host.Now + timeout;
        int others = 0;
        while (true)
        {
            SendPing(source, destination);
            try
            {
                while (true)
                {
                    byte[] reply = await WaitForIcmpAsync(Ipv6Packet.EchoReply, PingInterval).ConfigureAwait(false);
                    if (((reply[46] << 8) | reply[47]) >= first)
                        return others;
                    others++;
                }
            }
            catch (TimeoutException) when (Call.Caller.Host.Now < deadline)
            {
                // The next one may be answered.
            }
        }
    }

    /// <summary>Sends an Echo-Request and gives its number.</summary>
    public ushort SendPing(IPAddress source, IPAddress destination, int length = 0)
    {
        Call.SendPacket(Ipv6Packet.CreateEchoRequest(source, destination, ++_number, new byte[length]));
        return _number;
    }

    /// <summary>Looks for the router (RFC 4861 §4.1).</summary>
    public void SolicitRouter() => Call.SendPacket(Ipv6Packet.CreateIcmp(
        Call.LinkLocalAddress, Ipv6Packet.AllRouters, Ipv6Packet.RouterSolicitation, new byte[4]));
}
