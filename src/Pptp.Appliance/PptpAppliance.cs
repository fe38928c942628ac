using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Diagnosis;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Interfaces.Hooks;
using Pptp.Appliance.Sessions;
using Pptp.Appliance.State;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Model.Editing;

namespace Pptp.Appliance;

/// <summary>The running appliance: a configuration put to work.</summary>
public sealed partial class PptpAppliance : IAsyncDisposable
{
    /// <summary>What a clean stop may take before the rest is cut off.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);

    /// <summary>How long a state folder that cannot be written is left alone.</summary>
    private static readonly TimeSpan StateRetry = TimeSpan.FromSeconds(30);

    private const string NamespaceClaimName = "pptpd";

    private readonly MonotonicClock _clock;
    private readonly TopicLoggers _loggers;
    private readonly StateStore _state;
    private readonly AttemptBook _attempts;
    private readonly AddressPools _pools;
    private readonly PrefixPools _prefixPools;
    private readonly List<TunnelListener> _listeners = [];
    private readonly List<TunnelListener> _retired = [];
    private NamespaceClaim? _claim;
    private RouteNetlink? _netlink;
    private PeerDns? _peerDns;
    private InterfaceTable? _interfaces;
    private GreDataPlane? _dataPlane;
    private Masquerade? _masquerade;
    private ProxyArp? _proxyArp;
    private HookQueue? _hooks;
    private RadiusServers? _radius;
    private TunnelServices? _services;
    private Dialer? _dialer;
    private readonly ConfigurationEditor _editor;

    /// <summary>One change of the configuration at a time, and none before the start is over.</summary>
    private readonly SemaphoreSlim _applying = new(0);
    private volatile PptpConfiguration _configuration;
    private bool _isRunning;

    /// <param name="configuration">A checked one.</param>
    /// <param name="editor">Writes changes back to the configuration's files.</param>
    /// <param name="loggers">Take the log.</param>
    /// <param name="time">The clock.</param>
    public PptpAppliance(
        PptpConfiguration configuration, ConfigurationEditor editor, ILoggerFactory loggers, TimeProvider time)
    {
        _configuration = configuration;
        _editor = editor;
        _loggers = new TopicLoggers(loggers);
        _clock = new MonotonicClock(time);
        _attempts = new AttemptBook(_clock);
        _state = new StateStore(configuration.System.StateFolder, time, _loggers.SystemError, StateRetry);
        _journal = new AccountingJournal(configuration.System.StateFolder, time, _loggers.SystemError, StateRetry);
        _sessionIds = new SessionIds(_journal, _loggers.SystemError);
        _pools = new AddressPools(_state);
        _prefixPools = new PrefixPools(_state);
    }

    /// <summary>Is told of each new configuration in force, after the one given at first.</summary>
    public Action<PptpConfiguration>? OnApplied { get; init; }

    /// <summary>
    /// What becomes a program of on-up or on-down: a program and its arguments, before those of the hook. It takes
    /// <c>--with-capabilities</c>, <c>--</c>, a path and arguments, and its output is the hook's.
    /// </summary>
    public required IReadOnlyList<string> HookCommand { get; init; }

    /// <summary>Addresses where clients are accepted now.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(listener => listener.EndPoint)];

    /// <summary>The tunnels we dial, as configured.</summary>
    public IReadOnlyList<PptpClientStatus> Clients => _dialer?.Statuses ?? [];

    /// <summary>Whether a daemon of root or of this user works in this network namespace.</summary>
    public static bool WorksHere()
    {
        using NamespaceClaim? claim = NamespaceClaim.TryTake(NamespaceClaimName, out _);
        return claim is null;
    }

    /// <summary>What is remembered of a user, over restarts too; null: none of his sessions has ended yet.</summary>
    /// <param name="user">The secret's name.</param>
    public SecretHistory? HistoryOf(string user) => _state.HistoryOf(user);

