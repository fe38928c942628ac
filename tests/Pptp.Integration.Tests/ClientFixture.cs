using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>
/// A daemon that dials, in a namespace, a server in another, a cable between them. After every test the client ends
/// with a goodbye and leaves no interface behind, and neither log tells of an exception.
/// </summary>
[NonParallelizable]
[SuppressMessage("Structure", "NUnit1032", Justification = "The server lives as long as the fixture.")]
internal abstract class ClientFixture
{
    protected const string Alice = "alice";
    protected const string Bob = "bob";

    /// <summary>The interface of <see cref="Entry"/>.</summary>
    protected const string Out = "pptp-out1";

    protected static readonly IPAddress ServerAddress = IPAddress.Parse("192.0.2.1");
    protected static readonly IPAddress ClientAddress = IPAddress.Parse("192.0.2.2");

    /// <summary>A second address on the client's side.</summary>
    protected static readonly IPAddress OtherAddress = IPAddress.Parse("192.0.2.3");

    /// <summary>The server's address in every tunnel.</summary>
    protected static readonly IPAddress Gateway = IPAddress.Parse(ServerConfiguration.Gateway);

    /// <summary>For what has to come at once, on a machine that may be busy.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private const int SolSocket = 1;
    private const int BindToDevice = 25;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"pptpd-test-{Guid.NewGuid():N}");
    private RouteNetlink _netlink = null!;

    protected virtual ServerConfiguration Configuration => new() { Users = [Alice, Bob] };

    protected NetworkNamespace ServerNetwork { get; private set; } = null!;

    protected NetworkNamespace ClientNetwork { get; private set; } = null!;

    protected UdpEcho Echo { get; private set; } = null!;

    protected ServerProcess Server { get; private set; } = null!;

    protected ServerProcess? Client { get; private set; }

    protected string ClientFile => Path.Combine(_folder, "client.toml");

    /// <summary>What the client's resolv-conf names.</summary>
    protected string ResolvConf => Path.Combine(_folder, "resolv.conf");

    /// <summary>The client's namespace.</summary>
    protected RouteNetlink Netlink => _netlink;

    private string ServerFile => Path.Combine(_folder, "server", "pptpd.toml");

    [OneTimeSetUp]
    public void MakeNetworks()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
        {
            TestContext.Progress.WriteLine(reason);
            Assert.Ignore(reason);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(ServerFile)!);
        ServerNetwork = new NetworkNamespace();
        ClientNetwork = new NetworkNamespace();
        NetworkNamespace.Connect(ServerNetwork, "wire", $"{ServerAddress}", ClientNetwork, "wire", $"{ClientAddress}");
        ClientNetwork.Invoke(() =>
        {
            using RouteNetlink netlink = new();
            netlink.AddAddress(netlink.FindLink("wire")!.Index, OtherAddress, null, 24);
        });
        _netlink = ClientNetwork.Invoke(() => new RouteNetlink());
        Echo = new UdpEcho(ServerNetwork);
        Configuration.WriteTo(ServerFile);
        StartServer();
    }

    [OneTimeTearDown]
    public async Task RemoveNetworks()
    {
        if (Server is not null)
        {
            int? status = Server.Stop(Soon);
            string report = Server.Report();
            IReadOnlyList<LogLine> faults = Server.Faults();
            Server.Dispose();
            Assert.That(status, Is.Zero, $"exit status after SIGTERM\n{report}");
            Assert.That(faults, Is.Empty, "the server's log tells of a fault");
        }

        if (Echo is not null)
            await Echo.DisposeAsync();
        _netlink?.Dispose();
        ServerNetwork?.Dispose();
        ClientNetwork?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [TearDown]
    public void StopTheClient()
    {
        if (Client is not { } client)
            return;
        Client = null;
        int? status = client.Running ? client.Stop(Soon) : null;
        string report = client.Report();
        IReadOnlyList<LogLine> faults = client.Faults();
        client.Dispose();
        Assert.That(status, Is.Null.Or.Zero, $"exit status after SIGTERM\n{report}");
        Assert.That(faults, Is.Empty, "the client's log tells of a fault");
        Assert.That(report, Does.Not.Contain("Pass-of-"), "the log names a password");
        Assert.That(TunnelInterfaces(), Is.Empty, $"left behind\n{report}");
    }

    /// <summary>A <c>[[pptp-client]]</c> of alice.</summary>
    /// <param name="lines">What is its own, as <c>allow = "pap"</c>.</param>
    protected static string Entry(params string[] lines) => EntryOf(Out, Alice, lines);

    protected static string EntryOf(string name, string user, params string[] lines) => $"""

        [[pptp-client]]
        name = "{name}"
        connect-to = "{ServerAddress}"
        user = "{user}"
        password = "{ServerConfiguration.PasswordOf(user)}"
        disabled = false
        {string.Join('\n', lines)}

        """;

    protected void StartServer()
    {
        Server?.Dispose();
        Server = ServerProcess.Start(ServerFile, ServerNetwork);
    }

    /// <summary>Starts the daemon that dials, and waits until it has begun to.</summary>
    /// <param name="tables">Entries and profiles.</param>
    /// <param name="readyText">What its log says then.</param>
    protected void StartClient(string tables, string readyText = "initializing...")
    {
        WriteClient(tables);
        Client?.Dispose();
        Client = ServerProcess.Start(
            [.. Repository.DaemonCommand(), "run", "--config", ClientFile], ClientNetwork, readyText);
    }

    /// <summary>Starts the daemon that dials, and waits until its one tunnel carries IP.</summary>
    protected void Connect(string tables) => StartClient(tables, $"{Out}: connected");

    protected void ReloadClient(string tables)
    {
        int mark = Client!.Log.Mark;
        WriteClient(tables);
        Client.Signal("HUP");
        Client.Log.WaitFor("settings changed", Soon, after: mark);
    }

    /// <summary>Waits for a line of the client's log.</summary>
    protected string WaitForLog(string text, int after = 0) => Client!.Log.WaitFor(text, Soon, after: after).Text;

    /// <summary>Names of the TUNs in the client's namespace, sorted, but for those that wait for the reaper.</summary>
    protected IReadOnlyList<string> TunnelInterfaces() =>
    [
        .. _netlink.ListLinks()
            .Where(link => link.Kind == "tun" && !link.Name.StartsWith("pptp!", StringComparison.Ordinal))
            .Select(link => link.Name)
            .Order(StringComparer.Ordinal),
    ];

    protected LinkEntry? FindInterface(string name = Out) => _netlink.FindLink(name);

    protected IReadOnlyList<AddressEntry> AddressesOf(string name = Out) =>
        [.. _netlink.ListAddresses().Where(address => address.Index == FindInterface(name)!.Index)];

    /// <summary>Sends a datagram through a tunnel and waits until it has come back.</summary>
    /// <param name="through">The interface; null: the one that has the route to the server's end.</param>
    /// <param name="attempts">Datagrams, a second apart. One must be enough where nothing is lost.</param>
    /// <param name="to">An address of the server's host; null: the server's end of the tunnel.</param>
    protected async Task<bool> CarriesAsync(string? through = null, int attempts = 1, IPAddress? to = null)
    {
        using Socket socket = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        if (through is not null)
            socket.SetRawSocketOption(SolSocket, BindToDevice, Encoding.ASCII.GetBytes(through));
        byte[] answer = new byte[64];
        for (int i = 0; i < attempts; i++)
        {
            byte[] question = [.. Guid.NewGuid().ToByteArray()];
            await socket.SendToAsync(question, new IPEndPoint(to ?? Gateway, Echo.Port));
            using CancellationTokenSource patience = new(attempts == 1 ? Soon : TimeSpan.FromSeconds(1));
            try
            {
                int length = await socket.ReceiveAsync(answer, patience.Token);
                if (answer.AsSpan(0, length).SequenceEqual(question))
                    return true;
            }
            catch (OperationCanceledException)
            {
                // The next one may come through.
            }
        }

        return false;
    }

    private void WriteClient(string tables)
    {
        File.WriteAllText(ClientFile, string.Create(CultureInfo.InvariantCulture, $"""
            [system]
            state-folder = "{Path.Combine(_folder, "client-state")}"
            resolv-conf = "{ResolvConf}"
            {tables}
            """));
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(ClientFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
