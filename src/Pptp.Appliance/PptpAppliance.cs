using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Sessions;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance;

/// <summary>The running appliance: a configuration put to work.</summary>
public sealed partial class PptpAppliance : IAsyncDisposable
{
    /// <summary>What a clean stop may take before the rest is cut off.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);

    private readonly MonotonicClock _clock;
    private readonly TopicLoggers _loggers;
    private readonly AddressPools _pools = new();
    private readonly List<TunnelListener> _listeners = [];
    private readonly List<TunnelListener> _retired = [];
    private RouteNetlink? _netlink;
    private InterfaceTable? _interfaces;
    private GreDataPlane? _dataPlane;
    private TunnelServices? _services;
    private volatile PptpConfiguration _configuration;

    public PptpAppliance(PptpConfiguration configuration, ILoggerFactory loggers, TimeProvider time)
    {
        _configuration = configuration;
        _loggers = new TopicLoggers(loggers);
        _clock = new MonotonicClock(time);
    }

    /// <summary>Addresses where clients are accepted now.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(listener => listener.EndPoint)];

    /// <summary>Takes the sockets, removes what an earlier run has left, lets clients in.</summary>
    /// <exception cref="LinuxException">The kernel refused a socket; the message says what is missing.</exception>
    /// <exception cref="SocketException">An address to listen on is in use or not ours.</exception>
    public void Start()
    {
        _netlink = new RouteNetlink();
        _interfaces = new InterfaceTable(_netlink, _clock.Time, _loggers.SystemError);
        _dataPlane = new GreDataPlane(_clock, _loggers.SystemError);
        SystemRandomSource random = SystemRandomSource.Instance;
        _services = new TunnelServices
        {
            Clock = _clock,
            Random = random,
            Configuration = () => _configuration,
            Access = new LocalSecrets(() => _configuration, ReadOnlySecrets.Instance, new LoginGuard(_clock)),
            Pools = _pools,
            Interfaces = _interfaces,
            DataPlane = _dataPlane,
            CallIds = new CallIdTable(random, _clock),
            ConnectionLimiter = new ConnectionLimiter(_clock),
            Sessions = new SessionTable(),
            Loggers = _loggers,
        };
        _pools.Apply(_configuration.Pools);
        // Bound before the sweep: a second daemon fails here, and does not sweep away the first one's interfaces.
        List<TunnelListener> bound = Bind(_configuration.PptpServer, []);
        LeftoverSweep.Run(_netlink, _loggers.System);
        _interfaces.Apply(_configuration.ServerInterfaces);
        if (bound.Count == 0)
            Log.NotEnabled(_loggers.System);
        Begin(bound);
    }

    /// <summary>
    /// Puts a checked configuration in place of the one in force. Live sessions stay as they are, but for those whose
    /// static interface is no longer configured. When an address to listen on cannot be had nothing changes.
    /// </summary>
    /// <exception cref="SocketException">An address to listen on is in use or not ours.</exception>
    public async Task ApplyAsync(PptpConfiguration configuration)
    {
        HashSet<IPEndPoint> wanted = configuration.PptpServer.Enabled ? [.. configuration.PptpServer.Listen] : [];
        List<TunnelListener> kept = [.. _listeners.Where(listener => wanted.Contains(listener.EndPoint))];
        List<TunnelListener> bound = Bind(configuration.PptpServer, kept);
        _configuration = configuration;
        _pools.Apply(configuration.Pools);
        foreach (string name in _interfaces!.Apply(configuration.ServerInterfaces))
            _services!.Sessions.OfInterface(name)?.RequestEnd("interface removed", DisconnectReason.NasRequest);
        foreach (TunnelListener listener in _listeners.Except(kept).ToList())
        {
            await listener.StopAcceptingAsync().ConfigureAwait(false);
            _listeners.Remove(listener);
            _retired.Add(listener);
        }
        Begin(bound);
        Log.Applied(_loggers.System);
    }

    /// <summary>Ends every session as its peer expects it, and leaves nothing in the kernel.</summary>
    public async Task StopAsync()
    {
        foreach (TunnelListener listener in _listeners)
            await listener.StopAcceptingAsync().ConfigureAwait(false);
        Task sessions = Task.WhenAll(_listeners.Concat(_retired).Select(listener => listener.StopSessionsAsync()));
        if (await Task.WhenAny(sessions, Task.Delay(StopTimeout, _clock.Time)).ConfigureAwait(false) != sessions)
            Log.CutOff(_loggers.SystemError);
        _listeners.Clear();
        _retired.Clear();
        _dataPlane?.Dispose();
        _interfaces?.Dispose();
        _netlink?.Dispose();
        _dataPlane = null;
        _interfaces = null;
        _netlink = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private List<TunnelListener> Bind(PptpServerSettings server, List<TunnelListener> kept)
    {
        List<TunnelListener> bound = [];
        if (!server.Enabled)
            return bound;
        try
        {
            foreach (IPEndPoint endPoint in server.Listen)
            {
                if (!kept.Any(listener => listener.EndPoint.Equals(endPoint)))
                    bound.Add(new TunnelListener(endPoint, _services!));
            }
            return bound;
        }
        catch
        {
            foreach (TunnelListener listener in bound)
                listener.StopAcceptingAsync().GetAwaiter().GetResult();
            throw;
        }
    }

    private void Begin(List<TunnelListener> bound)
    {
        foreach (TunnelListener listener in bound)
        {
            _listeners.Add(listener);
            listener.Start();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "the PPTP server is not enabled: set enabled = true in [pptp-server]")]
        public static partial void NotEnabled(ILogger logger);

        [LoggerMessage(LogLevel.Information, "PPTP Server settings changed")]
        public static partial void Applied(ILogger logger);

        [LoggerMessage(LogLevel.Error, "some sessions did not end in time and were cut off")]
        public static partial void CutOff(ILogger logger);
    }
}
