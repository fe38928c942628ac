using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance;
using Pptp.Management.Status;
using Pptp.Model;

namespace Pptp.Management.Tests.Status;

/// <summary>What the daemon tells, as its JSON has it.</summary>
internal sealed class StatusDocumentTests
{
    [Test]
    public void A_client_has_what_RouterOS_prints_of_it_and_then_what_RouterOS_monitors()
    {
        StatusDocument status = Examples.Of(new() { Clients = [Examples.Client] }, [Examples.ClientUp]);

        Assert.That(Encoding.UTF8.GetString(status.ToJson()), Is.EqualTo("""
            {
              "pptp-client": [
                {
                  "name": "pptp-out1",
                  "max-mtu": "1450",
                  "max-mru": "1450",
                  "mrru": "disabled",
                  "connect-to": "192.168.62.2",
                  "user": "MT-User",
                  "password": "********",
                  "profile": "default-encryption",
                  "keepalive-timeout": "60",
                  "add-default-route": "no",
                  "default-route-distance": "1",
                  "use-peer-dns": "no",
                  "dial-on-demand": "no",
                  "allow": "pap,chap,mschap1,mschap2",
                  "disabled": "no",
                  "running": "yes",
                  "status": "connected",
                  "uptime": "44m8s",
                  "encoding": "MPPE128 stateless",
                  "mtu": "1450",
                  "mru": "1440",
                  "local-address": "10.0.0.5",
                  "remote-address": "10.0.0.1",
                  "rx-byte": "0",
                  "tx-byte": "0",
                  "rx-packet": "0",
                  "tx-packet": "0"
                }
              ],
              "pptp-server": []
            }
            """));
    }

    [Test]
    public void Who_has_dialled_in_has_what_RouterOS_prints_and_monitors()
    {
        PptpSessionStatus session = Examples.Session with
        {
            RateLimit = new RateLimit(new RatePair(2_000_000, 10_000_000)),
            Counters = new() { RxBytes = 1500, TxBytes = 98, RxPackets = 3, TxPackets = 1 },
        };
        StatusDocument status = Examples.Of(new(), sessions: [session]);

        Assert.That(Encoding.UTF8.GetString(status.ToJson()), Is.EqualTo("""
            {
              "pptp-client": [],
              "pptp-server": [
                {
                  "name": "<pptp-MT-User>",
                  "user": "MT-User",
                  "interface": "pptp-MT-User",
                  "dynamic": "yes",
                  "running": "yes",
                  "mtu": "1450",
                  "mru": "1440",
                  "client-address": "192.168.51.3",
                  "uptime": "44m8s",
                  "encoding": "MPPE128 stateless",
                  "local-address": "10.0.0.1",
                  "remote-address": "10.0.0.5",
                  "rate-limit": "2M/10M",
                  "rx-byte": "1500",
                  "tx-byte": "98",
                  "rx-packet": "3",
                  "tx-packet": "1"
                }
              ]
            }
            """));
    }

    [Test]
    public void A_session_with_IPv6_has_its_link_local_addresses_too()
    {
        PptpSessionStatus session = Examples.Session with
        {
            LocalIpv6Address = IPAddress.Parse("fe80::1"),
            RemoteIpv6Address = IPAddress.Parse("fe80::2"),
        };
        OrderedDictionary<string, string> row = Examples.Of(new(), sessions: [session]).PptpServer[0];

        Assert.That(row["local-ipv6-address"], Is.EqualTo("fe80::1"));
        Assert.That(row["remote-ipv6-address"], Is.EqualTo("fe80::2"));
    }

    [Test]
    public void A_session_with_multilink_has_its_mrru_too()
    {
        OrderedDictionary<string, string> row =
            Examples.Of(new(), sessions: [Examples.Session with { Mtu = 1500, Mrru = 1600 }]).PptpServer[0];

        Assert.That(row["mtu"], Is.EqualTo("1500"));
        Assert.That(row["mru"], Is.EqualTo("1440"));
        Assert.That(row["mrru"], Is.EqualTo("1600"));
    }

    [Test]
    public void Rates_are_what_was_carried_between_two_looks()
    {
        StatusSnapshot before = Examples.Look(
            Examples.Session with { Counters = new() { RxBytes = 1000, TxBytes = 7 } },
            Examples.Session with { Name = "begun anew", Counters = new() { RxBytes = 1000 } });
        StatusSnapshot now = Examples.Look(
            Examples.Session with { Counters = new() { RxBytes = 2500, TxBytes = 7 } },
            Examples.Session with { Name = "begun anew", Counters = new() { RxBytes = 900 } },
            Examples.Session with { Name = "new" });
        StatusDocument status = StatusDocument.Of(now with { At = TimeSpan.FromSeconds(1.5) }, before);

        Assert.That(
            status.PptpServer.Select(row => row.GetValueOrDefault("rx-bits-per-second")), Is.EqualTo(["8000", null, null]));
        Assert.That(status.PptpServer[0]["tx-bits-per-second"], Is.EqualTo("0"));
    }

