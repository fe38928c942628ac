using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Pptp.Radius;

/// <summary>One TLS connection and the 256 identifiers of requests on it.</summary>
internal sealed class RadSecConnection : IAsyncDisposable
{
    private const int Identifiers = 256;
    private const int HeadLength = 4;

    /// <summary>More requests that were given up on than this are a server that does not do its work.</summary>
    private const int AbandonedLimit = 128;

    private readonly Lock _lock = new();
    private readonly SslStream _stream;
    private readonly Action<PendingRequest, RadiusPacket?> _received;
    private readonly PendingRequest?[] _pending = new PendingRequest?[Identifiers];
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool[] _isAbandoned = new bool[Identifiers];
    private int _abandoned;
    private int _next;
    private int _packets;

    private RadSecConnection(SslStream stream, Action<PendingRequest, RadiusPacket?> received)
    {
        _stream = stream;
        _received = received;
        _ = ReceiveAsync();
    }

    /// <summary>Ends when the connection does.</summary>
    public Task Closed => _closed.Task;

    /// <summary>When the server's certificate ends (UTC).</summary>
    public DateTime? ServerCertificateUntil =>
        (_stream.RemoteCertificate as X509Certificate2)?.NotAfter.ToUniversalTime();

    /// <summary>Packets that have come on it so far.</summary>
    public int Packets => Volatile.Read(ref _packets);

    /// <param name="options">Whom to call, and what it has to show.</param>
    /// <param name="received">Is given what comes for a pending request.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SocketException">There is no connection.</exception>
    /// <exception cref="AuthenticationException">It is not the server it should be, or it does not take us.</exception>
    /// <exception cref="IOException">It has hung up.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<RadSecConnection> OpenAsync(
        RadSecClientOptions options, Action<PendingRequest, RadiusPacket?> received, CancellationToken cancellation)
    {
        Socket socket = new(options.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            if (options.Source is { } source)
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(options.Server, cancellation).ConfigureAwait(false);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(TlsOptionsOf(options), cancellation).ConfigureAwait(false);
            return new RadSecConnection(stream, received);
        }
        catch
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw;
        }
    }

    /// <param name="create">Makes the request of the identifier.</param>
    /// <param name="identifier">What it has.</param>
    /// <param name="request">The request.</param>
    /// <returns>False: there is none free, or the connection is over.</returns>
    public bool TryBegin(
        Func<byte, PendingRequest> create, out byte identifier, [NotNullWhen(true)] out PendingRequest? request)
    {
        lock (_lock)
        {
            for (int i = 0; i < Identifiers && !Closed.IsCompleted; i++)
            {
                int candidate = (_next + i) % Identifiers;
                if (_pending[candidate] is not null)
                    continue;
                _next = candidate + 1;
                identifier = (byte)candidate;
                request = _pending[candidate] = create(identifier);
                return true;
            }
        }
        identifier = 0;
        request = null;
        return false;
    }

    /// <exception cref="IOException">The connection is over.</exception>
    /// <exception cref="ObjectDisposedException">Likewise.</exception>
    public async Task SendAsync(PendingRequest request, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Half a packet would spoil all that follow: not to be given up.
            await _stream.WriteAsync(request.Packet, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The request was answered.</summary>
    public void End(byte identifier)
    {
        lock (_lock)
            _pending[identifier] = null;
    }

    /// <summary>Nobody waits for the answer any more: until it comes, the identifier is not used again.</summary>
    /// <returns>False: there are too many such for the connection to go on.</returns>
    public bool Abandon(byte identifier)
    {
        lock (_lock)
        {
            _isAbandoned[identifier] = true;
            return ++_abandoned <= AbandonedLimit;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private static SslClientAuthenticationOptions TlsOptionsOf(RadSecClientOptions options)
    {
        SslClientAuthenticationOptions tls = new()
        {
            TargetHost = options.ServerName ?? options.Server.Address.ToString(),
            // RFC 9325 §3.1.1.
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (options.Certificate is { } own)
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
        if (options.Authorities is { } authorities)
        {
            X509ChainPolicy policy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(authorities);
            tls.CertificateChainPolicy = policy;
        }
        return tls;
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[RadiusPacket.MaximumLength];
        try
        {
            while (true)
            {
                await _stream.ReadExactlyAsync(buffer.AsMemory(0, HeadLength)).ConfigureAwait(false);
                int length = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(2));
                // RFC 6613 §2.6.4: where a packet begins is not known any more.
                if (length is < RadiusPacket.MinimumLength or > RadiusPacket.MaximumLength)
                    break;
                await _stream.ReadExactlyAsync(buffer.AsMemory(HeadLength, length - HeadLength)).ConfigureAwait(false);
                Take(buffer.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has hung up, or we have.
        }
        await DisposeAsync().ConfigureAwait(false);
    }

    private void Take(ReadOnlySpan<byte> octets)
    {
        Interlocked.Increment(ref _packets);
        PendingRequest? request;
        lock (_lock)
            request = _pending[octets[1]];
        if (request is null)
            return;
        _received(request, RadiusPacket.TryParse(octets, out RadiusPacket? packet, out _) ? packet : null);
        lock (_lock)
        {
            if (!_isAbandoned[octets[1]] || !request.Answer.IsCompleted)
                return;
            _isAbandoned[octets[1]] = false;
            _abandoned--;
            _pending[octets[1]] = null;
        }
    }
}
