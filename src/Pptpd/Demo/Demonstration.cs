using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Model;

namespace Pptpd.Demo;

/// <summary>The demo as a whole: two namespaces, two daemons, a tunnel, traffic, and nothing left.</summary>
/// <param name="traffic">How long data is sent, half of it each way.</param>
/// <param name="output">Takes what is to be seen.</param>
internal sealed class Demonstration(TimeSpan traffic, DemoOutput output)
{
    private const int Pings = 5;
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly IPAddress ClientAddress = IPAddress.Parse("192.168.62.1");

    private readonly PptpClient _client = DemoConfiguration.Load().Clients[0];
    private readonly DemoSummary _summary = new();
    private DemoNetwork? _network;
    private DemoDaemon? _server;
    private DemoDaemon? _caller;

    /// <returns>Whether all went well, which has been told.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        bool shown = false;
        output.Line("A PPTP server and a PPTP client, each in a network namespace of its own, joined by a cable.");
        try
        {
            await ShowAsync(cancellation);
            shown = true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            output.Headline("interrupted");
        }
        catch (Exception e) when (e is DemoFailure or LinuxException or SocketException)
        {
            output.Headline($"this went wrong: {e.Message}");
        }

        bool removed = await RemoveAsync();
        if (shown)
            _summary.Print(output, removed);
        return shown && removed;
    }

    private async Task ShowAsync(CancellationToken cancellation)
    {
        IPAddress serverAddress = IPAddress.Parse(_client.ConnectTo);
        _network = DemoNetwork.Create(serverAddress, ClientAddress);

        output.Headline($"the server starts at {serverAddress}");
        _server = Start(DemoHalf.Server);
        await _server.WaitForAsync("listening on", StartPatience, cancellation);

        output.Headline($"the client at {ClientAddress} dials");
        long start = Stopwatch.GetTimestamp();
        _caller = Start(DemoHalf.Client);
        (LinkEntry link, IPAddress own, IPAddress peer) = await WaitForTunnelAsync(cancellation);
        _summary.Login = $"{_client.User} by {_caller.Find("login by ")}, "
            + $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s after the client was started";
        await _server.WaitForAsync(": connected", StartPatience, cancellation);
        _summary.Encoding = _server.Find("using encoding - ") ?? "none";
        _summary.Interface = $"{link.Name}, MTU {link.Mtu}, {own} to {peer}";

        output.Headline($"ping {peer} through the tunnel");
        await PingAsync(peer, cancellation);

        output.Headline($"TCP through the tunnel, {(traffic / 2).TotalSeconds:0.#} s each way");
        _summary.Up = await SendAsync("client to server", _network.Client, _network.Server, peer, cancellation);
        _summary.Down = await SendAsync("server to client", _network.Server, _network.Client, own, cancellation);
    }

    private DemoDaemon Start(DemoHalf half)
    {
        string name = half.ToString().ToLowerInvariant();
        return DemoDaemon.Start(half, _network!.Of(half), line => output.Line($"{name} | {line}"));
    }

    private async Task<(LinkEntry Link, IPAddress Own, IPAddress Peer)> WaitForTunnelAsync(
        CancellationToken cancellation)
    {
        using RouteNetlink netlink = _network!.Client.Run(() => new RouteNetlink());
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < StartPatience)
        {
            if (netlink.FindLink(_client.Name) is { IsUp: true, HasCarrier: true } link
                && netlink.ListAddresses().FirstOrDefault(address => address.Index == link.Index) is
                { Local: { } own, Peer: { } peer })
            {
                return (link, own, peer);
            }

            _caller!.RequireRunning();
            await Task.Delay(Step, cancellation);
        }

        throw new DemoFailure($"the tunnel does not come up in {StartPatience.TotalSeconds:0} s");
    }

    private async Task PingAsync(IPAddress peer, CancellationToken cancellation)
    {
        using EchoProbe probe = EchoProbe.Open(_network!.Client, peer);
        List<TimeSpan> times = [];
        for (int i = 1; i <= Pings; i++)
        {
            TimeSpan? time = await probe.AskAsync(PingPatience, cancellation);
            output.Line(time is { } t ? $"reply {i} after {t.TotalMilliseconds:0.00} ms" : $"no reply {i}");
            if (time is not null)
                times.Add(time.Value);
            await Task.Delay(PingPause, cancellation);
        }

        if (times.Count < Pings)
            throw new DemoFailure($"{Pings - times.Count} of {Pings} pings are lost");
        _summary.Ping = $"{Pings} sent, 0 lost, {times.Min().TotalMilliseconds:0.00} to "
            + $"{times.Max().TotalMilliseconds:0.00} ms";
    }

    private async Task<string> SendAsync(
        string direction, NetworkNamespaceHandle from, NetworkNamespaceHandle to, IPAddress address,
        CancellationToken cancellation)
    {
        TrafficRun run;
        try
        {
            run = await TrafficRun.MakeAsync(
                from, to, address, traffic / 2,
                (time, rate) => output.Live($"{direction}  {time.TotalSeconds,4:0.0} s  {Rate(rate)}"), cancellation);
        }
        finally
        {
            output.EndLive();
        }

        if (run.Octets == 0)
            throw new DemoFailure($"nothing gets through from {direction}");
        return $"{Rate(run.BitsPerSecond).TrimStart()}, {run.Octets / 1e6:0.0} MB in {run.Elapsed.TotalSeconds:0.0} s";
    }

    /// <summary>Hangs up, ends both daemons, and lets the namespaces go.</summary>
    /// <returns>Whether everything went as it should.</returns>
    private async Task<bool> RemoveAsync()
    {
        output.Headline("the client hangs up, both end");
        bool good = true;
        foreach (DemoDaemon? daemon in new[] { _caller, _server })
        {
            if (daemon is null)
                continue;
            good &= await daemon.StopAsync();
            daemon.Dispose();
        }

        _summary.Counters = _server?.Find("statistics ") ?? "none";
        if (_network is null)
            return good;
        IReadOnlyList<string> left = _network.TunnelInterfaces();
        _network.Dispose();
        if (left.Count > 0)
            output.Line($"these interfaces were left: {string.Join(", ", left)}");
        return good && left.Count == 0;
    }

    private static string Rate(double bitsPerSecond) => $"{bitsPerSecond / 1e6,6:0.0} Mbit/s";
}
