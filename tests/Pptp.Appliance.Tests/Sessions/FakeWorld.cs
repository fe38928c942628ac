using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Diagnosis;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Sessions;
using Pptp.Appliance.Tests.Aaa;
using Pptp.Model;
using Pptp.Protocol.Gre;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>All that a tunnel touches, without kernel, network or waiting: what it does is written down here.</summary>
internal sealed class FakeWorld : IDataPlane, IInterfaceTable, ISessionObserver, ILoggerFactory
{
    private readonly InterfaceNames _names = new();

    public FakeWorld()
    {
        Clock = new MonotonicClock(Time);
        Attempts = new AttemptBook(Clock);
    }

    public FakeTimeProvider Time { get; } = new();

    public MonotonicClock Clock { get; }

    public PptpConfiguration Configuration { get; set; } = new()
    {
        PptpServer = new PptpServerSettings { Enabled = true },
        Pools = [new IpPool { Name = "dial-in", Ranges = [new Ipv4Range(0x0A080002, 0x0A080003)] }],
        Secrets =
        [
            new PppSecret
            {
                Name = "alice",
                Password = SecretValue.FromPassword("secret"),
                LocalAddress = new AddressSource.Single(IPAddress.Parse("10.8.0.1")),
                RemoteAddress = new AddressSource.Pool("dial-in"),
            },
        ],
    };

    /// <summary>Lines of the log, without time.</summary>
    public BlockingCollection<string> Log { get; } = [];

    public BlockingCollection<FakePath> Paths { get; } = [];

    public ConcurrentDictionary<string, TunnelInterfaceSpecification> Interfaces { get; } = new();

    public SessionTable Sessions { get; } = new();

    public AttemptBook Attempts { get; }

    /// <summary>Sessions that have logged out.</summary>
    public BlockingCollection<SessionEnd> Ended { get; } = [];

    public AddressPools Pools { get; } = new();

    public PrefixPools PrefixPools { get; } = new();

    /// <summary>Who decides on logins; null: the secrets of the configuration.</summary>
    public IAccessService? Access { get; set; }

    /// <summary>Comes between a login and its interface.</summary>
    public Action BeforeInterface { get; set; } = () => { };

    /// <summary>Comes before an interface that is up is filtered otherwise.</summary>
    public Func<Task> BeforeFirewall { get; set; } = () => Task.CompletedTask;

    /// <summary>Why no interface gets IPv6.</summary>
    public Exception? Ipv6Refusal { get; set; }

    public TunnelServices Services()
    {
        Pools.Apply(Configuration.Pools);
        PrefixPools.Apply(Configuration.Ipv6Pools);
        return new TunnelServices
        {
            Clock = Clock,
            Random = SystemRandomSource.Instance,
            Configuration = () => Configuration,
            Access = Access ?? new LocalSecrets(() => Configuration, ReadOnlySecrets.Instance, new LoginGuard(Clock)),
            Pools = Pools,
            PrefixPools = PrefixPools,
            Interfaces = this,
            DataPlane = this,
            CallIds = new CallIdTable(SystemRandomSource.Instance, Clock),
            ConnectionLimiter = new ConnectionLimiter(Clock),
            NetworkLimiter = new ConnectionLimiter(Clock),
            Sessions = Sessions,
            Attempts = Attempts,
            Observer = this,
            Loggers = new TopicLoggers(this),
        };
    }

    /// <summary>Waits for a line of the log; lines before it are gone.</summary>
    public string WaitForLog(string part)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10));
        try
        {
            foreach (string line in Log.GetConsumingEnumerable(limit.Token))
            {
                if (line.Contains(part, StringComparison.Ordinal))
                    return line;
            }
        }
        catch (OperationCanceledException)
        {
        }
        throw new AssertionException($"the log never said: {part}");
    }

    DataPlaneStatistics IDataPlane.Statistics => default;

    IDataPathPort IDataPlane.Attach(CallAddress address, GreCallOptions options, IDataPathOwner owner)
    {
        FakePath path = new(this, address.CallId, options, owner);
        Paths.Add(path);
        return path;
    }

    InterfaceName IInterfaceTable.Reserve(string user) => _names.Reserve(user, _ => false);

    Task<TunnelInterface> IInterfaceTable.CreateAsync(TunnelInterfaceSpecification specification)
    {
        BeforeInterface();
        Interfaces[specification.Name.Linux] = specification;
        return Task.FromResult(new TunnelInterface(null!, specification.Name));
    }

    void IInterfaceTable.SetQueueLength(TunnelInterface tunnel, int packets) =>
        Interfaces[tunnel.Name.Linux] = Interfaces[tunnel.Name.Linux] with { QueueLength = packets };

    async Task IInterfaceTable.SetFirewallAsync(
        TunnelInterface tunnel, IPAddress address, Ipv6Prefix? prefix, FirewallMembership membership)
    {
        await BeforeFirewall();
        Interfaces[tunnel.Name.Linux] = Interfaces[tunnel.Name.Linux] with { Firewall = membership };
    }

    void IInterfaceTable.AddIpv6(TunnelInterface tunnel, Ipv6InterfaceSettings settings)
    {
        if (Ipv6Refusal is { } refusal)
            throw refusal;
        Interfaces[tunnel.Name.Linux] = Interfaces[tunnel.Name.Linux] with { Ipv6 = settings };
    }

    void IInterfaceTable.Release(InterfaceName name) => _names.Release(name);

    void IInterfaceTable.Release(TunnelInterface tunnel)
    {
        Interfaces.TryRemove(tunnel.Name.Linux, out _);
        _names.Release(tunnel.Name);
    }

    void ISessionObserver.LoggedOut(SessionEnd end) => Ended.Add(end);

    ILogger ILoggerFactory.CreateLogger(string categoryName) => new Logger(this, categoryName);

    void ILoggerFactory.AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        Log.Dispose();
        Paths.Dispose();
        Ended.Dispose();
    }

    private sealed class Logger(FakeWorld world, string topics) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            world.Log.Add($"{topics} {formatter(state, exception)}{exception}");
    }
}

