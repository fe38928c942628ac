using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Model;
using Pptp.Radius;
using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Appliance.Tests.Aaa;

public sealed class RadiusServersTests
{
    private static readonly RadiusRequest Login =
        new(RadiusCode.AccessRequest, [RadiusValue.Of(RadiusAttributes.UserName, "nemo")]);

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentDictionary<(string, RadiusPurpose), FakePort> _ports = new();

    [Test]
    public async Task The_first_row_that_answers_is_the_only_one_that_is_asked()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1"), Row("192.0.2.2"));
        RadiusAnswer answer = await AskAsync(servers);
        Assert.That(answer.Outcome, Is.InstanceOf<RadiusOutcome.Reply>());
        Assert.That(answer.Peer!.Row.Address, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
        Assert.That(Port("192.0.2.2").Tries, Is.Empty);
    }

    [Test]
    [EffectOf("radius", "tries")]
    public async Task A_silent_server_is_tried_as_often_as_its_row_says_and_then_passed_over()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1") with { Tries = 5 }, Row("192.0.2.2"));
        Port("192.0.2.1").Outcome = _ => new RadiusOutcome.Silent(null);
        for (int i = 0; i < 3; i++)
            Assert.That((await AskAsync(servers)).Peer!.Row.Address, Is.EqualTo(IPAddress.Parse("192.0.2.2")));
        Assert.That(Port("192.0.2.1").Tries, Is.EqualTo(new[] { 5 }));
    }

    [Test]
    public async Task A_dead_server_is_asked_again_once_it_answers_a_probe()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1"), Row("192.0.2.2"));
        FakePort first = Port("192.0.2.1");
        first.Outcome = _ => new RadiusOutcome.Silent(null);
        await AskAsync(servers);
        first.Outcome = null;
        first.AnswersProbes = true;
        await Poll.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(500));
                return servers.Status.All(one => !one.IsDead);
            },
            TimeSpan.FromSeconds(30));
        Assert.That((await AskAsync(servers)).Peer!.Row.Address, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
    }

    [Test]
    public async Task A_server_that_answers_wrongly_is_not_believed_for_its_answer_to_a_probe()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1"), Row("192.0.2.2"));
        FakePort first = Port("192.0.2.1");
        first.Outcome = _ => new RadiusOutcome.Silent(BadReply.NoMessageAuthenticator);
        first.AnswersProbes = true;
        await AskAsync(servers);
        for (int i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await AskAsync(servers);
        Assert.That(first.Tries, Has.Count.EqualTo(1));
        Assert.That(servers.Status[0].IsDead, Is.True);
    }

    [Test]
    public async Task A_server_that_ignores_probes_is_risked_a_request_after_a_while()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1"), Row("192.0.2.2"));
        FakePort first = Port("192.0.2.1");
        first.Outcome = _ => new RadiusOutcome.Silent(null);
        await AskAsync(servers);
        _time.Advance(TimeSpan.FromSeconds(31));
        first.Outcome = null;
        Assert.That((await AskAsync(servers)).Peer!.Row.Address, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
    }

    [Test]
    public async Task When_all_are_dead_each_is_asked_once()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1"), Row("192.0.2.2"));
        Port("192.0.2.1").Outcome = Port("192.0.2.2").Outcome = _ => new RadiusOutcome.Silent(null);
        await AskAsync(servers);
        await AskAsync(servers);
        Assert.That(Port("192.0.2.1").Tries, Is.EqualTo(new[] { 3, 1 }));
        Assert.That(Port("192.0.2.2").Tries, Is.EqualTo(new[] { 3, 1 }));
    }

    [Test]
    public async Task A_wrong_secret_is_told_before_silence()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1"), Row("192.0.2.2"));
        Port("192.0.2.1").Outcome = _ => new RadiusOutcome.Silent(BadReply.WrongSecret);
        Port("192.0.2.2").Outcome = _ => new RadiusOutcome.Silent(null);
        Assert.That((await AskAsync(servers)).Outcome, Is.EqualTo(new RadiusOutcome.Silent(BadReply.WrongSecret)));
    }

    [TestCase("nemo", "198.51.100.1", "192.0.2.2")]
    [TestCase("OTHER\\nemo", "198.51.100.1", "192.0.2.2")]
    [TestCase("CORP\\nemo", "198.51.100.1", "192.0.2.1")]
    [TestCase("corp\\nemo", "198.51.100.1", "192.0.2.1")]
    [TestCase("nemo@example.net", "198.51.100.1", "192.0.2.2")]
    [TestCase("nemo@EXAMPLE.NET", "198.51.100.1", "192.0.2.2")]
    [TestCase("nemo@example.org", "198.51.100.1", "192.0.2.9")]
    [TestCase("nemo@example.org", "198.51.100.7", "192.0.2.3")]
    [EffectOf("radius", "domain")]
    [EffectOf("radius", "realm")]
    [EffectOf("radius", "called-id")]
    public async Task A_row_is_asked_about_those_it_is_for(string user, string called, string asked)
    {
        await using RadiusServers servers = Servers(
            Row("192.0.2.1") with { Domain = "CORP" },
            Row("192.0.2.2") with { Realm = "example.net" },
            Row("192.0.2.3") with { CalledId = "198.51.100.7" },
            Row("192.0.2.9"));
        RadiusAnswer answer = await servers.SendAsync(
            Login, new RadiusQuery(user, IPAddress.Parse(called)), RadiusPurpose.Authentication, CancellationToken.None);
        Assert.That(answer.Peer!.Row.Address, Is.EqualTo(IPAddress.Parse(asked)));
    }

    [Test]
    [EffectOf("radius", "disabled")]
    [EffectOf("radius", "service")]
    public async Task A_row_that_is_disabled_or_of_another_service_is_asked_nothing()
    {
        await using RadiusServers servers = Servers(
            Row("192.0.2.1") with { Disabled = true }, Row("192.0.2.2") with { Service = RadiusServices.Hotspot });
        RadiusAnswer answer = await AskAsync(servers);
        Assert.That((answer.Outcome, answer.Peer), Is.EqualTo(
            (new RadiusOutcome.Failed("no RADIUS server is configured for this user"), (RadiusPeer?)null)));
    }

    [Test]
    [EffectOf("radius", "accounting-backup")]
    public async Task A_backup_takes_accounting_only_while_no_other_server_does()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1") with { AccountingBackup = true }, Row("192.0.2.2"));
        Assert.That((await AskAsync(servers)).Peer!.Row.Address, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
        Assert.That(
            (await AskAsync(servers, RadiusPurpose.Accounting)).Peer!.Row.Address, Is.EqualTo(IPAddress.Parse("192.0.2.2")));
        Port("192.0.2.2", RadiusPurpose.Accounting).Outcome = _ => new RadiusOutcome.Silent(null);
        Assert.That(
            (await AskAsync(servers, RadiusPurpose.Accounting)).Peer!.Row.Address, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
    }

    [Test]
    [EffectOf("radius", "weight")]
    public async Task Rows_with_a_weight_share_the_requests_by_it()
    {
        int drawn = 0;
        await using RadiusServers servers = Servers(
            most => drawn++ % most,
            Row("192.0.2.9"), Row("192.0.2.1") with { Weight = 3 }, Row("192.0.2.2") with { Weight = 1 });
        List<string> asked = [];
        for (int i = 0; i < 8; i++)
        {
            drawn = i;
            asked.Add((await AskAsync(servers)).Peer!.Row.Address.ToString());
        }
        Assert.That(asked.Count(address => address == "192.0.2.1"), Is.EqualTo(6));
        Assert.That(asked.Count(address => address == "192.0.2.2"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_row_that_stays_keeps_its_health_and_one_that_goes_is_closed()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1"), Row("192.0.2.2"));
        Port("192.0.2.1").Outcome = _ => new RadiusOutcome.Silent(null);
        await AskAsync(servers);
        FakePort second = Port("192.0.2.2");
        servers.Update([Row("192.0.2.1"), Row("192.0.2.3")]);
        Assert.That(servers.Status.Select(one => one.IsDead), Is.EqualTo(new[] { true, false }));
        await second.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task The_server_is_told_where_the_request_comes_from()
    {
        await using RadiusServers servers = Servers(Row("192.0.2.1"));
        await AskAsync(servers);
        Assert.That(
            Port("192.0.2.1").Requests.Single().Values.Select(value => value.ToString()),
            Is.EqualTo(new[] { "User-Name = \"nemo\"", "NAS-IP-Address = 192.0.2.254" }));
    }

    private static Task<RadiusAnswer> AskAsync(
        RadiusServers servers, RadiusPurpose purpose = RadiusPurpose.Authentication) =>
        servers.SendAsync(
            Login, new RadiusQuery("nemo", IPAddress.Parse("198.51.100.1")), purpose, CancellationToken.None);

    private static RadiusServer Row(string address) => new()
    {
        Address = IPAddress.Parse(address),
        Service = RadiusServices.Ppp,
        Secret = SecretValue.FromPassword("testing123"),
    };

    private FakePort Port(string address, RadiusPurpose purpose = RadiusPurpose.Authentication) => _ports[(address, purpose)];

    private RadiusServers Servers(params RadiusServer[] rows) => Servers(most => most - 1, rows);

    private RadiusServers Servers(Func<int, int> dice, params RadiusServer[] rows)
    {
        RadiusServers servers = new(
            (row, purpose) => _ports[($"{row.Address}", purpose)] = new FakePort(),
            new MonotonicClock(_time), NullLogger.Instance, dice);
        servers.Update(rows);
        return servers;
    }
}
