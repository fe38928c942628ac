using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>IPv6 inside of tunnels, by packets made and read by hand.</summary>
internal sealed class Ipv6Tests : ServerFixture
{
    private const string Nobody = "nobody";
    private const string Pooled = "pooled";
    private const string Shared = "shared";
    private const string Strict = "strict";
    private const string Limited = "limited";

    /// <summary>The user, and the interface that is always there for it.</summary>
    private const string Branch = "branch";
    private const string Prefix = "2001:db8:1::";

    private static readonly IPAddress Global = IPAddress.Parse($"{Prefix}5");

    /// <summary>Of the server's host, and in no tunnel.</summary>
    private static readonly IPAddress Host6 = IPAddress.Parse("2001:db8:99::1");

    protected override ServerConfiguration Configuration => new()
    {
        Encryption = "yes",
        ServerExtra = "mrru = 1600",
        Users = [Nobody],
        Extra = ServerConfiguration.Secret(
                Alice, "tunnel", $"remote-ipv6-prefix = \"{Prefix}/64\"", "ipv6-routes = [\"2001:db8:7::/64 :: 1\"]")
            + "\n[[ipv6-pool]]\nname = \"six\"\nprefix = \"2001:db8:a::/62\"\nprefix-length = 64\n"
            + ServerConfiguration.Profile("pooled", "remote-ipv6-prefix-pool = \"six\"")
            + ServerConfiguration.Secret(Pooled, "pooled")
            + "\n[[ipv6-pool]]\nname = \"one\"\nprefix = \"2001:db8:b::/48\"\nprefix-length = 64\n"
            + ServerConfiguration.Profile(
                "shared", "remote-ipv6-prefix-pool = \"one\"", "remote-ipv6-prefix-reuse = true")
            + ServerConfiguration.Secret(Shared, "shared")
            + ServerConfiguration.Profile("strict", "use-ipv6 = \"required\"")
            + ServerConfiguration.Secret(Strict, "strict")
            + ServerConfiguration.Secret(
                Limited, "tunnel", "remote-ipv6-prefix = \"2001:db8:2::/64\"", "limit-bytes-in = 5000")
            + ServerConfiguration.Secret(Branch, "tunnel", "remote-ipv6-prefix = \"2001:db8:3::/64\"")
            + $"\n[[pptp-server-interface]]\nname = \"{Branch}\"\nuser = \"{Branch}\"\n",
    };

    protected override IReadOnlyList<string> StandingInterfaces => [Branch];

    [OneTimeSetUp]
    public void GiveTheServersHostAnAddress() => ServerNetwork.Invoke(() =>
    {
        using RouteNetlink netlink = new();
        netlink.AddAddress(netlink.FindLink("lo")!.Index, Host6, null, 128);
    });

