using System.Diagnostics.CodeAnalysis;
using System.Net;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>
/// A server in a namespace, a caller in another, a cable between them. After every test: the server still runs, its
/// log tells of no exception, no interface is left, and another user's stream has lost nothing meanwhile.
/// </summary>
[NonParallelizable]
[SuppressMessage("Structure", "NUnit1032", Justification = "The server lives as long as the fixture.")]
internal abstract class ServerFixture
{
    protected const string Alice = "alice";
    protected const string Bob = "bob";

    private const string Bystander = "bystander";

    protected static readonly IPAddress ServerAddress = IPAddress.Parse("192.0.2.1");
    protected static readonly IPAddress ClientAddress = IPAddress.Parse("192.0.2.2");

    /// <summary>A second address on the caller's side.</summary>
    protected static readonly IPAddress OtherAddress = IPAddress.Parse("192.0.2.3");

    /// <summary>For what has to come at once, on a machine that may be busy.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"pptpd-test-{Guid.NewGuid():N}");
    private RouteNetlink _netlink = null!;
    private ScriptedCall? _bystander;
    private SequencedStream? _stream;
    private int _mark;

    protected virtual ServerConfiguration Configuration => new() { Users = [Alice, Bob] };

    /// <summary>Another user's stream runs through its tunnel during every test.</summary>
    protected virtual bool HasBystander => false;

    /// <summary>Names of the interfaces that are there without a session, sorted.</summary>
    protected virtual IReadOnlyList<string> StandingInterfaces => [];

    protected NetworkNamespace ServerNetwork { get; private set; } = null!;

    protected NetworkNamespace ClientNetwork { get; private set; } = null!;

    protected CallerHost Host { get; private set; } = null!;

    protected UdpEcho Echo { get; private set; } = null!;

    protected ServerProcess Server { get; set; } = null!;

    protected string ConfigurationFile => Path.Combine(_folder, "pptpd.toml");

    /// <summary>Where the log stood when the test began.</summary>
    protected int Mark => _mark;

    /// <summary>The test ends the server itself.</summary>
    protected bool ServerMayBeGone { get; set; }

    [OneTimeSetUp]
    public void MakeNetworks()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
        {
            TestContext.Progress.WriteLine(reason);
            Assert.Ignore(reason);
        }

