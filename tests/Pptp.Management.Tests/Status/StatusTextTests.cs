using System.Net;
using Pptp.Appliance;
using Pptp.Management.Status;
using Pptp.Model;

namespace Pptp.Management.Tests.Status;

/// <summary>What a person reads.</summary>
internal sealed class StatusTextTests
{
    [Test]
    public void A_client_is_shown_as_print_and_monitor_of_RouterOS_show_it() => Assert.That(
        StatusText.Print(Examples.Of(new() { Clients = [Examples.Client] }, [Examples.ClientUp])),
        Is.EqualTo("""
            /interface pptp-client
            Flags: X - disabled; R - running
            0  R name="pptp-out1" max-mtu=1450 max-mru=1450 mrru=disabled connect-to=192.168.62.2 user="MT-User"
                 password=******** profile=default-encryption keepalive-timeout=60 add-default-route=no
                 default-route-distance=1 use-peer-dns=no dial-on-demand=no allow=pap,chap,mschap1,mschap2
                         status: connected
                         uptime: 44m8s
                       encoding: MPPE128 stateless
                            mtu: 1450
                            mru: 1440
                  local-address: 10.0.0.5
                 remote-address: 10.0.0.1

            """));

    [Test]
    public void A_client_with_IPv6_has_its_link_local_addresses_after_the_others()
    {
        PptpClientStatus client = Examples.ClientUp with
        {
            LocalIpv6Address = IPAddress.Parse("fe80::2"),
            RemoteIpv6Address = IPAddress.Parse("fe80::1"),
        };
        Assert.That(StatusText.Print(Examples.Of(new() { Clients = [Examples.Client] }, [client])), Does.EndWith("""
                      remote-address: 10.0.0.1
                  local-ipv6-address: fe80::2
                 remote-ipv6-address: fe80::1

            """));
    }

    [Test]
    public void Who_has_dialled_in_is_shown_as_print_of_RouterOS_shows_it()
    {
        PptpSessionStatus plain = Examples.Session with
        {
            Name = "branch",
            IsDynamic = false,
            User = "bob",
            Encoding = "",
            Uptime = new TimeSpan(9, 3, 4, 5),
        };
        Assert.That(
            StatusText.Print(Examples.Of(
                new()
                {
                    ServerInterfaces =
                    [
                        new() { Name = "closed", User = "x", Disabled = true }, new() { Name = "branch", User = "bob" },
                    ],
                },
                sessions: [Examples.Session, plain])),
            Is.EqualTo("""
                /interface pptp-server
                Flags: X - disabled; D - dynamic; R - running
                Columns: NAME, USER, MTU, CLIENT-ADDRESS, UPTIME, ENCODING, INTERFACE, REMOTE-ADDRESS
                #       NAME            USER     MTU   CLIENT-ADDRESS  UPTIME      ENCODING           INTERFACE     REMOTE-ADDRESS
                0  X    closed          x                                                             closed
                1    R  branch          bob      1450  192.168.51.3    1w2d3h4m5s                     branch        10.0.0.5
                2   DR  <pptp-MT-User>  MT-User  1450  192.168.51.3    44m8s       MPPE128 stateless  pptp-MT-User  10.0.0.5

                """));
    }

    [Test]
    public void What_a_session_carries_now_and_may_carry_stands_at_its_end()
    {
        RateLimit limit = new(new RatePair(2_000_000, 10_000_000));
        StatusSnapshot before = Examples.Look(Examples.Session with { RateLimit = limit });
        StatusSnapshot now = Examples.Look(Examples.Session with
        {
            RateLimit = limit,
            Counters = new() { RxBytes = 3_000_000, TxBytes = 100 },
        });
        string text = StatusText.Print(StatusDocument.Of(now with { At = TimeSpan.FromSeconds(2) }, before));

        Assert.That(text, Does.Contain("REMOTE-ADDRESS, RX, TX, RATE-LIMIT\n").And.Match("10.0.0.5 +12.0Mbps +400bps +2M/10M\n"));
    }

    [Test]
    public void A_long_name_does_not_push_the_others_apart()
    {
        string name = new('x', 200);
        PptpSessionStatus session = Examples.Session with { Name = $"<pptp-{name}>", User = name };
        string[] lines = StatusText.Print(Examples.Of(new(), sessions: [session])).Split('\n');

        Assert.That(lines[^2], Does.Contain("<pptp-" + new string('x', 23) + "...  " + new string('x', 29) + "...  "));
    }

    [Test]
    public void Clients_come_before_those_who_dial_in_and_are_numbered_by_themselves()
    {
        PptpClient[] clients =
            [.. Enumerable.Range(0, 11).Select(i => Examples.Client with { Name = $"out{i}", Disabled = true })];
        StatusDocument status = Examples.Of(new() { Clients = [.. clients] }, sessions: [Examples.Session]);
        string[] lines = StatusText.Print(status).Split('\n');

        Assert.That(lines.Where(line => line.Contains("name=")).Select(line => line[..16]),
            Is.EqualTo(Enumerable.Range(0, 11).Select(i => $"{i,2} X  name=\"out{i}\""[..16])));
        int[] menus = [Array.IndexOf(lines, "/interface pptp-client"), Array.IndexOf(lines, "/interface pptp-server")];
        Assert.That(menus, Has.None.Negative.And.Ordered);
    }

    [Test]
    public void A_comment_stands_before_its_row_as_in_RouterOS()
    {
        PptpClient client = Examples.Client with { Comment = "to the\nshop" };
        string text = StatusText.Print(Examples.Of(new() { Clients = [client] }));

        Assert.That(text, Does.Contain("\n0    ;;; to the\\nshop\n     name=\"pptp-out1\" "));
    }

    [Test]
    public void Nothing_in_it_can_reorder_or_clear_a_terminal()
    {
        string text = StatusText.Print(Examples.Of(
            new() { Clients = [Examples.Client with { User = "a\u001b[2J\"", Comment = "\u202e" }] },
            sessions: [Examples.Session with { Name = "<pptp-\u001b[2J>", User = "\u202e" }]));

        Assert.That(text, Does.Not.Contain("\u001b").And.Not.Contain("\u202e"));
        Assert.That(text, Does.Contain("user=\"a\\u001B[2J\\\"\""));
    }

    [Test]
    public void Without_tunnels_it_says_so() =>
        Assert.That(StatusText.Print(Examples.Of(new())), Is.EqualTo("there are no tunnels\n"));
}