    /// <summary>Takes the sockets, removes what an earlier run has left, lets clients in.</summary>
    /// <exception cref="LinuxException">The kernel refused a socket; the message says what is missing.</exception>
    /// <exception cref="SocketException">An address to listen on is in use or not ours.</exception>
    /// <exception cref="AlreadyRunningException">Another daemon works in this network namespace.</exception>
    public void Start()
    {
        // Each would take the other's interfaces for leftovers.
        _claim = NamespaceClaim.TryTake(NamespaceClaimName, out int holder)
            ?? throw new AlreadyRunningException(
                $"another pptpd works in this network namespace (process {holder}); one serves and dials at once");
        _netlink = new RouteNetlink();
        _peerDns = new PeerDns(_configuration.System.ResolvConf, _loggers.PppWarning);
        _firewall = new Firewall(Nftables.TryOpen, _loggers.System);
        _interfaces = new InterfaceTable(
            _netlink, _peerDns, _firewall, _clock.Time, _loggers.SystemError, _loggers.PppWarning);
        _hooks = new HookQueue(
            new HookProcess(HookCommand), () => _configuration.System.HookPrivileges, _clock.Time,
            _loggers.PppDebug, _loggers.PppWarning);
        _masquerade = new Masquerade(_loggers.System);
        _proxyArp = new ProxyArp(_netlink, _loggers.System);
        _dataPlane = new GreDataPlane(_configuration.System.GreSocket, _clock, _loggers.SystemError);
        _radius = new RadiusServers(
            (row, purpose) => RadiusPorts.Open(row, purpose, _clock.Time), _clock, _loggers.RadiusWarning);
        SystemRandomSource random = SystemRandomSource.Instance;
        _services = new TunnelServices
        {
            Clock = _clock,
            Random = random,
            Configuration = () => _configuration,
            Access = MakeAccess(_radius),
            Pools = _pools,
            PrefixPools = _prefixPools,
            Interfaces = _interfaces,
            ProxyArp = _proxyArp,
            DataPlane = _dataPlane,
            CallIds = new CallIdTable(random, _clock),
            ConnectionLimiter = new ConnectionLimiter(_clock),
            NetworkLimiter = new ConnectionLimiter(_clock),
            Sessions = new SessionTable(),
            SessionIds = _sessionIds,
            Accounting = MakeAccounting(_radius),
            Attempts = _attempts,
            Hooks = _hooks,
            Observer = _state,
            Loggers = _loggers,
        };
        // Bound before the sweep: what fails to start changes nothing.
        _incoming = MakeIncoming();
        _incoming.ApplyAsync(_configuration.RadiusIncoming).GetAwaiter().GetResult();
        List<TunnelListener> bound = Bind(WantedBy(_configuration));
        LeftoverSweep.Run(_netlink, _peerDns, _loggers.System);
        _state.Start();
        _pools.Apply(_configuration.Pools);
        _prefixPools.Apply(_configuration.Ipv6Pools);
        _radius.Update(_configuration.Radius);
        StartAccounting();
        StartFirewall();
        Forward();
        _interfaces.Apply(_configuration.ServerInterfaces);
        if (bound.Count == 0 && !_configuration.Clients.Any(client => !client.Disabled))
            Log.NotEnabled(_loggers.System);
        Begin(bound);
        _dialer = new Dialer(_services, _interfaces.Clients);
        _dialer.Apply(_configuration);
        _isRunning = true;
        _applying.Release();
    }

