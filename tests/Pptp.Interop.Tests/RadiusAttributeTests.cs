using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Pptp.Interop.Tests.Harness;
using Pptp.Testing.Radius;

namespace Pptp.Interop.Tests;

/// <summary>What FreeRADIUS says of a user in its Access-Accept, seen from outside with a real pppd.</summary>
internal sealed partial class RadiusAttributeTests : RadiusFixture
{
    private const string Branch = "192.168.77.0/24";
    private const int Limit = 100_000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    protected override string Users =>
        User("addressed", "Framed-IP-Address = 10.0.0.99")
        + User("masked", "Framed-IP-Address = 10.0.5.1", "Framed-IP-Netmask = 255.255.255.0")
        + User("routed", "Framed-IP-Address = 10.0.0.98", $"Framed-Route = \"{Branch} 10.0.0.98 3\"")
        + User("pooled", "Framed-Pool = \"other\"")
        + User("timed", "Session-Timeout = 5")
        + User("idle", "Idle-Timeout = 4")
        + User("filtered", "Filter-Id = \"no-ping.in\"")
        + User("listed", "Mikrotik-Address-List = \"blocked\"")
        + User("grouped", "Mikrotik-Group = \"opportunist\"")
        + User("strict", "Mikrotik-Group = \"opportunist\"")
        + User("uploader", $"Mikrotik-Recv-Limit = {Limit}")
        + User("downloader", $"Mikrotik-Xmit-Limit = {Limit}")
        + User("alias", "User-Name = \"real\"")
        + User("named", "MS-Primary-DNS-Server = 10.1.1.1", "MS-Secondary-DNS-Server = 10.1.1.2")
        + User("single", "Port-Limit = 1")
        + User("greeted", InClear, "Reply-Message = \"Mind the gap\"")
        + User("prefixed", "Framed-IPv6-Prefix = 2001:db8:5::/64")
        + User("delegated", "Framed-IPv6-Prefix = 2001:db8:5::/64", "Delegated-IPv6-Prefix = 2001:db8:6::/56")
        + User("mikrotik", "Mikrotik-Rate-Limit = \"1M/2M\"")
        + User("ascend", "Ascend-Data-Rate = 1000000", "Ascend-Xmit-Rate = 2000000")
        + User("wispr", "WISPr-Bandwidth-Max-Up = 1000000", "WISPr-Bandwidth-Max-Down = 2000000")
        + User("plain-user");

    protected override FreeRadiusSettings RadiusSettings => base.RadiusSettings with
    {
        RequireEncryption = false,
        // After the mschap module has said that encryption is allowed.
        PostAuth = """
            if (&User-Name == "strict") {
                update reply {
                    MS-MPPE-Encryption-Policy := Encryption-Required
                }
            }
            """,
    };

    protected override string Extra => """

        [[ip-pool]]
        name = "other"
        ranges = "10.0.7.1-10.0.7.9"

        [[firewall-chain]]
        name = "no-ping"
        rules = ["icmp type echo-request drop"]

        [[firewall-chain]]
        name = "input"
        rules = ["ip saddr @blocked icmp type echo-request drop"]

        [[ppp-profile]]
        name = "of-the-list"
        address-list = ["blocked"]

        """;

    [Test]
    public void Framed_IP_Address_is_the_clients()
    {
        Call call = Dial("addressed").MustBeUp(Server);
        Assert.That(call.LocalAddress, Is.EqualTo("10.0.0.99"));
        call.Ping(ServerSettings.Gateway, 20, 1400).MustLoseNone(Server);
    }

    [Test]
    public void Framed_IP_Netmask_leads_to_the_clients_network()
    {
        Dial("masked").MustBeUp(Server);
        Server.Log.WaitFor("<pptp-masked>: connected", Soon);
        Assert.That(Routes("10.0.5.0/24"), Does.Contain("dev pptp-masked"));
    }

    [Test]
    public void Framed_Route_stands_while_the_user_is_there_and_carries_traffic()
    {
        Call call = Dial("routed").MustBeUp(Server);
        Server.Log.WaitFor("<pptp-routed>: connected", Soon);
        Assert.That(Routes(Branch), Does.Contain("dev pptp-routed").And.Contain("metric 3"));

        Lab.InVm($"ip addr add 192.168.77.1/32 dev {call.Interface}").MustSucceed();
        Ping.FromServer("192.168.77.1", 20, 64).MustLoseNone(Server);
        call.HangUp().MustSucceed();
        MustVanish("pptp-routed", Soon);
        Assert.That(Routes(Branch), Is.Empty);
    }

    [Test]
    public void Framed_Pool_is_where_the_address_is_from() =>
        Assert.That(Dial("pooled").MustBeUp(Server).LocalAddress, Does.StartWith("10.0.7."));

    [Test]
    public void Session_Timeout_ends_the_session_though_there_is_traffic()
    {
        Dial("timed").MustBeUp(Server).Ping(ServerSettings.Gateway, 50, 64);
        MustEnd("timed", "session timeout");
    }

    [Test]
    public void Idle_Timeout_ends_the_session_without_traffic()
    {
        Dial("idle").MustBeUp(Server);
        MustEnd("idle", "idle timeout");
    }

    [TestCase("filtered")]
    [TestCase("listed")]
    public void Filter_Id_and_Mikrotik_Address_List_keep_pings_from_the_server(string user)
    {
        Call call = Dial(user).MustBeUp(Server);
        Call other = Dial(new DialSettings { Link = "other" }, "plain-user").MustBeUp(Server);
        Assert.That(call.Ping(ServerSettings.Gateway, 5, 64).Answered, Is.Zero);
        other.Ping(ServerSettings.Gateway, 5, 64).MustLoseNone(Server);
        Ping.FromServer(call.LocalAddress, 5, 64).MustLoseNone(Server);
    }

