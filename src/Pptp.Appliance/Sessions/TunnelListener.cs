using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <summary>Accepts control connections on one address and port, and gives each its <see cref="TunnelSession"/>.</summary>
internal sealed partial class TunnelListener : IAsyncDisposable
{
    private const int Backlog = 512;

    /// <summary>How long to wait before accepting again when the system has no descriptors left.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly TunnelServices _services;
    private readonly Socket _socket;
    private readonly ConcurrentDictionary<TunnelSession, Task> _sessions = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    /// <exception cref="SocketException">The address is in use or not ours.</exception>
    public TunnelListener(IPEndPoint endPoint, TunnelServices services)
    {
        _services = services;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Sessions it has accepted go on.</summary>
    public bool HasSessions => !_sessions.IsEmpty;

    public void Start()
    {
        Log.Listening(_services.Loggers.Pptp, EndPoint);
        _accepting = AcceptAsync();
    }

    /// <summary>Accepts no more; the sessions there are go on.</summary>
    public async Task StopAcceptingAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
    }

    /// <summary>Asks every session to end, and waits for them.</summary>
    public async Task StopSessionsAsync()
    {
        foreach (TunnelSession session in _sessions.Keys)
            session.Stop();
        await Task.WhenAll(_sessions.Values).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket connection = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                Begin(connection);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                Log.AcceptFailed(_services.Loggers.SystemError, EndPoint, e);
                await Task.Delay(AcceptPause, _services.Clock.Time).ConfigureAwait(false);
            }
        }
    }

    private void Begin(Socket connection)
    {
        try
        {
            connection.NoDelay = true;
            IPAddress local = Unmapped(connection.LocalEndPoint);
            IPAddress remote = Unmapped(connection.RemoteEndPoint);
            if (local.AddressFamily != AddressFamily.InterNetwork)
            {
                Log.NotIpv4(_services.Loggers.Pptp, remote);
                _services.Attempts.Refuse(remote, AttemptCauses.NotIpv4, $"to {local}");
                connection.Dispose();
                return;
            }
            if (!IsAdmitted(remote, _services.Configuration().PptpServer))
            {
                connection.Dispose();
                return;
            }
            TunnelSession session = new(new NetworkStream(connection, ownsSocket: true), local, remote, _services);
            // Known before it runs, so that a stop cannot miss it.
            TaskCompletionSource ended = new();
            _sessions[session] = ended.Task;
            _ = RunAsync(session, ended);
        }
        catch (SocketException)
        {
            // Gone between the kernel's accept and ours.
            connection.Dispose();
        }
    }

    private bool IsAdmitted(IPAddress remote, PptpServerSettings server)
    {
        if (server.ConnectionLimit is { } limit && !_services.ConnectionLimiter.Admit(remote, limit))
        {
            Log.TooMany(_services.Loggers.PptpDebug, remote, "connection-limit", limit);
            _services.Attempts.Refuse(remote, AttemptCauses.ConnectionLimit, $"connection-limit is {limit}");
            return false;
        }
        IPAddress network = ConnectionLimiter.NetworkOf(remote);
        if (server.ConnectionLimitNetwork is { } ofNetwork && !_services.NetworkLimiter.Admit(network, ofNetwork))
        {
            Log.TooMany(_services.Loggers.PptpDebug, remote, "connection-limit-network", ofNetwork);
            _services.Attempts.Refuse(remote, AttemptCauses.ConnectionLimit, $"connection-limit-network is {ofNetwork}");
            return false;
        }
        return true;
    }

    private async Task RunAsync(TunnelSession session, TaskCompletionSource ended)
    {
        try
        {
            await Task.Yield();
            await session.RunAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.SessionFailed(_services.Loggers.SystemError, session.Remote, e);
        }
        finally
        {
            _sessions.TryRemove(session, out _);
            session.Dispose();
            ended.SetResult();
        }
    }

    private static IPAddress Unmapped(EndPoint? endPoint)
    {
        IPAddress address = ((IPEndPoint)endPoint!).Address;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "listening on {EndPoint}")]
        public static partial void Listening(ILogger logger, IPEndPoint endPoint);

        [LoggerMessage(LogLevel.Error, "cannot accept connections on {EndPoint}")]
        public static partial void AcceptFailed(ILogger logger, IPEndPoint endPoint, Exception exception);

        [LoggerMessage(LogLevel.Information, "TCP connection from {Remote} refused: tunnels run over IPv4 only")]
        public static partial void NotIpv4(ILogger logger, IPAddress remote);

        [LoggerMessage(LogLevel.Warning, "TCP connection from {Remote} refused: more than {Property} {Limit}")]
        public static partial void TooMany(ILogger logger, IPAddress remote, string property, ConnectionLimit limit);

        [LoggerMessage(LogLevel.Error, "tunnel of {Remote} ended by a fault")]
        public static partial void SessionFailed(ILogger logger, IPAddress remote, Exception exception);
    }
}
