using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Pptp.Radius;

/// <summary>
/// Asks one server over TLS; any number of requests at a time, from any thread. What a broken connection leaves
/// unanswered is asked again on the next one.
/// </summary>
public sealed class RadSecClient : IAsyncDisposable
{
    /// <summary>Connections at most: 4,096 requests in flight.</summary>
    private const int ConnectionLimit = 16;

    /// <summary>How long a server that cannot be reached is left alone.</summary>
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(1);

    private readonly RadSecClientOptions _options;
    private readonly TimeProvider _time;
    private readonly RadiusTally _tally = new();
    private readonly List<RadSecConnection> _connections = [];
    private readonly SemaphoreSlim _opening = new(1);
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _lock = new();
    private (long At, string Why)? _failure;

    public RadSecClient(RadSecClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _time = time;
    }

    /// <summary>RFC 6614 §2.3: TLS protects; the sums are made all the same.</summary>
    private static ReadOnlySpan<byte> Secret => "radsec"u8;

    public RadiusCounters Counters => _tally.Snapshot;

    /// <summary>When the certificate of the newest connection's server ends (UTC); null: there was none yet.</summary>
    public DateTime? ServerCertificateUntil { get; private set; }

    /// <summary>RouterOS' <c>reset-counters</c>.</summary>
    public void ResetCounters() => _tally.Reset();

    /// <exception cref="OperationCanceledException">Cancelled, or the client was closed.</exception>
    /// <exception cref="ArgumentException">The request does not fit into a packet.</exception>
    public async Task<RadiusOutcome> SendAsync(RadiusRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closed.Token);
        _tally.Begin();
        try
        {
            long begun = _time.GetTimestamp();
            RadiusOutcome outcome = new RadiusOutcome.Silent(null);
            for (int connections = 0; connections < 2; connections++)
            {
                if (connections > 0)
                    _tally.Resend();
                (RadiusOutcome? said, outcome) = await TryAsync(request, begun, either.Token).ConfigureAwait(false);
                if (said is not null)
                    return said;
            }
            _tally.TimeOut();
            return outcome;
        }
        finally
        {
            _tally.End();
        }
    }

    /// <summary>Asks whether the server is there (RFC 5997).</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the client was closed.</exception>
    public async Task<bool> ProbeAsync(CancellationToken cancellation) =>
        await SendAsync(new RadiusRequest(RadiusCode.StatusServer, []), cancellation).ConfigureAwait(false)
            is RadiusOutcome.Reply;

    /// <summary>Whoever still waits is told that it was closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        RadSecConnection[] all;
        lock (_lock)
        {
            all = [.. _connections];
            _connections.Clear();
        }
        foreach (RadSecConnection connection in all)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <returns>What was said to it; or null, and what is to be said when it is not asked again.</returns>
    private async Task<(RadiusOutcome? Said, RadiusOutcome Otherwise)> TryAsync(
        RadiusRequest request, long begun, CancellationToken cancellation)
    {
        RadSecConnection connection;
        byte identifier;
        PendingRequest pending;
        while (!TryBegin(request, out connection, out identifier, out pending))
        {
            if (await OpenAsync(cancellation).ConfigureAwait(false) is not { } why)
                continue;
            RadiusOutcome.Failed failed = new(why);
            return (failed, failed);
        }
        bool isAnswered = false;
        bool isHealthy = true;
        int packets = connection.Packets;
        try
        {
            using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task timeout = Task.Delay(_options.Timeout, _time, wait.Token);
            // Of a server that does not read, sending does not end either.
            Task sending = connection.SendAsync(pending, cancellation);
            if (await Task.WhenAny(sending, connection.Closed, timeout).ConfigureAwait(false) == sending)
            {
                await sending.ConfigureAwait(false);
                await Task.WhenAny(pending.Answer, connection.Closed, timeout).ConfigureAwait(false);
            }
            await wait.CancelAsync().ConfigureAwait(false);
            if (pending.Answer.IsCompleted)
            {
                isAnswered = true;
                RadiusPacket packet = await pending.Answer.ConfigureAwait(false);
                TimeSpan roundTrip = _time.GetElapsedTime(begun);
                _tally.Answer(packet.Code, roundTrip);
                RadiusOutcome.Reply reply = new(packet, roundTrip, pending.Authenticator.ToArray(), Secret.ToArray());
                return (reply, reply);
            }
            cancellation.ThrowIfCancellationRequested();
            // Who has said nothing to anybody is not there any more.
            isHealthy = connection.Packets != packets;
            RadiusOutcome.Silent silent = new(pending.LastBad);
            return connection.Closed.IsCompleted ? (null, silent) : (silent, silent);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            isHealthy = false;
            return (null, new RadiusOutcome.Failed(e.Message));
        }
        finally
        {
            if (isAnswered)
                connection.End(identifier);
            else if (!connection.Abandon(identifier) || !isHealthy)
                await DropAsync(connection).ConfigureAwait(false);
        }
    }

    private bool TryBegin(
        RadiusRequest request, out RadSecConnection connection, out byte identifier, out PendingRequest pending)
    {
        lock (_lock)
        {
            _connections.RemoveAll(one => one.Closed.IsCompleted);
            foreach (RadSecConnection candidate in _connections)
            {
                if (candidate.TryBegin(Create, out identifier, out PendingRequest? begun))
                {
                    (connection, pending) = (candidate, begun);
                    return true;
                }
            }
        }
        (connection, identifier, pending) = (null!, 0, null!);
        return false;

        PendingRequest Create(byte number)
        {
            Span<byte> random = stackalloc byte[RadiusPacket.AuthenticatorLength];
            RandomNumberGenerator.Fill(random);
            return new PendingRequest(request.Code, RadiusCodec.WriteRequest(request, number, Secret, random));
        }
    }

    /// <returns>Why there is no connection; null: there is one.</returns>
    private async Task<string?> OpenAsync(CancellationToken cancellation)
    {
        int before;
        lock (_lock)
            before = _connections.Count;
        await _opening.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            lock (_lock)
            {
                // Somebody else has opened one while we waited.
                if (_connections.Count > before)
                    return null;
                if (_connections.Count >= ConnectionLimit)
                    return "too many requests wait for this server";
            }
            if (_failure is { } failure && _time.GetElapsedTime(failure.At) < BackOff)
                return failure.Why;
            using CancellationTokenSource limit = new(_options.Timeout, _time);
            using CancellationTokenSource either =
                CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            RadSecConnection made =
                await RadSecConnection.OpenAsync(_options, OnReceived, either.Token).ConfigureAwait(false);
            lock (_lock)
                _connections.Add(made);
            ServerCertificateUntil = made.ServerCertificateUntil;
            _failure = null;
            return null;
        }
        catch (Exception e) when (
            e is SocketException or AuthenticationException or IOException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            string why = e is OperationCanceledException ? "no TLS connection comes up in time" : e.Message;
            _failure = (_time.GetTimestamp(), why);
            return why;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task DropAsync(RadSecConnection connection)
    {
        lock (_lock)
            _connections.Remove(connection);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void OnReceived(PendingRequest pending, RadiusPacket? packet)
    {
        if (pending.Take(packet, Secret, _options.RequiresMessageAuthenticator) is not null)
            _tally.BadReply();
    }
}
