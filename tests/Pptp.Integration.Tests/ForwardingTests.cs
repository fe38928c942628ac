using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Clients and a host behind the server, with masquerade and with proxy-arp.</summary>
internal sealed class ForwardingTests : ServerFixture
{
    private static readonly IPAddress OutsideAddress = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress FarAddress = IPAddress.Parse("198.51.100.2");

    private NetworkNamespace? _far;
    private UdpEcho? _echo;

    protected override ServerConfiguration Configuration =>
        new() { Users = [Alice, Bob], SystemExtra = "own-namespace = true" };

    [OneTimeSetUp]
    public void PutAHostBehindTheServer()
    {
        _far = new NetworkNamespace();
        NetworkNamespace.Connect(ServerNetwork, "outside", $"{OutsideAddress}", _far, "outside", $"{FarAddress}");
        ServerNetwork.Invoke(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "0"));
        _echo = new UdpEcho(_far);
    }

    [OneTimeTearDown]
    public async Task TakeItAway()
    {
        if (_echo is not null)
            await _echo.DisposeAsync();
        _far?.Dispose();
    }

    [TearDown]
    public void PutTheConfigurationBack() => Reload(Configuration);

    [Test]
    [EffectOf("system", "own-namespace")]
    public void In_a_namespace_of_its_own_the_server_lets_packets_pass() =>
        Assert.That(ServerNetwork.Invoke(KernelProbes.IsForwardingIpv4), Is.True);

    [Test]
    [EffectOf("system", "own-namespace")]
    public async Task In_a_namespace_of_its_own_the_server_lets_IPv6_pass_where_a_user_has_it()
    {
        Assert.That(ServerNetwork.Invoke(KernelProbes.IsForwardingIpv6), Is.False, "nobody has it");
        ServerNetwork.Invoke(() => AddIpv6("2001:db8:f::1"));
        _far!.Invoke(() => AddIpv6("2001:db8:f::2", wayOut: "2001:db8:f::1"));

        Reload(Configuration with
        {
            Extra = ServerConfiguration.Secret("six", "tunnel", "remote-ipv6-prefix = \"2001:db8:6::/64\""),
        });

        Assert.That(ServerNetwork.Invoke(KernelProbes.IsForwardingIpv6), Is.True);
        Ipv6Station station = await Ipv6Station.DialAsync(Host, SettingsOf("six"));
        Server.Log.WaitFor("carries IPv6, ", Soon, after: Mark);
        await station.PingAsync(IPAddress.Parse("2001:db8:6::5"), IPAddress.Parse("2001:db8:f::2"), Soon);
        await station.Call.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("ip-pool", "masquerade")]
    public async Task A_masqueraded_client_has_the_servers_address_outside_and_gets_its_answers()
    {
        Reload(Configuration with { PoolExtra = "masquerade = true" });
        if (!ServerNetwork.Invoke(() => PlantedTable.List().Contains("pptpd")))
            Assert.Ignore("not tested here: the kernel has no nf_tables with NAT");
        ScriptedCall call = await DialAsync(Alice);

        Assert.That(await AskAsync(call, 40_001), Is.EqualTo(OutsideAddress));

        Reload(Configuration);
        Assert.That(ServerNetwork.Invoke(PlantedTable.List), Does.Not.Contain("pptpd"));
        LetTheFarHostKnowTheWayBack();
        Assert.That(await AskAsync(call, 40_002), Is.EqualTo(call.Address), "without it");
        await call.Caller.DisposeAsync();
    }

    [Test]
    public void A_reload_puts_back_the_table_that_somebody_has_flushed()
    {
        Reload(Configuration with { PoolExtra = "masquerade = true" });
        if (!ServerNetwork.Invoke(() => PlantedTable.List().Contains("pptpd")))
            Assert.Ignore("not tested here: the kernel has no nf_tables with NAT");
        ServerNetwork.Invoke(() =>
        {
            using NetfilterTables tables = new();
            tables.DeleteTable(NetfilterFamily.Inet, "pptpd");
        });

        Reload(Configuration with { PoolExtra = "masquerade = true" });

        Assert.That(ServerNetwork.Invoke(PlantedTable.List), Does.Contain("pptpd"));
    }

    [Test]
    public void Where_packets_may_not_pass_masquerade_is_said_to_have_no_effect()
    {
        ServerNetwork.Invoke(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "0"));

        Reload(Configuration with { SystemExtra = "", PoolExtra = "masquerade = true" });

        Server.Log.WaitFor("net.ipv4.ip_forward is off, so masquerade has no effect", Soon, after: Mark);
        Assert.That(ServerNetwork.Invoke(KernelProbes.IsForwardingIpv4), Is.False, "it is not ours to change");
    }

    [Test]
    [EffectOf("ppp-profile", "proxy-arp")]
    public async Task A_host_in_the_network_reaches_a_client_by_proxy_arp_until_it_hangs_up()
    {
        Reload(Configuration with { Pool = "198.51.100.200", ProfileExtra = "proxy-arp = \"yes\"" });
        ScriptedCall call = await DialAsync(Alice);
        TaskCompletionSource<byte[]> arrived = new();
        call.PacketReceived += packet =>
        {
            if (Ipv4Packet.TryReadUdp(packet, out _, out ushort port, out ReadOnlySpan<byte> payload) && port == 4000)
                arrived.TrySetResult(payload.ToArray());
        };
        using Socket socket = _far!.Invoke(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));

        for (int i = 0; i < 100 && !arrived.Task.IsCompleted; i++)
        {
            try
            {
                socket.SendTo("hello"u8, new IPEndPoint(call.Address, 4000));
            }
            catch (SocketException)
            {
                // Nobody has answered for the address yet.
            }

            await Task.WhenAny(arrived.Task, Task.Delay(300));
        }

        Assert.That(arrived.Task.IsCompleted, Is.True, Server.Report(Mark));
        Assert.That(await arrived.Task, Is.EqualTo("hello"u8.ToArray()));
        Assert.That(ProxyEntries().Select(entry => entry.Address), Is.EqualTo(new[] { call.Address }));
        await call.Caller.DisposeAsync();
        Assert.That(await Poll.UntilAsync(() => ProxyEntries().Count == 0, Soon), Is.Not.Null, "an entry is left");
    }

    [Test]
    public async Task Proxy_arp_for_an_address_of_no_network_is_warned_of()
    {
        Reload(Configuration with { ProfileExtra = "proxy-arp = \"yes\"" });
        ScriptedCall call = await DialAsync(Alice);
        Server.Log.WaitFor($"no interface of this host has {call.Address} in its network", Soon, after: Mark);
        await call.Caller.DisposeAsync();
    }

    /// <summary>Sends a datagram to the far host until it is echoed; gives the address it came from there.</summary>
    private async Task<IPAddress> AskAsync(ScriptedCall call, ushort port)
    {
        TaskCompletionSource answered = new();
        PacketHandler handler = packet =>
        {
            if (Ipv4Packet.TryReadUdp(packet, out _, out ushort to, out _) && to == port)
                answered.TrySetResult();
        };
        call.PacketReceived += handler;
        byte[] payload = [(byte)(port >> 8), (byte)port];
        for (int i = 0; i < 100 && !answered.Task.IsCompleted; i++)
        {
            call.SendPacket(Ipv4Packet.CreateUdp(call.Address, FarAddress, port, _echo!.Port, payload));
            await Task.WhenAny(answered.Task, Task.Delay(300));
        }

        call.PacketReceived -= handler;
        Assert.That(answered.Task.IsCompleted, Is.True, $"no answer\n{Server.Report(Mark)}");
        return _echo!.Received.First(datagram => datagram.Payload.SequenceEqual(payload)).From.Address;
    }

    private void LetTheFarHostKnowTheWayBack() => _far!.Invoke(() =>
    {
        using RouteNetlink netlink = new();
        netlink.AddRoute(
            new RouteEntry { Destination = IPNetwork.Parse("10.9.0.0/16"), Gateway = OutsideAddress }, replace: true);
    });

    private IReadOnlyList<ProxyNeighbour> ProxyEntries() => ServerNetwork.Invoke(() =>
    {
        using RouteNetlink netlink = new();
        return netlink.ListProxyNeighbours();
    });

    private void Reload(ServerConfiguration configuration)
    {
        Configure(configuration);
        int mark = Server.Log.Mark;
        Server.Signal("HUP");
        Server.Log.WaitFor("settings changed", Soon, after: mark);
    }

    private static void AddIpv6(string address, string? wayOut = null)
    {
        // The server has it off for what is made in its namespace; and no address of a test need be probed for.
        KernelSettings.TrySetIpv6("outside", "disable_ipv6", 0);
        KernelSettings.TrySetIpv6("outside", "accept_dad", 0);
        using RouteNetlink netlink = new();
        int index = netlink.FindLink("outside")!.Index;
        netlink.AddAddress(index, IPAddress.Parse(address), null, 64);
        // Who forwards looks for its neighbours from a link-local address.
        netlink.AddAddress(index, IPAddress.Parse(address.Replace("2001:db8:f", "fe80", StringComparison.Ordinal)), null, 64);
        if (wayOut is not null)
        {
            netlink.AddRoute(new RouteEntry
            {
                Destination = new IPNetwork(IPAddress.IPv6Any, 0),
                Gateway = IPAddress.Parse(wayOut),
                InterfaceIndex = index,
            });
        }
    }
}