    [Test]
    public async Task The_meter_looks_twice_a_second_apart()
    {
        FakeTimeProvider time = new();
        int looks = 0;
        StatusMeter meter = new(
            () => Examples.Look(Examples.Session with { Counters = new() { TxBytes = 1000 * looks++ } }) with
            {
                At = time.GetElapsedTime(0),
            },
            time);
        Task<StatusDocument> telling = meter.TellAsync(default).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await telling).PptpServer[0]["tx-bits-per-second"], Is.EqualTo("8000"));
    }

    [Test]
    public async Task Where_nothing_runs_the_meter_does_not_wait() => Assert.That(
        (await new StatusMeter(() => Examples.Look(), new FakeTimeProvider()).TellAsync(default)).IsEmpty, Is.True);

    [Test]
    public void What_it_writes_it_reads()
    {
        PptpConfiguration configuration = new() { Clients = [Examples.Client] };
        StatusDocument status = Examples.Of(configuration, [Examples.ClientUp], [Examples.Session]);
        StatusDocument read = StatusDocument.Parse(status.ToJson());

        Assert.That(read.PptpClient.Single(), Is.EqualTo(status.PptpClient.Single()));
        Assert.That(read.PptpServer.Single(), Is.EqualTo(status.PptpServer.Single()));
    }

    [TestCase("")]
    [TestCase("{ \"pptp-client\": [ {")]
    [TestCase("[]")]
    public void What_is_cut_off_is_refused(string json) =>
        Assert.That(() => StatusDocument.Parse(Encoding.UTF8.GetBytes(json)), Throws.InstanceOf<JsonException>());

    [Test]
    public void A_password_never_leaves_the_daemon()
    {
        PptpConfiguration configuration = new()
        {
            Clients =
            [
                Examples.Client,
                Examples.Client with
                {
                    Name = "out2",
                    Password = SecretValue.FromFile("/run/secrets/out2", Examples.Password),
                },
            ],
        };

        Assert.That(Encoding.UTF8.GetString(Examples.Of(configuration).ToJson()), Does.Not.Contain(Examples.Password));
    }

    [TestCase(true, "disabled")]
    [TestCase(false, "initializing")]
    public void A_client_that_nothing_is_told_of_has_not_been_begun(bool disabled, string expected)
    {
        StatusDocument status = Examples.Of(new() { Clients = [Examples.Client with { Disabled = disabled }] });

        Assert.That(status.PptpClient.Single()["status"], Is.EqualTo(expected));
        Assert.That(status.PptpClient.Single()["running"], Is.EqualTo("no"));
        Assert.That(status.IsRunning, Is.False);
    }

    [Test]
    public void Interfaces_that_always_stand_come_first_with_the_session_that_has_them()
    {
        PptpConfiguration configuration = new()
        {
            ServerInterfaces =
            [
                new() { Name = "closed", User = "MT-User", Disabled = true },
                new() { Name = "branch", User = "MT-User", Comment = "the shop" },
            ],
        };
        StatusDocument status = Examples.Of(
            configuration,
            sessions:
            [
                Examples.Session,
                Examples.Session with { Name = "branch", Interface = "branch", IsDynamic = false },
            ]);

        Assert.That(
            status.PptpServer.Select(row =>
                $"{row["name"]} {row["dynamic"]} {row["running"]} {row.GetValueOrDefault("uptime")}"),
            Is.EqualTo(["closed no no ", "branch no yes 44m8s", "<pptp-MT-User> yes yes 44m8s"]));
        Assert.That(status.PptpServer[0]["disabled"], Is.EqualTo("yes"));
        Assert.That(status.PptpServer[1]["comment"], Is.EqualTo("the shop"));
    }

    [TestCase("pptp-out1", 1, true)]
    [TestCase("out2", 1, false)]
    [TestCase("<pptp-MT-User>", 1, true)]
    [TestCase("pptp-MT-User", 1, true)]
    [TestCase("MT-User", 0, false)]
    public void One_interface_is_found_by_either_name(string name, int rows, bool isRunning)
    {
        PptpConfiguration configuration = new() { Clients = [Examples.Client, Examples.Client with { Name = "out2" }] };
        StatusDocument only = Examples.Of(configuration, [Examples.ClientUp], [Examples.Session]).Only(name);

        Assert.That(only.PptpClient.Count + only.PptpServer.Count, Is.EqualTo(rows));
        Assert.That(only.IsEmpty, Is.EqualTo(rows == 0));
        Assert.That(only.IsRunning, Is.EqualTo(isRunning));
    }
}