    [TestCase(true)]
    [TestCase(false)]
    [EffectOf("ppp-secret", "remote-ipv6-prefix")]
    public async Task A_client_is_told_its_prefix_and_pings_from_an_address_of_it(bool encrypted)
    {
        Ipv6Station station = await DialAsync(Alice, encrypted);

        byte[] advertisement = await station.WaitForIcmpAsync(Ipv6Packet.RouterAdvertisement, Soon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Ipv6Packet.Source(advertisement), Is.EqualTo(station.Call.PeerLinkLocalAddress));
            Assert.That(advertisement[7], Is.EqualTo(255), "hop limit");
            Assert.That(OptionOf(advertisement, 3)[16..], Is.EqualTo(IPAddress.Parse(Prefix).GetAddressBytes()));
            Assert.That(OptionOf(advertisement, 3)[2..4], Is.EqualTo(new byte[] { 64, 0xC0 }));
            Assert.That(BinaryPrimitives.ReadInt32BigEndian(OptionOf(advertisement, 5).AsSpan(4)), Is.EqualTo(1450));
        }
        await station.PingAsync(Global, Host6, Soon);
        await station.PingAsync(station.Call.LinkLocalAddress, station.Call.PeerLinkLocalAddress, Soon);
        // IPv4 goes beside it.
        await using SequencedStream stream = new(station.Call, Echo, size: 100);
        stream.Send(5);
        await stream.WaitForAsync(5);
    }

    [Test]
    [EffectOf("ppp-profile", "remote-ipv6-prefix-pool")]
    [EffectOf("ipv6-pool", "name")]
    [EffectOf("ipv6-pool", "prefix")]
    [EffectOf("ipv6-pool", "prefix-length")]
    public async Task Each_client_of_a_pool_is_told_a_prefix_of_its_own()
    {
        Ipv6Station first = await DialAsync(Pooled);
        Ipv6Station second = await DialAsync(Pooled, 2);

        string[] prefixes = [await ReadPrefixAsync(first), await ReadPrefixAsync(second)];

        Assert.That(prefixes, Is.Unique.And.SubsetOf(
            new[] { "2001:db8:a::", "2001:db8:a:1::", "2001:db8:a:2::", "2001:db8:a:3::" }));
        IPAddress address = IPAddress.Parse(prefixes[1] + "77");
        await second.PingAsync(address, Host6, Soon);
        // That address is the other's.
        first.SendPing(address, Host6);
        await first.PingAsync(first.Call.LinkLocalAddress, first.Call.PeerLinkLocalAddress, Soon);
        Assert.That((await HangUpAndReadStatisticsAsync(first.Call))["spoofed"], Is.EqualTo(1));
    }

    [Test]
    [EffectOf("ppp-profile", "remote-ipv6-prefix-reuse")]
    public async Task Clients_that_share_a_prefix_have_one_address_of_it_each()
    {
        Ipv6Station first = await DialAsync(Shared, 1);
        Ipv6Station second = await DialAsync(Shared, 2);

        string prefix = await ReadPrefixAsync(first);
        Assert.That(await ReadPrefixAsync(second), Is.EqualTo(prefix));
        await first.PingAsync(IPAddress.Parse(prefix + "1"), Host6, Soon);
        await second.PingAsync(IPAddress.Parse(prefix + "2"), Host6, Soon);
        first.SendPing(IPAddress.Parse(prefix + "2"), Host6);
        await first.PingAsync(first.Call.LinkLocalAddress, first.Call.PeerLinkLocalAddress, Soon);
        Assert.That((await HangUpAndReadStatisticsAsync(first.Call))["spoofed"], Is.EqualTo(1));
    }

    [Test]
    public async Task A_client_that_looks_for_its_router_is_told_and_a_flood_of_that_is_answered_once_in_a_second()
    {
        Ipv6Station station = await DialAsync(Alice);
        await station.WaitForIcmpAsync(Ipv6Packet.RouterAdvertisement, Soon);
        long began = Environment.TickCount64;
        for (int i = 0; i < 2000; i++)
            station.SolicitRouter();
        await station.WaitForIcmpAsync(Ipv6Packet.RouterAdvertisement, Soon);
        int others = 0;
        station.Call.PacketReceived += packet =>
        {
            if (Ipv6Packet.TryReadIcmp(packet, out byte type, out _) && type == Ipv6Packet.RouterAdvertisement)
                others++;
        };
        await station.PingAsync(Global, Host6, Soon);
        Assert.That(others, Is.LessThanOrEqualTo(1 + ((Environment.TickCount64 - began) / 1000)));
    }

    [Test]
    [EffectOf("ppp-secret", "ipv6-routes")]
    public async Task Networks_behind_the_client_are_reached_and_heard()
    {
        Ipv6Station station = await DialAsync(Alice);
        IPNetwork behind = IPNetwork.Parse("2001:db8:7::/64");
        int index = FindInterface("pptp-alice")!.Index;
        Assert.That(
            SessionRoutes().Where(route => route.Destination == behind).Select(route => (route.InterfaceIndex, route.Metric)),
            Is.EqualTo(new[] { ((int?)index, 1u) }));
        await station.PingAsync(IPAddress.Parse("2001:db8:7::77"), Host6, Soon);

        await station.Call.Caller.DisposeAsync();
        Server.Log.WaitFor("<pptp-alice>: disconnected", Soon, after: Mark);
        Assert.That(SessionRoutes(), Is.Empty);
    }

    [Test]
    public async Task What_is_not_the_clients_does_not_come_in()
    {
        Ipv6Station station = await DialAsync(Alice);
        IPAddress ours = station.Call.LinkLocalAddress;
        string[] foreign = ["2001:db8:1:1::5", "2001:db8:99::1", "fe80::1:2:3", "::1", "::", "ff02::1", "fe80:0:0:1::5"];
        foreach (string source in foreign)
            station.SendPing(IPAddress.Parse(source), Host6);
        // What only a router says, and one that is hidden behind options.
        byte[] route = Ipv6Packet.CreateIcmp(ours, IPAddress.Parse("ff02::1"), Ipv6Packet.RouterAdvertisement, new byte[12]);
        station.Call.SendPacket(route);
        station.Call.SendPacket(Ipv6Packet.CreateIcmp(ours, station.Call.PeerLinkLocalAddress, 137, new byte[36]));
        station.Call.SendPacket(
            Ipv6Packet.Create(ours, IPAddress.Parse("ff02::1"), 0, [58, 0, 1, 4, 0, 0, 0, 0, .. route.AsSpan(40)]));
        // No packet of IPv6 at all.
        station.Call.SendPacket([0x60, 0, 0, 0, 0, 0]);

        Assert.That(await station.PingAsync(Global, Host6, Soon), Is.Zero, "answered");

        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(station.Call);
        Assert.That(statistics["spoofed"], Is.EqualTo(foreign.Length + 3));
    }

    [Test]
    public async Task A_client_that_asks_whether_its_address_is_free_comes_in()
    {
        Ipv6Station station = await DialAsync(Alice);
        station.Call.SendPacket(Ipv6Packet.CreateIcmp(
            IPAddress.IPv6Any, IPAddress.Parse("ff02::1:ff00:5"), Ipv6Packet.NeighbourSolicitation,
            [0, 0, 0, 0, .. Global.GetAddressBytes()]));
        await station.PingAsync(Global, Host6, Soon);
        Assert.That((await HangUpAndReadStatisticsAsync(station.Call))["spoofed"], Is.Zero);
    }

    [Test]
    public async Task The_MSS_is_clamped_to_the_tunnel_both_ways()
    {
        Ipv6Station station = await DialAsync(Alice);
        using Socket listener = ServerNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(Host6, 0));
        station.Call.SendPacket(Ipv6Packet.CreateSyn(Global, Host6, 40_000, 9, 1440));
        byte[] segment = new byte[256];
        using (CancellationTokenSource patience = new(Soon))
        {
            do
                await listener.ReceiveAsync(segment, patience.Token);
            while (BinaryPrimitives.ReadUInt16BigEndian(segment) != 40_000);
        }
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(segment.AsSpan(22)), Is.EqualTo(1390));

        // A raw socket with this protocol takes whole packets.
        using Socket sender = ServerNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.Raw));
        sender.SendTo(Ipv6Packet.CreateSyn(Host6, Global, 41_000, 9, 1440), new IPEndPoint(Global, 0));
        Assert.That(await station.WaitForSynAsync(Soon), Is.EqualTo(1390));
    }

    [Test]
    public async Task Octets_of_IPv6_count_for_the_limit_as_those_of_IPv4()
    {
        Ipv6Station station = await DialAsync(Limited);
        for (int i = 0; i < 6; i++)
            station.SendPing(IPAddress.Parse("2001:db8:2::5"), Host6, length: 1000 - 48);
        await station.Call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));
        Server.Log.WaitFor($"<pptp-{Limited}>: terminating... - traffic limit reached", Soon, after: Mark);
        Assert.That(
            Server.Log.WaitFor($"<pptp-{Limited}>: statistics", Soon, after: Mark).Text,
            Does.Contain("rx-packets=5 rx-bytes=5000 "));
    }

    [Test]
    public async Task Without_it_in_the_profile_IPv6CP_is_rejected()
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Nobody) with { Ipv6 = true });
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.ProtocolReject));
        Assert.That(call.Frames.Where(frame => frame.Protocol == PppWire.Ipv6cp), Is.Empty);
        // One that goes on regardless is told that too, and no more.
        call.SendPacket(Ipv6Packet.CreateEchoRequest(
            call.LinkLocalAddress, IPAddress.Parse("ff02::1"), 1));
        await using SequencedStream stream = new(call, Echo, size: 100);
        stream.Send(5);
        await stream.WaitForAsync(5);
        await call.Caller.DisposeAsync();
    }

    [Test]
    [EffectOf("ppp-profile", "use-ipv6")]
    public async Task A_client_without_IPv6_is_sent_away_where_the_profile_requires_it()
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Strict));
        await call.WaitForFramesAsync(frame => frame.Protocol == PppWire.Ipv6cp);
        ReceivedFrame asked = call.Frames.First(frame => frame.Protocol == PppWire.Ipv6cp);
        call.SendFrame(
            PppWire.Lcp, PppWire.Packet(PppWire.ProtocolReject, 1, [0x80, 0x57, .. asked.Information]));
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));
        Server.Log.WaitFor("terminating... - IPv6 is required: the peer rejects IPv6CP", Soon, after: Mark);

        Ipv6Station station = await DialAsync(Strict);
        await station.PingAsync(station.Call.LinkLocalAddress, station.Call.PeerLinkLocalAddress, Soon);
    }

    [Test]
    public async Task A_client_that_closes_IPv6_keeps_its_IPv4()
    {
        Ipv6Station station = await DialAsync(Alice);
        await station.PingAsync(Global, Host6, Soon);
        station.Call.TerminateIpv6();
        Server.Log.WaitFor("<pptp-alice>: carries no IPv6 any more - the peer closed IPv6CP", Soon, after: Mark);
        station.SendPing(Global, Host6);
        await using SequencedStream stream = new(station.Call, Echo, size: 100);
        stream.Send(5);
        await stream.WaitForAsync(5);
        Assert.That(station.Call.Ended, Is.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_packet_longer_than_the_tunnel_goes_in_fragments_both_ways(bool encrypted)
    {
        Ipv6Station station = await DialAsync(SettingsOf(Alice) with
        {
            Encrypt = encrypted,
            MayGoInClear = !encrypted,
            Mrru = 1600,
            FragmentSize = 1400,
        });
        ushort number = station.SendPing(Global, Host6, length: 1500 - 48);
        byte[] reply = await station.WaitForIcmpAsync(Ipv6Packet.EchoReply, Soon);
        Assert.That((reply.Length, (reply[46] << 8) | reply[47]), Is.EqualTo((1500, (int)number)));
        Assert.That(station.Call.FragmentsReceived, Is.EqualTo(2));
    }

    [Test]
    public async Task An_interface_that_is_always_there_has_its_IPv6_for_as_long_as_its_user_is()
    {
        for (ulong identifier = 11; identifier <= 12; identifier++)
        {
            Ipv6Station station = await Ipv6Station.DialAsync(
                Host, SettingsOf(Branch) with { InterfaceIdentifier = identifier });
            Server.Log.WaitFor($"carries IPv6, {station.Call.LinkLocalAddress}", Soon, after: Mark);
            await station.PingAsync(IPAddress.Parse("2001:db8:3::5"), Host6, Soon);
            Assert.That(Ipv6AddressesOf(Branch), Is.EqualTo(new[] { station.Call.PeerLinkLocalAddress }));
            await station.Call.Caller.DisposeAsync();
            Assert.That(
                await Poll.UntilAsync(() => Ipv6AddressesOf(Branch).Count == 0 && SessionRoutes().Count == 0, Soon),
                Is.Not.Null, "left on the interface");
        }
    }

    private IReadOnlyList<IPAddress> Ipv6AddressesOf(string name) =>
    [
        .. AddressesOf(FindInterface(name)!.Index).Select(entry => entry.Local)
            .Where(address => address.AddressFamily == AddressFamily.InterNetworkV6),
    ];

    private async Task<Ipv6Station> DialAsync(string user, bool encrypted = true) =>
        await DialAsync(SettingsOf(user) with { Encrypt = encrypted, MayGoInClear = !encrypted });

    private async Task<Ipv6Station> DialAsync(string user, ulong identifier) =>
        await DialAsync(SettingsOf(user) with { InterfaceIdentifier = identifier });

    private async Task<Ipv6Station> DialAsync(CallSettings settings)
    {
        int mark = Server.Log.Mark;
        Ipv6Station station = await Ipv6Station.DialAsync(Host, settings);
        Server.Log.WaitFor($"carries IPv6, {station.Call.LinkLocalAddress}", Soon, after: mark);
        return station;
    }

    private static async Task<string> ReadPrefixAsync(Ipv6Station station)
    {
        byte[] advertisement = await station.WaitForIcmpAsync(Ipv6Packet.RouterAdvertisement, Soon);
        return $"{new IPAddress(OptionOf(advertisement, 3)[16..])}";
    }

    /// <summary>An option of a router advertisement, with its head.</summary>
    private static byte[] OptionOf(byte[] advertisement, byte type)
    {
        for (int at = 56; at < advertisement.Length; at += advertisement[at + 1] * 8)
        {
            if (advertisement[at] == type)
                return advertisement[at..(at + (advertisement[at + 1] * 8))];
        }
        throw new AssertionException($"the advertisement has no option {type}");
    }
}