/// <summary>A data path whose GRE is a queue: what the server sends is taken, what the client sends is put in.</summary>
internal sealed class FakePath(FakeWorld world, ushort callId, GreCallOptions options, IDataPathOwner owner) : IDataPathPort
{
    public ushort CallId { get; } = callId;

    public GreCallOptions Options { get; } = options;

    /// <summary>PPP frames the server has sent.</summary>
    public BlockingCollection<byte[]> Sent { get; } = [];

    /// <summary>For each reset of the encryption to the client, how many frames were sent before it.</summary>
    public BlockingCollection<int> Resets { get; } = [];

    /// <summary>Those that were set after it was opened.</summary>
    public BlockingCollection<RateLimit?> RateLimits { get; } = [];

    /// <summary>Those that were set after it was opened.</summary>
    public BlockingCollection<(long In, long Out, long Total)> Limits { get; } = [];

    public DataPathParameters? Opened { get; private set; }

    public (ushort PeerCallId, ushort PeerReceiveWindow)? Connected { get; private set; }

    /// <summary>Of the fragments that are put together; null: none are.</summary>
    public int? Mrru { get; private set; }

    public bool IsHalted { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>The worker does not come to closing it before <see cref="LetGo"/>.</summary>
    public bool IsStuck { get; set; }

    public DataPathCounters Counters { get; set; }

    public TimeSpan LastReceived { get; set; }

    public TimeSpan LastTraffic { get; set; }

    public StrayGre? Stray { get; set; }

    public StrayGre? FindStray(TimeSpan since) => Stray;

    public void Deliver(byte[] frame)
    {
        LastReceived = world.Clock.Now;
        owner.OnControlFrame(frame);
    }

    public void LoseDecryption() => owner.OnDecryptLost();

    public void GiveUpDecryption(string why) => owner.OnDecryptHopeless(why);

    public void ReachLimit() => owner.OnLimitReached();

    /// <summary>What IPv6 the path carries; one null after another where it ends.</summary>
    public BlockingCollection<Ipv6PathParameters?> Ipv6 { get; } = [];

    /// <summary>Packets of its own that the server has sent.</summary>
    public BlockingCollection<byte[]> SentPackets { get; } = [];

    public void SolicitRouter() => owner.OnRouterSolicitation();

    public void LetGo() => owner.OnClosed(Counters, null);

    public void Fail(string why) => owner.OnClosed(Counters, why);

    void IDataPathPort.Connect(ushort peerCallId, ushort peerReceiveWindow) =>
        Connected = (peerCallId, peerReceiveWindow);

    void IDataPathPort.TakeFragments(int? mrru) => Mrru = mrru;

    void IDataPathPort.Send(byte[] frame) => Sent.Add(frame);

    void IDataPathPort.Open(DataPathParameters parameters)
    {
        LastTraffic = world.Clock.Now;
        Opened = parameters;
    }

    void IDataPathPort.SetIpv6(Ipv6PathParameters? parameters) => Ipv6.Add(parameters);

    void IDataPathPort.SendPacket(byte[] packet) => SentPackets.Add(packet);

    void IDataPathPort.Halt() => IsHalted = true;

    void IDataPathPort.SetRates(RateLimit? limit) => RateLimits.Add(limit);

    void IDataPathPort.SetLimits(long bytesIn, long bytesOut, long bytesTotal) =>
        Limits.Add((bytesIn, bytesOut, bytesTotal));

    void IDataPathPort.ResetTransmit() => Resets.Add(Sent.Count);

    void IDataPathPort.Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        if (!IsStuck)
            LetGo();
    }
}

/// <summary>One end of a connection in memory.</summary>
internal sealed class PipeStream(PipeReader reader, PipeWriter writer) : Stream
{
    private readonly Stream _reader = reader.AsStream();
    private readonly Stream _writer = writer.AsStream();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static (Stream Server, Stream Client) CreatePair()
    {
        Pipe toServer = new();
        Pipe toClient = new();
        return (new PipeStream(toServer.Reader, toClient.Writer), new PipeStream(toClient.Reader, toServer.Writer));
    }

    public override void Flush() => _writer.Flush();

    public override int Read(byte[] buffer, int offset, int count) => _reader.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _reader.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => _writer.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _writer.WriteAsync(buffer, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _reader.Dispose();
        _writer.Dispose();
        base.Dispose(disposing);
    }
}