    [Test]
    public void Mikrotik_Group_is_the_profile_and_MS_MPPE_Encryption_Policy_stricter()
    {
        Assert.That(Dial("grouped", "nomppe").MustBeUp(Server).Encoding, Is.Empty);
        Assert.That(Dial(new DialSettings { Link = "strict" }, "strict", "nomppe").ExitCode, Is.Not.Zero);
        Dial(new DialSettings { Link = "again" }, "strict").MustBeUp(Server);
    }

    [TestCase("uploader", "rx-bytes")]
    [TestCase("downloader", "tx-bytes")]
    public void Mikrotik_Recv_and_Xmit_Limit_end_the_session(string user, string counter)
    {
        Call call = Dial(user).MustBeUp(Server);
        // The answers go the other way, where this user has no limit.
        _ = user == "uploader"
            ? call.Ping(ServerSettings.Gateway, 150, 1000)
            : Ping.FromServer(call.LocalAddress, 150, 1000);
        Server.Log.WaitFor($"<pptp-{user}>: disconnected", Enough);
        SessionStatistics statistics = SessionStatistics.WaitFor(Server, user);
        Assert.That(statistics[counter], Is.InRange(Limit - 1500, Limit), statistics.ToString());
    }

    [Test]
    public void User_Name_renames_the_session()
    {
        Dial("alias").MustBeUp(Server);
        Server.Log.WaitFor("<pptp-real>: connected", Soon);
        Assert.That(Lab.HasInterface("pptp-real"), Is.True);
    }

    [Test]
    public void MS_Primary_DNS_Server_is_told_to_the_client()
    {
        string log = Dial("named", "usepeerdns").MustBeUp(Server).Log;
        Assert.That(log, Does.Match("primary +DNS address 10.1.1.1").And.Match("secondary +DNS address 10.1.1.2"));
    }

    [Test]
    public void Port_Limit_is_how_many_sessions_a_user_has()
    {
        Dial("single").MustBeUp(Server);
        Assert.That(Dial(new DialSettings { Link = "second" }, "single").ExitCode, Is.Not.Zero, Server.Report());
        Assert.That(Server.Log.With(": connected"), Has.Count.EqualTo(1));
    }

    [Test]
    public void Reply_Message_is_shown_to_the_client()
    {
        Call call = Dial("greeted", "nomppe", "refuse-chap", "refuse-mschap", "refuse-mschap-v2", "refuse-eap");
        Assert.That(call.MustBeUp(Server).Log, Does.Contain("Mind the gap"));
    }

    [TestCase("prefixed")]
    [TestCase("delegated")]
    public void Framed_IPv6_Prefix_is_where_the_client_makes_its_address_and_a_delegated_one_leads_to_it(string user)
    {
        Call call = Dial(user, "+ipv6").MustBeUp(Server);
        TimeSpan? waited = Wait.Until(
            () => GlobalAddress().IsMatch(Lab.InVm($"ip -6 addr show dev {call.Interface} scope global").Output), Enough);
        Assert.That(waited, Is.Not.Null, $"{Lab.InVm("ip -6 addr").Output}\n{Server.Report()}");
        Assert.That(
            Lab.InNamespace("ip", "-6", "route", "show", "2001:db8:6::/56").Output,
            user == "delegated" ? Does.Contain("dev pptp-delegated") : Is.Empty);
    }

    [TestCase("mikrotik")]
    [TestCase("ascend")]
    [TestCase("wispr")]
    public void A_rate_holds_for_what_the_session_carries(string user)
    {
        Dial(user).MustBeUp(Server);
        using StreamServer streams = StreamServer.Start();
        using RunningStream stream = RunningStream.Start("-u -l 1300 -b 3M --bidir", seconds: 60);
        stream.MustRunThrough(InterfaceOf(user));
        // Less only where the machine could not give its all: so the best of three.
        string report = "";
        bool isCarried = false;
        for (int attempt = 1; attempt <= 3 && !isCarried; attempt++)
        {
            (double up, double down) = Carried(user);
            report += string.Create(CultureInfo.InvariantCulture, $"{up:0.000} Mbit/s up, {down:0.000} down; ");
            Assert.That(up, Is.LessThan(1.03), report);
            Assert.That(down, Is.LessThan(2.06), report);
            isCarried = up > 0.9 && down > 1.8;
        }

        Figures.Print($"rate of RADIUS, 1M/2M by {user}", report);
        Assert.That(isCarried, Is.True, report);
    }

    /// <summary>Megabits of IP in a second, from and to the client.</summary>
    private static (double Up, double Down) Carried(string user)
    {
        InterfaceOctets before = InterfaceOctets.Read(InterfaceOf(user));
        Stopwatch clock = Stopwatch.StartNew();
        Thread.Sleep(Window);
        InterfaceOctets after = InterfaceOctets.Read(InterfaceOf(user));
        double bits = 8 / clock.Elapsed.TotalSeconds / 1e6;
        return ((after.FromClient - before.FromClient) * bits, (after.ToClient - before.ToClient) * bits);
    }

    private static string Routes(string network) => Lab.InNamespace("ip", "route", "show", network).Output;

    private void MustEnd(string user, string reason)
    {
        Server.Log.WaitFor($"<pptp-{user}>: terminating... - {reason}", Enough);
        Server.Log.WaitFor($"<pptp-{user}>: disconnected", Enough);
        MustVanish(InterfaceOf(user), Soon);
    }

    [GeneratedRegex("inet6 2001:db8:5:[0-9a-f:]+/64 scope global")]
    private static partial Regex GlobalAddress();
}
