using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>
/// What a tunnel that is dialled takes over of its host, and gives back however it ends. The server is behind a router
/// here, so that a default route into the tunnel would take the tunnel's own packets along.
/// </summary>
internal sealed class ClientRouteTests : ClientFixture
{
    private const string Disabled = "\n[[ppp-profile]]\nname = \"unused\"\n";
    private const string NotEnabled = "neither the PPTP server nor a client is enabled";
    private const string HostServers = "search example.com\nnameserver 192.0.2.53\n";

    private static readonly IPAddress Far = IPAddress.Parse("203.0.113.7");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("198.51.100.9");

    protected override ServerConfiguration Configuration =>
        new() { Users = [Alice, Bob], ProfileExtra = "dns-server = [\"10.9.0.53\", \"10.9.0.54\"]" };

    [OneTimeSetUp]
    public void PutTheServerBehindARouter()
    {
        ServerNetwork.Invoke(() =>
        {
            using RouteNetlink netlink = new();
            netlink.AddAddress(1, Far, null, 32);
            netlink.AddAddress(1, Elsewhere, null, 32);
        });
        Netlink.AddRoute(
            new RouteEntry { Destination = IPNetwork.Parse("0.0.0.0/0"), Gateway = ServerAddress, Metric = 100 });
    }

    [SetUp]
    public void WriteTheNameServers() => File.WriteAllText(ResolvConf, HostServers);

    public enum Ending
    {
        Disabled,
        Exit,
        Kill,
        ServerGone,
    }

    [Test]
    [EffectOf("pptp-client", "add-default-route")]
    [EffectOf("pptp-client", "use-peer-dns")]
    [EffectOf("system", "resolv-conf")]
    public async Task The_default_route_and_the_name_servers_are_taken_and_given_back([Values] Ending ending)
    {
        IReadOnlyList<RouteEntry> before = Netlink.ListRoutes();
        Connect(FarEntry("add-default-route = true", "use-peer-dns = \"exclusively\""));

        Assert.That(SourceTo(Elsewhere), Is.EqualTo(AddressesOf().Single().Local));
        Assert.That(SourceTo(Far), Is.EqualTo(ClientAddress));
        Assert.That(NameServers(), Is.EqualTo(["10.9.0.53", "10.9.0.54"]));
        Assert.That(await CarriesAsync(to: Elsewhere), Is.True);

        await EndAsync(ending);

        Assert.That(SourceTo(Elsewhere), Is.EqualTo(ClientAddress));
        // The interface's own address goes with it, when the reaper comes.
        await Poll.UntilAsync(() => Netlink.ListRoutes().Count == before.Count, Soon);
        Assert.That(Netlink.ListRoutes(), Is.EquivalentTo(before));
        Assert.That(File.ReadAllText(ResolvConf), Is.EqualTo(HostServers));
    }

    [Test]
    [EffectOf("pptp-client", "add-default-route")]
    [EffectOf("pptp-client", "use-peer-dns")]
    public void Nothing_is_taken_that_was_not_asked_for()
    {
        Connect(FarEntry());
        Assert.That(SourceTo(Elsewhere), Is.EqualTo(ClientAddress));
        Assert.That(Netlink.ListRoutes(217), Is.Empty);
        Assert.That(File.ReadAllText(ResolvConf), Is.EqualTo(HostServers));
    }

    [Test]
    [EffectOf("pptp-client", "use-peer-dns")]
    public void The_servers_name_servers_go_before_the_hosts()
    {
        Connect(FarEntry("use-peer-dns = \"yes\""));
        Assert.That(NameServers(), Is.EqualTo(["10.9.0.53", "10.9.0.54", "192.0.2.53"]));
    }

    [TestCase(99, true)]
    [TestCase(100, true)]
    [TestCase(101, false)]
    [EffectOf("pptp-client", "default-route-distance")]
    public void The_lower_distance_is_the_way_that_is_taken(int distance, bool isTaken)
    {
        Connect(FarEntry("add-default-route = true", $"default-route-distance = {distance}"));
        Assert.That(
            Netlink.ListRoutes(217).Single(route => route.Destination.PrefixLength == 0).Metric, Is.EqualTo(distance));
        Assert.That(SourceTo(Elsewhere), Is.EqualTo(isTaken ? AddressesOf().Single().Local : ClientAddress));
        Assert.That(
            Client!.Log.Expect($"default route via {ServerAddress} with metric 100 goes before", isTaken ? 0 : 1),
            Has.Count.EqualTo(isTaken ? 0 : 1));
    }

    [Test]
    public async Task A_reload_moves_the_name_servers_to_another_file()
    {
        Connect(FarEntry("use-peer-dns = \"yes\""));
        string other = $"{ResolvConf}.other";
        await File.WriteAllTextAsync(other, "");
        string text = await File.ReadAllTextAsync(ClientFile);
        await File.WriteAllTextAsync(
            ClientFile, text.Replace($"\"{ResolvConf}\"", $"\"{other}\"", StringComparison.Ordinal));
        Client!.Signal("HUP");
        WaitForLog("settings changed");
        Assert.That(await File.ReadAllTextAsync(ResolvConf), Is.EqualTo(HostServers));
        Assert.That(await File.ReadAllTextAsync(other), Does.Contain("nameserver 10.9.0.53"));
    }

    private static string FarEntry(params string[] lines) =>
        Entry(lines).Replace($"\"{ServerAddress}\"", $"\"{Far}\"", StringComparison.Ordinal);

    private async Task EndAsync(Ending ending)
    {
        int mark = Client!.Log.Mark;
        switch (ending)
        {
            case Ending.Disabled:
                ReloadClient(Disabled);
                WaitForLog($"{Out}: disconnected", mark);
                break;
            case Ending.Exit:
                Assert.That(Client.Stop(Soon), Is.Zero);
                break;
            case Ending.Kill:
                Client.Kill();
                Assert.That(NameServers(), Has.Length.EqualTo(2), "nobody could give them back");
                Assert.That(Netlink.ListRoutes(217), Is.Not.Empty);
                StartClient(Disabled, NotEnabled);
                break;
            case Ending.ServerGone:
                Server.Kill();
                WaitForLog($"{Out}: disconnected", mark);
                // Until it is back each attempt keeps the way to it open for its own time.
                mark = Client.Log.Mark;
                ReloadClient(Disabled);
                await Poll.UntilAsync(() => TunnelInterfaces().Count == 0, Soon);
                WaitForLog($"{Out}: disconnected", mark);
                StartServer();
                break;
        }
    }

    private string[] NameServers() =>
    [
        .. File.ReadAllLines(ResolvConf)
            .Where(line => line.StartsWith("nameserver ", StringComparison.Ordinal))
            .Select(line => line["nameserver ".Length..]),
    ];

    /// <summary>The address the client's host sends from on the way to another.</summary>
    private IPAddress SourceTo(IPAddress destination) => ClientNetwork.Invoke(() =>
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(destination, 9);
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    });
}
