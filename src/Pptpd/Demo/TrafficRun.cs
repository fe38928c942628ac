using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pptp.Linux;

namespace Pptpd.Demo;

/// <summary>One TCP connection from one namespace to another, as full as it gets, for some time.</summary>
internal sealed class TrafficRun
{
    private const int BufferLength = 128 * 1024;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>A connection through a tunnel that has died would stand still for minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long _received;

    private TrafficRun()
    {
    }

    /// <summary>Octets that arrived.</summary>
    public long Octets => Interlocked.Read(ref _received);

    /// <summary>From the first octet sent to the last one received.</summary>
    public TimeSpan Elapsed { get; private set; }

    public double BitsPerSecond => Octets * 8 / Elapsed.TotalSeconds;

    /// <summary>Sends for some time.</summary>
    /// <param name="from">Where the sender is.</param>
    /// <param name="to">Where <paramref name="address"/> is.</param>
    /// <param name="address">The receiver's.</param>
    /// <param name="duration">How long it sends.</param>
    /// <param name="show">Told the time since the start and the rate of each second, in bits per second.</param>
    /// <param name="cancellation">Breaks it off.</param>
    /// <exception cref="DemoFailure">The connection stood still.</exception>
    /// <exception cref="SocketException">There was no connection, or it broke.</exception>
    public static async Task<TrafficRun> MakeAsync(
        NetworkNamespaceHandle from, NetworkNamespaceHandle to, IPAddress address, TimeSpan duration,
        Action<TimeSpan, double> show, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(duration + Patience);
        using Socket listener = to.Run(NewSocket);
        using Socket sender = from.Run(NewSocket);
        try
        {
            listener.Bind(new IPEndPoint(address, 0));
            listener.Listen();
            await sender.ConnectAsync(listener.LocalEndPoint!, limit.Token);
            using Socket receiver = await listener.AcceptAsync(limit.Token);
            TrafficRun run = new();
            await run.CarryAsync(sender, receiver, duration, show, limit.Token);
            return run;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DemoFailure("the traffic through the tunnel stands still");
        }
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private async Task CarryAsync(
        Socket sender, Socket receiver, TimeSpan duration, Action<TimeSpan, double> show,
        CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Task sending = SendAsync(sender, start, duration, cancellation);
        Task receiving = ReceiveAsync(receiver, cancellation);
        Task both = Task.WhenAll(sending, receiving);
        TimeSpan shownAt = TimeSpan.Zero;
        long shown = 0;
        while (await Task.WhenAny(both, Task.Delay(Step, CancellationToken.None)) != both)
        {
            TimeSpan now = Stopwatch.GetElapsedTime(start);
            long octets = Octets;
            show(now, (octets - shown) * 8 / (now - shownAt).TotalSeconds);
            (shownAt, shown) = (now, octets);
        }

        await both;
        Elapsed = Stopwatch.GetElapsedTime(start);
    }

    private static async Task SendAsync(Socket sender, long start, TimeSpan duration, CancellationToken cancellation)
    {
        byte[] buffer = new byte[BufferLength];
        while (Stopwatch.GetElapsedTime(start) < duration)
            await sender.SendAsync(buffer, cancellation);
        sender.Shutdown(SocketShutdown.Send);
    }

    private async Task ReceiveAsync(Socket receiver, CancellationToken cancellation)
    {
        byte[] buffer = new byte[BufferLength];
        while (await receiver.ReceiveAsync(buffer, cancellation) is > 0 and int length)
            Interlocked.Add(ref _received, length);
    }
}
