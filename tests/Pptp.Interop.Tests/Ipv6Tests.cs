using System.Text.RegularExpressions;
using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>A real pppd with IPv6, whose kernel makes its address of what we advertise.</summary>
internal sealed partial class Ipv6Tests : InteropFixture
{
    private const string Carol = "carol";
    private const string Prefix = "2001:db8:1::";

    /// <summary>Of the server's host, and in no tunnel.</summary>
    private const string Host6 = "2001:db8:99::1";

    /// <summary>ICMP data of the longest packet: pppd keeps 4 octets of 1450 for MPPE, and the headers take 48.</summary>
    private const int LongestPing = 1398;

    private static readonly TimeSpan SoonInVm = TimeSpan.FromSeconds(60);

    protected override ServerSettings Settings => new()
    {
        Extra = ServerSettings.Secret(Carol, "lab", $"remote-ipv6-prefix = \"{Prefix}/64\"")
            + ServerSettings.Profile("six", "required", "use-ipv6 = \"required\"")
            + ServerSettings.Secret("dave", "six"),
    };

    [TestCase(false)]
    [TestCase(true)]
    public void It_pings_and_carries_TCP_from_an_address_of_the_advertised_prefix(bool kernelClient)
    {
        Lab.InNamespace("ip", "-6", "addr", "replace", $"{Host6}/128", "dev", "lo").MustSucceed();
        Call call = Dial(new DialSettings { KernelClient = kernelClient }, Carol, "+ipv6").MustBeUp(Server);
        string address = WaitForAddress(call);

        Ping small = call.Ping(Host6, 50, 64).MustLoseNone(Server);
        Ping large = call.Ping(Host6, 50, LongestPing).MustLoseNone(Server);
        Ping fromServer = Ping.FromServer(address, 50, LongestPing).MustLoseNone(Server);
        using StreamServer streams = StreamServer.Start();
        TcpStream toServer = TcpStream.Run(address, Host6, 10, toVm: false);
        TcpStream toVm = TcpStream.Run(address, Host6, 10, toVm: true);
        // IPv4 goes beside it.
        call.Ping(ServerSettings.Gateway, 20, 64).MustLoseNone(Server);

        call.HangUp().MustSucceed();
        SessionStatistics statistics = SessionStatistics.WaitFor(Server, Carol);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(address, Does.StartWith("2001:db8:1:"), "the address the VM's kernel made");
            Assert.That(call.Encrypted, Is.True, call.Log);
            Assert.That(toServer.Megabits, Is.Positive, toServer.Report);
            Assert.That(toVm.Megabits, Is.Positive, toVm.Report);
            Assert.That(statistics["spoofed"], Is.Zero, statistics.ToString());
            Assert.That(statistics["mppe-resync"], Is.Zero, statistics.ToString());
        }

        Figures.Print("IPv6 ping of 64 bytes", $"{address}: {small}");
        Figures.Print("IPv6 ping of 1398 bytes", large.ToString());
        Figures.Print("IPv6 ping of 1398 bytes from the server", fromServer.ToString());
        Figures.Print("IPv6 TCP to the server", toServer.ToString());
        Figures.Print("IPv6 TCP to the client", toVm.ToString());
    }

    [Test]
    public void A_client_without_it_carries_IPv4_alone()
    {
        Call call = Dial(Carol, "noipv6").MustBeUp(Server);
        Server.Log.WaitFor("<pptp-carol>: carries no IPv6 - the peer rejects IPv6CP", Soon);
        call.Ping(ServerSettings.Gateway, 20, 64).MustLoseNone(Server);
    }

    [Test]
    public void A_client_without_it_is_sent_away_where_it_is_required()
    {
        Dial("dave", "noipv6");
        Server.Log.WaitFor("terminating... - IPv6 is required: the peer rejects IPv6CP", Soon);
    }

    [Test]
    public void A_user_without_it_is_told_so()
    {
        Call call = Dial(ServerSettings.Alice, "+ipv6").MustBeUp(Server);
        call.Ping(ServerSettings.Gateway, 20, 64).MustLoseNone(Server);
        Assert.That(call.LogNow(), Does.Contain("rcvd [LCP ProtRej").And.Not.Contain("rcvd [IPV6CP"));
    }

    private string WaitForAddress(Call call)
    {
        string address = "";
        TimeSpan? waited = Wait.Until(
            () =>
            {
                string shown = Lab.InVm($"ip -6 addr show dev {call.Interface} scope global").Output;
                address = GlobalAddress().Match(shown).Groups[1].Value;
                return address.Length > 0 && !shown.Contains("tentative", StringComparison.Ordinal);
            },
            SoonInVm);
        Assert.That(waited, Is.Not.Null, $"no address\n{Lab.InVm("ip -6 addr; ip -6 route")}\n{Server.Report()}");
        return address;
    }

    [GeneratedRegex("inet6 ([0-9a-f:]+)/64 scope global")]
    private static partial Regex GlobalAddress();
}
