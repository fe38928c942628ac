using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>Filters and lists at both ends of a tunnel, seen by TCP through it.</summary>
internal sealed class ClientFirewallTests : ClientFixture
{
    private const int Free = 7000;
    private const int ByServerIn = 7001;
    private const int ByServerOut = 7002;
    private const int ByClientIn = 7003;
    private const int ByClientOut = 7004;
    private const int ByClientList = 7005;

    private static readonly string Chains = Chain("near", ByClientIn) + Chain("far", ByClientOut) + $"""

        [[firewall-chain]]
        name = "output"
        rules = ["ip saddr @own tcp dport {ByClientList} reject with tcp reset"]
        """;

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice, Bob],
        ProfileExtra = "incoming-filter = \"in\"\noutgoing-filter = \"out\"",
        Extra = Chain("in", ByServerIn) + Chain("out", ByServerOut),
    };

    [OneTimeSetUp]
    public void RequireNftables()
    {
        using Nftables? nftables = ServerNetwork.Invoke(() => Nftables.TryOpen(out _));
        if (nftables is null)
            Assert.Ignore("not tested here: libnftables cannot be used (tests/run installs libnftables1)");
    }

    [Test]
    public async Task A_port_is_closed_or_open_in_either_direction_as_each_ends_filters_have_it()
    {
        Connect($"""
            {Chains}
            [[ppp-profile]]
            name = "out"
            use-encryption = "required"
            incoming-filter = "near"
            outgoing-filter = "far"
            address-list = ["own"]
            {Entry("profile = \"out\"")}
            """);
        Server.Log.WaitFor("<pptp-alice>: connected", Soon);
        IPAddress own = AddressesOf().Single().Local;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await OpenAsync(true, own, Free), Is.True, "to the server");
            Assert.That(await OpenAsync(false, own, Free), Is.True, "to the client");
            Assert.That(await OpenAsync(true, own, ByServerIn), Is.False, "the server's incoming-filter");
            Assert.That(await OpenAsync(false, own, ByServerIn), Is.True, "which is for one direction alone");
            Assert.That(await OpenAsync(false, own, ByServerOut), Is.False, "the server's outgoing-filter");
            Assert.That(await OpenAsync(true, own, ByServerOut), Is.True, "which is for one direction alone");
            Assert.That(await OpenAsync(false, own, ByClientIn), Is.False, "the client's incoming-filter");
            Assert.That(await OpenAsync(true, own, ByClientIn), Is.True, "which is for one direction alone");
            Assert.That(await OpenAsync(true, own, ByClientOut), Is.False, "the client's outgoing-filter");
            Assert.That(await OpenAsync(true, own, ByClientList), Is.False, "the client's own address is on its list");
        }

        Client!.Stop(Soon);
        using Nftables nftables = ClientNetwork.Invoke(() => Nftables.TryOpen(out _))!;
        Assert.That(nftables.Ask("list ruleset"), Is.Empty);
    }

    private static string Chain(string name, int port) =>
        $"\n[[firewall-chain]]\nname = \"{name}\"\nrules = [\"tcp dport {port} reject with tcp reset\"]\n";

    /// <summary>Whether a TCP connection comes about through the tunnel.</summary>
    private async Task<bool> OpenAsync(bool toServer, IPAddress own, int port)
    {
        IPEndPoint there = new(toServer ? Gateway : own, port);
        using Socket listener = (toServer ? ServerNetwork : ClientNetwork).Invoke(NewSocket);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(there);
        listener.Listen();
        using Socket caller = (toServer ? ClientNetwork : ServerNetwork).Invoke(NewSocket);
        using CancellationTokenSource patience = new(Soon);
        try
        {
            await caller.ConnectAsync(there, patience.Token);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
