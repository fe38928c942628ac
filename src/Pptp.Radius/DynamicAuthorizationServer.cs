using System.Net;
using System.Net.Sockets;

namespace Pptp.Radius;

/// <summary>
/// Takes Disconnect- and CoA-Requests (RFC 5176). Only those that are signed by who may send reach the handler, each
/// once.
/// </summary>
public sealed class DynamicAuthorizationServer : IAsyncDisposable
{
    /// <summary>Requests that are seen to at the same time; more go unanswered, and come again.</summary>
    private const int BusyLimit = 256;

    /// <summary>RFC 5176 §3.2: Service-Type that wants an Access-Request first.</summary>
    private const uint AuthorizeOnly = 17;

    private readonly DynamicAuthorizationOptions _options;
    private readonly Func<RadiusPacket, IPEndPoint, CancellationToken, ValueTask<DynamicAuthorizationReply>> _handler;
    private readonly TimeProvider _time;
    private readonly AnsweringPort _port;
    private readonly Lock _lock = new();
    private readonly RecentRequests _recent = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly long _origin;
    private long _requests;
    private long _badRequests;
    private long _acks;
    private long _naks;
    private int _busy;

    /// <param name="options">Where, and whose.</param>
    /// <param name="handler">
    /// Does what is asked, all of it or nothing. Called on any thread, several times at once. When it fails, that is a
    /// Nak.
    /// </param>
    /// <param name="time">The clock that Event-Timestamp is held against.</param>
    /// <exception cref="SocketException">The port cannot be had.</exception>
    public DynamicAuthorizationServer(
        DynamicAuthorizationOptions options,
        Func<RadiusPacket, IPEndPoint, CancellationToken, ValueTask<DynamicAuthorizationReply>> handler,
        TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options;
        _handler = handler;
        _time = time;
        _origin = time.GetTimestamp();
        _port = new AnsweringPort(options.Listen, Take);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _port.EndPoint;

    public DynamicAuthorizationCounters Counters => new(
        Interlocked.Read(ref _requests), Interlocked.Read(ref _badRequests),
        Interlocked.Read(ref _acks), Interlocked.Read(ref _naks));

    /// <summary>Begins to listen.</summary>
    public void Start() => _port.Start();

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        await _port.DisposeAsync().ConfigureAwait(false);
    }

    private void Take(ReadOnlySpan<byte> datagram, IPEndPoint from, IPAddress to)
    {
        Interlocked.Increment(ref _requests);
        IPAddress sender = from.Address;
        if (_options.SecretOf(sender) is not { IsEmpty: false } secret)
        {
            Refuse(sender, "it may send nothing");
            return;
        }
        if (!RadiusPacket.TryParse(datagram, out RadiusPacket? request, out string? problem))
        {
            Refuse(sender, problem);
            return;
        }
        if (WhyRefused(request, secret) is { } why)
        {
            Refuse(sender, why);
            return;
        }
        RequestKey key = RequestKey.Of(request, from);
        byte[]? answer;
        lock (_lock)
        {
            if (_busy >= BusyLimit)
                return;
            if (!_recent.HasCome(key, _time.GetElapsedTime(_origin), out answer))
            {
                _busy++;
                _ = AnswerAsync(request, key, to, secret);
                return;
            }
        }
        if (answer is not null)
            _ = _port.SendAsync(answer, from, to).AsTask();
    }

    private string? WhyRefused(RadiusPacket request, ReadOnlyMemory<byte> secret)
    {
        if (request.Code is not (RadiusCode.DisconnectRequest or RadiusCode.CoaRequest))
            return $"code {(byte)request.Code} is no request";
        string? why = RadiusCodec.VerifyRequest(request, secret.Span, _options.RequiresMessageAuthenticator) switch
        {
            null => null,
            BadReply.NoMessageAuthenticator => "it has no Message-Authenticator",
            BadReply.WrongMessageAuthenticator => "its Message-Authenticator is of another secret",
            _ => "it is signed with another secret",
        };
        if (why is not null || _options.EventTimestampWindow is not { } window)
            return why;
        if (request.Find(RadiusAttributes.EventTimestamp) is not { } stamp)
            return null;
        if (stamp.AsInteger() is not { } seconds)
            return "its Event-Timestamp is none";
        TimeSpan age = _time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds);
        return age.Duration() > window ? $"its Event-Timestamp is {(long)age.TotalSeconds} s old" : null;
    }

    private void Refuse(IPAddress sender, string why)
    {
        Interlocked.Increment(ref _badRequests);
        _options.Complain?.Invoke(sender, why);
    }

    private async Task AnswerAsync(RadiusPacket request, RequestKey key, IPAddress asked, ReadOnlyMemory<byte> secret)
    {
        // Not on the thread that receives.
        await Task.Yield();
        byte[]? answer = null;
        try
        {
            DynamicAuthorizationReply reply = await HandleAsync(request, key.From).ConfigureAwait(false);
            Interlocked.Increment(ref reply.Error is null ? ref _acks : ref _naks);
            List<RadiusValue> values = [];
            if (reply.Error is { } error)
                values.Add(RadiusValue.Of(RadiusAttributes.ErrorCause, (uint)error));
            // RFC 5176 §3.1: back in their order, at the end.
            values.AddRange(request.FindAll(RadiusAttributes.ProxyState));
            answer = RadiusCodec.WriteReply(CodeOf(request.Code, reply.Error is null), request, values, secret.Span);
        }
        catch (ArgumentException e)
        {
            // So much of Proxy-State that there is no room for an answer.
            _options.Complain?.Invoke(key.From.Address, e.Message);
        }
        lock (_lock)
        {
            _busy--;
            if (answer is not null)
                _recent.Answered(key, answer);
        }
        if (answer is not null)
            await _port.SendAsync(answer, key.From, asked).ConfigureAwait(false);
    }

    private async ValueTask<DynamicAuthorizationReply> HandleAsync(RadiusPacket request, IPEndPoint from)
    {
        if (request.Find(RadiusAttributes.ServiceType)?.AsInteger() == AuthorizeOnly)
            return new DynamicAuthorizationReply(DynamicAuthorizationError.UnsupportedService);
        try
        {
            return await _handler(request, from, _closed.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _options.Complain?.Invoke(from.Address, $"it could not be carried out: {e.Message}");
            return new DynamicAuthorizationReply(DynamicAuthorizationError.ResourcesUnavailable);
        }
    }

    private static RadiusCode CodeOf(RadiusCode request, bool isAck) => (request, isAck) switch
    {
        (RadiusCode.DisconnectRequest, true) => RadiusCode.DisconnectAck,
        (RadiusCode.DisconnectRequest, false) => RadiusCode.DisconnectNak,
        (_, true) => RadiusCode.CoaAck,
        _ => RadiusCode.CoaNak,
    };
}
