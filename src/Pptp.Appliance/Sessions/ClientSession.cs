using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Interfaces;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// One enabled client: its interface, and the tunnel that is dialled again and again. Never gives up while the entry is
/// enabled.
/// </summary>
internal sealed partial class ClientSession : IClientMonitor, IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    private readonly ClientSettings _settings;
    private readonly TunnelServices _services;
    private readonly IClientInterfaces _interfaces;
    private readonly ServerAddress _server;
    private readonly ReconnectDelay _delay;
    private readonly CancellationTokenSource _stop = new();
    private volatile PptpClientStatus _status;
    private volatile ClientTunnel? _tunnel;
    private long _connectedAt;
    private string _stopReason = "";

    /// <param name="settings">Of an enabled client.</param>
    /// <param name="services">The data plane, call ids, clock and log.</param>
    /// <param name="interfaces">Makes its interface.</param>
    /// <param name="lookups">Held while a name is looked up.</param>
    public ClientSession(
        ClientSettings settings, TunnelServices services, IClientInterfaces interfaces, SemaphoreSlim lookups)
    {
        _settings = settings;
        _services = services;
        _interfaces = interfaces;
        _server = new ServerAddress(settings.Client.ConnectTo, lookups);
        _delay = new ReconnectDelay(services.Random);
        _status = Idle("initializing");
    }

    public ClientSettings Settings => _settings;

    /// <summary>Ends when nothing of the session is left.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public PptpClientStatus Status
    {
        get
        {
            PptpClientStatus status = _status;
            return status.Running
                ? status with
                {
                    Uptime = _services.Clock.Now - new TimeSpan(Volatile.Read(ref _connectedAt)),
                    Counters = _tunnel?.Counters ?? default,
                }
                : status;
        }
    }

    private string Name => _settings.Client.Name;

    /// <param name="after">What has to be over first.</param>
    /// <param name="delay">Before the first attempt.</param>
    public void Start(Task after, TimeSpan delay) => Ended = Task.Run(() => RunAsync(after, delay));

    /// <summary>Hangs up and takes the interface away; <see cref="Ended"/> tells when that is done.</summary>
    /// <param name="reason">For the log and the server.</param>
    public void Stop(string reason)
    {
        _stopReason = reason;
        // Not here and now: the caller has a lock, and what ends may take its time.
        _ = _stop.CancelAsync();
    }

    /// <summary>Hangs up, and dials again as after any other end; from any thread.</summary>
    /// <returns>False: there is no tunnel.</returns>
    public bool TryHangUp(string reason)
    {
        if (_tunnel is not { } tunnel)
            return false;
        tunnel.HangUp(reason);
        return true;
    }

    /// <summary>To be called when it has ended.</summary>
    public void Dispose() => _stop.Dispose();

    void IClientMonitor.OnAuthenticated()
    {
        Log.State(_services.Loggers.Ppp, Name, "authenticated");
        _status = Idle("authenticated");
    }

    void IClientMonitor.OnEncoding(string encoding) => Log.Encoding(_services.Loggers.Ppp, Name, encoding);

    void IClientMonitor.OnInClear(string why) => Log.InClear(_services.Loggers.PppWarning, Name, LogText.Escape(why));

    void IClientMonitor.OnConnected(NetworkParameters network)
    {
        Volatile.Write(ref _connectedAt, _services.Clock.Now.Ticks);
        _status = Idle("connected") with
        {
            Running = true,
            Encoding = LinkData.EncodingName(network),
            Mtu = network.Mtu,
            Mru = network.Mru,
            LocalAddress = network.LocalAddress,
            RemoteAddress = network.RemoteAddress,
        };
        Log.State(_services.Loggers.Ppp, Name, "connected");
    }

    void IClientMonitor.OnIpv6(Ipv6InterfaceSettings? settings) => _status = _status with
    {
        LocalIpv6Address = settings?.LocalAddress,
        RemoteIpv6Address = settings?.RemoteAddress,
    };

    void IClientMonitor.OnTerminating(string reason)
    {
        Log.Terminating(_services.Loggers.Ppp, Name, reason);
        _status = Idle($"terminating - {reason}");
    }

    private PptpClientStatus Idle(string status) => new() { Name = Name, Status = status };

    private async Task RunAsync(Task after, TimeSpan delay)
    {
        await after.ConfigureAwait(false);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using IClientInterface tunnelInterface = await MakeInterfaceAsync().ConfigureAwait(false);
                await WaitAsync(delay).ConfigureAwait(false);
                await DialAgainAndAgainAsync(tunnelInterface).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                Log.State(_services.Loggers.Ppp, Name, "disconnected");
            }
            catch (Exception e)
            {
                // A fault of ours: all is made anew, with as much time between as there ever is.
                Log.Failed(_services.Loggers.SystemError, Name, e);
                delay = ReconnectDelay.Longest;
            }
        }
    }

    private async Task<IClientInterface> MakeInterfaceAsync()
    {
        while (true)
        {
            try
            {
                return _interfaces.Create(_settings.Client, _settings.Firewall);
            }
            catch (Exception e) when (e is LinuxException or InvalidOperationException)
            {
                Log.NoInterface(_services.Loggers.PppError, Name, e.Message);
                _status = Idle($"terminating - no interface: {e.Message}");
            }
            await WaitAsync(_delay.Next(uptime: null)).ConfigureAwait(false);
        }
    }

    private async Task DialAgainAndAgainAsync(IClientInterface tunnelInterface)
    {
        TimeSpan notBefore = _services.Clock.Now;
        while (true)
        {
            if (_settings.Client.DialOnDemand)
                await AwaitTrafficAsync(tunnelInterface).ConfigureAwait(false);
            await WaitAsync(notBefore - _services.Clock.Now).ConfigureAwait(false);
            ClientTunnelEnd end = await DialAsync(tunnelInterface).ConfigureAwait(false);
            // At the very end the interface goes as a whole.
            _stop.Token.ThrowIfCancellationRequested();
            tunnelInterface.Disconnect();
            Log.State(_services.Loggers.Ppp, Name, "disconnected");
            notBefore = _services.Clock.Now + (end.IsIntended ? TimeSpan.Zero : _delay.Next(end.Uptime));
        }
    }

    private async Task AwaitTrafficAsync(IClientInterface tunnelInterface)
    {
        TaskCompletionSource traffic = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            tunnelInterface.StandBy(() => traffic.TrySetResult());
        }
        catch (LinuxException e)
        {
            Log.NoInterface(_services.Loggers.PppError, Name, e.Message);
            return;
        }
        _status = Idle("waiting for packets");
        Log.State(_services.Loggers.Ppp, Name, "waiting for packets...");
        await traffic.Task.WaitAsync(_stop.Token).ConfigureAwait(false);
    }

    private async Task<ClientTunnelEnd> DialAsync(IClientInterface tunnelInterface)
    {
        _status = Idle("initializing");
        Log.State(_services.Loggers.Ppp, Name, "initializing...");
        Socket? connection = null;
        try
        {
            IPAddress server = await _server.ResolveAsync(_stop.Token).ConfigureAwait(false);
            tunnelInterface.Reach(server);
            _status = Idle("connecting");
            Log.State(_services.Loggers.Ppp, Name, "connecting...");
            connection = await ConnectAsync(server).ConfigureAwait(false);
            IPAddress local = ((IPEndPoint)connection.LocalEndPoint!).Address;
            NetworkStream stream = new(connection, ownsSocket: true);
            using ClientTunnel tunnel = new(stream, local, server, _settings, _services, tunnelInterface, this);
            using CancellationTokenRegistration stop = _stop.Token.Register(() => tunnel.HangUp(_stopReason));
            _tunnel = tunnel;
            return await tunnel.RunAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or LinuxException or OperationCanceledException)
        {
            connection?.Dispose();
            string reason = e switch
            {
                OperationCanceledException when _stop.IsCancellationRequested => _stopReason,
                OperationCanceledException => "could not connect (no answer)",
                SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
                    $"could not resolve {LogText.Escape(_settings.Client.ConnectTo)} ({e.Message})",
                _ => $"could not connect ({e.Message})",
            };
            ((IClientMonitor)this).OnTerminating(reason);
            return new ClientTunnelEnd(reason, Uptime: null, IsIntended: false);
        }
        finally
        {
            _tunnel = null;
        }
    }

    /// <exception cref="OperationCanceledException">No answer in time, or the session is stopped.</exception>
    private async Task<Socket> ConnectAsync(IPAddress server)
    {
        Socket connection = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (_settings.Client.SrcAddress is { } source)
                connection.Bind(new IPEndPoint(source, 0));
            using CancellationTokenSource patience = new(ConnectTimeout, _services.Clock.Time);
            using CancellationTokenSource either =
                CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, patience.Token);
            IPEndPoint endPoint = new(server, PptpServerSettings.DefaultPort);
            await connection.ConnectAsync(endPoint, either.Token).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task WaitAsync(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
            await Task.Delay(time, _services.Clock.Time, _stop.Token).ConfigureAwait(false);
        _stop.Token.ThrowIfCancellationRequested();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Client}: {State}")]
        public static partial void State(ILogger logger, string client, string state);

        [LoggerMessage(LogLevel.Information, "{Client}: using encoding - {Encoding}")]
        public static partial void Encoding(ILogger logger, string client, string encoding);

        [LoggerMessage(LogLevel.Warning, "{Client}: the link is not encrypted - {Why}")]
        public static partial void InClear(ILogger logger, string client, string why);

        [LoggerMessage(LogLevel.Information, "{Client}: terminating... - {Reason}")]
        public static partial void Terminating(ILogger logger, string client, string reason);

        [LoggerMessage(LogLevel.Error, "{Client}: no interface - {Why}")]
        public static partial void NoInterface(ILogger logger, string client, string why);

        [LoggerMessage(LogLevel.Error, "{Client}: ended by a fault")]
        public static partial void Failed(ILogger logger, string client, Exception exception);
    }
}