        Directory.CreateDirectory(_folder);
        ServerNetwork = new NetworkNamespace();
        ClientNetwork = new NetworkNamespace();
        NetworkNamespace.Connect(ServerNetwork, "wire", $"{ServerAddress}", ClientNetwork, "wire", $"{ClientAddress}");
        ClientNetwork.Invoke(() =>
        {
            using RouteNetlink netlink = new();
            netlink.AddAddress(netlink.FindLink("wire")!.Index, OtherAddress, null, 24);
        });
        _netlink = ServerNetwork.Invoke(() => new RouteNetlink());
        Host = new CallerHost(ClientNetwork, ClientAddress, ServerAddress);
        Echo = new UdpEcho(ServerNetwork);
        Configure(Configuration);
    }

    [OneTimeTearDown]
    public async Task RemoveNetworks()
    {
        if (Server is not null)
        {
            if (_bystander is not null)
                await _bystander.Caller.DisposeAsync();
            int? status = Server.Stop(Soon);
            string report = Server.Report();
            Server.Dispose();
            Assert.That(status, Is.Zero, $"exit status after SIGTERM\n{report}");
            Assert.That(AllInterfaces(), Is.Empty, "left behind");
        }

        if (Echo is not null)
            await Echo.DisposeAsync();
        Host?.Dispose();
        _netlink?.Dispose();
        ServerNetwork?.Dispose();
        ClientNetwork?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [SetUp]
    public async Task BeginWithARunningServer()
    {
        ServerMayBeGone = false;
        if (Server is not { Running: true })
            StartServer();
        await Poll.UntilAsync(() => StandingInterfaces.All(name => FindInterface(name) is not null), Soon);
        _mark = Server.Log.Mark;
        if (!HasBystander)
            return;
        if (_bystander is { Ended: not null })
            await _bystander.Caller.DisposeAsync();
        if (_bystander is not { Ended: null })
            _bystander = await DialAsync(Bystander);
        _stream = new SequencedStream(_bystander, Echo, size: 100);
        _stream.Start(TimeSpan.FromMilliseconds(5));
        await _stream.WaitForAsync(1);
    }

    [TearDown]
    public async Task EndWithNothingBroken()
    {
        if (_stream is not null)
        {
            StreamReport report = await _stream.StopAsync();
            await _stream.DisposeAsync();
            _stream = null;
            Assert.That(report.IsPerfect, Is.True, $"the other tunnel's stream: {report}\n{Server.Report(_mark)}");
        }

        // What a failed test has left open must not spoil the next one.
        await Host.CloseAllAsync(_bystander is null ? [] : [_bystander.Caller]);
        Assert.That(Host.Failure, Is.Null, "the caller itself has failed");
        Assert.That(
            Server.Running, Is.True.Or.EqualTo(!ServerMayBeGone), $"the server has died\n{Server.Report(_mark)}");
        string[] expected = !Server.Running ? []
            : HasBystander ? [.. StandingInterfaces, $"pptp-{Bystander}"] : [.. StandingInterfaces];
        await Poll.UntilAsync(() => AllInterfaces().SequenceEqual(expected), Soon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(AllInterfaces(), Is.EqualTo(expected), $"leaked\n{Server.Report(_mark)}");
            Assert.That(Server.Faults(_mark), Is.Empty, "the log tells of a fault");
            Assert.That(Server.Log.With("Pass-of-", _mark), Is.Empty, "the log names a password");
        }
    }

    protected static CallSettings SettingsOf(string user) => new(user, ServerConfiguration.PasswordOf(user));

    /// <summary>Dials and waits until the server's side is up too; until then it keeps a few packets only.</summary>
    protected async Task<ScriptedCall> DialAsync(string user)
    {
        int mark = Server.Log.Mark;
        ScriptedCall call = await Host.DialAsync(SettingsOf(user));
        Server.Log.WaitFor($" logged in, {call.Address} from ", Soon, after: mark);
        return call;
    }

    protected void Configure(ServerConfiguration configuration) =>
        (configuration with { Users = [Bystander, .. configuration.Users] }).WriteTo(ConfigurationFile);

    protected void StartServer()
    {
        Server?.Dispose();
        Server = ServerProcess.Start(ConfigurationFile, ServerNetwork);
    }

    /// <summary>Names of the TUNs in the server's namespace, sorted.</summary>
    protected IReadOnlyList<string> AllInterfaces() =>
    [
        .. _netlink.ListLinks()
            .Where(link => link.Kind == "tun")
            .Select(link => link.Name)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The same without those that are down already and wait for the reaper.</summary>
    protected IReadOnlyList<string> TunnelInterfaces() =>
        [.. AllInterfaces().Where(name => !name.StartsWith("pptp!", StringComparison.Ordinal))];

    /// <summary>The routes the server has made.</summary>
    protected IReadOnlyList<RouteEntry> SessionRoutes() => _netlink.ListRoutes(protocol: 217);

    protected LinkEntry? FindInterface(string name) => _netlink.FindLink(name);

    protected IReadOnlyList<AddressEntry> AddressesOf(int index) =>
        [.. _netlink.ListAddresses().Where(address => address.Index == index)];

    /// <summary>Waits until the server says that a user's session is up (its interface is there then).</summary>
    protected void WaitUntilConnected(string user, int count = 1) =>
        Server.Log.WaitFor($"<pptp-{user}>: connected", Soon, count, _mark);

    /// <summary>Hangs up and gives what the server counted.</summary>
    protected async Task<IReadOnlyDictionary<string, long>> HangUpAndReadStatisticsAsync(ScriptedCall call)
    {
        int mark = Server.Log.Mark;
        await call.Caller.DisposeAsync();
        string line = Server.Log.WaitFor($"<pptp-{call.Settings.User}>: statistics", Soon, after: mark).Text;
        return line[(line.IndexOf("statistics", StringComparison.Ordinal) + 11)..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => long.Parse(pair[1]));
    }

    protected async Task MustVanishAsync(string interfaceName, TimeSpan timeout)
    {
        TimeSpan? gone = await Poll.UntilAsync(() => FindInterface(interfaceName) is null, timeout);
        Assert.That(gone, Is.Not.Null, $"{interfaceName} is still there\n{Server.Report(_mark)}");
    }

    /// <summary>Dials for all of them, some at a time.</summary>
    protected async Task<IReadOnlyList<ScriptedCall>> DialAllAsync(IEnumerable<string> users, int atATime = 32)
    {
        List<ScriptedCall> calls = [];
        await Parallel.ForEachAsync(users, new ParallelOptions { MaxDegreeOfParallelism = atATime }, async (user, _) =>
        {
            ScriptedCall call = await Host.DialAsync(SettingsOf(user));
            lock (calls)
                calls.Add(call);
        });
        return calls;
    }
}
