using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary><c>/radius incoming</c>: the socket for requests of RFC 5176, while they are accepted.</summary>
/// <param name="orders">Carries them out; ours from here on.</param>
/// <param name="configuration">In force; whose requests are taken follows it without another socket.</param>
/// <param name="time">The clock.</param>
/// <param name="warnings">Is told of requests that are not answered.</param>
internal sealed partial class RadiusIncoming(
    RadiusOrders orders, Func<PptpConfiguration> configuration, TimeProvider time, ILogger warnings) : IAsyncDisposable
{
    /// <summary>Between two complaints: who floods the port must not flood the log.</summary>
    private static readonly TimeSpan ComplaintInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private DynamicAuthorizationServer? _server;
    private RadiusIncomingSettings _settings = new();

    /// <summary>Of sockets there were before.</summary>
    private RadiusIncomingStatus _earlier = new(0, 0, 0, 0);
    private long? _complainedAt;
    private long _untold;

    /// <summary>Since the start.</summary>
    public RadiusIncomingStatus Status
    {
        get
        {
            lock (_lock)
                return _server is { } server ? Sum(_earlier, server.Counters) : _earlier;
        }
    }

    /// <summary>Listens as it is wanted from now on.</summary>
    /// <exception cref="SocketException">The port cannot be had; it goes on as before.</exception>
    public async Task ApplyAsync(RadiusIncomingSettings settings)
    {
        if (IsSame(settings, _settings) && _server is not null == settings.Accept)
        {
            _settings = settings;
            return;
        }
        // A port cannot be had twice.
        bool isSamePort = _server is not null && settings.Accept && settings.Port == _settings.Port;
        if (isSamePort)
            await CloseAsync().ConfigureAwait(false);
        DynamicAuthorizationServer? next = settings.Accept ? Open(settings) : null;
        await CloseAsync().ConfigureAwait(false);
        lock (_lock)
            _server = next;
        _settings = settings;
        next?.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        orders.Dispose();
    }

    /// <summary>What a sender shares with us; null: it may send nothing.</summary>
    internal static ReadOnlyMemory<byte>? SecretOf(PptpConfiguration configuration, IPAddress sender)
    {
        RadiusIncomingSettings settings = configuration.RadiusIncoming;
        RadiusServer[] rows = [.. configuration.Radius.Where(row => !row.Disabled && row.Address.Equals(sender))];
        if (settings.Sources.Count > 0 ? !settings.Sources.Any(source => source.Contains(sender)) : rows.Length == 0)
            return null;
        // The secret of RadSec is known to everybody: what is not inside TLS is not proven by it.
        RadiusServer? row = rows.FirstOrDefault(row => row.Protocol == RadiusProtocol.Udp);
        SecretValue? secret = row is null ? settings.Secret : row.Secret;
        if (secret?.Password is not { Length: > 0 } text)
            return null;
        return Encoding.UTF8.GetBytes(text);
    }

    private static bool IsSame(RadiusIncomingSettings one, RadiusIncomingSettings other) =>
        (one.Accept, one.Port, one.RequireMessageAuth, one.EventTimestampWindow)
        == (other.Accept, other.Port, other.RequireMessageAuth, other.EventTimestampWindow);

    private static RadiusIncomingStatus Sum(RadiusIncomingStatus earlier, DynamicAuthorizationCounters counters) => new(
        earlier.Requests + counters.Requests, earlier.BadRequests + counters.BadRequests,
        earlier.Acks + counters.Acks, earlier.Naks + counters.Naks);

    private DynamicAuthorizationServer Open(RadiusIncomingSettings settings) => new(
        new DynamicAuthorizationOptions
        {
            Listen = new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, settings.Port),
            SecretOf = sender => SecretOf(configuration(), sender),
            RequiresMessageAuthenticator = settings.RequireMessageAuth,
            EventTimestampWindow = settings.EventTimestampWindow,
            Complain = Complain,
        },
        orders.CarryOutAsync,
        time);

    private async Task CloseAsync()
    {
        DynamicAuthorizationServer? server;
        lock (_lock)
        {
            server = _server;
            _server = null;
            if (server is not null)
                _earlier = Sum(_earlier, server.Counters);
        }
        if (server is not null)
            await server.DisposeAsync().ConfigureAwait(false);
    }

    private void Complain(IPAddress sender, string why)
    {
        long untold;
        lock (_lock)
        {
            if (_complainedAt is { } at && time.GetElapsedTime(at) < ComplaintInterval)
            {
                _untold++;
                return;
            }
            _complainedAt = time.GetTimestamp();
            untold = _untold;
            _untold = 0;
        }
        Log.Ignored(warnings, sender, LogText.Escape(why), untold);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "a Disconnect- or CoA-Request of {Sender} is not heeded: {Why} ({Untold} before it)")]
        public static partial void Ignored(ILogger logger, IPAddress sender, string why, long untold);
    }
}
