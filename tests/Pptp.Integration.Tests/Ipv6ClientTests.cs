using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>IPv6 inside a tunnel between two daemons, of which each leaves it to its kernel to make addresses.</summary>
[EffectOf("ppp-profile", "use-ipv6")]
internal sealed class Ipv6ClientTests : ClientFixture
{
    private const string Profile = "\n[[ppp-profile]]\nname = \"six\"\nuse-ipv6 = \"yes\"\nuse-encryption = \"required\"\n";

    private static readonly IPNetwork Prefix = IPNetwork.Parse("2001:db8:1::/64");

    /// <summary>Of the server's host, and in no tunnel.</summary>
    private static readonly IPAddress Host6 = IPAddress.Parse("2001:db8:99::1");

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Bob],
        Extra = ServerConfiguration.Secret(Alice, "tunnel", $"remote-ipv6-prefix = \"{Prefix}\""),
    };

    [OneTimeSetUp]
    public void GiveTheServersHostAnAddress() => ServerNetwork.Invoke(() =>
    {
        using RouteNetlink netlink = new();
        netlink.AddAddress(netlink.FindLink("lo")!.Index, Host6, null, 128);
    });

    [Test]
    public async Task An_address_of_the_advertised_prefix_pings_and_carries_TCP()
    {
        Connect(Entry("profile = \"six\"", "add-default-route = true") + Profile);
        IPAddress address = await WaitForAddressAsync();
        Assert.That(Prefix.Contains(address), Is.True, $"{address}");

        Assert.That(await PingAsync(address), Is.True, "no answer to a ping");
        using Socket listener = ServerNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(Host6, 0));
        listener.Listen();
        using Socket socket = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp));
        using CancellationTokenSource patience = new(Soon);
        await socket.ConnectAsync(listener.LocalEndPoint!, patience.Token);
        using Socket accepted = await listener.AcceptAsync(patience.Token);
        Assert.That(((IPEndPoint)accepted.RemoteEndPoint!).Address, Is.EqualTo(address));

        byte[] sent = new byte[1_000_000];
        Random.Shared.NextBytes(sent);
        Task sending = Task.Run(async () =>
        {
            await socket.SendAsync(sent, patience.Token);
            socket.Shutdown(SocketShutdown.Send);
        });
        byte[] received = new byte[sent.Length + 1];
        int length = 0;
        while (await accepted.ReceiveAsync(received.AsMemory(length), patience.Token) is > 0 and int more)
            length += more;
        await sending;
        Assert.That(received.AsSpan(0, length).SequenceEqual(sent), Is.True, $"{length} of {sent.Length} octets");
        // IPv4 goes beside it.
        Assert.That(await CarriesAsync(), Is.True);
    }

    [Test]
    public async Task A_server_without_IPv6_for_the_user_carries_IPv4_alone()
    {
        Connect(EntryOf(Out, Bob, "profile = \"six\"") + Profile);
        WaitForLog($"{Out}: carries no IPv6 - the peer rejects IPv6CP");
        Assert.That(await CarriesAsync(), Is.True);
        Assert.That(Ipv6Addresses(), Is.Empty);
    }

    [Test]
    public void A_server_without_IPv6_for_the_user_is_left_where_it_is_required()
    {
        StartClient(EntryOf(Out, Bob, "profile = \"six\"") + Profile.Replace("yes", "required", StringComparison.Ordinal));
        WaitForLog("terminating... - IPv6 is required: the peer rejects IPv6CP");
    }

    [Test]
    public async Task A_client_that_does_not_want_it_says_no()
    {
        Connect(Entry());
        Server.Log.WaitFor("carries no IPv6 - the peer rejects IPv6CP", Soon);
        Assert.That(await CarriesAsync(), Is.True);
        Assert.That(Ipv6Addresses(), Is.Empty);
    }

    private IReadOnlyList<IPAddress> Ipv6Addresses() =>
    [
        .. AddressesOf().Select(entry => entry.Local)
            .Where(address => address.AddressFamily == AddressFamily.InterNetworkV6),
    ];

    /// <summary>The address that the kernel makes of what the server advertises.</summary>
    private async Task<IPAddress> WaitForAddressAsync()
    {
        TimeSpan? waited = await Poll.UntilAsync(() => Ipv6Addresses().Any(address => !address.IsIPv6LinkLocal), Soon);
        Assert.That(waited, Is.Not.Null, $"no address but {string.Join(", ", Ipv6Addresses())}");
        return Ipv6Addresses().First(address => !address.IsIPv6LinkLocal);
    }

    private async Task<bool> PingAsync(IPAddress source)
    {
        using Socket socket = ClientNetwork.Invoke(
            () => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6));
        Assert.That(
            await Poll.UntilAsync(() => IsBound(socket, source), Soon), Is.Not.Null, $"{source} stays tentative");
        // The kernel writes the checksum.
        await socket.SendToAsync(new byte[] { 128, 0, 0, 0, 1, 2, 3, 4 }, new IPEndPoint(Host6, 0));
        using CancellationTokenSource patience = new(Soon);
        byte[] answer = new byte[64];
        do
            await socket.ReceiveAsync(answer, patience.Token);
        while (answer[0] != 129);
        return answer.AsSpan(4, 4).SequenceEqual((ReadOnlySpan<byte>)[1, 2, 3, 4]);
    }

    /// <summary>An address is listed before the kernel has done with it; until then nothing can be sent from it.</summary>
    private static bool IsBound(Socket socket, IPAddress source)
    {
        try
        {
            socket.Bind(new IPEndPoint(source, 0));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return false;
        }
    }
}
