using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Pptp.Radius;

/// <summary>
/// Asks one port of one server, over UDP; any number of requests at a time, from any thread. A request is the same to
/// the octet at each try: its identifier, its authenticator and the port it comes from.
/// </summary>
public sealed class RadiusClient : IAsyncDisposable
{
    /// <summary>Ports at most: 16,384 requests in flight.</summary>
    private const int PortLimit = 64;

    private readonly RadiusClientOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<UdpPort> _ports = [];
    private readonly RadiusTally _tally = new();
    private readonly CancellationTokenSource _closed = new();

    /// <exception cref="ArgumentException">There is no secret, or no try.</exception>
    public RadiusClient(RadiusClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Secret.IsEmpty)
            throw new ArgumentException("A server without a secret.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Tries, 1, nameof(options));
        _options = options;
        _time = time;
    }

    public RadiusCounters Counters => _tally.Snapshot;

    /// <summary>RouterOS' <c>reset-counters</c>.</summary>
    public void ResetCounters() => _tally.Reset();

    /// <summary>Asks, as often as the options say.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the client was closed.</exception>
    /// <exception cref="ArgumentException">The request does not fit into a packet.</exception>
    public Task<RadiusOutcome> SendAsync(RadiusRequest request, CancellationToken cancellation) =>
        SendAsync(request, _options.Tries, cancellation);

    /// <param name="request">What is asked.</param>
    /// <param name="tries">How often it is sent at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OperationCanceledException">Cancelled, or the client was closed.</exception>
    /// <exception cref="ArgumentException">The request does not fit into a packet.</exception>
    public async Task<RadiusOutcome> SendAsync(RadiusRequest request, int tries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closed.Token);
        UdpPort port;
        byte identifier;
        PendingRequest pending;
        try
        {
            if (!TryBegin(request, out port, out identifier, out pending))
                return new RadiusOutcome.Failed("too many requests wait for this server");
        }
        catch (SocketException e)
        {
            return new RadiusOutcome.Failed(e.Message);
        }
        _tally.Begin();
        int sent = 0;
        bool isAnswered = false;
        try
        {
            long begun = _time.GetTimestamp();
            string? failure = null;
            while (sent < tries)
            {
                if (sent++ > 0)
                    _tally.Resend();
                try
                {
                    await port.SendAsync(pending, either.Token).ConfigureAwait(false);
                }
                catch (SocketException e)
                {
                    failure = e.Message;
                }
                if (await IsAnsweredInTimeAsync(pending, either.Token).ConfigureAwait(false))
                {
                    isAnswered = true;
                    return Answer(pending, _time.GetElapsedTime(begun));
                }
            }
            _tally.TimeOut();
            return failure is not null && pending.LastBad is null
                ? new RadiusOutcome.Failed(failure)
                : new RadiusOutcome.Silent(pending.LastBad);
        }
        finally
        {
            // A first try's answer is the only one; of more tries, more may be under way.
            TimeSpan rest = isAnswered && sent == 1 ? TimeSpan.Zero : _options.Timeout * (tries + 1);
            port.End(identifier, _time.GetTimestamp() + (long)(rest.TotalSeconds * _time.TimestampFrequency));
            _tally.End();
        }
    }

    /// <summary>Asks once whether the server is there (RFC 5997).</summary>
    /// <returns>False: nobody has answered in time.</returns>
    /// <exception cref="OperationCanceledException">Cancelled, or the client was closed.</exception>
    public async Task<bool> ProbeAsync(CancellationToken cancellation) =>
        await SendAsync(new RadiusRequest(RadiusCode.StatusServer, []), 1, cancellation).ConfigureAwait(false)
            is RadiusOutcome.Reply;

    /// <summary>Which address of ours requests to a server come from.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="source">The address that was asked for; null: any.</param>
    /// <returns>Null: there is no way to the server now.</returns>
    public static IPAddress? FindLocalAddress(IPEndPoint server, IPAddress? source)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (source is not null)
            return source;
        try
        {
            // Nothing is sent: the system only looks for the way.
            using Socket socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(server);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Whoever still waits is told that it was closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        lock (_lock)
        {
            foreach (UdpPort port in _ports)
                port.Dispose();
            _ports.Clear();
        }
    }

    private RadiusOutcome.Reply Answer(PendingRequest pending, TimeSpan roundTrip)
    {
        RadiusPacket packet = pending.Answer.Result;
        _tally.Answer(packet.Code, roundTrip);
        return new RadiusOutcome.Reply(packet, roundTrip, pending.Authenticator.ToArray(), _options.Secret);
    }

    private async Task<bool> IsAnsweredInTimeAsync(PendingRequest pending, CancellationToken cancellation)
    {
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task timeout = Task.Delay(_options.Timeout, _time, wait.Token);
        await Task.WhenAny(pending.Answer, timeout).ConfigureAwait(false);
        await wait.CancelAsync().ConfigureAwait(false);
        if (pending.Answer.IsCompleted)
            return true;
        cancellation.ThrowIfCancellationRequested();
        return false;
    }

    private bool TryBegin(RadiusRequest request, out UdpPort port, out byte identifier, out PendingRequest pending)
    {
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
            foreach (UdpPort candidate in _ports)
            {
                if (candidate.TryBegin(now, Create, out identifier, out PendingRequest? begun))
                {
                    (port, pending) = (candidate, begun);
                    return true;
                }
            }
            if (_ports.Count < PortLimit)
            {
                port = new UdpPort(_options.Server, _options.Source, OnReceived);
                _ports.Add(port);
                port.TryBegin(now, Create, out identifier, out PendingRequest? begun);
                pending = begun!;
                return true;
            }
        }
        (port, identifier, pending) = (null!, 0, null!);
        return false;

        PendingRequest Create(byte number)
        {
            Span<byte> random = stackalloc byte[RadiusPacket.AuthenticatorLength];
            RandomNumberGenerator.Fill(random);
            byte[] packet = RadiusCodec.WriteRequest(request, number, _options.Secret.Span, random);
            return new PendingRequest(request.Code, packet);
        }
    }

    private void OnReceived(PendingRequest pending, RadiusPacket? packet)
    {
        if (pending.Take(packet, _options.Secret.Span, _options.RequiresMessageAuthenticator) is not null)
            _tally.BadReply();
    }
}