    /// <summary>
    /// Puts a checked configuration in place of the one in force. Live sessions stay as they are, but for those whose
    /// static interface is no longer configured and, with <c>apply-to-sessions</c>, those whose user may not log in any
    /// more or has another rate, and those whose firewall chain is gone. When an address to listen on cannot be had, or
    /// nftables does not take a rule, nothing changes.
    /// </summary>
    /// <param name="load">Gives the configuration, or null when there is none to apply. What it reads is not changed
    /// by another until it is applied.</param>
    /// <exception cref="SocketException">An address to listen on is in use or not ours.</exception>
    /// <exception cref="FirewallException">nftables has something against a chain or list.</exception>
    public async Task ApplyAsync(Func<PptpConfiguration?> load)
    {
        await _applying.WaitAsync().ConfigureAwait(false);
        try
        {
            if (load() is { } configuration && _isRunning)
                await ApplyAsync(configuration).ConfigureAwait(false);
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Writes changes back to the configuration's files, and puts what they amount to in force.</summary>
    /// <param name="whyNot">Looks at the configuration as the files have it; says why nothing is to be changed.</param>
    /// <param name="edits">The changes.</param>
    /// <returns>What was written is so also where it cannot be put in force; the log tells that.</returns>
    internal async Task<EditResult> EditAsync(
        Func<PptpConfiguration, string?> whyNot, params IReadOnlyList<ConfigurationEdit> edits)
    {
        EditResult? result = null;
        // The disk is waited for on a thread of its own: the caller may be a tunnel's actor.
        try
        {
            await Task.Run(() => ApplyAsync(() =>
            {
                result = _editor.Apply(whyNot, edits);
                return (result as EditResult.Saved)?.Configuration;
            })).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or FirewallException)
        {
            Log.NotApplied(_loggers.SystemError, e.Message);
        }
        return result!;
    }

    /// <summary>Ends every session as its peer expects it, and leaves nothing in the kernel.</summary>
    public async Task StopAsync()
    {
        if (_isRunning)
        {
            // A change under way is finished first; one that comes later is written and nothing more.
            await _applying.WaitAsync().ConfigureAwait(false);
            _isRunning = false;
            _applying.Release();
        }
        foreach (TunnelListener listener in _listeners)
            await listener.StopAcceptingAsync().ConfigureAwait(false);
        if (_incoming is { } incoming)
            await incoming.DisposeAsync().ConfigureAwait(false);
        Task sessions = Task.WhenAll(
            [.. _listeners.Concat(_retired).Select(listener => listener.StopSessionsAsync()), _dialer?.StopAsync() ?? Task.CompletedTask]);
        if (await Task.WhenAny(sessions, Task.Delay(StopTimeout, _clock.Time)).ConfigureAwait(false) != sessions)
            Log.CutOff(_loggers.SystemError);
        _listeners.Clear();
        _retired.Clear();
        _dialer?.Dispose();
        if (_hooks is { } hooks)
            await hooks.StopAsync().ConfigureAwait(false);
        _hooks?.Dispose();
        await StopAccountingAsync().ConfigureAwait(false);
        if (_radius is { } radius)
            await radius.DisposeAsync().ConfigureAwait(false);
        _state.Dispose();
        _dataPlane?.Dispose();
        _interfaces?.Dispose();
        if (_proxyArp is { } proxyArp)
            await proxyArp.Done.ConfigureAwait(false);
        _firewall?.Dispose();
        _masquerade?.Dispose();
        _netlink?.Dispose();
        _claim?.Dispose();
        _dataPlane = null;
        _dialer = null;
        _firewall = null;
        _interfaces = null;
        _netlink = null;
        _claim = null;
        _hooks = null;
        _radius = null;
    }

    /// <summary>Has the host pass on clients' packets as the configuration wants it.</summary>
    private void Forward()
    {
        _masquerade!.Apply(_configuration.Pools);
        Forwarding.Prepare(_configuration, _loggers.System);
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task ApplyAsync(PptpConfiguration configuration)
    {
        ValueList<IPEndPoint> wanted = WantedBy(configuration);
        List<TunnelListener> unwanted = [.. _listeners.Where(listener => !wanted.Contains(listener.EndPoint))];
        List<IPEndPoint> missing = [.. wanted.Except(EndPoints)];
        // A port that is taken for all addresses cannot be taken for one, nor the other way round.
        List<TunnelListener> inTheWay =
            [.. unwanted.Where(listener => missing.Exists(endPoint => endPoint.Port == listener.EndPoint.Port))];
        await RetireAsync(inTheWay).ConfigureAwait(false);
        List<TunnelListener> bound = [];
        try
        {
            bound = Bind(missing);
            await _incoming!.ApplyAsync(configuration.RadiusIncoming).ConfigureAwait(false);
            ApplyFirewall(configuration);
        }
        catch (Exception e) when (e is SocketException or FirewallException)
        {
            await Task.WhenAll(bound.Select(listener => listener.StopAcceptingAsync())).ConfigureAwait(false);
            Return(inTheWay);
            await ReturnAsync().ConfigureAwait(false);
            throw;
        }
        _configuration = configuration;
        TellOfRestart(configuration);
        _pools.Apply(configuration.Pools);
        _prefixPools.Apply(configuration.Ipv6Pools);
        _radius!.Update(configuration.Radius);
        foreach (string name in _interfaces!.Apply(configuration.ServerInterfaces))
            _services!.Sessions.OfInterface(name)?.RequestEnd("interface removed", DisconnectReason.NasRequest);
        Forward();
        _state.MoveTo(configuration.System.StateFolder);
        _journal.MoveTo(configuration.System.StateFolder);
        _peerDns!.MoveTo(configuration.System.ResolvConf);
        await RetireAsync(unwanted.Except(inTheWay)).ConfigureAwait(false);
        Begin(bound);
        _dialer!.Apply(configuration);
        OnApplied?.Invoke(configuration);
        Log.Applied(_loggers.System);
        ApplyToSessions(configuration);
    }

    private static ValueList<IPEndPoint> WantedBy(PptpConfiguration configuration) =>
        configuration.PptpServer.Enabled ? configuration.PptpServer.Listen : [];

    private List<TunnelListener> Bind(IReadOnlyList<IPEndPoint> endPoints)
    {
        List<TunnelListener> bound = [];
        try
        {
            foreach (IPEndPoint endPoint in endPoints)
                bound.Add(new TunnelListener(endPoint, _services!));
            return bound;
        }
        catch
        {
            foreach (TunnelListener listener in bound)
                listener.StopAcceptingAsync().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Accepts no more on these addresses; their sessions go on.</summary>
    private async Task RetireAsync(IEnumerable<TunnelListener> listeners)
    {
        _retired.RemoveAll(listener => !listener.HasSessions);
        foreach (TunnelListener listener in listeners)
        {
            await listener.StopAcceptingAsync().ConfigureAwait(false);
            _listeners.Remove(listener);
            _retired.Add(listener);
        }
    }

    /// <summary>Accepts again on the addresses of retired listeners.</summary>
    private void Return(List<TunnelListener> retired)
    {
        foreach (TunnelListener listener in retired)
        {
            try
            {
                Begin(Bind([listener.EndPoint]));
            }
            catch (SocketException e)
            {
                Log.NotReturned(_loggers.SystemError, listener.EndPoint, e.Message);
            }
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

    private void ApplyToSessions(PptpConfiguration configuration)
    {
        if (!configuration.System.ApplyToSessions)
            return;
        foreach (CallSession call in _services!.Sessions.All)
        {
            if (call is { IsOfRadius: false, User: { } user } && configuration.ShutsOut(user))
                call.RequestEnd("disconnected", DisconnectReason.NasRequest);
            else
                call.RequestUpdate();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "neither the PPTP server nor a client is enabled: set enabled = true in [pptp-server], or disabled = false in a [[pptp-client]]")]
        public static partial void NotEnabled(ILogger logger);

        [LoggerMessage(LogLevel.Information, "PPTP Server settings changed")]
        public static partial void Applied(ILogger logger);

        [LoggerMessage(LogLevel.Error, "the new configuration cannot be applied: {Reason}")]
        public static partial void NotApplied(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "{EndPoint} was given up for the new configuration and cannot be had again: {Reason}")]
        public static partial void NotReturned(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(LogLevel.Error, "some sessions did not end in time and were cut off")]
        public static partial void CutOff(ILogger logger);
    }
}
